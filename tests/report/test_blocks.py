"""Blocks of values in every renderer, and charts in a page and as files."""

from __future__ import annotations

import csv as reader
import io
import re
from itertools import count as counting
from xml.etree import ElementTree

import pytest

from bench.report import blocks as b
from bench.report.charts.marks import (
    TONES,
    Area,
    Axis,
    Band,
    Bar,
    Chart,
    Curve,
    Diamond,
    Label,
    Point,
    Segment,
    Shades,
    choose_axis,
    list_marks,
)
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.charts.plot_matrix import plot_matrix
from bench.report.charts.plot_rows import PlotRow, plot_rows
from bench.report.charts.plot_shares import PlotBar, plot_shares
from bench.report.csv import write_csv
from bench.report.draw import draw, draw_alone
from bench.report.html import render_blocks
from bench.report.latex import write_latex
from bench.report.markdown import write_markdown
from bench.report.plain import plain
from bench.report.values import (
    Model,
    Value,
    count,
    gain,
    percent,
    probability,
    quantity,
    score,
    show,
)
from bench.text.words import measure
from tests.helpers.pages import Reader

THIN, SPACE, ATTACK = "\u202f", "\xa0", "<b>&_|`*</b>"
ROWS = plot_rows(
    "Three rows",
    [
        PlotRow("A", 1.0, 0.5, 1.5, number=Value(1.0, low=0.5, high=1.5), group="Wine"),
        PlotRow("B", 2.0, other=3.0, number=Value(2.0), tag="simple"),
        PlotRow("All", 1.5, 1.2, 1.8, shape="diamond", number=Value(1.5)),
    ],
    band=Band(1.0, 2.0),
    line=1.5,
)
CURVES = plot_curves(
    "Curves", [PlotCurve("A", (0, 1, 2), (0, 1, 4), low=(0, 0, 3), high=(1, 2, 5))],
    Axis(0, 2, (0, 1, 2), title="across"), Axis(0, 5, (0, 5)), diagonal=True, level=2, key=True,
)  # fmt: skip
MATRIX = plot_matrix(
    "Matrix", ("a", "b"), ("a", "b"), ((4.0, -2.0), (None, 1.0)),
    numbers=((Value(4, digits=0), None), (None, None)),
)  # fmt: skip
SHARES = plot_shares("PlotBar", [PlotBar("A", (3, 1))], (("x", "ours"), ("y", "open")))
SHARES_SAID = plot_shares("Said", [PlotBar("A", (3, 1), count(4))], (("x", "ours"), ("y", "open")))  # fmt: skip
BARE = plot_shares("Bar", [PlotBar("", (3, 1))], (("x", "ours"), ("y", "open")))
CHARTS = (ROWS, CURVES, MATRIX, SHARES, BARE)
TABLE = b.Table(
    ("Model", "Score", "Verdict"),
    (
        ("Wine",),
        (Model("SVM", "square", "f-brown"), Value(0.9, digits=3, low=0.8, high=1.0), b.Sign("holds", "holds")),
        ("k-NN", Value(None), BARE),
    ),
    "Scores", ("Higher is better.",), "scores",
)  # fmt: skip
FIGURE = b.Figure("rows", ("Largest: ", Value(2.0), "."), "Disc: a mean.", (ROWS,))
PIECES = (
    "Words ", Value(-1.5, "pp", 1, True), " ", Model("SVM", "square", "f-brown"), b.Code("bench run"),
    b.Term("ROPE", "what is as good"), b.Link("there", "https://example.org"), b.Sign("off", "differs"),
)  # fmt: skip
ALL = (
    b.Paragraph(PIECES),
    b.Paragraph(b.Code("two\nlines")),
    b.Listing(("one", count(1234))),
    b.Facts((("Data", "178 rows"),)),
    b.Tile("Certain?", b.Sign("open", "low"), ("few splits",), 2),
    TABLE,
    FIGURE,
    b.Note("caution", "Mind this."),
    b.Row((b.Paragraph("left"), b.Paragraph("right"))),
    b.Part("A part", (b.Paragraph("within"),), "part"),
    b.Details("A fold", (FIGURE,), "fold"),
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Value(None), "–"),
        (Value(float("nan")), "–"),
        (Value(-0.0004, digits=3), "0.000"),
        (Value(1.25, "pp", 1, True, -0.04, 2.5), f"+1.2{SPACE}pp [−0.04, +2.5]"),
        (count(12345), f"12{THIN}345"),
        (score(measure("accuracy"), 0.99961), "0.9996"),
        (score(measure("accuracy"), 1.0), "1.000"),
        (score(measure("rmse"), 54.321), "54.32"),
        (gain(measure("accuracy"), 0.0123, 0.001, 0.02), f"+1.2{SPACE}pp [+0.1, +2.0]"),
        (gain(measure("rmse").beside(54.3), 0.314), "+0.31"),
        (percent(0.999), f"> 99{THIN}%"),
        (percent(1.0), f"100{THIN}%"),
        (percent(0.004), f"< 1{THIN}%"),
        (probability(0.0001), "< 0.001"),
        (probability(0.349), "0.35"),
        (quantity(1.2e-7), "1.200e−7"),
        (quantity(0.0), "0"),
    ],
)
def test_a_value_is_shown_as_it_is_read(value: Value, words: str) -> None:
    assert show(value) == words


