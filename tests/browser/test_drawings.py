"""Hostile pages and single drawings in a real browser: nothing runs or is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.report.exports import export
from tests.helpers import bundles
from tests.helpers.pages import html


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
    for name, text in drawn.items():
        files.append(tmp_path / Path(name).name)
        files[-1].write_text(text, encoding="utf-8")
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
