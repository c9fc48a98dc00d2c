"""Refusals: why a diagnostic or an explanation that a study asks for cannot run on its data."""

from __future__ import annotations

from enum import StrEnum

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


class Refusal(Statement):
    """The base of all reasons; those without details are told by their code alone."""


class Incompatible(Refusal, code=RefusalCode.INCOMPATIBLE):
    """Study and data do not fit; `message` is the sentence of the error that says so."""

    message: str


class NoSmallerTrainingSet(Refusal, code=RefusalCode.NO_SMALLER_SET):
    pass


class TooManyFeatures(Refusal, code=RefusalCode.TOO_MANY_FEATURES):
    """`features` of the table are more than the `most` that are inspected."""

    features: int
    most: int


class OneRowTestSets(Refusal, code=RefusalCode.ONE_ROW_TESTS):
    pass


class TuningNeeded(Refusal, code=RefusalCode.NOT_TUNED):
    pass


class OneCandidate(Refusal, code=RefusalCode.ONE_CANDIDATE):
    pass


class NoSeed(Refusal, code=RefusalCode.NO_SEED):
    pass


class NoInnerFolds(Refusal, code=RefusalCode.NO_INNER_FOLDS):
    pass


class NoDrawnFolds(Refusal, code=RefusalCode.NO_DRAWN_FOLDS):
    pass


class InnerFoldsFail(Refusal, code=RefusalCode.INNER_FOLDS_FAIL):
    """The inner folds cannot be drawn, with the error's `message`."""

    message: str


class RowsInTime(Refusal, code=RefusalCode.TIME_ORDERED):
    pass


class Simulated(Refusal, code=RefusalCode.SIMULATED):
    pass


class NoGroups(Refusal, code=RefusalCode.NO_GROUPS):
    pass


class AlreadyRandom(Refusal, code=RefusalCode.ALREADY_RANDOM):
    pass


class NotStratifiable(Refusal, code=RefusalCode.NOT_STRATIFIABLE):
    pass


class Regression(Refusal, code=RefusalCode.REGRESSION):
    pass


class Balanced(Refusal, code=RefusalCode.BALANCED):
    pass


class GroupedRows(Refusal, code=RefusalCode.GROUPED_ROWS):
    pass


class MissingValues(Refusal, code=RefusalCode.MISSING_VALUES):
    pass


class Categories(Refusal, code=RefusalCode.CATEGORIES):
    pass


class ClassTooSmall(Refusal, code=RefusalCode.CLASS_TOO_SMALL):
    """The smallest class has `rows` rows; SMOTE looks for `neighbors` neighbors in it."""

    rows: int
    neighbors: int


class NoSelection(Refusal, code=RefusalCode.NO_SELECTION):
    """No step selects features; or, where `tuned`, the number of them is tuned."""

    tuned: bool


class SelectsAll(Refusal, code=RefusalCode.SELECTS_ALL):
    """`k` is not less than the number of `features`."""

    k: int
    features: int


class NoScaling(Refusal, code=RefusalCode.NO_SCALING):
    pass


class SameScaling(Refusal, code=RefusalCode.SAME_SCALING):
    pass


class ScaleFree(Refusal, code=RefusalCode.SCALE_FREE):
    pass


class StepTuned(Refusal, code=RefusalCode.STEP_TUNED):
    """The parameters of a step up to `step` are tuned; `before_split`: so it cannot run before the split."""

    step: str
    before_split: bool = True


class StepsFail(Refusal, code=RefusalCode.STEPS_FAIL):
    """The steps up to `step` cannot be fitted to all rows; `message` is the error, empty for categories."""

    step: str
    message: str = ""


class NoRounds(Refusal, code=RefusalCode.NO_ROUNDS):
    pass


class OneRound(Refusal, code=RefusalCode.ONE_ROUND):
    pass


class NoOtherSolver(Refusal, code=RefusalCode.NO_OTHER_SOLVER):
    """`two_classes_only`: the other solver exists and handles two classes only."""

    two_classes_only: bool = False


class NothingDropped(Refusal, code=RefusalCode.NOTHING_DROPPED):
    pass


class NoDuplicatesDropped(Refusal, code=RefusalCode.NO_DUPLICATES_DROPPED):
    pass


class ColumnsNotNamed(Refusal, code=RefusalCode.COLUMNS_NOT_NAMED):
    pass


class TooLarge(Refusal, code=RefusalCode.TOO_LARGE):
    """The tables of `repeats` repeats would hold more than `most` numbers."""

    repeats: int
    most: int