def test_every_kind_of_block_has_html_without_a_crossed_tag() -> None:
    html = render_blocks(b.number_figures(ALL))
    page = Reader(str(html))
    for words in (
        "−1.5\xa0pp",
        "SVM",
        "bench run",
        "what is as good",
        "two\nlines",
        "Certain?",
        "within",
    ):
        assert words in "".join(page.text), words
    assert [attrs["id"] for _, attrs in page.tags if "id" in attrs] == [
        "fig-rows",
        "part",
        "fold",
        "fig-rows",
    ]
    assert "Figure 2." in html and 'class="sign sign-off"' in html
    assert (
        html.count('<td class="n">0.900 <span class="value">[0.800, 1.000]</span></td>')
        == 1
    )


def test_every_kind_of_block_has_markdown() -> None:
    text = write_markdown(b.number_figures(ALL))
    assert (
        "Words −1.5\xa0pp SVM`bench run`ROPE (what is as good)[there](<https://example.org>)◆ differs"
        in text
    )
    assert "```\ntwo\nlines\n```" in text and "- 1\u202f234" in text
    assert (
        "| Model | Score | Verdict |\n| --- | --- | --- |\n| **Wine** |  |  |\n| SVM | 0.900 [0.800, 1.000]".replace(
            "[", "\\["
        ).replace("]", "\\]")
        in text
    )
    assert (
        "**Figure 1.** Largest: 2.00. *Disc: a mean.*" in text
        and "> Mind this." in text
    )


def test_a_table_is_latex_and_csv_too() -> None:
    tex = write_latex(TABLE, "tab:x")
    assert (
        r"\multicolumn{3}{l}{\emph{Wine}} \\" in tex and r"\begin{tabular}{lrl}" in tex
    )
    assert r"\shortstack[r]{0.900 \\ {\scriptsize [0.800, 1.000]}}" in tex
    assert r"\footnotesize Higher is better." in tex and tex.isascii()
    head, first, second = reader.reader(io.StringIO(write_csv(TABLE)))
    assert head == ["group", "Model", "Score", "Score low", "Score high", "Verdict"]
    assert (
        first == ["Wine", "SVM", "0.9", "0.8", "1.0", "● holds"]
        and second[2:5] == [""] * 3
    )


def test_names_are_text_in_every_renderer() -> None:
    hostile = (
        b.Paragraph((ATTACK, Model(ATTACK), b.Code(ATTACK))), b.Part(ATTACK, ()),
        b.Table((ATTACK,), ((ATTACK,),), ATTACK, (ATTACK,)),
        b.Figure("x", ATTACK, ATTACK, (plot_rows(ATTACK, [PlotRow(ATTACK, 1.0, tag=ATTACK)]),)),
    )  # fmt: skip
    html = str(render_blocks(hostile))
    assert "<b>&" not in html.replace("<b>Figure", "") and "&lt;b&gt;" in html
    assert not re.search(r"(?<!\\)<b>", re.sub(r"`[^`]*`", "", write_markdown(hostile)))
    alone = ElementTree.fromstring(
        draw_alone(hostile[3].charts, ATTACK, ATTACK).encode()
    )  # type: ignore[union-attr]
    assert ATTACK in "".join(alone.itertext())


def test_figures_are_numbered_once_in_their_order_and_through_folds() -> None:
    numbers = counting(1)
    first = b.number_figures((b.Details("", (FIGURE,)), FIGURE), numbers)
    second = b.number_figures((b.Row((FIGURE, FIGURE)),), numbers)
    found = [one.number for blocks in (first, second) for one in b.find_figures(blocks)]
    assert found == [1, 2, 3, 4]


def test_the_data_behind_a_figure_come_from_its_marks() -> None:
    rows = [tuple(map(plain, row)) for row in b.data_of(FIGURE).rows]
    assert rows[:2] == [("Wine",), ("A", "1.00 [0.50, 1.50]", "")]
    cloud = plot_curves("", [PlotCurve("A", (1,), (2,))], Axis(0, 9), Axis(0, 9))
    (row,) = b.data_of(b.Figure("x", "", "", (cloud,))).rows
    assert tuple(map(plain, row)) == ("A", "1.0000", "2.0000")
    assert b.data_of(b.Figure("x", "", "", (ROWS,), TABLE)) is TABLE
    assert ("A, x", 75.0, pytest.approx(0.6)) in list_marks(SHARES)


