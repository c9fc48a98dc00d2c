"""The table of claims as a whole: what share holds, what chance would refute, whether order and effects agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from bench.claims import judged_by
from bench.core.counting import Falsified
from bench.core.judgements import VerdictRow
from bench.core.replication import (
    EffectRow,
    GroupRow,
    NumbersRow,
    RefutationRow,
    ToleranceRow,
)
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.curves import step_curve
from bench.report.charts.svg import Figure, Table, ticks
from bench.report.counts import held, mark
from bench.report.styles import Styles
from bench.report.text import replication as text
from bench.report.text.claim_names import claim_names
from bench.report.text.replication import FEWEST, WithoutP, numbers_title
from bench.scores.design import refutation_alpha_of
from bench.text import formats
from bench.text.marks import NOT_REPRODUCED

#: A tolerance curve ends at so many times the stated tolerance; what lies beyond is counted in words.
REACH = 10
#: Metric, side and unit of published numbers that are put together.
_Group = tuple[str | None, str, str | None]
N = TypeVar("N", NumbersRow, ToleranceRow, EffectRow)


@dataclass(frozen=True)
class TitledTable:
    """A table under a title."""

    title: str
    table: Table


@dataclass(frozen=True)
class WholeTable:
    """The table of claims as a whole."""

    head: tuple[str, ...] = text.HEAD
    lines: tuple[text.WholeLine, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[TitledTable, ...] = ()


def replication(bundle: Bundle, styles: Styles) -> WholeTable:
    """What the claims say together, tolerance curves, and two tables for those who want each number."""
    if len(bundle.verdicts) < 2:
        return WholeTable()
    curves = _by_group(bundle.rows("replication_tolerances", ToleranceRow))
    orders = _by_group(bundle.rows("replication_numbers", NumbersRow))
    effects = _by_group(bundle.rows("replication_effects", EffectRow))
    return WholeTable(
        text.HEAD,
        tuple(lines(bundle, styles)),
        tuple(
            figure
            for group, rows in curves.items()
            for figure in _curve(bundle, group, rows)
        ),
        tuple(
            t
            for group, rows in orders.items()
            for t in _tables(styles, group, rows, effects.get(group, []))
        ),
    )


def lines(bundle: Bundle, styles: Styles) -> list[text.WholeLine]:
    """How many claims hold, what a test refutes, and of each kind of number its order and effects."""
    whole = next(
        (
            group
            for group in bundle.rows("replication_groups", GroupRow)
            if group.kind is None
        ),
        None,
    )
    found = []
    if whole is not None:
        rows = bundle.counted.attempted
        found = text.share(whole, held(rows), len(rows), own=bundle.counted.own)
        found += [*_refuted(bundle, styles), *_happened(bundle)]
    numbers = _by_group(bundle.rows("replication_numbers", NumbersRow))
    for group, (row, *_) in numbers.items():
        title = f"{numbers_title(*group)}: " if len(numbers) > 1 else ""
        found += [
            (f"{title}{name}", value)
            for name, value in (*text.order(row), *text.effects(row))
        ]
    return found


def _by_group(rows: list[N]) -> dict[_Group, list[N]]:
    """Rows of published numbers by metric, side and unit."""
    found: dict[_Group, list[N]] = {}
    for row in rows:
        found.setdefault((row.metric, row.side, row.unit), []).append(row)
    return found


def _refuted(bundle: Bundle, styles: Styles) -> list[text.WholeLine]:
    rows = bundle.rows("replication_refutations", RefutationRow)
    if (
        bundle.counted.own and bundle.falsified
    ):  # falsifiers say what an expectation would be refuted by
        rows = []
    names = claim_names(bundle, styles)
    kept = [names[row.claim] for row in rows if row.after_holm]
    said = (
        text.refutations(
            rows, refutation_alpha_of(bundle.study), kept, own=bundle.counted.own
        )
        if rows
        else []
    )
    bare = (
        row
        for row in bundle.counted.claims
        if mark(row) == NOT_REPRODUCED and row.p is None
    )
    return said + sorted(
        text.without_p(n, why) for why, n in Counter(map(_why_no_p, bare)).items()
    )


def _happened(bundle: Bundle) -> list[text.WholeLine]:
    """What became of the falsifiers of a study that claims nothing but its author's expectations."""
    became = bundle.falsified.values() if bundle.counted.own else ()
    return text.happened(len(became), sum(one == Falsified.HAPPENED for one in became))


