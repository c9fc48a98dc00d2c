"""Hues that several families share: a relative keeps the hue of its kind and takes another shape."""

from __future__ import annotations

from typing import cast

from bench.families.family import Shape

#: (light, dark). Blue is for linear models, brown for support vectors, green for trees; ink for all without a hue.
BLUE = ("#2F6FDE", "#8AB4F8")
BROWN = ("#7A3E12", "#CB763F")
GREEN = ("#3FA08F", "#46E6BE")
PURPLE = ("#9A2F97", "#CB79C0")
GOLD = ("#B98A0A", "#F0D860")
INK = ("#2B3036", "#D9DDE3")

#: Marks beside those of `Shape`, which stands in a file whose bytes are part of every stored result's identity: to name
#: them there would make all results stale.
TRIANGLE_LEFT, TRIANGLE_RIGHT, BOWTIE, HOURGLASS = LATER_SHAPES = tuple(
    cast("Shape", name) for name in ("triangle_left", "triangle_right", "bowtie", "hourglass")
)
