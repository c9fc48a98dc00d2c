"""Charts of a dataset up close, by hand: coordinates worked out on paper, and the whole of a small drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from bench.report.charts import lanes, lines, pairs
from bench.report.charts.intervals import Dot
from bench.report.styles import Style

SQUARE = lines.Field((0.0, 1.0), (0.0, 1.0), 130.0, 18.0, wanted=1)
STEP = lines.Line(((0.0, 0.0), (0.5, 1.0), (1.0, 1.0)), "f-svm", "square", marks=(1,))


def look(name: str, shape: str = "circle", hue: str = "ink") -> Style:
    return Style(name, name, name, shape, hue)


def test_straight_stretches_lose_their_middle_and_nothing_else() -> None:
    points = [(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.3, 1.0), (0.6, 1.0), (1.0, 0.9)]
    assert lines.straightened(points) == [
        (0.0, 0.0),
        (0.0, 1.0),
        (0.6, 1.0),
        (1.0, 0.9),
    ]


def test_a_cut_field_shows_the_points_within_and_one_on_either_side() -> None:
    field = lines.Field((0.4, 0.6), (0.0, 1.0), 130.0, cut=True)
    one = lines.Line(
        tuple((x / 10, x / 10) for x in range(11)), "ink", "circle", marks=(1, 5)
    )
    made = str(lines.line_plot([one], field, "l"))
    assert made.count("#m-circle") == 1
    assert len(re.findall(r'<polyline points="([^"]+)"', made)[0].split()) == 5
    assert 'overflow="hidden"' in made


def test_a_square_of_numbers_is_tinted_by_share_of_the_largest_off_the_diagonal() -> (
    None
):
    values = np.array([[1.0, 0.4, np.nan], [0.4, 1.0, -0.1], [np.nan, -0.1, 1.0]])
    words = [["", "40", "–"], ["40", "", "10"], ["–", "10", ""]]
    made = str(pairs.matrix([look(n) for n in "abc"], values, words, "l"))
    tints = re.findall(r'style="--s:(\d+)%">([^<]+)<', made)
    assert tints == [
        ("100", "40"),
        ("0", "–"),
        ("100", "40"),
        ("25", "10"),
        ("0", "–"),
        ("25", "10"),
    ]
    assert made.count('class="self"') == 3


def test_the_published_line_runs_through_all_lanes_within_the_metric() -> None:
    rows = [
        lanes.ExplanationLane("B", "error", "error", 0.95, 0.9, 1.0, True, ""),
        lanes.ExplanationLane("A", "valid", "valid", 0.9, 0.8, 1.1, False, ""),
        lanes.ExplanationLane("C", "control", "control", 0.93, None, None, False, ""),
    ]
    made = str(lanes.explanation_lanes(0.95, rows, "l", (0.0, 1.0)))
    assert (
        '<line x1="73.5%" y1="0" x2="73.5%" y2="100%" class="published"/>' in made
    )  # 3 + 94 * .15 / .2
    assert (
        made.count('class="lane-band fits"') == 1
        and made.count('class="lane-band"') == 1
    )
    assert [made.count(f"m-{shape}") for shape in ("circle", "cross", "diamond")] == [
        1,
        1,
        1,
    ]
    assert re.findall(r'title="([ABC])"', made) == ["A", "C", "B"], (
        "in the order of what they give"
    )


@pytest.mark.parametrize("bad", ["<&'\">", "x" * 200])
def test_drawings_are_well_formed_whatever_the_names(bad: str) -> None:
    style = look(bad)
    for made in (
        lines.line_plot([STEP], SQUARE, bad),
        lines.facets(
            [lines.Facet(lines.head(style), bad, lines.line_plot([STEP], SQUARE, bad))]
        ),
        lines.key([(style, ""), (style, bad)]),
        lanes.lanes([(bad, bad, [Dot(style, 0.1)])], bad),
        lanes.explanation_lanes(
            0.5,
            [lanes.ExplanationLane(bad, "error", "error", 0.5, None, None, False, "")],
            bad,
            (None, None),
        ),
    ):
        ElementTree.fromstring(made)
        assert not re.search(r"<(span|i|p|div|li|ul)(\s[^>]*)?/>", made), (
            "an empty element that HTML leaves open"
        )
