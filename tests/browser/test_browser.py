"""The pages in a real browser: no network, no error, no sideways scroll, all there without JavaScript, axe, print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.report.bundle import Bundle
from bench.report.page import (
    render,
    render_dataset,
    render_glossary,
    render_index,
)
from bench.report.summary import summary_of
from tests.helpers import bundles
from tests.helpers.eyes import LINKED, OPEN, SEEN, bare, printed, violations
from tests.helpers.pages import html
from tests.report.test_states import DEGENERATE, page_of

#: Two of three seconds of axe.
COLOURS = ["color-contrast", "link-in-text-block"]
WITHOUT_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
#: Those of three datasets hold nothing that the page of two does not; the hostile one is looked at by itself.
NAMES = (
    *bundles.ALL.keys() - {"classification", "hostile"},
    "two_sets",
    "one_of_many",
    "index",
)
#: Pages that have the colours of `two_sets` and `regression`.
AS_COLOURED = ("leave_one_out", "many_sets", "one_of_many")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {name: make() for name, make in bundles.ALL.items()}
    texts = {name: html(name) for name in made} | {"two_sets": render(two_datasets())}
    summaries = [summary_of(bundle) for bundle in made.values()]
    texts["one_of_many"] = render_dataset(made["many_sets"], "set3")
    texts |= {"index": render_index(summaries), "glossary": render_glossary()}
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture
def visit(tab: Callable[..., Any], pages: dict[str, Path]) -> Iterator[Any]:
    """Opens a page by name; afterwards nothing may have been asked of any network or said on the console."""
    opened, said, asked = [], [], []
    hears = {
        "console": lambda message: said.append(message.text),
        "pageerror": lambda error: said.append(str(error)),
        "dialog": lambda dialog: (
            said.append(f"dialog {dialog.message}"),
            dialog.dismiss(),
        ),
        "request": lambda request: asked.append(request.url),
    }

    def open_it(name: str, width: int = 1280, **options: Any) -> Any:
        page = tab(width, **options)
        for event, heard in hears.items():
            page.on(event, heard)
        page.goto(pages[name].as_uri())
        opened.append(page)
        return page

    yield open_it
    for page in opened:
        page.evaluate("0")  # what was said until now is heard
        for event, heard in hears.items():
            page.remove_listener(event, heard)
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == len(opened)


@pytest.mark.parametrize("name", sorted([*NAMES, "glossary"]))
def test_axe_finds_nothing_with_everything_open_and_nothing_scrolls_sideways_on_a_phone(
    visit: Any, name: str
) -> None:
    """One load: on a desk by every rule; a small page of a study and the index in the dark and on a phone too.

    Colours are few, and `tests/report/test_colours.py` has the contrast of each of them: three large pages have those
    of the others.
    """
    page = visit(name)
    page.evaluate(OPEN)
    assert violations(page, **(WITHOUT_COLOURS if name in AS_COLOURED else {})) == []
    for width in (
        1180,
        1100,
        390,
    ):  # with the contents beside the page, just without, and a phone
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    if name in ("regression", "index"):
        assert violations(page, **WITHOUT_COLOURS) == []
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(150)
        assert violations(page, runOnly=COLOURS) == []


def test_hostile_names_break_no_rule_of_axe(visit: Any) -> None:
    """Its colours are those of any other page."""
    page = visit("hostile", width=390)
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page, **WITHOUT_COLOURS) == []


@pytest.mark.parametrize("name", ["two_sets", "hostile"])
def test_all_content_is_there_without_javascript(visit: Any, name: str) -> None:
    page = visit(name, java_script_enabled=False)
    for part in (
        "overview",
        "claims",
        "families",
        "differences",
        "overfitting",
        "data",
        "provenance",
    ):
        assert page.locator(f"#{part}").is_visible()
    page.locator(".run a[href='#cite']").click()
    assert page.locator("#cite").is_visible(), "the browser opens the fold of a link"
    assert page.locator("main svg:visible").count() > 50


@pytest.mark.parametrize("name", [name for name in bundles.ALL if name != "barren"])
def test_the_answer_stands_on_the_first_screen(visit: Any, name: str) -> None:
    """Tiles and picture begin within it on a desk; on a phone the tiles come before the picture."""
    page = visit(name)
    page.set_viewport_size({"width": 1440, "height": 900})
    tiles, picture = page.locator("#overview .tile"), page.locator("#fig-answer")
    assert tiles.count() == 4 and tiles.nth(1).bounding_box()["y"] < 700
    assert picture.bounding_box()["y"] < 500
    page.set_viewport_size({"width": 390, "height": 844})
    assert tiles.nth(3).bounding_box()["y"] < picture.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


#: How far the tiles reach, and the plots of the first two screens as shares of the column that they stand in.
SIZES = """() => {
  const tiles = [...document.querySelectorAll('.tile')].map(t => t.getBoundingClientRect());
  const seen = [...document.querySelectorAll('main figure .chart > svg')].filter(
    s => s.getBoundingClientRect().width && s.getBoundingClientRect().top < 2 * innerHeight);
  return [
    Math.max(...tiles.map(t => t.bottom)) - Math.min(...tiles.map(t => t.top)),
    seen.map(s => s.getBoundingClientRect().width / s.parentElement.getBoundingClientRect().width)];
}"""


@pytest.mark.parametrize("name", [name for name in bundles.ALL if name != "barren"])
def test_tiles_and_pictures_of_the_first_screens_are_large_enough(
    visit: Any, name: str
) -> None:
    page = visit(name)
    _, shares = page.evaluate(SIZES)
    assert min(shares) > 1 / 3
    page.set_viewport_size({"width": 390, "height": 844})
    tiles, shares = page.evaluate(SIZES)
    assert tiles <= 844
    assert min(shares, default=1) > 1 / 3


def test_the_index_is_filtered_by_words_and_by_verdict(visit: Any) -> None:
    page = visit("index")
    rows = page.locator(".studies table").first.locator("tbody tr:visible")
    before = rows.count()
    page.locator(".filter").fill("writer")
    assert 0 < rows.count() < before
    assert f"of {before} studies" in page.locator(".live").inner_text()
    page.locator(".filter").fill("")
    button = page.locator(".studies > ul button").first
    button.click()
    assert f"holds {rows.count()}" in button.inner_text()
    button.click()
    assert rows.count() == before


def test_the_typefaces_are_those_of_the_page(visit: Any) -> None:
    page = visit("two_sets")
    assert page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status == 'loaded').length)"
    )
    assert page.evaluate("document.fonts.check('600 20px \"Bench Serif\"')")


def ground(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_light_dark_and_the_switch(visit: Any) -> None:
    white, black = "rgb(255, 255, 255)", "rgb(20, 23, 27)"
    light, dark = (
        visit("glossary", color_scheme="light"),
        visit("index", color_scheme="dark"),
    )
    assert (ground(light), ground(dark)) == (white, black)
    light.locator("#theme-dark").check()
    dark.locator("#theme-light").check()
    assert (ground(light), ground(dark)) == (black, white)
    dark.locator("#theme-dark").check()
    dark.emulate_media(media="print")
    assert ground(dark) == white


def test_hostile_names_do_nothing(visit: Any) -> None:
    page = visit("hostile")
    assert page.locator("main img").count() == 0
    assert bundles.EVIL in page.locator("#limits").inner_text()
    assert page.evaluate(
        "[...document.links].every(a => ['http:', 'https:', 'file:'].includes(a.protocol))"
    )


def test_text_in_figures_is_never_scaled(visit: Any) -> None:
    """The same tick has the same height on a phone and on a desk."""
    sizes, page = [], visit("two_sets")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        sizes.append(
            page.locator("#fig-answer svg text").first.bounding_box()["height"]
        )
    assert sizes[0] == pytest.approx(sizes[1], abs=0.5)


def two_datasets() -> Bundle:
    """The whole of a study of three, less one."""
    whole = bundles.classification()
    two = {
        name: spec for name, spec in whole.study.datasets.items() if name != "vehicle"
    }
    mine = pl.col("dataset").is_null() | pl.col("dataset").is_in(list(two))
    kept = {
        name: frame.filter(mine) if "dataset" in frame.columns else frame
        for name, frame in whole.frames.items()
    }
    return Bundle(
        whole.study.model_copy(update={"datasets": two}), kept, whole.provenance
    )


def written(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


def test_a_study_of_two_datasets_on_paper(browser: Any, pages: dict[str, Path]) -> None:
    """At most twelve pages of A4; no figure on two of them; light where the screen is dark; each with its number."""
    page = browser.new_page()
    page.goto(pages["two_sets"].as_uri())
    light = printed(page)
    assert 3 <= len(light.paint) <= 12 and set(light.sizes) == {(595, 842)}
    page.emulate_media(color_scheme="dark")
    page.locator("#theme-dark").check(force=True)
    assert printed(page).paint == light.paint
    page.add_style_tag(content="body *{visibility:hidden!important}")
    margins = printed(page).paint
    assert len(set(margins)) == len(margins) > 2, (
        "what is left is the number of each page"
    )
    page.reload()
    page.evaluate(LINKED)
    linked = printed(page)
    assert (
        sum("figure.invalid" in link for links in linked.links for link in links) >= 8
        and linked.torn == []
    )
    page.close()


def test_a_cut_figure_is_seen(browser: Any, tmp_path: Path) -> None:
    """The eye of the test above: a figure longer than a page lies on two, one that moves to the next page on one."""
    figures = "".join(f'<figure id="{name}" style="height:{h}px;break-inside:avoid"></figure>' for name, h in
                      (("short", 700), ("moved", 700), ("long", 1700)))  # fmt: skip
    page = browser.new_page()
    page.goto(
        written(tmp_path / "figures.html", f"<!doctype html><body>{figures}</body>")
    )
    page.evaluate(LINKED)
    assert [name.split("/")[1] for name in printed(page).torn] == ["long"]
    page.close()


@pytest.mark.parametrize("name", ["37_claims", "38_claims", *DEGENERATE])
def test_studies_at_the_edge_fit_a_phone_and_paper(
    tab: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    """One family, one dataset, no claims, no probabilities, two hundred classes, many claims, nothing at all."""
    page = tab(390)
    text = page_of(name) if name in DEGENERATE else render(many_claims(int(name[:2])))
    page.goto(written(tmp_path / "page.html", text))
    page.evaluate(LINKED)
    assert printed(page).torn == []
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def many_claims(n: int) -> Bundle:
    """So many numbers of one table: the figure of 37 just fits on a page of paper, that of 38 is not printed."""
    made = bundles.study("many-claims", claims=[
        {"id": f"c{i}", "kind": "value", "dataset": "wine", "family": "svm", "metric": "accuracy", "value": "90.0",
         "unit": "percent", "where": f"row {i}", "read": "source"} for i in range(n)])  # fmt: skip
    given = bundles.scores(made, 178, lambda d, f, m: 0.9)
    told = [
        bundles.verdict(
            f"c{i}", "reproduced", "wine", "svm", "90.0", ours=90.1, tolerance=1.0
        )
        for i in range(n)
    ]
    return bundles.made_of(
        made, folds=bundles.folds(made, 178), scores=given, verdicts=told
    )


def test_a_page_says_the_same_without_a_script_under_the_strictest_policy(
    visit: Any, browser: Any, pages: dict[str, Path]
) -> None:
    """Its own style alone is let in, and every section reads as it does with a script."""
    with_script = visit("two_sets").evaluate(SEEN)
    page = browser.new_page(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page.set_content(bare(pages["two_sets"]))
    assert (
        page.evaluate(SEEN) == with_script
        and len(with_script) > 10
        and all(with_script)
    )
    page.close()
