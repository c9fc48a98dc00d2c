"""Charts by hand: coordinates worked out on paper."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from bench.report.charts import (
    svg,
)
from bench.report.styles import SHAPES, Style


def look(name: str, shape: str = "circle", hue: str = "ink", key: str = "") -> Style:
    return Style(name, name.title(), name, shape, hue, key=key)


def test_a_scale_keeps_three_percent_free_at_either_end() -> None:
    scale = svg.Scale(0.9, 1.0)
    assert [scale(v) for v in (0.9, 0.95, 1.0)] == pytest.approx([3.0, 50.0, 97.0])
    assert scale.clip(2.0) == pytest.approx(97.0)


def test_a_scale_of_one_value_puts_it_in_the_middle() -> None:
    assert svg.Scale(2, 2)(2) == 50
    assert svg.nice([2, 2]).low < 2 < svg.nice([2, 2]).high


@pytest.mark.parametrize(
    ("low", "high", "wanted", "expected"),
    [
        (0.9, 1.0, 4, [0.9, 0.925, 0.95, 0.975, 1.0]),
        (0, 100, 5, [0, 20, 40, 60, 80, 100]),
        (-1, 1, 4, [-1, -0.5, 0, 0.5, 1]),
        (3, 3, 4, [3]),
    ],
)
def test_ticks_are_round(
    low: float, high: float, wanted: int, expected: list[float]
) -> None:
    assert svg.ticks(low, high, wanted) == pytest.approx(expected)


def test_nice_widens_to_round_ends_but_never_beyond_the_metric() -> None:
    assert (svg.nice([0.912, 0.987], 4).low, svg.nice([0.912, 0.987], 4).high) == (
        0.91,
        0.99,
    )
    assert svg.nice([0.87, 1.0], 4, 0.0, 1.0).high == 1.0
    assert svg.nice([0.97, 1.053], 4, None, 1.0).high == 1.0
    assert svg.nice([-0.02, 0.5], 4, 0.0, 1.0).low == 0.0
    assert svg.nice([1.0, 1.0], 4, 0.0, 1.0).high == 1.0


def test_tags_escape_what_they_are_given() -> None:
    made = svg.tag("text", "<b>", title='" onload="x', class_="a", stroke_width=2.0)
    assert (
        made
        == '<text title="&#34; onload=&#34;x" class="a" stroke-width="2">&lt;b&gt;</text>'
    )
    assert svg.tag("g", Markup("<i/>")) == "<g><i/></g>"


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_of_the_registry_can_be_drawn(shape: str) -> None:
    assert f'id="m-{shape}"' in svg.symbols()
