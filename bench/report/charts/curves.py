"""Validation curves: the inner score over one parameter's candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import Scale, drawing, line, nice, num, stretched, tag, text, tick_labels
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
    shape: str


def is_logarithmic(values: Sequence[float]) -> bool:
    """Whether candidates are spread by factors: all above 0, three or more, the last at least 20 times the first."""
    return len(values) >= 3 and min(values) > 0 and max(values) >= 20 * min(values)


def validation_curve(curve: Curve, label: str, span: tuple[float, float]) -> Markup:
    """The curve over its band of one standard deviation; a mark at each candidate, as large as it was chosen often."""
    log = is_logarithmic(curve.values)
    across = Scale(min(curve.values), max(curve.values), log, GUTTER + 4, 95)
    up = nice(span, 3)
    y = Scale(up.low, up.high, False, HEIGHT - 24, 8)
    xs = [across(v) for v in curve.values]
    ys = [y.clip(m) for m in curve.means]
    grid = up.ticks(3)
    parts = [line(GUTTER, y(t), 100, y(t), "gridline") for t in grid]
    words = zip(grid, tick_labels(grid), strict=True)
    parts += [text(GUTTER - 1.5, y(t) + 4, word, "end", "tick") for t, word in words]
    parts += [text(across(v), HEIGHT - 6, formats.short(v), class_="tick") for v in _shown(curve.values, across)]
    upper = [y.clip(m + s) for m, s in zip(curve.means, curve.spreads, strict=True)]
    lower = [y.clip(m - s) for m, s in zip(curve.means, curve.spreads, strict=True)]
    band = list(zip(xs, upper, strict=True)) + list(zip(xs, lower, strict=True))[::-1]
    parts.append(
        _lines(
            tag("polygon", points=_points(band), class_=f"spread {curve.hue}"),
            tag("polyline", points=_points(list(zip(xs, ys, strict=True))), class_=f"curve {curve.hue}"),
        )
    )
    most = max(curve.chosen, default=0) or 1
    for x, height, times in zip(xs, ys, curve.chosen, strict=True):
        size = 2 + 5 * (times / most) ** 0.5 if times else 1.6
        parts.append(tag("circle", cx=f"{num(x)}%", cy=num(height), r=num(size), class_=f"{curve.hue} mark"))
    return drawing(HEIGHT, label, *parts)


def _shown(values: Sequence[float], across: Scale) -> list[float]:
    """The candidates that have room for a label: the last, and each one far enough from its neighbours."""
    shown: list[float] = []
    last = values[-1]
    for value in values[:-1]:
        if (not shown or across(value) - across(shown[-1]) >= ROOM) and across(last) - across(value) >= ROOM:
            shown.append(value)
    return [*shown, last]


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{num(x)},{num(100 * y / HEIGHT)}" for x, y in pairs)


def _lines(*children: Markup) -> Markup:
    return stretched(0, 0, 100, HEIGHT, *children)


@dataclass(frozen=True)
class StepCurve:
    """A share that grows in steps: (value, share from there on), in order; drawn from `low` to `high`.

    `stated`: a value that was chosen beforehand, or None.
    """

    points: tuple[tuple[float, float], ...]
    low: float
    high: float
    stated: float | None = None


def step_curve(steps: StepCurve, label: str) -> Markup:
    """Shares from 0 to 100 % over a value, as a staircase; a dashed rule at the stated value."""
    across = Scale(steps.low, steps.high, False, GUTTER + 1, 97)
    y = Scale(0, 1, False, HEIGHT - 24, 8)
    shares = [0.0, 0.5, 1.0]
    parts = [line(GUTTER, y(s), 100, y(s), "gridline") for s in shares]
    parts += [text(GUTTER - 1.5, y(s) + 4, f"{100 * s:.0f}{formats.THIN}%", "end", "tick") for s in shares]
    marks = across.ticks(4)
    words = zip(marks, tick_labels(marks), strict=True)
    parts += [text(across(t), HEIGHT - 6, word, class_="tick") for t, word in words]
    if steps.stated is not None:
        parts.append(line(across(steps.stated), y(1), across(steps.stated), y(0), "rule"))
    corners: list[tuple[float, float]] = []
    share = 0.0
    for value, above in [*(point for point in steps.points if point[0] <= steps.high), (steps.high, None)]:
        corners.append((across(value), y(share)))
        share = share if above is None else above
        corners.append((across(value), y(share)))
    parts.append(_lines(tag("polyline", points=_points(corners), class_="curve ink")))
    return drawing(HEIGHT, label, *parts)
