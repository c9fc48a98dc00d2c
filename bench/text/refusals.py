"""The sentence of each refusal: why something that a study asks for cannot run on its data."""

from __future__ import annotations

from bench.core import refusals as r
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    r.Incompatible: "{message}",
    r.TooManyFeatures: "the table has {features} features; at most {most} are inspected",
    r.InnerFoldsFail: "the inner folds cannot be drawn: {message}",
    r.ClassTooSmall: "a class has {rows} rows; SMOTE needs more than {neighbors}, its number of neighbors",
    r.SelectsAll: "k = {k} keeps all {features} features: nothing is selected",
    r.HalvesTooDear: "they would cost {times:g} times what the study's own fits do, and without a request at most "
    "{limit:g} times that is spent; to have them, write `diagnostics: {{halves: {{}}}}`",
    r.TooLarge: "the tables of {repeats} repeats would hold more than {most:,} numbers; ask for fewer repeats",
}
templates(SENTENCES)


_FIXED: dict[type[r.Refusal], str] = {
    r.NoSmallerTrainingSet: "no smaller training set holds whole groups and two classes",
    r.OneRowTestSets: "every test set is one row: a feature cannot be shuffled in it",
    r.TuningNeeded: "nothing is tuned here",
    r.OneCandidate: "the model has one candidate here; name more, `{tuned_on_test: {C: [0.1, 1, 10]}}`",
    r.NoSeed: "the model's fit takes no seed",
    r.NoInnerFolds: "no inner folds are drawn here",
    r.NoDrawnFolds: "the protocol draws no folds",
    r.RowsInTime: "the rows are ordered in time: their order cannot be changed and their folds cannot be drawn",
    r.Simulated: "every repeat has its own simulated data, so a seed cannot be changed alone",
    r.NoGroups: "the data set declares no group, so no rows are known to belong together",
    r.AlreadyRandom: "the study's own folds are random already",
    r.NotStratifiable: "this kind of split has no stratification",
    r.Regression: "the task is regression: there are no classes",
    r.Balanced: "the classes have about the same size: nobody would oversample",
    r.GroupedRows: "copies of rows would need groups or times of their own",
    r.MissingValues: "values are missing: SMOTE cannot interpolate between rows",
    r.Categories: "some features are categories: SMOTE cannot interpolate between them",
    r.NoScaling: "no step of the model scales the features",
    r.SameScaling: "this is the study's own scaling",
    r.ScaleFree: "the scale of a feature does not change this model",
    r.NoRounds: "the model does not train in rounds, so it cannot stop early",
    r.OneRound: "the model has one round only, so it cannot stop earlier",
    r.NothingDropped: "the table is the same: the study's cleaning dropped nothing",
    r.OtherRowsDrawn: "every repeat has its own simulated data, so other rows are seen already",
    r.NoDuplicatesDropped: "no cleaning step drops duplicates here",
    r.ColumnsNotNamed: "name the dropped columns to keep, `{columns_kept: {columns: [...]}}`",
}
for _kind, _text in _FIXED.items():
    says(_kind)(lambda _, text=_text: text)  # type: ignore[misc]


@says(r.NoSelection)
def _no_selection(statement: r.NoSelection) -> str:
    why = "the number of features is tuned" if statement.tuned else "no step of the model selects features"
    return f"{why}; say how many would be kept, `{{selection_before_split: {{k: 10}}}}`"


@says(r.StepTuned)
def _step_tuned(statement: r.StepTuned) -> str:
    if not statement.before_split:
        return f"the step {statement.step} is tuned"
    return f"a step up to {statement.step} is tuned: it cannot run before the split"


@says(r.StepsFail)
def _steps_fail(statement: r.StepsFail) -> str:
    if not statement.message:
        return f"categories become numbers after {statement.step}: the steps before it cannot run alone"
    return f"the steps up to {statement.step} cannot be fitted to all rows: {statement.message}"


@says(r.NoOtherSolver)
def _no_other_solver(statement: r.NoOtherSolver) -> str:
    if statement.two_classes_only:
        return "the other solver, liblinear, handles two classes only"
    return "the model has no other solver"


@says(r.HalfTooSmall)
def _half_too_small(statement: r.HalfTooSmall) -> str:
    unit = "rows of a class" if statement.unit == "class" else statement.unit
    return (
        f"half of the table has {statement.count} {unit}, fewer than its {statement.folds} folds; ask for "
        "fewer, `halves: {folds: 2}`"
    )
