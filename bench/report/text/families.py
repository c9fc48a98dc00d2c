"""What the table of results says: models without a score, how scores are aggregated, and who is best."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bench.text import formats
from bench.text.words import Measure

NEVER_SCORED = "No model has a score: nothing was fitted or scored in this study."
ELSEWHERE = "Its intervals are on the pages of the datasets."
NO_SCORE_ON = "No model has a score on {}."
NOT_DIFFERENT = "● not significantly different from the best, after Holm. "
AS_GIVEN = "as given"
POOLED = "pooled over folds"
NONE_DIFFERENT = "No model is significantly different from the best."


def mean(each: Collection[str], *, mixed: bool = False) -> str:
    """Over what a mean is, by what its single scores are of; mixed: on some datasets it is pooled.

    >>> mean(["fold"]), mean(["split", "fold"]), mean(["fold"], mixed=True)
    ('mean over folds', 'mean over folds or splits', 'mean over folds, or pooled over folds (leave-one-out)')
    """
    over = formats.listed([f"{one}s" for one in sorted(each)], "or")
    return (
        f"mean over {over}{', or pooled over folds (leave-one-out)' if mixed else ''}"
    )


def seeds_only(places: Sequence[str]) -> str:
    """What the intervals of datasets with one test set leave out; `places`: empty where it holds for all.

    >>> seeds_only(["Digits"])
    'On Digits the interval covers seeds only, not the choice of test rows.'
    """
    covers = "interval covers seeds only, not the choice of test rows."
    return (
        f"On {formats.listed(list(places))} the {covers}" if places else f"The {covers}"
    )


def on(what: str, place: str) -> str:
    """`Accuracy on Wine`."""
    return f"{what} on {place}"


def header(unit: Measure) -> tuple[str, str, str]:
    return "Model", unit.title, "Interval"


def left_out(places: Sequence[str], models: Sequence[str], needs: str) -> str:
    """Which datasets and models have no score; needs: what the metric needs.

    >>> left_out(["Wine"], [], ""), left_out([], ["Ridge"], "needs probabilities"), left_out([], [], "")
    ('No score on Wine.', 'No score of Ridge: this metric needs probabilities.', '')
    """
    said = [f"on {formats.listed(list(places))}"] if places else []
    said += [f"of {formats.listed(list(models))}"] if models else []
    why = f": this metric {needs}" if models and needs else ""
    return f"No score {', and none '.join(said)}{why}." if said else ""


def failed(fits: int) -> str:
    return f"No model has a score: {formats.plural(fits, 'fit')} failed (see Limits and failures)."


def no_interval(cause: str, places: Sequence[str]) -> str:
    """`places`: empty where it holds for all.

    >>> no_interval("one random split", ["Wine"]), no_interval("one random split", [])
    ('No interval on Wine: one random split.', 'No interval: one random split.')
    """
    return f"No interval{f' on {formats.listed(list(places))}' if places else ''}: {cause}."


def one_class(unit: Measure, sets: int, of: int, place: str) -> str:
    """Of a metric that compares classes: test sets without a second one; place: empty where there is one dataset."""
    said = f"{formats.count(sets)} of {formats.plural(of, 'test set')}{f' on {place}' if place else ''}"
    there = (
        "the Matthews correlation is 0"
        if unit.name == "mcc"
        else f"the {unit.word} compares no classes"
    )
    return f"{said} {'holds' if sets == 1 else 'hold'} rows of one class only: there {there}."


def interval_bar(percent: float) -> str:
    return f"Bar: {percent:g} % interval. "


def dashed(baseline: str) -> str:
    return f"Dashed: {baseline}. "


def not_drawn(what: str) -> str:
    return f"Single {what}s are not shown: they reach far beyond this axis. "


def ticks(what: str, beyond: int) -> str:
    left = f"; {formats.plural(beyond, what)} beyond the axis" if beyond else ""
    return f"Ticks: single {what}s, higher where several coincide{left}. "


def untested(best: Sequence[str]) -> str:
    """
    >>> untested(["LDA"]), untested(["LDA", "QDA"])
    ('Best score: LDA; no difference was tested.', 'Best score: LDA and QDA (equal); no difference was tested.')
    """
    return f"Best score: {formats.listed(list(best))}{' (equal)' * (len(best) > 1)}; no difference was tested."


def one_best(best: str, other: str | None, untested: int) -> str:
    """The best differs significantly from the one `other`, or (None) from all others that were tested."""
    if untested:
        said = "significantly better than every model that it was tested against"
        return f"Best score: {best}, {said}{not_tested(untested)}."
    return f"Significantly better than {other or 'every other model'}: {best}."


def not_tested(count: int) -> str:
    """`; two were not tested`, as the end of a sentence; nothing where all were."""
    return (
        f"; {formats.spelled(count)} {'was' if count == 1 else 'were'} not tested"
        if count
        else ""
    )


def some_tied(best: str, others: int, untested: int) -> str:
    """`Best score: SVM; two others are not significantly different; one was not tested.`"""
    more = "one other is" if others == 1 else f"{formats.spelled(others)} others are"
    return (
        f"Best score: {best}; {more} not significantly different{not_tested(untested)}."
    )
