"""Rows with a lane a family inside each (recall by class, importance by feature); shares as stacked bars;
explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from bench.report.charts import svg
from bench.report.charts.intervals import Dot, dotted
from bench.report.charts.matrices import cells
from bench.report.charts.svg import NOTHING, ChartRow, bar, ground, mark, nice, rules, stretched, tag, text, upright

LANE = 11.0
LANE_ROW = 34.0
HEAT_ROW = 26.0
#: From which share of the largest value each of the four shades of a heat map begins.
SHADES = (0.02, 0.25, 0.5, 0.75)


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
    values = [v for *_, dots in rows for d in dots for v in (d.value, d.low, d.high) if v is not None]
    scale = nice([*values, 0.0] if zero else values, 4, *limits)
    made = []
    for name, note, dots in rows:
        first = (height - len(dots) * LANE) / 2 + LANE / 2
        places = [(dot, first + i * LANE) for i, dot in enumerate(dots)]
        marks = [tag("g", dotted(dot, scale, y), data_f=dot.key or None) for dot, y in places]
        made.append(ChartRow(name, Markup("").join(marks), note=note))
    under, ticks = ground(scale, 4)
    under += rules(len(rows), height) + (upright(scale(0), "zero") if zero else NOTHING)
    return svg.lanes(made, label, under, ticks, height)


def heat(
    names: Sequence[tuple[str, str, str]], values: np.ndarray, words: Sequence[Sequence[str]], label: str
) -> Markup:
    """A square of families (label, shape, hue) against families, its number in every cell but those of the diagonal.

    values (f, f): the larger in size, the stronger the shade; NaN is left blank. Columns have the families' marks.
    """
    f = len(names)
    sizes = np.abs(np.nan_to_num(np.asarray(values, dtype=float)))
    np.fill_diagonal(sizes, 0.0)
    top = float(sizes.max()) or 1.0
    places = [(i, j, _heat(float(sizes[i, j]) / top)) for i in range(f) for j in range(f) if i != j]
    places += [(i, i, "diag") for i in range(f)]
    body = [stretched(0, 0, 100, f * HEAT_ROW, *cells(places, f, f))]
    spots = [(i, j) for i in range(f) for j in range(f) if i != j]
    body += [text(100 * (j + 0.5) / f, (i + 0.5) * HEAT_ROW + 4, words[i][j]) for i, j in spots]
    marks = [mark(shape, 100 * (j + 0.5) / f, 11, hue) for j, (_, shape, hue) in enumerate(names)]
    rows = [ChartRow(name, NOTHING, shape=shape, hue=hue) for name, shape, hue in names]
    return svg.lanes(rows, label, NOTHING.join(body), NOTHING.join(marks), HEAT_ROW, 180 + 62 * f)


def _heat(share: float) -> str:
    steps = sum(share >= edge for edge in SHADES)
    return f"h{steps}" if steps else ""


@dataclass(frozen=True)
class Bar:
    """One stacked bar: a family's mark and name, its parts as shares of 1 in the order of the legend, and a note."""

    label: str
    shape: str
    hue: str
    shares: tuple[float, ...]
    note: str = ""


def stacked(bars: Sequence[Bar], label: str) -> Markup:
    """Shares side by side from 0 to 1: the first darkest, so that order tells the parts apart without colour."""
    rows = []
    for one in bars:
        parts, start = [], 0.0
        for i, share in enumerate(one.shares):
            parts.append(bar(100 * start, 100 * (start + share), 13, 15, f"budget s{i}"))
            start += share
        rows.append(ChartRow(one.label, Markup("").join(parts), shape=one.shape, hue=one.hue, note=one.note))
    places = {0: "start", 25: "middle", 50: "middle", 75: "middle", 100: "end"}
    ticks = NOTHING.join(text(at, 15, str(at), anchor, "tick") for at, anchor in places.items())
    return svg.lanes(rows, label, NOTHING.join(upright(at, "gridline") for at in places), ticks)


@dataclass(frozen=True)
class ExplanationLane:
    """One explanation of a number: what its papers would print, and whether the published number fits."""

    label: str
    kind: str
    estimate: float
    low: float | None
    high: float | None
    fits: bool
    note: str = ""


def explanation_lanes(
    published: float, rows: Sequence[ExplanationLane], label: str, limits: tuple[float | None, float | None]
) -> Markup:
    """A specification curve: the published number as a line through all lanes, each explanation's estimate on the band
    of what it would print, from the smallest to the largest."""
    values = [published] + [v for a in rows for v in (a.estimate, a.low, a.high) if v is not None]
    floor, roof = limits
    values = [v if floor is None else max(v, floor) for v in values]
    scale = nice([v if roof is None else min(v, roof) for v in values], 4, *limits)
    made = []
    for one in sorted(rows, key=lambda row: row.estimate):
        y, (shape, hollow) = LANE_ROW / 2, svg.KINDS[one.kind]
        marks = []
        if one.low is not None and one.high is not None:
            marks.append(
                bar(scale.clip(one.low), scale.clip(one.high), y, 12, "lane-band fits" if one.fits else "lane-band")
            )
        marks.append(mark(shape, scale.clip(one.estimate), y, "ink", hollow=hollow))
        made.append(ChartRow(one.label, Markup("").join(marks), sub=one.kind, note=one.note))
    under, ticks = ground(scale, 4)
    plot = svg.lanes(made, label, under + upright(scale(published), "published"), ticks, LANE_ROW)
    return tag("div", plot, class_="explanation-lanes")
