"""Curves of several series on one field, or clouds of points: learning, ranking, calibration, effects, residuals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.report.charts.marks import (
    Area,
    Axis,
    Chart,
    Curve,
    Key,
    Mark,
    Point,
    Segment,
)
from bench.report.values import Value


@dataclass(frozen=True)
class PlotCurve:
    """Points, and what they are of.

    Parameters
    ----------
    low, high
        The ends of a band around the curve.
    joined
        Whether the points are joined by a curve.
    marked
        Which of the points have a mark (by their place); all of them where it is left out.
    number
        What stands beside its name in the key.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    tone: str = "ours"
    shape: str = "disc"
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    joined: bool = True
    marked: tuple[int, ...] | None = None
    number: Value | None = None


def plot_curves(
    title: str,
    series: Sequence[PlotCurve],
    x: Axis,
    y: Axis,
    *,
    diagonal: bool = False,
    level: float | None = None,
    under: Iterable[Mark] = (),
    height: int = 150,
    key: bool = False,
) -> Chart:
    """Draw all series over one grid.

    Parameters
    ----------
    diagonal, level
        A dashed line of equality; a dashed line across at this height.
    under
        More marks, behind the series.
    key
        Whether the names of the series stand under the picture.
    """
    marks: list[Mark] = list(under)
    if diagonal:
        low, high = max(x.low, y.low), min(x.high, y.high)
        marks.append(Segment(low, low, high, high, "open", dashed=True))
    if level is not None:
        marks.append(Segment(x.low, level, x.high, level, "open", dashed=True))
    for one in series:
        if one.low:
            marks.append(Area(one.x, one.low, one.high, one.tone, one.name))
    for one in series:
        if one.joined and len(one.x) > 1:
            marks.append(Curve(one.x, one.y, one.tone, one.name))
    for one in series:
        marks += _points(one, x, y)
    entries = [Key(one.name, one.shape, one.tone, one.number) for one in series]
    return Chart(title, tuple(marks), x, y, (), height, tuple(entries) if key else ())


def _points(one: PlotCurve, x: Axis, y: Axis) -> list[Mark]:
    """The marks of a series that lie on the field; a joined series says its numbers by its curve."""
    places = range(len(one.x)) if one.marked is None else one.marked
    says = "" if one.joined and len(one.x) > 1 else one.name
    return [
        Point(one.x[i], one.y[i], one.shape, one.tone, says)
        for i in places
        if x.low <= one.x[i] <= x.high and y.low <= one.y[i] <= y.high
    ]
