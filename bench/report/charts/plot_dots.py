"""Several estimates in each row, one a model, over one axis: recall by class, importances, coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.report.charts.marks import (
    Axis,
    Chart,
    Key,
    Line,
    Mark,
    Point,
    Segment,
    choose_axis,
    stack_rows,
)
from bench.report.values import Model, Value


@dataclass(frozen=True)
class PlotDot:
    """One estimate of a model, with the ends of its interval."""

    model: Model
    middle: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DotRow:
    """A row: its name, what stands at its right, and its estimates."""

    name: str
    dots: tuple[PlotDot, ...]
    number: Value | None = None


def plot_dots(
    title: str, rows: Sequence[DotRow], x: Axis | None = None, line: float | None = None
) -> Chart:
    """Draw the estimates of a row below each other, in the order of the models.

    Parameters
    ----------
    line
        A line at this place, such as zero.
    """
    if x is None:
        ends = [(dot.low, dot.middle, dot.high) for row in rows for dot in row.dots]
        x = choose_axis([line, *(end for three in ends for end in three)])
    models = list(dict.fromkeys(dot.model for row in rows for dot in row.dots))
    step = 0.76 / max(len(models), 1)
    marks: list[Mark] = []
    if line is not None:
        marks.append(Segment(line, -0.5, line, len(rows) - 0.5, "open"))
    for i, row in enumerate(rows):
        for dot in row.dots:
            y = i - 0.38 + (models.index(dot.model) + 0.5) * step
            if dot.low is not None and dot.high is not None:
                marks.append(Segment(dot.low, y, dot.high, y, dot.model.hue))
            says = f"{row.name}, {dot.model.title}"
            marks.append(Point(dot.middle, y, dot.model.shape, dot.model.hue, says))
    lines = [Line(i, row.name, row.number) for i, row in enumerate(rows)]
    key = tuple(Key(model.title, model.shape, model.hue) for model in models)
    return stack_rows(title, lines, marks, x, max(26, 9 * len(models) + 12), key)
