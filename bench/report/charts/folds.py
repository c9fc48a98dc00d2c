"""Single scores as ticks: one path, so that many cost little.

Across, the path is in percent and stretched to its place; down, in pixels. Strokes keep their width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from bench.report.charts.svg import Scale, num, tag

#: Ticks stand on places this far apart, in percent.
GRAIN = 0.5


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
    place = {"viewBox": f"0 0 100 {num(height)}", "width": "100%", "height": num(height)}
    path = tag("path", d="".join(parts), class_=f"folds {hue}")
    return tag("svg", path, preserveAspectRatio="none", overflow="visible", **place)


def inside(values: Sequence[float], scale: Scale) -> list[float]:
    """The values that the scale has a place for."""
    return [v for v in values if scale.low <= v <= scale.high]