def _why_no_p(row: VerdictRow) -> WithoutP:
    if facts.without_draws(row.reasons):
        return WithoutP.NOTHING_DRAWN
    if judged_by.why_no_interval(row) == "equal_runs":
        return WithoutP.DRAWS_AGREE
    return WithoutP.UNKNOWN if row.low is None else WithoutP.RULE


def _curve(bundle: Bundle, group: _Group, rows: list[ToleranceRow]) -> Iterator[Figure]:
    """The share that would be reproduced over the tolerance; the dashed rule is the stated one, if all share one."""
    steps, counted = [(row.tolerance, row.held) for row in rows], rows[0].claims
    if counted < FEWEST:
        return
    metric, side, unit = group
    stated, title, pp = (
        _stated(bundle, group),
        numbers_title(*group),
        " pp" if unit == "percent" else "",
    )
    end = _end([t for t, _ in steps], stated)
    marks = sorted({*ticks(0, end, 5), *stated})
    body = tuple(
        (
            formats.short(t) + pp,
            f"{_within(steps, t, counted)} of {counted}",
            formats.probability(_share(steps, t)),
        )
        for t in marks
    )
    label = "; ".join(f"{n} within {t}" for t, n, _ in body)
    drawn = step_curve(
        steps, end, stated[0] if len(stated) == 1 else None, f"{title}: {label}"
    )
    name = "-".join(
        [
            "tolerance",
            metric or "numbers",
            *filter(None, (unit, "train" if side == "train" else "")),
        ]
    )
    note = text.tolerance_note(
        counted, unit, stated, counted - _within(steps, end, counted)
    )
    yield Figure(
        name, text.tolerance_title(title), note, drawn, Table(text.TOLERANCES, body)
    )


def _stated(bundle: Bundle, group: _Group) -> list[float]:
    """The tolerances of a group's claims, as the table of claims prints them (`formats.tolerance`)."""
    metric, _, unit = group
    rows = [
        row
        for row in bundle.verdicts
        if (row.kind, row.metric, row.unit) == ("value", metric, unit)
    ]
    return sorted(
        {float(f"{row.tolerance:.3g}") for row in rows if row.tolerance is not None}
    )


def _end(tolerances: list[float], stated: list[float]) -> float:
    """Where the axis ends: at the last step, but not beyond `REACH` stated tolerances, nor before one and a half."""
    last = max(tolerances)
    if not stated:
        return last or 1.0
    return max(min(last, REACH * stated[-1]), 1.5 * stated[-1])


def _share(steps: list[tuple[float, float]], tolerance: float) -> float:
    return max((share for t, share in steps if t <= tolerance), default=0.0)


def _within(steps: list[tuple[float, float]], tolerance: float, n: int) -> int:
    return round(n * _share(steps, tolerance))


def _tables(
    styles: Styles, group: _Group, numbers: list[NumbersRow], effects: list[EffectRow]
) -> Iterator[TitledTable]:
    """Order by dataset, and every effect ratio; behind a summary, for those who want each number."""
    if sum(row.numbers for row in numbers if row.dataset is None) < text.FEWEST_ORDERED:
        return
    orders = tuple(
        (styles.dataset(row.dataset), str(row.numbers), formats.correlation(row.tau))
        for row in numbers
        if row.dataset is not None and row.tau is not None
    )
    ratios = tuple(
        (
            f"{styles.family(row.family).short} − {styles.family(row.against).short}",
            styles.dataset(row.dataset or ""),
            text.ratio(row.ratio),
            formats.interval(row.low, row.high, text.ratio) or formats.NONE,
        )
        for row in effects
    )
    for (what, head), body in ((text.ORDERS, orders), (text.EFFECTS, ratios)):
        if body:
            yield TitledTable(f"{numbers_title(*group)}: {what}", Table(head, body))
