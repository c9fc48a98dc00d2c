"""What is unusual about a clean table, as statements: the remarks of its profile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

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


@dataclass(frozen=True)
class NotDrawn(Statement):
    """Columns that the page leaves out of a figure, as there are too many: `figure` is shapes or correlations."""

    code: ClassVar[StrEnum] = RemarkCode.LEFT_OUT
    figure: str
    columns: int
    first: str


@dataclass(frozen=True)
class MissingRows(Statement):
    """Rows with a missing value."""

    code: ClassVar[StrEnum] = RemarkCode.MISSING_ROWS
    rows: int
    total: int


@dataclass(frozen=True)
class EmptyRows(Statement):
    """Rows without a value in any feature."""

    code: ClassVar[StrEnum] = RemarkCode.EMPTY_ROWS
    rows: int


@dataclass(frozen=True)
class Wide(Statement):
    """At least as many features as rows."""

    code: ClassVar[StrEnum] = RemarkCode.WIDE
    features: int
    rows: int


@dataclass(frozen=True)
class FewRows(Statement):
    """Fewer than a hundred rows."""

    code: ClassVar[StrEnum] = RemarkCode.FEW_ROWS
    rows: int


@dataclass(frozen=True)
class Duplicates(Statement):
    """Rows that repeat an earlier one, target included."""

    code: ClassVar[StrEnum] = RemarkCode.DUPLICATES
    rows: int


@dataclass(frozen=True)
class ConflictingLabels(Statement):
    """Rows that equal another in all features and differ in the target."""

    code: ClassVar[StrEnum] = RemarkCode.CONFLICTING_LABELS
    rows: int


@dataclass(frozen=True)
class TinyClass(Statement):
    """A class of few rows."""

    code: ClassVar[StrEnum] = RemarkCode.TINY_CLASS
    label: str
    rows: int


@dataclass(frozen=True)
class Imbalance(Statement):
    """A class that is rare beside the others."""

    code: ClassVar[StrEnum] = RemarkCode.IMBALANCE
    label: str
    share: float


@dataclass(frozen=True)
class AllMissing(Statement):
    """A column without a value."""

    code: ClassVar[StrEnum] = RemarkCode.ALL_MISSING
    column: str


@dataclass(frozen=True)
class ColumnsWithMissing(Statement):
    """A column with missing values."""

    code: ClassVar[StrEnum] = RemarkCode.MISSING
    column: str
    rows: int
    total: int


@dataclass(frozen=True)
class Constant(Statement):
    """A column with one value."""

    code: ClassVar[StrEnum] = RemarkCode.CONSTANT
    column: str


@dataclass(frozen=True)
class IdLike(Statement):
    """A column that looks like an identifier."""

    code: ClassVar[StrEnum] = RemarkCode.ID_LIKE
    column: str


@dataclass(frozen=True)
class PossibleGroup(Statement):
    """A column with several rows a value."""

    code: ClassVar[StrEnum] = RemarkCode.POSSIBLE_GROUP
    column: str
    values: int


@dataclass(frozen=True)
class TimeLikeColumn(Statement):
    """A column that looks like a time."""

    code: ClassVar[StrEnum] = RemarkCode.POSSIBLE_TIME
    column: str


@dataclass(frozen=True)
class Huge(Statement):
    """A column with numbers whose squares may overflow."""

    code: ClassVar[StrEnum] = RemarkCode.HUGE
    column: str
    limit: float


@dataclass(frozen=True)
class NearNumeric(Statement):
    """A column of numbers but for some words; `known`: all of them commonly stand for missing."""

    code: ClassVar[StrEnum] = RemarkCode.NEAR_NUMERIC
    column: str
    words: tuple[str, ...]
    rows: int
    known: bool


@dataclass(frozen=True)
class HighCardinality(Statement):
    """A column with many categories."""

    code: ClassVar[StrEnum] = RemarkCode.HIGH_CARDINALITY
    column: str
    categories: int


@dataclass(frozen=True)
class AlikeCategories(Statement):
    """Categories that differ from another in case or spaces only."""

    code: ClassVar[StrEnum] = RemarkCode.ALIKE
    column: str
    categories: int
