"""Mean ranks on one axis, and bars that join the families that no test tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import Scale, bar, drawing, line, mark, tag, text
from bench.text import formats


@dataclass(frozen=True)
class Ranked:
    name: str
    label: str
    shape: str
    hue: str
    rank: float
    key: str = ""


def rank_strip(ranked: Sequence[Ranked], label: str, groups: Sequence[Sequence[str]] = ()) -> Markup:
    """Families at their mean ranks, best at the left, each joined to its name.

    A bar runs over each group, with a knot at each member: tests of pairs may leave out a family in between.
    """
    order = sorted(ranked, key=lambda r: (r.rank, r.name))
    k = len(order)
    scale = Scale(1, max(k, 2), start=12, end=88)
    axis, depth = 26.0, 12.0 * len(groups)
    left, right = order[: (k + 1) // 2], order[(k + 1) // 2 :]
    parts = [line(scale(1), axis, scale(max(k, 2)), axis, "axis")]
    for tick in range(1, max(k, 2) + 1):
        parts += [
            line(scale(tick), axis - 4, scale(tick), axis, "axis"),
            text(scale(tick), axis - 9, str(tick), class_="tick"),
        ]
    floor = axis + depth + 22
    legs = [_leg(r, scale, axis, floor + 22 * i, 0) for i, r in enumerate(left)]
    legs += [_leg(r, scale, axis, floor + 22 * i, 100) for i, r in enumerate(reversed(right))]
    place = {r.name: scale(r.rank) for r in order}
    for i, group in enumerate(groups):
        at, y = [place[name] for name in group], axis + 10 + 12 * i
        parts.append(bar(min(at) - 1, max(at) + 1, y, 2, "clique"))
        parts += [bar(x - 0.8, x + 0.8, y, 7, "clique") for x in at]
    named = [*left, *reversed(right)]
    parts += [
        tag("g", leg, mark(r.shape, place[r.name], axis, r.hue), data_f=r.key or None)
        for r, leg in zip(named, legs, strict=True)
    ]
    height = axis + depth + 22 + 22 * max(len(left), len(right))
    return tag("div", drawing(height, label, *parts), class_="ranks")


def _leg(r: Ranked, scale: Scale, axis: float, y: float, side: float) -> Markup:
    """The line from a mark down to its name at one side of the plot."""
    x = scale(r.rank)
    words = f"{r.label} {r.rank:.2f}" if side == 0 else f"{r.rank:.2f} {r.label}"
    anchor = "start" if side == 0 else "end"
    return Markup("").join(
        [
            line(x, axis, x, y, f"leg {r.hue}"),
            line(x, y, side, y, f"leg {r.hue}"),
            text(side, y - 5, words.replace("-", formats.MINUS) if r.rank < 0 else words, anchor, "rankname"),
        ]
    )
