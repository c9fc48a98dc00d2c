"""Tables of printed numbers: together, by table, by dataset and by model, and each one that is not exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from bench.claims.counted import JudgedPair
from bench.claims.printed import HeldNumber, JudgedTable
from bench.core.judgements import Agreement
from bench.report.blocks import Block, Cell, Details, Paragraph, Part, Table
from bench.report.bundle import Bundle
from bench.report.printed import counts, tables, together
from bench.report.section import Section
from bench.report.values import Value, count
from bench.scores.other_readings import OtherReading
from bench.stats.matches import Matches, decimals
from bench.text import formats
from bench.text.sentences import sentence

STATISTICS = {
    "mean": "mean", "spread": "spread", "rank": "rank", "mean_rank": "mean rank by the mean",
    "best_rank": "best rank by the mean", "worst_rank": "worst rank by the mean",
    "mean_share": "mean share between smallest and largest mean", "datasets": "number of datasets with a mean",
}  # fmt: skip
#: By kind of reading: which numbers agree, and what they equal.
_READINGS = {
    "row": "means printed for {of} equal those that the files hold for {other}",
    "filled": "means of models with missing scores are exact where scores of {other} take the places of missing ones",
    "spread": "printed spreads are the {other} over {of}",
}
#: By kind of reading: what explains one number.
_EXPLAINS = {
    "row": "equals the scores of {other}",
    "filled": "equals the mean with the scores of {other} in the places of missing ones",
    "spread": "equals the spread as {other}",
    "order": "agrees in another order of values that are equal",
}
NONE_FOUND = "none found"
_COUNTED = ("Numbers", "Exact", "One unit off", "Differ", "Explained", "No scores")
#: Of fewer tables, datasets or models all are rows, also those without an exception.
_FEW = 3


def printed(bundle: Bundle) -> Iterator[Block]:
    """The answer, other readings, counts of pairs, where numbers are off; all exceptions in a fold."""
    found = tables(bundle)
    numbers = [number for table in found for number in table.numbers]
    if numbers:
        said = sentence(together(found))
        yield Paragraph(f"{said[:1].upper()}{said[1:]}.")
    if fewer := _fewer(numbers):
        yield Paragraph(f"Numbers that rest on fewer scores than others of their table: {fewer}.")  # fmt: skip
    readings = [one for table in found for one in table.readings]
    for said in dict.fromkeys(_reading(*one) for one in readings):
        yield Paragraph(said)
    for where, pairs in counts(bundle).items():
        yield Part("Wins, ties and losses", (_tabulate_pairs(where, pairs),))
    if not numbers:
        return
    groups: tuple[tuple[str, Callable[[HeldNumber], str]], ...] = (
        ("Table", lambda one: one.table),
        ("Dataset", lambda one: one.of.dataset),
        ("Model", lambda one: one.of.family),
    )
    for title, key in groups:
        yield _group(title, numbers, key)
    if off := [one for one in numbers if not one.exact]:
        columns = ("Dataset", "Model", "Number", "Printed", "From the scores", "Explanation")  # fmt: skip
        table = Table(columns, tuple(map(_exception, off)), id="printed-exceptions")
        yield Details(f"Every number that is not exact: {len(off)}", (table,))


def badge(exact: int, numbers: int) -> str:
    """How many numbers of a table follow: no table is as bad as its worst number.

    >>> badge(90, 92)
    '90 of 92 follow'
    """
    return f"{formats.count(exact)} of {formats.count(numbers)} follow"


def _group(
    title: str, numbers: Sequence[HeldNumber], key: Callable[[HeldNumber], str]
) -> Block:
    """Those with exceptions first; of more than a few, those without are only counted."""
    groups: dict[str, list[HeldNumber]] = {}
    for one in numbers:
        groups.setdefault(key(one), []).append(one)
    tallies = {name: JudgedTable(tuple(some), ()).counts for name, some in groups.items()}  # fmt: skip
    worst_first = sorted(
        tallies.items(),
        key=lambda pair: (-pair[1].differ, -pair[1].near, -pair[1].missing, pair[0]),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, *map(count, (one.numbers + one.missing, one.exact, one.near, one.differ, one.explained, one.missing)))
        for name, one in worst_first
        if len(tallies) <= _FEW or one.exact < one.numbers + one.missing
    ]  # fmt: skip
    whole = len(tallies) - len(rows)
    said = f"{title}s without an exception, not listed: {whole} of {len(tallies)}."
    if not rows:
        return Paragraph(said)
    notes = (said,) if whole else ()
    name = f"printed-{title.lower()}"
    return Table((title, *_COUNTED), tuple(rows), notes=notes, id=name)


def _fewer(numbers: Sequence[HeldNumber]) -> int:
    """How many numbers rest on fewer scores than the most of their table, dataset and metric."""
    most: Counter[tuple[str, str, str]] = Counter()
    for one in numbers:
        place = one.table, one.of.dataset, one.metric
        most[place] = max(most[place], one.scores)
    return sum(
        0 < one.scores < most[one.table, one.of.dataset, one.metric] for one in numbers
    )


def _exception(number: HeldNumber) -> tuple[Cell, ...]:
    of, why = number.of, explain(number)
    above = f", % above {of.above}" if of.above is not None else ""
    what = f"{STATISTICS[number.statistic]} of {number.metric}".replace("_", " ")
    if of.note:
        known = "" if why == NONE_FOUND else f"{why}; "
        why = f"{known}the study says: {of.note}"
    return of.dataset, of.family, what + above, number.printed, from_scores(number), why


def explain(number: HeldNumber) -> str:
    """What explains a number that is not exact."""
    if number.agreement is None:
        return "no such scores in the files"
    if number.agreement == Agreement.REPRODUCED and not number.reading:
        return "one unit of the last digit, as rounding twice can give"
    other = number.other.replace("_", " ") if number.reading == "spread" else number.other  # fmt: skip
    return _EXPLAINS.get(number.reading, NONE_FOUND).format(other=other)


def from_scores(number: HeldNumber) -> str:
    """What the scores give, with two digits more than are printed."""
    if number.ours is None:
        return formats.NONE
    places = 0 if number.printed == "nan" else decimals(number.printed)
    return formats.true_minus(f"{number.ours:.{places + 2}f}")


def _reading(found: OtherReading, result: Matches) -> str:
    """A reading under which many numbers agree that do not as declared, and how many would by accident."""
    words = _READINGS.get(found.kind, "printed numbers agree as {other}")
    what = words.format(of=found.of, other=found.other.replace("_", " "))
    return (
        f"{result.matches} of {result.n} {what}; read as the study declares: {found.own}. By chance {result.expected:.1f} "
        f"of {result.n} would agree ({formats.p_equals(result.p_searched)}, corrected for all readings that were tried)."
    )


def _tabulate_pairs(where: str, pairs: Sequence[JudgedPair]) -> Table:
    """Printed counts and gains beside those of the scores."""
    rows: list[tuple[Cell, ...]] = []
    for one in pairs:
        gain = "" if one.gain != one.gain else Value(one.gain, "%", 2, signed=True)
        name = f"{one.family} over {one.against}"
        rows.append((name, str(one.printed), str(one.ours), one.printed_gain or "", gain))  # fmt: skip
    by_order = sum(one.by_order for one in pairs)
    notes = (
        f"{where}. Counts: wins/ties/losses of the first model. Gain: relative, mean over the datasets. "
        f"Uncorrected comparisons on single datasets: {sum(one.datasets for one in pairs)}.",
        f"Pairs with equal means as wins or losses: {by_order}." if by_order else "",
    )
    columns = ("Pair", "Printed", "From the scores", "Printed gain, %", "From the scores, %")  # fmt: skip
    return Table(columns, tuple(rows), notes=tuple(filter(None, notes)), id="pair-counts")  # fmt: skip


SECTION = Section("printed", "Printed numbers", printed, order=15)
