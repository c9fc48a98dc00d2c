"""Rows with a lane a family inside each (recall by class, importance by feature); explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts import svg
from bench.report.charts.intervals import Dot, dotted
from bench.report.charts.svg import (
    NOTHING,
    ChartRow,
    ground,
    mark,
    nice,
    rules,
    spanned,
    tag,
    upright,
)

LANE = 11.0
LANE_ROW = 34.0


def lanes(
    rows: Sequence[tuple[str, str, Sequence[Dot]]],
    label: str,
    limits: tuple[float | None, float | None] = (None, None),
    zero: bool = False,
) -> Markup:
    """One row a class or feature (label, note), one lane a family in it: its mark, and a bar over its interval.

    `zero`: the axis always holds zero, with a rule. All rows are as high as the fullest.
    """
    deepest = max(len(dots) for *_, dots in rows)
    height = deepest * LANE + 9
    values = [
        v
        for *_, dots in rows
        for d in dots
        for v in (d.value, d.low, d.high)
        if v is not None
    ]
    scale = nice([*values, 0.0] if zero else values, 4, *limits)
    made = []
    for name, note, dots in rows:
        first = (height - len(dots) * LANE) / 2 + LANE / 2
        places = [(dot, first + i * LANE) for i, dot in enumerate(dots)]
        marks = [
            tag("g", dotted(dot, scale, y), data_f=dot.style.key or None)
            for dot, y in places
        ]
        made.append(ChartRow(name, Markup("").join(marks), note=note))
    under, ticks = ground(scale, 4)
    under += rules(len(rows), height) + (upright(scale(0), "zero") if zero else NOTHING)
    return svg.lanes(made, label, under, ticks, height)


@dataclass(frozen=True)
class ExplanationLane:
    """One explanation of a number: what its papers would print, and whether the published number fits; `kind_words`:
    what its kind is called."""

    label: str
    kind: str
    kind_words: str
    estimate: float
    low: float | None
    high: float | None
    fits: bool
    note: str


def explanation_lanes(
    published: float,
    rows: Sequence[ExplanationLane],
    label: str,
    limits: tuple[float | None, float | None],
) -> Markup:
    """A specification curve: the published number as a line through all lanes, each explanation's estimate on the band
    of what it would print, from the smallest to the largest."""
    scale = nice(
        [
            published,
            *(v for a in rows for v in (a.estimate, a.low, a.high) if v is not None),
        ],
        4,
        *limits,
    )
    made = []
    for one in sorted(rows, key=lambda row: row.estimate):
        y, (shape, hollow) = LANE_ROW / 2, svg.KINDS[one.kind]
        marks = spanned(
            one.low,
            one.high,
            scale,
            y,
            12,
            "lane-band fits" if one.fits else "lane-band",
        )
        marks += mark(shape, scale.clip(one.estimate), y, "ink", hollow=hollow)
        made.append(ChartRow(one.label, marks, sub=one.kind_words, note=one.note))
    under, ticks = ground(scale, 4)
    plot = svg.lanes(
        made, label, under + upright(scale(published), "published"), ticks, LANE_ROW
    )
    return tag("div", plot, class_="explanation-lanes")
