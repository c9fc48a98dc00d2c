"""Row plots: published against ours, scores with intervals, differences from the best, and pairs such as train and test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import Row, Scale, bar, line, mark, nice, row_plot, tick_labels, x_axis


@dataclass(frozen=True)
class ClaimMark:
    """One value claim: everything in the claim's own unit; `low`, `high` bound ours, `tolerance` is around published."""

    label: str
    sub: str
    verdict: str
    published: float
    ours: float | None
    low: float | None
    high: float | None
    tolerance: float | None


@dataclass(frozen=True)
class Dot:
    """One family's estimate with its interval, drawn in its own look."""

    label: str
    shape: str
    hue: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Ends:
    """One family's two scores: `hollow` (train, inner) and `solid` (outer test)."""

    label: str
    shape: str
    hue: str
    hollow: float
    solid: float
    note: str


CLAIM_ROW = 44.0
ROW = 26.0


def claim_values(claims: Sequence[ClaimMark]) -> list[float]:
    """Every number that the figure of claims must have room for."""
    edges = [(c.published - (c.tolerance or 0), c.published + (c.tolerance or 0)) for c in claims]
    ours = [v for c in claims for v in (c.ours, c.low, c.high) if v is not None]
    return [v for pair in edges for v in pair] + ours


def published_vs_reproduced(claims: Sequence[ClaimMark], label: str, roof: float | None = None) -> Markup:
    """Hollow diamond: published, on its band of tolerance. Disc and bar: ours with its interval."""
    scale = nice(claim_values(claims), 4, 0.0 if roof is not None else None, roof)
    rows = [Row(c.label, _claim(c, scale), sub=c.sub, chip=c.verdict) for c in claims]
    return row_plot(rows, label, x_axis(scale, len(rows) * CLAIM_ROW, wanted=4), CLAIM_ROW)


def _claim(claim: ClaimMark, scale: Scale) -> Markup:
    y = CLAIM_ROW / 2
    hue = "refuted" if claim.verdict == "not_reproduced" else "ink"
    parts = []
    if claim.tolerance is not None:
        low, high = claim.published - claim.tolerance, claim.published + claim.tolerance
        parts.append(bar(scale.clip(low), scale.clip(high), y, 24, "band"))
    if claim.low is not None and claim.high is not None:
        parts.append(bar(scale.clip(claim.low), scale.clip(claim.high), y, 4, f"range {hue}"))
    if claim.ours is not None:
        parts.append(mark("circle", scale.clip(claim.ours), y, hue))
    parts.append(mark("diamond", scale(claim.published), y, "ink", hollow=True))
    return Markup("").join(parts)


def score_intervals(
    dots: Sequence[Dot], label: str, baseline: float | None, limits: tuple[float | None, float | None]
) -> Markup:
    """One row a family: its mark at the mean, a bar over the interval, a dashed rule at the baseline if it is near."""
    values = [v for d in dots for v in (d.value, d.low, d.high) if v is not None]
    scale = nice(values, 4, *limits)
    near = baseline is not None and scale.low <= baseline <= scale.high
    height = len(dots) * ROW
    rule = line(scale(baseline), 0, scale(baseline), height, "rule") if near and baseline is not None else Markup("")
    rows = [Row(d.label, _dot(d, scale), shape=d.shape, hue=d.hue, note=d.note) for d in dots]
    return row_plot(rows, label, x_axis(scale, height, wanted=4), ROW, rule)


def _dot(dot: Dot, scale: Scale, y: float = ROW / 2) -> Markup:
    parts = []
    if dot.low is not None and dot.high is not None:
        parts.append(bar(scale.clip(dot.low), scale.clip(dot.high), y, 3, f"range {dot.hue}"))
    return Markup("").join([*parts, mark(dot.shape, scale.clip(dot.value), y, dot.hue)])


def differences(dots: Sequence[Dot], label: str, rope: float | None, show=None) -> Markup:  # type: ignore[no-untyped-def]
    """Differences from one family, on an axis that always holds zero, over the band of practical equivalence."""
    values = [0.0, *(v for d in dots for v in (d.value, d.low, d.high) if v is not None)]
    values += [-rope, rope] if rope else []
    scale = nice(values, 4)
    height = len(dots) * ROW
    ticks = scale.ticks(4)
    words = [show(t) for t in ticks] if show else tick_labels(ticks)
    under = [line(scale(0), 0, scale(0), height, "zero")]
    if rope:
        under.insert(0, bar(scale(-rope), scale(rope), height / 2, height, "band"))
    rows = [Row(d.label, _dot(d, scale), shape=d.shape, hue=d.hue, note=d.note) for d in dots]
    return row_plot(rows, label, x_axis(scale, height, words, 4), ROW, Markup("").join(under))


def paired(ends: Sequence[Ends], label: str, limits: tuple[float | None, float | None]) -> Markup:
    """Two scores of each family joined by a line: hollow for the flattering side, solid for the outer test."""
    scale = nice([v for e in ends for v in (e.hollow, e.solid)], 4, *limits)
    rows = []
    for e in ends:
        y = ROW / 2
        joined = bar(scale(e.solid), scale(e.hollow), y, 2, f"range {e.hue}")
        marks = Markup("").join(
            [joined, mark(e.shape, scale(e.hollow), y, e.hue, True), mark(e.shape, scale(e.solid), y, e.hue)]
        )
        rows.append(Row(e.label, marks, shape=e.shape, hue=e.hue, note=e.note))
    return row_plot(rows, label, x_axis(scale, len(rows) * ROW, wanted=4), ROW)


def cell_glyph(dot: Dot, scale: Scale, label: str) -> Markup:
    """An interval in a table cell, on the scale of its row."""
    from bench.report.charts.svg import drawing

    return drawing(12, label, line(0, 6, 100, 6, "grid"), _dot(dot, scale, 6), class_="cellplot")
