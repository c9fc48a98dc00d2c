"""Validation curves: the inner score over one parameter's candidates; and a share that grows in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.lines import axes, written
from bench.report.charts.svg import Scale, drawing, nice, num, stretched, tag
from bench.text import formats

HEIGHT = 132.0
ROOM = 17.0  # percent that a label takes
GUTTER = 14.0  # percent for the labels of the upright axis


@dataclass(frozen=True)
class Curve:
    """Mean inner score at each value of a parameter, its spread over outer folds, how often the value was chosen."""

    values: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    chosen: tuple[int, ...]
    hue: str


def is_logarithmic(values: Sequence[float]) -> bool:
    """Whether candidates are spread by factors: all above 0, three or more, the last at least 20 times the first."""
    return len(values) >= 3 and min(values) > 0 and max(values) >= 20 * min(values)


def validation_curve(curve: Curve, label: str, span: tuple[float, float]) -> Markup:
    """The curve over its band of one standard deviation; a mark at each candidate, as large as it was chosen often."""
    values = (
        [math.log10(v) for v in curve.values]
        if is_logarithmic(curve.values)
        else curve.values
    )
    across = Scale(min(values), max(values), GUTTER + 4, 95)
    ends = nice(span, 3)
    up = Scale(ends.low, ends.high, HEIGHT - 24, 8)
    xs, ys = [across(v) for v in values], [up.clip(m) for m in curve.means]
    upper = [up.clip(m + s) for m, s in zip(curve.means, curve.spreads, strict=True)]
    lower = [up.clip(m - s) for m, s in zip(curve.means, curve.spreads, strict=True)]
    band = [*zip(xs, upper, strict=True), *reversed(list(zip(xs, lower, strict=True)))]
    shapes = [
        tag("polygon", points=written(band, HEIGHT), class_=f"spread {curve.hue}"),
        tag(
            "polyline",
            points=written(list(zip(xs, ys, strict=True)), HEIGHT),
            class_=f"curve {curve.hue}",
        ),
    ]
    most, marks = max(curve.chosen, default=0) or 1, []
    for x, height, times in zip(xs, ys, curve.chosen, strict=True):
        size = 2 + 5 * (times / most) ** 0.5 if times else 1.6
        marks.append(
            tag(
                "circle",
                cx=f"{num(x)}%",
                cy=num(height),
                r=num(size),
                class_=f"{curve.hue} mark",
            )
        )
    words = [(values[i], formats.short(curve.values[i])) for i in _shown(xs)]
    lines = stretched(0, 0, 100, HEIGHT, *shapes)
    return drawing(
        HEIGHT,
        label,
        *axes(across, up, GUTTER, up.named_ticks(3), words),
        lines,
        *marks,
    )


def _shown(places: Sequence[float]) -> list[int]:
    """The candidates that have room for a label: the last, and each one far enough from its neighbours."""
    shown: list[int] = []
    last = len(places) - 1
    for i in range(last):
        if (not shown or places[i] - places[shown[-1]] >= ROOM) and places[
            last
        ] - places[i] >= ROOM:
            shown.append(i)
    return [*shown, last]
