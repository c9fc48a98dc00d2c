"""Refusals: why a diagnostic or an explanation that a study asks for cannot run on its data."""

from __future__ import annotations

from typing import Literal

from bench.core.outcomes import Statement


class Refusal(Statement):
    """The base of all reasons; those without details are told by their code alone."""


class Incompatible(Refusal, code="refusal.incompatible"):
    """Study and data do not fit; `message` is the sentence of the error that says so."""

    message: str


class NoSmallerTrainingSet(Refusal, code="refusal.no_smaller_training_set"):
    pass


class TooManyFeatures(Refusal, code="refusal.too_many_features"):
    """`features` of the table are more than the `most` that are inspected."""

    features: int
    most: int


class OneRowTestSets(Refusal, code="refusal.one_row_test_sets"):
    pass


class TuningNeeded(Refusal, code="refusal.not_tuned"):
    pass


class OneCandidate(Refusal, code="refusal.one_candidate"):
    pass


class NoSeed(Refusal, code="refusal.no_seed"):
    pass


class NoInnerFolds(Refusal, code="refusal.no_inner_folds"):
    pass


class NoDrawnFolds(Refusal, code="refusal.no_drawn_folds"):
    pass


class InnerFoldsFail(Refusal, code="refusal.inner_folds_fail"):
    """The inner folds cannot be drawn, with the error's `message`."""

    message: str


class RowsInTime(Refusal, code="refusal.time_ordered"):
    pass


class Simulated(Refusal, code="refusal.simulated"):
    pass


class NoGroups(Refusal, code="refusal.no_groups"):
    pass


class AlreadyRandom(Refusal, code="refusal.already_random"):
    pass


class NotStratifiable(Refusal, code="refusal.not_stratifiable"):
    pass


class Regression(Refusal, code="refusal.regression"):
    pass


class Balanced(Refusal, code="refusal.balanced"):
    pass


class GroupedRows(Refusal, code="refusal.grouped_rows"):
    pass


class MissingValues(Refusal, code="refusal.missing_values"):
    pass


class Categories(Refusal, code="refusal.categories"):
    pass


class ClassTooSmall(Refusal, code="refusal.class_too_small"):
    """The smallest class has `rows` rows; SMOTE looks for `neighbors` neighbors in it."""

    rows: int
    neighbors: int


class NoSelection(Refusal, code="refusal.no_selection"):
    """No step selects features; or, where `tuned`, the number of them is tuned."""

    tuned: bool


class SelectsAll(Refusal, code="refusal.selects_all"):
    """`k` is not less than the number of `features`."""

    k: int
    features: int


class NoScaling(Refusal, code="refusal.no_scaling"):
    pass


class SameScaling(Refusal, code="refusal.same_scaling"):
    pass


class ScaleFree(Refusal, code="refusal.scale_free"):
    pass


class StepTuned(Refusal, code="refusal.step_tuned"):
    """The parameters of a step up to `step` are tuned; `before_split`: so it cannot run before the split."""

    step: str
    before_split: bool = True


class StepsFail(Refusal, code="refusal.steps_fail"):
    """The steps up to `step` cannot be fitted to all rows; `message` is the error, empty for categories."""

    step: str
    message: str = ""


class NoRounds(Refusal, code="refusal.no_rounds"):
    pass


class OneRound(Refusal, code="refusal.one_round"):
    pass


class NoOtherSolver(Refusal, code="refusal.no_other_solver"):
    """`two_classes_only`: the other solver exists and handles two classes only."""

    two_classes_only: bool = False


class NothingDropped(Refusal, code="refusal.nothing_dropped"):
    pass


class NoDuplicatesDropped(Refusal, code="refusal.no_duplicates_dropped"):
    pass


class ColumnsNotNamed(Refusal, code="refusal.columns_not_named"):
    pass


class TooLarge(Refusal, code="refusal.too_large"):
    """The tables of `repeats` repeats would hold more than `most` numbers."""

    repeats: int
    most: int


HalfUnit = Literal["class", "groups", "rows"]


class HalfTooSmall(Refusal, code="refusal.half_too_small"):
    """A half of the rows has `count` rows of a class, groups or rows: fewer than its `folds` folds."""

    unit: HalfUnit
    count: int
    folds: int


class HalvesTooDear(Refusal, code="refusal.halves_too_dear"):
    """Halves would cost so many `times` what the study's own fits do, and are fitted unasked up to the `limit`."""

    times: float
    limit: float


class OtherRowsDrawn(Refusal, code="refusal.other_rows_drawn"):
    pass
