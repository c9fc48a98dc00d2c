"""One row an estimate: forest plot, dot plot, train beside test, ranks, recall by class, optimism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.report.charts.marks import (
    Axis,
    Band,
    Chart,
    Diamond,
    Key,
    Line,
    Mark,
    Point,
    Segment,
    choose_axis,
    name_rows,
    stack_rows,
)
from bench.report.values import Value, show


@dataclass(frozen=True)
class PlotRow:
    """One row.

    Parameters
    ----------
    shape
        `diamond` draws a pooled estimate as wide as its interval; all others are those of `Point`.
    other
        A second number of the row, such as the score on training rows; drawn as a ring.
    number, words
        What stands at the right, and what follows it.
    group
        Rows of one group stand under its name.
    tag
        A word behind the name, such as *simple*.
    """

    name: str
    middle: float | None
    low: float | None = None
    high: float | None = None
    shape: str = "disc"
    tone: str = "ink"
    other: float | None = None
    number: Value | None = None
    words: str = ""
    group: str = ""
    tag: str = ""

    @property
    def is_pooled(self) -> bool:
        """Whether it sums up rows, as wide as its interval."""
        return self.shape == "diamond"


def plot_rows(
    title: str,
    estimates: Sequence[PlotRow],
    x: Axis | None = None,
    *,
    band: Band | None = None,
    line: float | None = None,
    row: int = 24,
    key: tuple[Key, ...] = (),
) -> Chart:
    """Draw each estimate in a row of its own, over a band and a line at one place (zero, a published number).

    Parameters
    ----------
    x
        The axis; chosen by the numbers where it is left out.
    row
        Pixels a row.
    """
    named = [
        (one.group, Line(0, one.name, one.number, one.words, one.is_pooled, one.tag))
        for one in estimates
    ]
    lines, heights = name_rows(named)
    marks: list[Mark] = [band] if band else []
    if line is not None:
        marks.append(Segment(line, -0.5, line, len(lines) - 0.5))
    for y, one in zip(heights, estimates, strict=True):
        marks += _draw(one, y)
    if x is None:
        ends = [band.low, band.high] if band else []
        x = choose_axis([*reach(estimates), *ends, line])
    return stack_rows(title, lines, marks, x, row, key)


def reach(estimates: Sequence[PlotRow]) -> list[float]:
    """All numbers that the axis of a picture of rows must hold."""
    ends = [(one.low, one.middle, one.other, one.high) for one in estimates]
    return [number for four in ends for number in four if number is not None]


def _draw(one: PlotRow, y: float) -> list[Mark]:
    if one.middle is None:
        return []
    says = f"{one.name} {show(one.number) if one.number else ''} {one.words}".strip()
    low = one.middle if one.low is None else one.low
    high = one.middle if one.high is None else one.high
    if one.is_pooled:
        return [Diamond(low, one.middle, high, y, one.tone, says)]
    marks: list[Mark] = []
    if one.other is not None and one.low is None:
        low, high = sorted((one.middle, one.other))
    if low != high:
        marks.append(Segment(low, y, high, y, one.tone))
    if one.other is not None:
        marks.append(Point(one.other, y, "ring", one.tone, f"{one.name}, the other"))
    marks.append(Point(one.middle, y, one.shape, one.tone, says))
    return marks
