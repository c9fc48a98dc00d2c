"""Words that advice about one dataset and over many share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench.core.comparisons import Method
from bench.report import facts
from bench.text import formats
from bench.text.words import Measure

#: So many models are named; of more the first and the last.
NAMED = 4
#: Tests that do not speak of other splits: on the rows of one test set.
ON_ROWS = {
    Method.MCNEMAR: "McNemar's test",
    Method.DELONG: "DeLong's test",
}
_OVER_SEEDS = "over seeds only: other test rows may give another result"
_OTHER_FITS = "other training rows may give another result"
NO_REASON = "these data do not show which is better"
FOOLED = "has too many false positives"
#: What a test says of the best model beside the baseline, unless it is better: `facts.Compared.told`.
NO_BETTER = {
    0: "is not significantly different from the baseline",
    -1: "is significantly worse than the baseline",
    None: "is no better than the baseline, without a test",
}


def unbeaten(
    names: Sequence[str], among: Iterable[str], beats: Callable[[str, str], bool]
) -> list[str]:
    """The names without any that one among these models is significantly better than."""
    return [f for f in names if not any(beats(other, f) for other in among)]


def some_of(titles: Sequence[str], others: str = "others") -> str:
    """The titles, or of many how many there are."""
    return (
        formats.listed(list(titles))
        if len(titles) <= NAMED
        else f"{formats.spelled(len(titles))} {others}"
    )


def any_of(titles: Sequence[str], within: str, *, leads: bool) -> str:
    """That nothing puts one of some models before another. `within`: so near, empty if any near is; leads: the first of
    them is the best.

    >>> any_of(["LDA", "QDA"], "1 pp", leads=True).partition(":")[0]
    'LDA leads; QDA is within 1 pp of it and not significantly different'
    """
    named = list(titles[1:] if leads else titles)
    many = f"{formats.spelled(len(named))} others down to {named[-1]}"
    models = many if len(titles) > NAMED + 1 else formats.listed(named)
    start = (
        f"{titles[0]} leads; {models} {'is' if len(named) == 1 else 'are'}"
        if leads
        else f"{models} are"
    )
    of, than = (
        ("it", "")
        if leads
        else ("the best", " from it" if within else " from the best")
    )
    near = f"within {within} of {of} and " if within else ""
    return f"{start} {near}not significantly different{than}: {NO_REASON}"


def rest_words(
    worse: Sequence[str],
    untested: Sequence[str],
    behind: str = "",
    than: str = "another model",
) -> str:
    """The other models, by what a test says of them; empty without any."""
    kinds = (
        (
            f"significantly worse than {than}: ",
            worse and some_of(worse, "other models"),
        ),
        ("", behind),
        ("not tested: ", untested and some_of(untested, "other models")),
    )
    said = "; ".join(f"{kind}{names}" for kind, names in kinds if names)
    return f". {said[0].upper()}{said[1:]}" if said else ""


def too_few(titles: Sequence[str]) -> str:
    return (
        f"too few datasets to compare with the best: {some_of(titles, 'other models')}"
        if titles
        else ""
    )


def none_better(where: str, above: Sequence[str]) -> str:
    """What is advised where the best model is no better than the baseline; `above`: the others that are."""
    return (
        f"{where[0].upper()}{where[1:]}, no model can be recommended"
        if above
        else f"None of them {where}"
    )


def yet_above(above: Sequence[str], by_seeds: Sequence[str] = ()) -> str:
    """That models which are not the best are better than the baseline; empty without any. by_seeds: those of them that
    were tested over seeds only."""
    said = (
        f", but {some_of(above)} {'is' if len(above) == 1 else 'are'} significantly better than it"
        if above
        else ""
    )
    which = (
        "this was"
        if len(by_seeds) == len(above)
        else f"the difference of {formats.listed(list(by_seeds))} was"
    )
    return said + (f" ({which} tested {_OVER_SEEDS})" if by_seeds else "")


def alone_above(alone: Sequence[str]) -> str:
    """That one-sided tests against the baseline find some models better, where those of pairs find none; empty without
    any."""
    return (
        f" in two-sided tests of pairs; one-sided tests against it find {some_of(alone)} better"
        if alone
        else ""
    )


def gap_words(unit: Measure, gap: float) -> str:
    """`4.0 pp better than`; `gap`: how much lower the loss is."""
    if not unit.is_shown(gap):
        return "no better than"
    return f"{unit.difference(abs(gap)).lstrip('+')} {'better' if gap > 0 else 'worse'} than"


def tested_on(pairs: Sequence[facts.ComparedPair], title: Callable[[str], str]) -> str:
    """`this was tested over seeds only: other test rows may give another result`; empty of tests over splits.

    pairs: the tests of one model on a dataset.
    """
    seeds = [title(pair.against) for pair in pairs if pair.test == Method.T_OVER_SEEDS]
    made = {pair.test for pair in pairs}
    by_rows = formats.listed(
        [words for method, words in ON_ROWS.items() if method in made]
    )
    on_rows = f"tested on the test rows ({by_rows}): {_OTHER_FITS}" if by_rows else ""
    if not seeds:
        return f"this was {on_rows}" if by_rows else ""
    if len(seeds) == len(pairs):
        return f"this was tested {_OVER_SEEDS}"
    differences = (
        "difference from {} was" if len(seeds) == 1 else "differences from {} were"
    )
    one = len(pairs) - len(seeds) == 1
    others = (
        "The difference from the other model was"
        if one
        else "The differences from the other models were"
    )
    rest = f". {others} {on_rows}" if by_rows else ""
    return (
        f"the {differences.format(some_of(seeds, 'models'))} tested {_OVER_SEEDS}{rest}"
    )
