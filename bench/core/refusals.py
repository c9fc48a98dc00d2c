"""Refusals: why a diagnostic or an explanation that a study asks for cannot run on its data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from bench.core.outcomes import Statement


class RefusalCode(StrEnum):
    """Every reason of the house; an extension brings codes of its own."""

    INCOMPATIBLE = "refusal.incompatible"
    NO_SMALLER_SET = "refusal.no_smaller_training_set"
    TOO_MANY_FEATURES = "refusal.too_many_features"
    ONE_ROW_TESTS = "refusal.one_row_test_sets"
    NOT_TUNED = "refusal.not_tuned"
    ONE_CANDIDATE = "refusal.one_candidate"
    NO_SEED = "refusal.no_seed"
    NO_INNER_FOLDS = "refusal.no_inner_folds"
    NO_DRAWN_FOLDS = "refusal.no_drawn_folds"
    INNER_FOLDS_FAIL = "refusal.inner_folds_fail"
    TIME_ORDERED = "refusal.time_ordered"
    SIMULATED = "refusal.simulated"
    NO_GROUPS = "refusal.no_groups"
    ALREADY_RANDOM = "refusal.already_random"
    NOT_STRATIFIABLE = "refusal.not_stratifiable"
    REGRESSION = "refusal.regression"
    BALANCED = "refusal.balanced"
    GROUPED_ROWS = "refusal.grouped_rows"
    MISSING_VALUES = "refusal.missing_values"
    CATEGORIES = "refusal.categories"
    CLASS_TOO_SMALL = "refusal.class_too_small"
    NO_SELECTION = "refusal.no_selection"
    SELECTS_ALL = "refusal.selects_all"
    NO_SCALING = "refusal.no_scaling"
    SAME_SCALING = "refusal.same_scaling"
    SCALE_FREE = "refusal.scale_free"
    STEP_TUNED = "refusal.step_tuned"
    STEPS_FAIL = "refusal.steps_fail"
    NO_ROUNDS = "refusal.no_rounds"
    ONE_ROUND = "refusal.one_round"
    NO_OTHER_SOLVER = "refusal.no_other_solver"
    NOTHING_DROPPED = "refusal.nothing_dropped"
    NO_DUPLICATES_DROPPED = "refusal.no_duplicates_dropped"
    COLUMNS_NOT_NAMED = "refusal.columns_not_named"
    TOO_LARGE = "refusal.too_large"
    HALF_TOO_SMALL = "refusal.half_too_small"
    OTHER_ROWS_DRAWN = "refusal.other_rows_drawn"


class Refusal(Statement):
    """The base of all reasons; those without details are told by their code alone."""


@dataclass(frozen=True)
class Incompatible(Refusal):
    """Study and data do not fit; `message` is the sentence of the error that says so."""

    code: ClassVar = RefusalCode.INCOMPATIBLE
    message: str


class NoSmallerTrainingSet(Refusal):
    code: ClassVar = RefusalCode.NO_SMALLER_SET


@dataclass(frozen=True)
class TooManyFeatures(Refusal):
    """`features` of the table are more than the `most` that are inspected."""

    code: ClassVar = RefusalCode.TOO_MANY_FEATURES
    features: int
    most: int


class OneRowTestSets(Refusal):
    code: ClassVar = RefusalCode.ONE_ROW_TESTS


class TuningNeeded(Refusal):
    code: ClassVar = RefusalCode.NOT_TUNED


class OneCandidate(Refusal):
    code: ClassVar = RefusalCode.ONE_CANDIDATE


class NoSeed(Refusal):
    code: ClassVar = RefusalCode.NO_SEED


class NoInnerFolds(Refusal):
    code: ClassVar = RefusalCode.NO_INNER_FOLDS


class NoDrawnFolds(Refusal):
    code: ClassVar = RefusalCode.NO_DRAWN_FOLDS


@dataclass(frozen=True)
class InnerFoldsFail(Refusal):
    """The inner folds cannot be drawn, with the error's `message`."""

    code: ClassVar = RefusalCode.INNER_FOLDS_FAIL
    message: str


