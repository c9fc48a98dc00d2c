"""What the page says of tables of printed numbers, and of printed counts."""

from __future__ import annotations

from collections.abc import Sequence

from bench.claims.counted import JudgedPair
from bench.claims.printed import HeldNumber, NumbersFollow
from bench.core.judgements import Agreement
from bench.scores.other_readings import OtherReading
from bench.stats.matches import Matches, decimals
from bench.text import formats

TITLE = "Printed numbers"
ABSENT = "No table of printed numbers is compared here."
STATISTICS = {
    "mean": "mean", "spread": "spread", "rank": "rank", "mean_rank": "mean rank by the mean",
    "best_rank": "best rank by the mean", "worst_rank": "worst rank by the mean",
    "mean_share": "mean share between smallest and largest mean", "datasets": "number of datasets with a mean",
}  # fmt: skip
HEADER = ("Numbers", "Exact", "One unit off", "Differ", "Explained", "No scores")
PAIRS = ("Pair", "Printed", "From the scores", "Printed gain, %", "From the scores, %")


def beside_others(exact: int, numbers: int) -> tuple[str, str]:
    """A printed table and what became of it, in the table of claims of other kinds.

    >>> beside_others(2, 3)
    ('3 numbers', '2 follow')
    """
    return formats.plural(
        numbers, "number"
    ), f"{formats.count(exact)} {'follows' if exact == 1 else 'follow'}"


def badge(exact: int, numbers: int) -> str:
    """How many numbers of a table follow: no table is as bad as its worst number.

    >>> badge(90, 92)
    '90 of 92 follow'
    """
    verb = "follows" if exact == 1 else "follow"
    return f"{formats.count(exact)} of {formats.count(numbers)} {verb}"


MANY = "printed counts and gains"
NONE_FOUND, NONE = "none found", formats.NONE


def numbers_of(
    counts: NumbersFollow | None, pairs: Sequence[JudgedPair]
) -> tuple[int, int]:
    """How many numbers of tables of either kind are exact, and how many there are."""
    exact, numbers = (0, 0) if counts is None else (counts.exact, counts.numbers)
    return exact + sum(one.exact for one in pairs), numbers + sum(
        one.numbers for one in pairs
    )


def answer(counts: NumbersFollow) -> str:
    """Whether the printed numbers follow from the scores, in a sentence."""
    if counts.exact == counts.numbers:
        all_ = f"All {formats.count(counts.numbers)} printed numbers"
        said = f"{all_} are what the scores give, to the printed digits."
    else:
        said = f"{counts.sentence()}."
    return f"{said[0].upper()}{said[1:]}"


def fewer(count: int, *, overall: bool) -> str:
    """How many numbers rest on fewer scores than others of their dataset, or (`overall`) on fewer datasets."""
    if not count:
        return ""
    start = f"{formats.count(count)} {'number rests' if count == 1 else 'numbers rest'}"
    return f"{start} on fewer {'datasets' if overall else 'scores'} than others of the same table."


def explanation(number: HeldNumber) -> str:
    """What explains a number that is not exact."""
    if number.agreement is None:
        return "no such scores in the files"
    if number.agreement == Agreement.REPRODUCED and not number.reading:
        return "one unit of the last digit, as rounding twice can give"
    return {
        "row": f"equals the scores of {number.other}",
        "filled": f"equals the mean with the scores of {number.other} in the places of missing ones",
        "spread": f"equals the spread as {number.other.replace('_', ' ')}",
        "order": "agrees in another order of values that are equal",
    }.get(number.reading, NONE_FOUND)


def with_note(why: str, note: str | None) -> str:
    """An explanation with what the author of the study knows of the number.

    >>> with_note(NONE_FOUND, "a wrong sign"), with_note("another", None)
    ('the study says: a wrong sign', 'another')
    """
    said = f"the study says: {note}" if note else ""
    return "; ".join(filter(None, ("" if note and why == NONE_FOUND else why, said)))


def reading(found: OtherReading, result: Matches) -> str:
    """A reading under which many numbers agree that do not as declared, and how many would by accident."""
    printed = _READ.get(found.kind, "printed numbers agree as {other}")
    what = printed.format(of=found.of, other=found.other.replace("_", " "))
    count = (
        f"All {result.n}"
        if result.matches == result.n
        else f"{result.matches} of {result.n}"
    )
    own = (
        f"{found.own} {'does' if found.own == 1 else 'do'}"
        if found.own
        else "none does"
    )
    return (
        f"{count} {what}; read as the study declares, {own}. By chance {result.expected:.1f} of {result.n} would agree "
        f"({formats.p_equals(result.p_searched)}, corrected for all readings that were tried)."
    )


#: By kind of reading: which numbers, and what they equal.
_READ = {
    "row": "means printed for {of} equal those that the files hold for {other}",
    "filled": "means of models with missing scores are exact where scores of {other} take the places of missing ones",
    "spread": "printed spreads are the {other} over {of}",
}


def ours(number: HeldNumber) -> str:
    """What the scores give, with two digits more than are printed."""
    if number.ours is None:
        return formats.NONE
    places = 0 if number.printed == "nan" else decimals(number.printed)
    return formats.true_minus(f"{number.ours:.{places + 2}f}")


def conclusions(pairs: Sequence[JudgedPair]) -> str:
    """What the printed counts become, in a sentence or two."""
    by_order = sum(one.by_order for one in pairs)
    tested, exact = sum(one.datasets for one in pairs), sum(one.exact for one in pairs)
    one, many = (
        ("printed count or gain", MANY)
        if any(p.printed_gain for p in pairs)
        else ("printed count", None)
    )
    said = f"{exact} of {formats.plural(sum(one.numbers for one in pairs), one, many)} "
    said += f"{'follows' if exact == 1 else 'follow'} from the scores"
    said += (
        f" ({formats.plural(by_order, 'pair')} with equal means as wins or losses)"
        if by_order
        else ""
    )
    rest = f"They rest on {formats.plural(tested, 'uncorrected comparison')} on single datasets."
    return f"{said}. {rest}"


def count(number: int) -> str:
    return formats.count(number) if number else formats.NONE


def whole(count: int, of: int) -> str:
    """How many tables, datasets or models have no exception, where they are not listed."""
    if not count:
        return ""
    if count == of:
        return f"All {formats.count(of)} without an exception."
    return f"{formats.count(count)} of {formats.count(of)} without an exception are not listed."
