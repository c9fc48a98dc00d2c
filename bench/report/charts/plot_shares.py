"""Shares of a whole side by side: one bar (small, for a table), or a bar a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.report.charts.marks import (
    Axis,
    Bar,
    Chart,
    Key,
    Line,
    Mark,
    name_rows,
    stack_rows,
)
from bench.report.values import Value

_TICKS = (0.0, 25.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True)
class PlotBar:
    """One bar: its name, its parts in the order of the key, and the number at its right."""

    name: str
    parts: tuple[float, ...]
    number: Value | None = None
    words: str = ""
    group: str = ""


def plot_shares(
    title: str, rows: Sequence[PlotBar], parts: Sequence[tuple[str, str]]
) -> Chart:
    """Draw a bar a row, cut into its shares, in percent; a single row without a name is a bare bar.

    Parameters
    ----------
    parts
        Name and tone of each part.
    """
    if len(rows) == 1 and not rows[0].name:
        bars, edge = _cut(rows[0], 0.0, 1.0, parts), Axis(0, 1)
        return Chart(title, tuple(bars), Axis(0, 100), edge, height=16, bare=True)
    named = [(row.group, Line(0, row.name, row.number, row.words)) for row in rows]
    lines, heights = name_rows(named)
    marks: list[Mark] = []
    for y, row in zip(heights, rows, strict=True):
        marks += _cut(row, y - 0.3, y + 0.3, parts)
    key = tuple(Key(name, "swatch", tone) for name, tone in parts)
    return stack_rows(title, lines, marks, Axis(0, 100, _TICKS, 0, "%"), key=key)


def _cut(
    row: PlotBar, top: float, bottom: float, parts: Sequence[tuple[str, str]]
) -> list[Mark]:
    total = sum(row.parts) or 1.0
    marks: list[Mark] = []
    start = 0.0
    for part, (name, tone) in zip(row.parts, parts, strict=True):
        end = start + 100 * part / total
        if part:
            says = f"{row.name}, {name}" if row.name else name
            marks.append(Bar(start, end, top, bottom, tone, says))
        start = end
    return marks
