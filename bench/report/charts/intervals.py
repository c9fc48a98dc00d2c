"""Row plots: published against ours, scores with intervals, differences from the best, train against test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import (
    ChartRow,
    Scale,
    arrow,
    ground,
    lanes,
    mark,
    nice,
    pct,
    spanned,
    tag,
)
from bench.report.styles import Style
from bench.text.marks import NOT_REPRODUCED


@dataclass(frozen=True)
class ClaimMark:
    """One value claim, in the claim's own unit: `low`, `high` bound ours, `tolerance` is around published."""

    id: str
    label: str
    sub: str
    shown: str  # a key of marks.MARKS
    published: float
    ours: float | None
    low: float | None
    high: float | None
    tolerance: float | None


@dataclass(frozen=True)
class Dot:
    """One family's estimate with its interval, drawn in its own look."""

    style: Style
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    aside: bool = (
        False  # has no say in the scale; off it, an arrow points to where it is
    )


CLAIM_ROW = 44.0
ROW = 26.0


def published_vs_reproduced(
    claims: Sequence[ClaimMark], label: str, roof: float | None = None
) -> Markup:
    """Open ring: published, on its band of tolerance. Dot and bar: ours with its interval; where they agree, the dot is
    in the ring."""
    values = [
        e
        for c in claims
        for e in (c.published - (c.tolerance or 0), c.published + (c.tolerance or 0))
    ]
    values += [v for c in claims for v in (c.ours, c.low, c.high) if v is not None]
    scale = nice(values, 4, 0.0 if roof is not None else None, roof)
    rows = [
        ChartRow(
            c.label,
            _claim(c, scale),
            sub=c.sub,
            chip=c.shown,
            claim=c.id,
            at=c.published,
        )
        for c in claims
    ]
    return lanes(rows, label, *ground(scale, 4), CLAIM_ROW, scale=scale)


def _claim(claim: ClaimMark, scale: Scale) -> Markup:
    y, parts = CLAIM_ROW / 2, []
    hue = "ours refuted" if claim.shown == NOT_REPRODUCED else "ours"
    if claim.tolerance is not None:
        low, high = claim.published - claim.tolerance, claim.published + claim.tolerance
        parts.append(spanned(low, high, scale, y, 24, "band"))
    parts.append(spanned(claim.low, claim.high, scale, y, 4, f"range {hue}"))
    parts.append(mark("around", scale(claim.published), y, "ink", hollow=True))
    if claim.ours is not None:
        parts.append(mark("dot", scale.clip(claim.ours), y, hue))
    return Markup("").join(parts)


def dotted(dot: Dot, scale: Scale, y: float = ROW / 2) -> Markup:
    """The mark of a family over the bar of its interval."""
    interval = spanned(dot.low, dot.high, scale, y, 3, f"range {dot.style.hue}")
    return interval + _placed(dot.style, dot.value, scale, y)


def _placed(style: Style, value: float, scale: Scale, y: float) -> Markup:
    """The mark at its value, or an arrow at the edge of the scale that it lies beyond."""
    return arrow(value, scale, y) or mark(style.shape, scale(value), y, style.hue)


def band(left: float, right: float) -> Markup:
    """A band over all lanes, between two places in percent."""
    return tag(
        "rect", x=pct(left), width=pct(right - left), height="100%", class_="band"
    )
