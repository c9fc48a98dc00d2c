"""Tables of printed numbers: together, by table, by dataset and by model, and each one that is not exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.claims.counted import JudgedPair
from bench.claims.printed import HeldNumber, JudgedTable, NumbersFollow
from bench.report.bundle import Bundle
from bench.report.printed import counts, needed, tables, together
from bench.report.section import Section
from bench.report.text import printed as text
from bench.text import formats

#: What a row of a table says, its name first.
PrintedLine = tuple[str, ...]


@dataclass(frozen=True)
class NumbersBy:
    """The numbers by one property; those without exceptions are only counted where `whole` says how many they are."""

    title: str
    rows: tuple[PrintedLine, ...]
    whole: str


@dataclass(frozen=True)
class CountsShown:
    """A table of counts: where it is printed, what becomes of it, and its pairs."""

    where: str
    conclusions: str
    rows: tuple[PrintedLine, ...]


@dataclass(frozen=True)
class PrintedView:
    """The section."""

    answer: str
    fewer: str
    readings: tuple[str, ...]
    header: tuple[str, ...]
    groupings: tuple[NumbersBy, ...]
    exceptions: tuple[PrintedLine, ...]
    pairs_header: tuple[str, ...]
    counts: tuple[CountsShown, ...]
    empty: str


def printed(bundle: Bundle) -> PrintedView:
    """The numbers together, in groups with exceptions first, and those that are not exact one by one."""
    found = tables(bundle)
    numbers = [number for table in found for number in table.numbers]
    groupings = (
        ("Table", lambda one: one.table),
        ("Dataset", lambda one: one.of.dataset),
        ("Model", lambda one: one.of.family),
    )
    return PrintedView(
        answer=text.answer(together(found)) if numbers else "",
        fewer=text.fewer(
            _fewer(numbers),
            overall=all(one.of.statistic is not None for one in numbers),
        ),
        readings=tuple(
            dict.fromkeys(
                text.reading(*one) for table in found for one in table.readings
            )
        ),
        header=text.HEADER,
        groupings=tuple(_grouping(title, numbers, key) for title, key in groupings)
        if numbers
        else (),
        exceptions=tuple(_exception(one) for one in numbers if not one.exact),
        pairs_header=text.PAIRS,
        counts=tuple(
            CountsShown(where, text.conclusions(pairs), tuple(map(_pair, pairs)))
            for where, pairs in counts(bundle).items()
        ),
        empty="" if needed(bundle) else text.ABSENT,
    )


def _grouping(
    title: str, numbers: Sequence[HeldNumber], key: Callable[[HeldNumber], str]
) -> NumbersBy:
    groups: dict[str, list[HeldNumber]] = {}
    for one in numbers:
        groups.setdefault(key(one), []).append(one)
    tallies = [
        (name, JudgedTable(tuple(some), ()).counts) for name, some in groups.items()
    ]
    with_exceptions = [
        (name, one) for name, one in tallies if one.exact < one.numbers + one.missing
    ]
    whole = len(tallies) - len(with_exceptions)
    shown = sorted(
        with_exceptions,
        key=lambda pair: (-pair[1].differ, -pair[1].near, -pair[1].missing, pair[0]),
    )
    if len(tallies) <= 3:
        shown, whole = (
            [
                *shown,
                *((name, one) for name, one in tallies if (name, one) not in shown),
            ],
            0,
        )
    return NumbersBy(
        title,
        tuple((name, *_cells(one)) for name, one in shown),
        text.whole(whole, len(tallies)),
    )


def _cells(counts: NumbersFollow) -> tuple[str, ...]:
    total = counts.numbers + counts.missing
    return tuple(
        map(
            text.count,
            (
                total,
                counts.exact,
                counts.near,
                counts.differ,
                counts.explained,
                counts.missing,
            ),
        )
    )


def _fewer(numbers: Sequence[HeldNumber]) -> int:
    """How many numbers rest on fewer scores than the most of their table, dataset and metric."""
    most: Counter[tuple[str, str, str]] = Counter()
    for one in numbers:
        place = one.table, one.of.dataset, one.metric
        most[place] = max(most[place], one.scores)
    return sum(
        0 < one.scores < most[one.table, one.of.dataset, one.metric] for one in numbers
    )


def _exception(number: HeldNumber) -> PrintedLine:
    of, why = number.of, text.explanation(number)
    above = f", % above {of.above}" if of.above is not None else ""
    what = f"{text.STATISTICS[number.statistic]} of {number.metric.replace('_', ' ')}{above}"
    return (
        of.dataset,
        of.family,
        what,
        number.printed,
        text.ours(number),
        text.with_note(why, of.note),
    )


def _pair(one: JudgedPair) -> PrintedLine:
    return (
        f"{one.family} over {one.against}",
        str(one.printed),
        str(one.ours),
        one.printed_gain or text.NONE,
        _gain(one.gain),
    )


def _gain(gain: float) -> str:
    """A gain in percent with its sign; zero has none, and where no gain is known there is none."""
    if gain != gain:
        return formats.NONE
    shown = formats.as_printed(gain, "0.00")
    return (
        shown
        if shown.startswith(formats.MINUS) or not shown.strip("0.")
        else f"+{shown}"
    )


SECTION = Section("printed", text.TITLE, printed, order=15)
