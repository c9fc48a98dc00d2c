"""What is unusual about a clean table, as statements: the remarks of its profile."""

from __future__ import annotations

from bench.core.outcomes import Statement


class NotDrawn(Statement, code="remark.left_out"):
    """Columns that the page leaves out of a figure, as there are too many: `figure` is shapes or correlations."""

    figure: str
    columns: int
    first: str


class MissingRows(Statement, code="remark.missing_rows"):
    """Rows with a missing value."""

    rows: int
    total: int


class EmptyRows(Statement, code="remark.empty_rows"):
    """Rows without a value in any feature."""

    rows: int


class Wide(Statement, code="remark.wide"):
    """At least as many features as rows."""

    features: int
    rows: int


class FewRows(Statement, code="remark.few_rows"):
    """Fewer than a hundred rows."""

    rows: int


class Duplicates(Statement, code="remark.duplicates"):
    """Rows that repeat an earlier one, target included."""

    rows: int


class ConflictingLabels(Statement, code="remark.conflicting_labels"):
    """Rows that equal another in all features and differ in the target."""

    rows: int


class TinyClass(Statement, code="remark.tiny_class"):
    """A class of few rows."""

    label: str
    rows: int


class Imbalance(Statement, code="remark.imbalance"):
    """A class that is rare beside the others."""

    label: str
    share: float


class AllMissing(Statement, code="remark.all_missing"):
    """A column without a value."""

    column: str


class ColumnsWithMissing(Statement, code="remark.missing"):
    """A column with missing values."""

    column: str
    rows: int
    total: int


class Constant(Statement, code="remark.constant"):
    """A column with one value."""

    column: str


class IdLike(Statement, code="remark.id_like"):
    """A column that looks like an identifier."""

    column: str


class PossibleGroup(Statement, code="remark.possible_group"):
    """A column with several rows a value."""

    column: str
    values: int


class TimeLikeColumn(Statement, code="remark.possible_time"):
    """A column that looks like a time."""

    column: str


class Huge(Statement, code="remark.huge"):
    """A column with numbers whose squares may overflow."""

    column: str
    limit: float


class NearNumeric(Statement, code="remark.near_numeric"):
    """A column of numbers but for some words; `known`: all of them commonly stand for missing."""

    column: str
    words: tuple[str, ...]
    rows: int
    known: bool


class HighCardinality(Statement, code="remark.high_cardinality"):
    """A column with many categories."""

    column: str
    categories: int


class AlikeCategories(Statement, code="remark.alike"):
    """Categories that differ from another in case or spaces only."""

    column: str
    categories: int
