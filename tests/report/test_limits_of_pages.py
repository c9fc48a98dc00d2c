"""How large a page may be and how long it may take: of a made study of a hundred datasets, and of all shipped ones."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from bench.report.html import FONTS
from bench.report.page import render, render_dataset
from tests.helpers.big import big

REPORTS = sorted((Path(__file__).parents[2] / "reports").rglob("*.html"))


def test_a_hundred_datasets_and_ten_families_stay_small_and_quick() -> None:
    """At most 1.2 MB, 250 kB compressed; 2 s and 0.2 s a dataset, counted in the processor's time."""
    bundle = big(100)
    start = time.process_time()
    html = render(bundle)
    assert time.process_time() - start < 2 + 0.2 * 100
    page = html.encode()
    assert len(page) <= 1_200_000 and len(gzip.compress(page)) <= 250_000
    assert html.count("<tr data-f") < 1000 and "set99" in html
    assert len(render_dataset(bundle, "set3").encode()) <= 450_000


@pytest.mark.parametrize(
    "page", REPORTS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_shipped_pages_are_within_the_limits(page: Path) -> None:
    """1.2 MB, 250 kB compressed: six datasets on one page, or any number with pages of their own."""
    content = page.read_bytes()
    assert len(content) <= 1_200_000 and len(gzip.compress(content)) <= 250_000


def test_the_typefaces_are_small_and_come_with_their_licences() -> None:
    fonts = sorted(FONTS.glob("*.woff2"))
    assert [path.name for path in fonts] == ["sans.woff2", "serif.woff2"]
    assert sum(path.stat().st_size for path in fonts) <= 56_000
    for path in fonts:
        assert path.read_bytes()[:4] == b"wOF2"
    licence = (FONTS / "OFL.txt").read_text()
    assert "SIL Open Font License, Version 1.1" in licence and all(
        path.name in licence for path in fonts
    )
