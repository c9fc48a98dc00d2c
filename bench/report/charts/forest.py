"""One line of a forest plot, for a table cell: a difference with its interval, over the band in which a claim holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import (
    Scale,
    arrow,
    drawing,
    line,
    mark,
    nice,
    spanned,
    text,
)
from bench.text import formats

HEIGHT, MIDDLE, FLOOR = 38.0, 12.0, 24.0
#: Labels of two ticks keep so much of the width between them, in percent.
APART = 30.0


@dataclass(frozen=True)
class ForestLine:
    """A difference, its interval, and where the claim holds: `from_`, `to` (None: to the edge of the plot)."""

    value: float
    low: float | None
    high: float | None
    from_: float
    to: float | None
    refuted: bool = False


def forest_scale(lines: Iterable[ForestLine]) -> Scale:
    """A scale for lines that are drawn below each other: it always holds zero and the bands."""
    ends = [
        end
        for one in lines
        for end in (one.value, one.low, one.high, one.from_, one.to)
        if end is not None
    ]
    return nice([0.0, *ends], 4)


def forest_line(one: ForestLine, scale: Scale, label: str) -> Markup:
    """The drawing: band, zero, bar of the interval, disc; the ends of the band and zero are labelled below."""
    hue, to = (
        "refuted" if one.refuted else "ink",
        scale.high if one.to is None else one.to,
    )
    parts = [
        spanned(one.from_, to, scale, MIDDLE, 20, "band"),
        line(scale(0), 0, scale(0), FLOOR, "zero"),
        spanned(one.low, one.high, scale, MIDDLE, 4, f"range {hue}"),
        arrow(one.value, scale, MIDDLE)
        or mark("circle", scale(one.value), MIDDLE, hue),
    ]
    placed: list[float] = []
    for tick in (
        0.0,
        one.from_,
        *([] if one.to is None else [one.to]),
        scale.low,
        scale.high,
    ):
        if all(abs(scale(tick) - other) >= APART for other in placed):
            placed.append(scale(tick))
            parts.append(
                text(scale(tick), HEIGHT - 2, formats.short(tick), class_="tick")
            )
    return drawing(HEIGHT, label, *parts, class_="plot forest")
