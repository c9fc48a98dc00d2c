"""Data sets up close in a real browser: one at a time without JavaScript, all of them on paper."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "report"))
import bundles

from bench.report.page import render

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


def test_one_data_set_at_a_time_without_javascript_and_all_on_paper(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(render(bundles.classification()), encoding="utf-8")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}).new_page()
        page.goto(file.as_uri())
        places = page.locator("[data-place]")
        seen = lambda: [places.nth(i).is_visible() for i in range(places.count())]  # noqa: E731
        assert seen() == [True, False, False]
        page.locator("#place-2").check()
        assert seen() == [False, False, True]
        page.emulate_media(media="print")
        assert seen() == [True, True, True]
        browser.close()
