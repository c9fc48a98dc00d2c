"""Histograms, boxes and class counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.core.text import shortened
from bench.report.charts.svg import (
    ChartRow,
    Scale,
    bar,
    drawing,
    lanes,
    line,
    num,
    pct,
    rules,
    tag,
    text,
)
from bench.text import formats

HEIGHT = 64.0
BOX_ROW = 12.0


@dataclass(frozen=True)
class Bars:
    """One column's histogram: `counts[c][b]` for class c and bin b; `edges` has one number more than bins, or none."""

    column: str
    counts: tuple[tuple[int, ...], ...]
    edges: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """Tukey's five numbers, the values beyond the whiskers that are drawn, and the class's place in class order."""

    low: float
    q1: float
    median: float
    q3: float
    high: float
    beyond: tuple[float, ...]
    klass: int | None


def histogram(bars: Bars, label: str) -> Markup:
    """Stacked bars, one colour a class; under them the first and the last edge, or the number of categories."""
    totals = [sum(column) for column in zip(*bars.counts, strict=True)]
    top, n = max(totals, default=0) or 1, max(len(totals), 1)
    numeric = bool(bars.edges)
    places = _places(bars, n)
    parts = []
    for b, (x, width) in enumerate(places[: len(totals)]):
        y = HEIGHT
        for c, row in enumerate(bars.counts):
            height = HEIGHT * row[b] / top
            y -= height
            if height:
                hue = f"c{c}" if len(bars.counts) > 1 else "c-all"
                parts.append(
                    tag(
                        "rect",
                        x=pct(x),
                        y=num(y),
                        width=pct(width),
                        height=num(height),
                        class_=hue,
                    )
                )
    parts.append(line(0, HEIGHT, 100, HEIGHT, "axis"))
    low, high = (bars.edges[0], bars.edges[-1]) if numeric else (0, 0)
    ends = (
        (formats.short(low), formats.short(high))
        if numeric
        else (bars.labels[0] if bars.labels else "", "")
    )
    parts.append(text(0, HEIGHT + 14, shortened(ends[0], 12), "start", "tick"))
    if numeric:
        parts.append(text(100, HEIGHT + 14, ends[1], "end", "tick"))
    elif len(bars.labels) > 1:
        parts.append(
            text(100, HEIGHT + 14, shortened(bars.labels[-1], 12), "end", "tick")
        )
    return drawing(HEIGHT + 18, label, *parts)


def _places(bars: Bars, n: int) -> list[tuple[float, float]]:
    """Left edge and width of each bin in percent: by its edges for numbers, equal for categories."""
    if not bars.edges or bars.edges[-1] == bars.edges[0]:
        return [(100 * b / n + 0.5, 100 / n - 1) for b in range(n)]
    scale = Scale(bars.edges[0], bars.edges[-1], start=0, end=100)
    pairs = zip(bars.edges[:-1], bars.edges[1:], strict=True)
    return [(scale(a), max(scale(b) - scale(a) - 0.6, 0.3)) for a, b in pairs]


def boxes(columns: Sequence[tuple[str, Sequence[Box]]], label: str) -> Markup:
    """One row a column, each on its own scale from its smallest to its largest value; one box a class inside it."""
    deepest = max((len(found) for _, found in columns), default=1)
    height = max(26.0, deepest * BOX_ROW + 8)
    rows = []
    for name, found in columns:
        values = [v for b in found for v in (b.low, b.high, *b.beyond)]
        scale = Scale(min(values), max(values), start=2, end=98)
        first = (height - len(found) * BOX_ROW) / 2 + BOX_ROW / 2
        marks = [_box(box, scale, first + i * BOX_ROW) for i, box in enumerate(found)]
        ends = f"{formats.short(scale.low)} … {formats.short(scale.high)}"
        rows.append(ChartRow(name, Markup("").join(marks), note=ends))
    return lanes(rows, label, rules(len(rows), height), height=height)


def _box(box: Box, scale: Scale, y: float) -> Markup:
    hue = "c-all" if box.klass is None else f"c{box.klass}"
    parts = [
        line(scale(box.low), y, scale(box.high), y, f"whisker {hue}"),
        bar(scale(box.q1), scale(box.q3), y, 8, f"box {hue}"),
        line(scale(box.median), y - 4, scale(box.median), y + 4, "median"),
    ]
    parts += [
        tag("circle", cx=pct(scale(v)), cy=num(y), r="1.5", class_=f"{hue} outlier")
        for v in box.beyond
    ]
    return Markup("").join(parts)


def counted_bars(
    rows: Sequence[tuple[str, int]], label: str, hues: Sequence[str] = ()
) -> Markup:
    """A bar a row, as long as its count, with count and share; `hues`: of each bar, else all are alike."""
    total, most = (
        sum(n for _, n in rows) or 1,
        max((n for _, n in rows), default=1) or 1,
    )
    made = [
        ChartRow(
            name,
            bar(0, 100 * n / most, 11, 12, hue),
            note=f"{formats.count(n)} · {formats.share(n, total)}",
        )
        for (name, n), hue in zip(rows, hues or ["c-all"] * len(rows), strict=True)
    ]
    return lanes(made, label, height=22)
