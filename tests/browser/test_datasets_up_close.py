"""Datasets up close in a real browser: one at a time without JavaScript, all of them on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers.pages import html


def test_one_choice_of_dataset_drives_every_section_without_javascript_and_paper_has_all(
    browser: Any, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(html("classification"), encoding="utf-8")
    page = browser.new_page(
        java_script_enabled=False, viewport={"width": 390, "height": 900}
    )
    page.goto(file.as_uri())
    seen = "all => all.map(one => one.checkVisibility() && one.dataset.place).filter(Boolean)"
    sections = ("differences", "data")

    def shown() -> dict[str, set[str]]:
        return {
            name: set(page.locator(f"#{name} [data-place]").evaluate_all(seen))
            for name in sections
        }

    assert (
        page.locator("input[name=ds]").count() == 4
        and page.locator(".tabs").count() == 0
    )
    assert shown() == {key: {"0"} for key in sections}
    page.locator("#place-2").check()
    assert shown() == {key: {"2"} for key in sections}
    page.locator("#place-all").check()
    assert shown() == {key: {"0", "1", "2"} for key in sections}
    page.locator("#place-1").check()
    page.emulate_media(media="print")
    assert shown() == {key: {"0", "1", "2"} for key in sections}
    page.close()
