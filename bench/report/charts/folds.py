"""Single scores as small marks: a tick where folds lie, or a dot a fold; one path each, so that many cost little.

Across, the path is in percent and stretched to its place; down, in pixels. Strokes keep their width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from bench.report.charts.svg import Scale, num, tag

#: Ticks stand on places this far apart, in percent; dots need more room to be told apart.
GRAIN, WIDE = 0.5, 1.5


def rug(values: Sequence[float], scale: Scale, hue: str, height: float, room: tuple[float, float]) -> Markup:
    """Ticks that stand on the floor of a drawing `height` pixels high, each the higher the more values share its place.

    `room`: the least and the greatest height of a tick, in pixels. Values beyond the scale are left out.
    """
    counted = Counter(round(scale(v) / GRAIN) for v in inside(values, scale))
    if not counted:
        return Markup("")
    low, high = room
    most = max(counted.values())
    parts = [
        f"M{num(place * GRAIN)} {num(height)}v-{num(high if most == 1 else low + (high - low) * (n - 1) / (most - 1))}"
        for place, n in sorted(counted.items())
    ]
    return _path("".join(parts), height, f"folds {hue}")


def rows_of_dots(rows: Sequence[Sequence[float]], scale: Scale, hue: str, height: float, most: int) -> Markup:
    """A row of dots for each sequence, top to bottom over `height` pixels; those that coincide lie on each other.

    `most`: how many dots may be stacked upwards in a row before they do.
    """
    step, parts = height / len(rows), []
    for i, values in enumerate(rows):
        counted: Counter[int] = Counter()
        for v in sorted(inside(values, scale)):
            place = round(scale(v) / WIDE)
            up = min(counted[place], most - 1)
            counted[place] += 1
            parts.append(f"M{num(scale(v))} {num((i + 1) * step - 4 - 5 * up)}h0")
    return _path("".join(parts), height, f"dots {hue}") if parts else Markup("")


def inside(values: Sequence[float], scale: Scale) -> list[float]:
    """The values that the scale has a place for."""
    return [v for v in values if scale.low <= v <= scale.high]


def _path(d: str, height: float, class_: str) -> Markup:
    place = {"viewBox": f"0 0 100 {num(height)}", "width": "100%", "height": num(height)}
    return tag("svg", tag("path", d=d, class_=class_), preserveAspectRatio="none", overflow="visible", **place)
