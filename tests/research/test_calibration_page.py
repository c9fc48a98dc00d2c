"""docs/calibration.md: three scripts write it, and none loses what another wrote."""

from __future__ import annotations

from itertools import permutations

import pytest

from bench.report.checklist import CHECKLISTS
from research.calibrate import finder, finder_page, healthy_page, page
from research.calibrate.faults import FAULTS

TEXTS = {title: f"{title}\n\nwhat {title[3:]} says\n" for title in page.OTHERS}


@pytest.mark.parametrize("order", list(permutations(page.OTHERS)))
def test_every_section_survives_whoever_writes_last(order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("_unfinished", "_summary", "bounds", "tables"):
        monkeypatch.setattr(page, part, lambda found, name=part: "## What holds\n" if name == "_summary" else [])
    whole = page.document({})
    for title in order:
        whole = page.with_section(whole, title, TEXTS[title])
    heads = [line for line in whole.splitlines() if line.startswith("## ")]
    assert heads == ["## What holds", *page.OTHERS, "## How it was simulated", "## Where"]
    assert page.document({}, before=whole) == whole
    for title in page.OTHERS:
        assert page.with_section(whole, title, TEXTS[title]) == whole
        assert page.section_of(whole, title).strip() == TEXTS[title].strip()


def test_the_page_in_the_repository_has_every_section_once() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    for title in ("## What holds", *page.OTHERS, "## How it was simulated", "## Where"):
        assert f"\n{text}".count(f"\n{title}\n") == 1
    assert (healthy_page.TITLE, finder_page.TITLE) == page.OTHERS


def test_only_known_sections_are_put() -> None:
    with pytest.raises(ValueError, match="not the title"):
        page.with_section("# Page\n", "## Another", "## Another\n")


def test_every_type_of_leakage_has_a_row() -> None:
    """Those of the house's own checklist, each planted here, simulated as an explanation, or both."""
    assert [number for number, *_ in healthy_page.TYPES] == [item.id for item in CHECKLISTS["Leakage"].items]
    errors = {error for world in finder.WORLDS.values() for error in world.errors}
    finders = page.section_of(page.PAGE.read_text(encoding="utf-8"), finder_page.TITLE)
    for _, name, planted, made, _ in healthy_page.TYPES:
        assert planted or made, name
        assert set(planted) <= set(FAULTS) and set(made) <= errors
        assert all(f"\n| {row.replace('_', ' ')} |" in finders for row in made), name
    assert {fault for _, _, planted, _, _ in healthy_page.TYPES for fault in planted} == set(FAULTS)
