"""What is unusual about a clean table, as statements: the remarks of its profile."""

from __future__ import annotations

from enum import StrEnum

from bench.core.outcomes import Statement


class RemarkCode(StrEnum):
    """Codes of remarks; frames.REMARKS carries what follows the point."""

    LEFT_OUT = "remark.left_out"
    MISSING_ROWS = "remark.missing_rows"
    EMPTY_ROWS = "remark.empty_rows"
    WIDE = "remark.wide"
    FEW_ROWS = "remark.few_rows"
    DUPLICATES = "remark.duplicates"
    CONFLICTING_LABELS = "remark.conflicting_labels"
    TINY_CLASS = "remark.tiny_class"
    IMBALANCE = "remark.imbalance"
    ALL_MISSING = "remark.all_missing"
    MISSING = "remark.missing"
    CONSTANT = "remark.constant"
    ID_LIKE = "remark.id_like"
    POSSIBLE_GROUP = "remark.possible_group"
    POSSIBLE_TIME = "remark.possible_time"
    HUGE = "remark.huge"
    NEAR_NUMERIC = "remark.near_numeric"
    HIGH_CARDINALITY = "remark.high_cardinality"
    ALIKE = "remark.alike"


class NotDrawn(Statement, code=RemarkCode.LEFT_OUT):
    """Columns that the page leaves out of a figure, as there are too many: `figure` is shapes or correlations."""

    figure: str
    columns: int
    first: str


class MissingRows(Statement, code=RemarkCode.MISSING_ROWS):
    """Rows with a missing value."""

    rows: int
    total: int


class EmptyRows(Statement, code=RemarkCode.EMPTY_ROWS):
    """Rows without a value in any feature."""

    rows: int


class Wide(Statement, code=RemarkCode.WIDE):
    """At least as many features as rows."""

    features: int
    rows: int


class FewRows(Statement, code=RemarkCode.FEW_ROWS):
    """Fewer than a hundred rows."""

    rows: int


class Duplicates(Statement, code=RemarkCode.DUPLICATES):
    """Rows that repeat an earlier one, target included."""

    rows: int


class ConflictingLabels(Statement, code=RemarkCode.CONFLICTING_LABELS):
    """Rows that equal another in all features and differ in the target."""

    rows: int


class TinyClass(Statement, code=RemarkCode.TINY_CLASS):
    """A class of few rows."""

    label: str
    rows: int


class Imbalance(Statement, code=RemarkCode.IMBALANCE):
    """A class that is rare beside the others."""

    label: str
    share: float


class AllMissing(Statement, code=RemarkCode.ALL_MISSING):
    """A column without a value."""

    column: str


class ColumnsWithMissing(Statement, code=RemarkCode.MISSING):
    """A column with missing values."""

    column: str
    rows: int
    total: int


class Constant(Statement, code=RemarkCode.CONSTANT):
    """A column with one value."""

    column: str


class IdLike(Statement, code=RemarkCode.ID_LIKE):
    """A column that looks like an identifier."""

    column: str


class PossibleGroup(Statement, code=RemarkCode.POSSIBLE_GROUP):
    """A column with several rows a value."""

    column: str
    values: int


class TimeLikeColumn(Statement, code=RemarkCode.POSSIBLE_TIME):
    """A column that looks like a time."""

    column: str


class Huge(Statement, code=RemarkCode.HUGE):
    """A column with numbers whose squares may overflow."""

    column: str
    limit: float


class NearNumeric(Statement, code=RemarkCode.NEAR_NUMERIC):
    """A column of numbers but for some words; `known`: all of them commonly stand for missing."""

    column: str
    words: tuple[str, ...]
    rows: int
    known: bool


class HighCardinality(Statement, code=RemarkCode.HIGH_CARDINALITY):
    """A column with many categories."""

    column: str
    categories: int


class AlikeCategories(Statement, code=RemarkCode.ALIKE):
    """Categories that differ from another in case or spaces only."""

    column: str
    categories: int
