"""Refusals: why a diagnostic or an explanation that a study asks for cannot run on its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bench.core.outcomes import Statement, fixed


class Incompatible(Statement, code="refusal.incompatible", says="{message}"):
    """Study and data do not fit; `message` is the sentence of the error that says so."""

    message: str


NoSmallerTrainingSet = fixed(
    "refusal.no_smaller_training_set",
    "no smaller training set holds whole groups and two classes",
)


class TooManyFeatures(
    Statement,
    code="refusal.too_many_features",
    says="the table has {features} features; at most {most} are inspected",
):
    """`features` of the table are more than the `most` that are inspected."""

    features: int
    most: int


OneRowTestSets = fixed(
    "refusal.one_row_test_sets",
    "every test set is one row: a feature cannot be shuffled in it",
)
TuningNeeded = fixed("refusal.not_tuned", "nothing is tuned here")
OneCandidate = fixed(
    "refusal.one_candidate",
    "the model has one candidate here; name more, `{{tuned_on_test: {{C: [0.1, 1, 10]}}}}`",
)
NoSeed = fixed("refusal.no_seed", "the model's fit takes no seed")
NoInnerFolds = fixed("refusal.no_inner_folds", "no inner folds are drawn here")
NoDrawnFolds = fixed("refusal.no_drawn_folds", "the protocol draws no folds")


class InnerFoldsFail(
    Statement,
    code="refusal.inner_folds_fail",
    says="the inner folds cannot be drawn: {message}",
):
    """The inner folds cannot be drawn, with the error's `message`."""

    message: str


RowsInTime = fixed(
    "refusal.time_ordered",
    "the rows are ordered in time: their order cannot be changed and their folds cannot be drawn",
)
Simulated = fixed(
    "refusal.simulated",
    "every repeat has its own simulated data, so a seed cannot be changed alone",
)
NoGroups = fixed(
    "refusal.no_groups",
    "the dataset declares no group, so no rows are known to belong together",
)
AlreadyRandom = fixed(
    "refusal.already_random", "the study's own folds are random already"
)
NotStratifiable = fixed(
    "refusal.not_stratifiable", "this kind of split has no stratification"
)
Regression = fixed("refusal.regression", "the task is regression: there are no classes")


class NoSelection(Statement, code="refusal.no_selection"):
    """No step selects features; or, where `tuned`, the number of them is tuned."""

    tuned: bool

    def sentence(self) -> str:
        why = (
            "the number of features is tuned"
            if self.tuned
            else "no step of the model selects features"
        )
        return f"{why}; say how many would be kept, `{{selection_before_split: {{k: 10}}}}`"


class SelectsAll(
    Statement,
    code="refusal.selects_all",
    says="k = {k} keeps all {features} features: nothing is selected",
):
    """`k` is not less than the number of `features`."""

    k: int
    features: int


NoScaling = fixed("refusal.no_scaling", "no step of the model scales features")
SameScaling = fixed("refusal.same_scaling", "this is the study's own scaling")
ScaleFree = fixed(
    "refusal.scale_free", "the scale of a feature does not change this model"
)


class StepTuned(Statement, code="refusal.step_tuned"):
    """The parameters of a step up to `step` are tuned; `before_split`: so it cannot run before the split."""

    step: str
    before_split: bool = True

    def sentence(self) -> str:
        if not self.before_split:
            return f"the step {self.step} is tuned"
        return f"a step up to {self.step} is tuned: it cannot run before the split"


class StepsFail(Statement, code="refusal.steps_fail"):
    """The steps up to `step` cannot be fitted to all rows; `message` is the error, empty for categories."""

    step: str
    message: str = ""

    def sentence(self) -> str:
        if not self.message:
            return f"categories become numbers after {self.step}: the steps before it cannot run alone"
        return (
            f"the steps up to {self.step} cannot be fitted to all rows: {self.message}"
        )


NoRounds = fixed(
    "refusal.no_rounds", "the model does not train in rounds, so it cannot stop early"
)
OneRound = fixed(
    "refusal.one_round", "the model has one round only, so it cannot stop earlier"
)


class NoOtherSolver(Statement, code="refusal.no_other_solver"):
    """`two_classes_only`: the other solver exists and handles two classes only."""

    two_classes_only: bool = False

    def sentence(self) -> str:
        if self.two_classes_only:
            return "the other solver, liblinear, handles two classes only"
        return "the model has no other solver"


NothingDropped = fixed(
    "refusal.nothing_dropped",
    "the table is the same: the study's cleaning dropped nothing",
)
NoDuplicatesDropped = fixed(
    "refusal.no_duplicates_dropped", "no cleaning step drops duplicates here"
)


class TooLarge(
    Statement,
    code="refusal.too_large",
    says="the tables of {repeats} repeats would hold more than {most:,} numbers; ask for fewer repeats",
):
    """The tables of `repeats` repeats would hold more than `most` numbers."""

    repeats: int
    most: int


HalfUnit = Literal["class", "groups", "rows"]


class HalfTooSmall(Statement, code="refusal.half_too_small"):
    """A half of the rows has `count` rows of a class, groups or rows: fewer than its `folds` folds."""

    unit: HalfUnit
    count: int
    folds: int

    def sentence(self) -> str:
        unit = "rows of a class" if self.unit == "class" else self.unit
        return (
            f"half of the table has {self.count} {unit}, fewer than its {self.folds} folds; ask for "
            "fewer, `halves: {folds: 2}`"
        )


class HalvesTooDear(Statement, code="refusal.halves_too_dear"):
    """Halves would cost so many `times` what the study's own fits do, and are fitted unasked up to the `limit`."""

    times: float
    limit: float

    def sentence(self) -> str:
        return (
            f"they would cost {self.times:g} times what the study's own fits do, and without a request at most "
            f"{self.limit:g} times that is spent; to have them, write `diagnostics: {{halves: {{}}}}`"
        )


OtherRowsDrawn = fixed(
    "refusal.other_rows_drawn",
    "every repeat has its own simulated data, so other rows are seen already",
)


def thin_class(name: str, rows: int, folds: int) -> str:
    """Of a warning: a class that is not in every inner fold."""
    return f"class {name} has {rows} training rows, fewer than the {folds} inner folds, so some of them hold none of it"


def fitted_with(
    folder: str, changed: Sequence[tuple[str, str, str]], rerun: str
) -> str:
    """Of results that are judged: libraries with the version that fitted and the one that is here."""
    other = ", ".join(f"{name} {then} (here {now})" for name, then, now in changed)
    return f"{folder}: was fitted with {other}, and is judged as it is; `{rerun}` would fit it anew"
