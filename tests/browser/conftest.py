"""One browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.helpers.eyes import CHROMIUM


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium; without it, or without playwright, these tests are skipped."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def tab(browser: Any) -> Callable[..., Any]:
    """An empty tab of a width and of options, the same one each time."""

    @cache
    def opened(width: int, **options: Any) -> Any:
        return browser.new_context(
            viewport={"width": width, "height": 900}, **options
        ).new_page()

    def emptied(width: int = 1280, **options: Any) -> Any:
        page = opened(width, **options)
        page.goto("about:blank")
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(
            media="null", color_scheme=options.get("color_scheme", "light")
        )
        return page

    return emptied
