"""Mean ranks on one axis, and bars that join the families that no test tells apart."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bench.report.charts.svg import Scale, bar, drawing, line, mark, tag, text
from bench.report.styles import Style
from bench.text import formats


def rank_strip(
    ranked: Sequence[tuple[Style, float]], label: str, groups: Sequence[Sequence[str]]
) -> Markup:
    """Families at their mean ranks, best at the left, each joined to its name.

    A bar runs over each group, with a knot at each member: tests of pairs may leave out a family in between.
    """
    order = sorted(ranked, key=lambda one: (one[1], one[0].name))
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
    place = {style.name: scale(rank) for style, rank in order}
    for i, group in enumerate(groups):
        at, y = [place[name] for name in group], axis + 10 + 12 * i
        parts.append(bar(min(at) - 1, max(at) + 1, y, 2, "clique"))
        parts += [bar(x - 0.8, x + 0.8, y, 7, "clique") for x in at]
    for side, named in ((0, left), (100, right[::-1])):
        for i, (style, rank) in enumerate(named):
            x = place[style.name]
            leg = _leg(style, rank, x, axis, floor + 22 * i, side)
            parts.append(
                tag(
                    "g",
                    leg,
                    mark(style.shape, x, axis, style.hue),
                    data_f=style.key or None,
                )
            )
    height = axis + depth + 22 + 22 * max(len(left), len(right))
    return tag("div", drawing(height, label, *parts), class_="ranks")


def _leg(
    style: Style, rank: float, x: float, axis: float, y: float, side: float
) -> Markup:
    """The line from a mark down to its name at one side of the plot."""
    shown = formats.rank(rank)
    words = f"{style.short} {shown}" if side == 0 else f"{shown} {style.short}"
    anchor = "start" if side == 0 else "end"
    return Markup("").join(
        [
            line(x, axis, x, y, f"leg {style.hue}"),
            line(x, y, side, y, f"leg {style.hue}"),
            text(side, y - 5, words, anchor, "rankname"),
        ]
    )