class RowsInTime(Refusal):
    code: ClassVar = RefusalCode.TIME_ORDERED


class Simulated(Refusal):
    code: ClassVar = RefusalCode.SIMULATED


class NoGroups(Refusal):
    code: ClassVar = RefusalCode.NO_GROUPS


class AlreadyRandom(Refusal):
    code: ClassVar = RefusalCode.ALREADY_RANDOM


class NotStratifiable(Refusal):
    code: ClassVar = RefusalCode.NOT_STRATIFIABLE


class Regression(Refusal):
    code: ClassVar = RefusalCode.REGRESSION


class Balanced(Refusal):
    code: ClassVar = RefusalCode.BALANCED


class GroupedRows(Refusal):
    code: ClassVar = RefusalCode.GROUPED_ROWS


class MissingValues(Refusal):
    code: ClassVar = RefusalCode.MISSING_VALUES


class Categories(Refusal):
    code: ClassVar = RefusalCode.CATEGORIES


@dataclass(frozen=True)
class ClassTooSmall(Refusal):
    """The smallest class has `rows` rows; SMOTE looks for `neighbors` neighbors in it."""

    code: ClassVar = RefusalCode.CLASS_TOO_SMALL
    rows: int
    neighbors: int


@dataclass(frozen=True)
class NoSelection(Refusal):
    """No step selects features; or, where `tuned`, the number of them is tuned."""

    code: ClassVar = RefusalCode.NO_SELECTION
    tuned: bool


@dataclass(frozen=True)
class SelectsAll(Refusal):
    """`k` is not less than the number of `features`."""

    code: ClassVar = RefusalCode.SELECTS_ALL
    k: int
    features: int


class NoScaling(Refusal):
    code: ClassVar = RefusalCode.NO_SCALING


class SameScaling(Refusal):
    code: ClassVar = RefusalCode.SAME_SCALING


class ScaleFree(Refusal):
    code: ClassVar = RefusalCode.SCALE_FREE


@dataclass(frozen=True)
class StepTuned(Refusal):
    """The parameters of a step up to `step` are tuned; `before_split`: so it cannot run before the split."""

    code: ClassVar = RefusalCode.STEP_TUNED
    step: str
    before_split: bool = True


@dataclass(frozen=True)
class StepsFail(Refusal):
    """The steps up to `step` cannot be fitted to all rows; `message` is the error, empty for categories."""

    code: ClassVar = RefusalCode.STEPS_FAIL
    step: str
    message: str = ""


class NoRounds(Refusal):
    code: ClassVar = RefusalCode.NO_ROUNDS


class OneRound(Refusal):
    code: ClassVar = RefusalCode.ONE_ROUND


@dataclass(frozen=True)
class NoOtherSolver(Refusal):
    """`two_classes_only`: the other solver exists and handles two classes only."""

    code: ClassVar = RefusalCode.NO_OTHER_SOLVER
    two_classes_only: bool = False


class NothingDropped(Refusal):
    code: ClassVar = RefusalCode.NOTHING_DROPPED


class NoDuplicatesDropped(Refusal):
    code: ClassVar = RefusalCode.NO_DUPLICATES_DROPPED


class ColumnsNotNamed(Refusal):
    code: ClassVar = RefusalCode.COLUMNS_NOT_NAMED


@dataclass(frozen=True)
class TooLarge(Refusal):
    """The tables of `repeats` repeats would hold more than `most` numbers."""

    code: ClassVar = RefusalCode.TOO_LARGE
    repeats: int
    most: int


HalfUnit = Literal["rows of a class", "groups", "rows"]


@dataclass(frozen=True)
class HalfTooSmall(Refusal):
    """A half of the rows has `count` rows of a class, groups or rows: fewer than its `folds` folds."""

    code: ClassVar = RefusalCode.HALF_TOO_SMALL
    unit: HalfUnit
    count: int
    folds: int


class OtherRowsDrawn(Refusal):
    code: ClassVar = RefusalCode.OTHER_ROWS_DRAWN