def test_rows_stand_under_their_group_and_the_axis_holds_every_number() -> None:
    assert [(line.y, line.name, line.strong) for line in ROWS.lines] == [
        (0, "Wine", True), (1, "A", False), (2, "B", False), (3, "All", True),
    ]  # fmt: skip
    assert (ROWS.x.low, ROWS.x.high) == (0.5, 3.0)
    assert ROWS.height == 4 * 24


@pytest.mark.parametrize(
    ("numbers", "low", "high", "ticks"),
    [
        ([0.56, 0.81], 0.55, 0.85, (0.6, 0.7, 0.8)),
        ([0, 1], 0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0)),
        ([5.0, 5.0], 4.7, 5.3, (4.8, 5.0, 5.2)),
        ([None, float("inf")], -0.5, 0.5, (-0.5, -0.25, 0.0, 0.25, 0.5)),
    ],
)
def test_an_axis_is_round(
    numbers: list[float], low: float, high: float, ticks: tuple[float, ...]
) -> None:
    wanted = 4 if len(ticks) == 3 and low == 0.55 else 5
    axis = choose_axis(numbers, ticks=wanted)
    assert (axis.low, axis.high, axis.ticks) == (low, high, ticks)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda one: one.title)
def test_a_chart_is_drawn_in_a_page_and_as_a_file(chart: Chart) -> None:
    page = Reader(str(draw(chart, "what it shows")))
    assert page.tags[0][1]["aria-label"] == "what it shows"
    root = ElementTree.fromstring(draw_alone([chart, chart], "Title", "Note").encode())
    for node in root.iter():
        values = " ".join(node.attrib.values())
        assert not re.search(r"%|var\(|currentColor|class", values), values
    assert "Note" in "".join(root.itertext())


def test_the_number_of_a_row_of_a_file_ends_at_its_right_edge() -> None:
    assert re.search(
        'x="480" [^>]*anchor="end"[^>]*>4<', draw_alone([SHARES_SAID], "T")
    )


@pytest.mark.parametrize(
    ("mark", "page", "file"),
    [
        (Point(5, 5, "ring", "ours"), 'href="#m-disc" x="50%" y="58" class="t-ours hollow"', 'stroke="#1f5fa8"'),
        (Segment(0, 0, 10, 10), 'x1="0%" y1="108" x2="100%" y2="8"', 'y1="131"'),
        (Band(2.5, 5), 'x="25%" y="8" width="25%" height="100"', 'fill="#e1eaf6"'),
        (Bar(0, 5, 0, 5, "off", share=0.5), 'fill-opacity="0.50"', 'fill="#b2452c" fill-opacity="0.50"'),
        (Diamond(2, 5, 8, 5), 'points="20,58 50,52 80,58 50,64"', "<polygon"),
        (Curve((0, 5, 10), (0, 5, 0)), 'points="0,108 50,58 100,108"', "<polyline"),
        (Area((0, 10), (0, 0), (5, 5)), 'points="0,58 100,58 100,108 0,108"', "<polygon"),
        (Label(5, 5, "x"), 'x="50%" y="62" text-anchor="start"', ">x</text>"),
        (Shades(((1.0, 0.0), (0.0, -1.0))), 'd="M0 8h50v50h-50z"', 'fill="#b2452c" fill-opacity="0.56"'),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_marks_stand_where_their_numbers_are(
    mark: object, page: str, file: str
) -> None:
    """By hand: axes from 0 to 10, 100 pixels high under 8 of space: 5 is at 50 % and at 58 pixels."""
    chart = Chart("t", (mark,), Axis(0, 10), Axis(0, 10), height=100)  # type: ignore[arg-type]
    assert page in draw(chart)
    assert file in draw_alone([chart], "T")


def test_a_curve_ends_where_the_axes_do_and_has_no_point_on_a_level_stretch() -> None:
    marks = (Curve((0, 1, 2, 3, 20), (1, 1, 1, 2, 2)),)
    chart = Chart("t", marks, Axis(0, 10), Axis(0, 10), height=100)
    made = draw(chart)
    assert 'overflow="hidden"' in made and made.count(",") == 4
    assert 'points="' in draw_alone([chart], "T")
    right = max(
        float(pair.split(",")[0])
        for pair in re.findall(r'points="([^"]+)', draw_alone([chart], "T"))[0].split()
    )
    assert right <= 480


def test_every_tone_has_a_colour_on_light_and_on_dark_ground() -> None:
    for light, dark in TONES.values():
        assert re.fullmatch("#[0-9a-f]{6}", light) and re.fullmatch(
            "#[0-9a-f]{6}", dark
        )
