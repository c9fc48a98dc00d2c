"""What the page says of tables of printed numbers, and of printed counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.claims.counted import ALPHA, JudgedPair
from bench.claims.printed import HeldNumber, NumbersFollow
from bench.core.judgements import Agreement
from bench.scores.other_readings import OtherReading
from bench.stats.matches import Matches, decimals
from bench.text import formats

TITLE = "Printed numbers"
ABSENT = "No table of printed numbers is compared here."
STATISTICS = {"mean": "mean", "spread": "spread"}
HEADER = ("Numbers", "Exact", "One unit off", "Differ", "Explained", "No scores")
PAIRS = ("Pair", "Printed", "From the scores", "After Holm over datasets", "Printed gain, %", "From the scores, %",
         "Signed ranks, p", "After Holm, p")  # fmt: skip
NONE_FOUND, NONE = "none found", formats.NONE


def headline(counts: NumbersFollow, pairs: Sequence[JudgedPair], others: Counter[str]) -> str:
    """`952 of 952 printed numbers follow from the authors' scores; 4 of 9 printed advantages survive ...`.

    others: how many numbers that are not exact equal those of another model of the files, by that model.
    """
    parts = []
    exact = counts.exact + sum(one.exact for one in pairs)
    if numbers := counts.numbers + sum(one.numbers for one in pairs):
        verb = "follows" if exact == 1 else "follow"
        name = " under their own name" if others else ""
        parts.append(f"{exact:,} of {numbers:,} printed numbers {verb} from the authors' own scores{name}")
        parts += [f"{count:,} equal those that the files hold for {model}" for model, count in others.most_common(1)]
    uneven = [one for one in pairs if one.uneven]
    if uneven:
        survive = sum(one.survives for one in uneven)
        parts.append(f"{survive} of {len(uneven)} printed advantages survive the correction for many comparisons")
    return "; ".join(parts)


def answer(counts: NumbersFollow) -> str:
    """Whether the printed numbers follow from the scores, in a sentence."""
    if counts.exact == counts.numbers:
        said = f"All {counts.numbers:,} printed means and spreads are what the scores give, to the printed digits."
    else:
        said = f"{counts.sentence()}."
    return f"{said[0].upper()}{said[1:]}"


def fewer(count: int) -> str:
    """How many numbers rest on fewer scores than others of their dataset."""
    if not count:
        return ""
    start = f"{count:,} {'number rests' if count == 1 else 'numbers rest'}"
    return f"{start} on fewer scores than others of the same dataset: means over the runs or folds that finished."


def explanation(number: HeldNumber) -> str:
    """What explains a number that is not exact."""
    if number.agreement is None:
        return "no such scores in the files"
    if number.agreement == Agreement.REPRODUCED and not number.reading:
        return "one unit of the last digit, as rounding twice makes"
    return {
        "row": f"equals the scores of {number.other}",
        "column": f"equals the scores on {number.other}",
        "filled": f"equals the mean with the scores of {number.other} in the places of missing ones",
        "spread": f"equals the spread as {number.other.replace('_', ' ')}",
        "cut": "cut, not rounded",
    }.get(number.reading, NONE_FOUND)


def reading(found: OtherReading, result: Matches) -> str:
    """A reading under which many numbers agree that do not as declared, and how many would by accident."""
    what = {
        "row": f"the means printed for {found.of} equal the scores that the files hold for {found.other}",
        "column": f"the means printed on {found.of} equal the scores on {found.other}",
        "filled": f"the means of models with missing scores have those of {found.other} in their places",
        "cut": "the printed means are the scores with further digits cut off",
        "spread": f"the printed spreads are the {found.other.replace('_', ' ')} over {found.of}",
    }.get(found.kind, found.kind)
    return (
        f"{result.matches} of {result.n}: {what}, and {found.own} are the plain means of their own. By accident "
        f"{result.expected:.1f} would ({formats.p_equals(result.p_searched)}, corrected for all readings that were "
        "tried). How that came about, the files do not say."
    )


def ours(number: HeldNumber) -> str:
    """What the scores give, with two digits more than are printed."""
    if number.ours is None:
        return formats.NONE
    places = 0 if number.printed == "nan" else decimals(number.printed)
    return formats.true_minus(f"{number.ours:.{places + 2}f}")


def advantage(pair: JudgedPair) -> str:
    """The model with more wins before the other."""
    ahead = pair.printed.wins > pair.printed.losses
    return f"{pair.family} over {pair.against}" if ahead else f"{pair.against} over {pair.family}"


def conclusions(pairs: Sequence[JudgedPair]) -> str:
    """What the printed counts become, in a sentence or two."""
    uneven = [one for one in pairs if one.uneven]
    kept = [advantage(one) for one in uneven if one.survives]
    named = f": {formats.listed(kept)}" if 0 < len(kept) <= 8 else ""
    noise = sum(one.noise for one in pairs)
    tested, exact = sum(one.datasets for one in pairs), sum(one.exact for one in pairs)
    return (
        f"{exact} of {sum(one.numbers for one in pairs)} printed counts and gains follow from the scores"
        f"{f' ({noise} pairs with means that differ beyond the twelfth digit only)' if noise else ''}. They rest on "
        f"{tested} comparisons on single datasets, without correction for their number. Of {len(uneven)} printed "
        f"advantages {len(kept)} {'is' if len(kept) == 1 else 'are'} decided over the datasets (signed ranks of the "
        f"relative gains, after Holm over {len(pairs)} pairs, level {ALPHA:g}){named}."
    )


def count(number: int) -> str:
    return f"{number:,}" if number else formats.NONE


def p_value(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def whole(count: int, of: int) -> str:
    """How many tables, datasets or models have no exception, where they are not listed."""
    if not count:
        return ""
    if count == of:
        return f"All {of:,} without an exception."
    return f"{count:,} of {of:,} without an exception are not listed."
