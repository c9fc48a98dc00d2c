"""Hostile pages and single drawings in a real browser: nothing runs or is asked for, and colours are the page's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.report.exports import export
from tests.helpers import bundles
from tests.helpers.pages import files, html

#: What the browser computes for the fill and stroke of every mark of a drawing, in the order of the document.
PAINTS = """roots => roots.flatMap(r =>
  [...r.querySelectorAll('line,rect,circle,polygon,polyline,path,use')]).map(e => {
  const s = getComputedStyle(e);
  return [e.tagName == 'use' ? 'path' : e.tagName, e.tagName == 'line' ? '' : s.fill, s.stroke, s.opacity,
          s.stroke == 'none' ? '' : s.strokeWidth];
})"""

#: The drawings of a figure without the marks beside its labels: one, or those of its lanes and of what lies around.
PLOTS = "svg.plot, .lanes > svg, .lane > svg"


def opened(browser: Any, files: list[Path]) -> tuple[Any, list[str]]:
    """A tab that has opened these files one after the other, and all that is said, or asked of anybody else."""
    page, own, heard = (
        browser.new_page(color_scheme="light"),
        {file.as_uri() for file in files},
        list[str](),
    )
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    page.on(
        "dialog",
        lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()),
    )
    page.on("request", lambda request: heard.extend({request.url} - own - {"data:,"}))
    for file in files:
        page.goto(file.as_uri())
    return page, heard


def test_nothing_hostile_runs_on_the_page_or_in_a_drawing(
    browser: Any, tmp_path: Path
) -> None:
    files = [tmp_path / "page.html"]
    files[0].write_text(html("hostile"), encoding="utf-8")
    drawn = export(bundles.hostile(), ["svg"])
    for name in (
        "boxes-wine",
        "classes-wine",
        "published-accuracy-percent",
        "scores-wine-accuracy",
    ):
        files.append(tmp_path / f"{name}.svg")
        files[-1].write_text(drawn[f"figures/{name}.svg"], encoding="utf-8")
    page, heard = opened(browser, [*files[1:], files[0]])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(100)
    shown = page.evaluate("document.body.textContent")
    assert all(
        text.split()[0] in shown
        for text in bundles.HOSTILE
        if text.isascii() and text.isprintable()
    )
    assert (
        page.evaluate(
            "document.querySelectorAll('main script, main img, main iframe').length"
        )
        == 0
    )
    assert heard == []


def test_a_drawing_is_painted_as_on_the_page(browser: Any, tmp_path: Path) -> None:
    """The browser's own reading of the style is held against ours, mark by mark."""
    drawn = files("classification")
    (tmp_path / "page.html").write_text(html("classification"), encoding="utf-8")
    page, _ = opened(browser, [tmp_path / "page.html"])
    for figure in (
        "correlations-wine",
        "importance-wine",
    ):
        theirs = page.evaluate(
            f"({PAINTS})([...document.querySelector('#fig-{figure}').querySelectorAll('{PLOTS}')])"
        )
        other, heard = opened(browser, [_written(tmp_path, figure, drawn)])
        ours = other.evaluate(f"({PAINTS})([document.documentElement])")
        assert heard == []
        glyphs = len(ours) - len(
            theirs
        )  # the marks beside labels, which the page draws outside the plot
        assert len(theirs) >= 5
        assert ours[glyphs:] == theirs, figure
        other.close()


def _written(folder: Path, figure: str, drawn: dict[str, str]) -> Path:
    file = folder / f"{figure}.svg"
    file.write_text(drawn[f"figures/{figure}.svg"], encoding="utf-8")
    return file
