"""Row plots: published against ours, scores with intervals, differences from the best, train against test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import (
    ChartRow,
    Scale,
    arrow,
    family_row,
    ground,
    lanes,
    mark,
    nice,
    num,
    pct,
    spanned,
    tag,
    upright,
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
    folds: tuple[float, ...] = ()  # its single scores, drawn as ticks below


CLAIM_ROW = 44.0
ROW = 26.0
#: Ticks of single scores stretch a scale by so many times the span of the intervals at either end; others lie beyond.
REACH = 1.0
#: Ticks of single scores stand on places this far apart, in percent.
GRAIN = 0.5


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


def score_intervals(
    dots: Sequence[Dot],
    label: str,
    baseline: float | None,
    limits: tuple[float | None, float | None],
) -> Markup:
    """One row a family: its mark at the mean, a bar over the interval, ticks at its single scores below.

    A dashed rule stands at the baseline if it is near.
    """
    scale = held(dots, limits)
    near = baseline is not None and scale.low <= baseline <= scale.high
    rule = (
        upright(scale(baseline), "rule")
        if near and baseline is not None
        else Markup("")
    )
    under, ticks = ground(scale, 4)
    return lanes([_row(d, scale) for d in dots], label, under + rule, ticks, ROW)


def held(dots: Sequence[Dot], limits: tuple[float | None, float | None]) -> Scale:
    """The scale of a figure of dots: all means and intervals, and of the single scores those that are not far out."""
    core = dot_values(dots)
    reach = REACH * (max(core) - min(core)) or float("inf")
    low, high = min(core) - reach, max(core) + reach
    return nice(
        [*core, *(v for d in dots if not d.aside for v in d.folds if low <= v <= high)],
        4,
        *limits,
    )


def beyond(dots: Sequence[Dot], limits: tuple[float | None, float | None]) -> int:
    """How many single scores lie beyond that scale and are not drawn."""
    scale = held(dots, limits)
    return sum(len(d.folds) - len(inside(d.folds, scale)) for d in dots if not d.aside)


def rug(
    values: Sequence[float],
    scale: Scale,
    hue: str,
    height: float,
    room: tuple[float, float],
) -> Markup:
    """Ticks that stand on the floor of a drawing `height` pixels high, each the higher the more values share its place.

    `room`: the least and the greatest height of a tick, in pixels. Values beyond the scale are left out.
    """
    counted = Counter(round(scale(v) / GRAIN) for v in inside(values, scale))
    if not counted:
        return Markup("")
    (low, high), floor, most = room, num(height), max(counted.values())
    up = {
        n: num(high if most == 1 else low + (high - low) * (n - 1) / (most - 1))
        for n in set(counted.values())
    }
    parts = [
        f"M{num(place * GRAIN)} {floor}v-{up[n]}"
        for place, n in sorted(counted.items())
    ]
    place = {"viewBox": f"0 0 100 {floor}", "width": "100%", "height": floor}
    path = tag("path", d="".join(parts), class_=f"folds {hue}")
    return tag("svg", path, preserveAspectRatio="none", overflow="visible", **place)


def inside(values: Sequence[float], scale: Scale) -> list[float]:
    """The values that the scale has a place for."""
    return [v for v in values if scale.low <= v <= scale.high]


def _row(dot: Dot, scale: Scale) -> ChartRow:
    marks = dotted(dot, scale, ROW / 2 - 3 if dot.folds else ROW / 2)
    marks += rug(dot.folds, scale, dot.style.hue, ROW - 2, (4, 8))
    return family_row(dot.style, marks, dot.note)


def dotted(dot: Dot, scale: Scale, y: float = ROW / 2) -> Markup:
    """The mark of a family over the bar of its interval."""
    interval = spanned(dot.low, dot.high, scale, y, 3, f"range {dot.style.hue}")
    return interval + _placed(dot.style, dot.value, scale, y)


def _placed(style: Style, value: float, scale: Scale, y: float) -> Markup:
    """The mark at its value, or an arrow at the edge of the scale that it lies beyond."""
    return arrow(value, scale, y) or mark(style.shape, scale(value), y, style.hue)


def dot_values(dots: Sequence[Dot]) -> list[float]:
    """Every number that sets the scale of a figure of dots: the baseline's only where there is nothing else."""
    core = [d for d in dots if not d.aside] or list(dots)
    return [v for d in core for v in (d.value, d.low, d.high) if v is not None]


def differences(
    dots: Sequence[Dot], label: str, rope: float | None, share: bool
) -> Markup:
    """Differences from one family, on an axis that always holds zero, over the band of practical equivalence."""
    scale = nice([0.0, *dot_values(dots), *([-rope, rope] if rope else [])], 4)
    grid, ticks = ground(scale, 4, 100 if share else 1)
    under = band(scale(-rope), scale(rope)) if rope else Markup("")
    return lanes(
        [_row(d, scale) for d in dots],
        label,
        under + grid + upright(scale(0), "zero"),
        ticks,
        ROW,
    )


def band(left: float, right: float) -> Markup:
    """A band over all lanes, between two places in percent."""
    return tag(
        "rect", x=pct(left), width=pct(right - left), height="100%", class_="band"
    )
