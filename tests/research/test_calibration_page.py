"""docs/calibration.md: three scripts write it, and none loses what another wrote."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from bench.report.checklist import items
from research.calibrate import (
    finder,
    finder_page,
    healthy_page,
    page,
    parts,
    small_studies,
)
from research.calibrate import (
    whole as whole_answer,
)
from research.calibrate.bound import Bound, Found
from research.calibrate.faults import FAULTS

TEXTS = {title: f"{title}\n\nwhat {title[3:]} says\n" for title in page.OTHERS}


@pytest.mark.parametrize("order", list(permutations(page.OTHERS)))
def test_every_section_survives_whoever_writes_last(order: tuple[str, ...]) -> None:
    whole = page.document({})
    for title in order:
        whole = page.with_section(whole, title, TEXTS[title])
    assert list(page.sections(whole)) == [
        page.OPENING,
        page.WHY,
        page.ALSO,
        *page.OTHERS,
        page.HOW,
        page.WHERE,
    ]
    assert page.document({}, before=whole) == whole
    for title in page.OTHERS:
        assert page.with_section(whole, title, TEXTS[title]) == whole
        assert page.sections(whole)[title].strip() == TEXTS[title].strip()


def test_what_was_not_simulated_again_stays() -> None:
    """Rows of the opening table and whole sections, and a rule that fails keeps its reason."""
    before = page.document({"orders": parts.simulated("orders", range(3))})
    after = page.document({"repeats": parts.simulated("repeats", range(2))}, before)
    assert page.sections(after)["## Orders"] == page.sections(before)["## Orders"]
    assert "## Repeats in two stages" not in before
    rows = [
        line
        for line in after.splitlines()
        if line.startswith(("| orders (K", "| repeats in two"))
    ]
    assert [row.split(" | ")[5] for row in rows] == ["2", "2", "3"]
    failing = Bound(
        "corrected t, unstable families",
        "errs",
        0.05,
        (Found(0.3, 0.01, 100, "stump, here"),),
    )
    written = page._limits([failing], "")
    assert "**no** (stump 1 of 1)" in written[page.OPENING]
    assert "- corrected t, unstable families: Almost all" in written[page.WHY]
    assert page._limits([replace(failing, places=())], written[page.OPENING]) == written


def test_the_page_in_the_repository_opens_with_the_table_and_has_every_section_once() -> (
    None
):
    text = page.PAGE.read_text(encoding="utf-8")
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert titles[0] == page.OPENING
    assert len(titles) == len(set(titles))
    assert set(titles) >= {*page.OTHERS, page.HOW, page.WHERE}
    assert page.document({}, before=text) == text
    others = (
        whole_answer.TITLE,
        small_studies.TITLE,
        healthy_page.TITLE,
        finder_page.TITLE,
    )
    assert others == page.OTHERS


def test_only_known_sections_are_put() -> None:
    with pytest.raises(ValueError, match="not the title"):
        page.with_section("# Page\n", "## Another", "## Another\n")


def test_every_type_of_leakage_has_a_row() -> None:
    """Those of the house's own checklist, each planted here, simulated as an explanation, or excluded by construction."""
    assert [number for number, *_ in healthy_page.TYPES] == [
        name for name in items() if name.startswith("L")
    ]
    errors = {error for world in finder.WORLDS.values() for error in world.errors}
    finders = page.sections(page.PAGE.read_text(encoding="utf-8"))[finder_page.TITLE]
    for _, name, planted, made, excluded in healthy_page.TYPES:
        assert planted or made or excluded, name
        assert set(planted) <= set(FAULTS) and set(made) <= errors
        assert all(f"\n| {row.replace('_', ' ')} |" in finders for row in made), name
    assert {
        fault for _, _, planted, _, _ in healthy_page.TYPES for fault in planted
    } == set(FAULTS)


def test_equal_unstable_models_of_small_studies_are_seldom_called_different() -> None:
    """Of 600 whole studies by each door; the rules alone have 2000 samples of numpy."""
    text = page.sections(page.PAGE.read_text(encoding="utf-8"))[small_studies.TITLE]
    rows = [line[2:-2].split(" | ") for line in text.splitlines() if line[:2] == "| "]
    found = {
        (by, pair): float(share) for by, pair, share, _, n in rows[2:] if n == "600"
    }
    doors = ("bench.benchmark", "a study file")
    assert set(found) == {(by, kind) for by in doors for kind in small_studies.KINDS}
    assert max(found.values()) <= 6


def test_a_small_study_compares_equals_by_both_doors() -> None:
    for p_of in (small_studies.p_by_api, small_studies.p_by_study):
        found = p_of(2)
        assert set(found) == set(small_studies.KINDS)
        assert all(0.05 < p < 1 for p in found.values())
