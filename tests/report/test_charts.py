"""Charts by hand: coordinates worked out on paper."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from bench.report.charts import (
    intervals,
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


def claim(**more: object) -> intervals.ClaimMark:
    values = {
        "id": "c",
        "label": "LDA",
        "sub": "",
        "shown": "reproduced",
        "published": 95.0,
        "ours": 96.0,
        "low": 94.0,
    }
    return intervals.ClaimMark(**(values | {"high": 98.0, "tolerance": 2.0} | more))  # type: ignore[arg-type]


def test_claims_sit_where_their_numbers_are() -> None:
    # band 93..97, interval 94..98: half steps of 1 from 93 to 98; 3 + 94 * (v - 93) / 5
    made = intervals.published_vs_reproduced([claim()], "label")
    assert f'href="#m-around" x="{svg.num(3 + 94 * 2 / 5)}%"' in made
    assert f'href="#m-dot" x="{svg.num(3 + 94 * 3 / 5)}%"' in made
    assert f'<rect x="3%" y="10" width="{svg.num(94 * 4 / 5)}%"' in made


def test_only_a_refuted_claim_has_colour() -> None:
    assert "refuted" not in intervals.published_vs_reproduced([claim()], "label")
    assert "refuted" in intervals.published_vs_reproduced(
        [claim(shown="not_reproduced")], "label"
    )


def test_a_claim_without_our_number_shows_the_published_one_alone() -> None:
    made = intervals.published_vs_reproduced(
        [claim(ours=None, low=None, high=None, shown="missing")], "label"
    )
    assert made.count("m-dot") == 0
    assert made.count("m-around") == 1


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_of_the_registry_can_be_drawn(shape: str) -> None:
    assert f'id="m-{shape}"' in svg.symbols()


def test_drawings_are_well_formed() -> None:
    made = intervals.published_vs_reproduced(
        [claim(label="<&'\">")], 'a "label" <with> signs'
    )
    ElementTree.fromstring(made)
