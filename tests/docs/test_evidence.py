"""docs/evidence.md has every study of authors' scores, and as many numbers as its claims hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench import Project
from research.evidence import PAGE, TYPED, numbers_of

ROOT = Path(__file__).parents[2]
LISTED = YAML(typ="safe", pure=True).load((ROOT / "params.yaml").read_text())[
    "evidence"
]
ROWS = {
    cells[1].strip(" `"): [int(cell.replace(",", "")) for cell in cells[2:7]]
    for cells in (
        line.split("|")
        for line in PAGE.read_text().splitlines()
        if line.startswith(("| `", "| all |"))
    )
}


@pytest.mark.parametrize("name", LISTED)
def test_the_row_of_a_study_has_the_numbers_of_its_claims(name: str) -> None:
    typed, judged, exact, other, missing = ROWS[name]
    assert (typed, judged) == (TYPED[name][0], numbers_of(Project(ROOT).study(name)))
    assert judged == exact + other + missing <= typed


def test_thousands_of_numbers_are_judged_against_scores() -> None:
    total = ROWS.pop("all")
    assert total == [sum(column) for column in zip(*ROWS.values(), strict=True)]
    assert total[1] - ROWS["catboost-2018"][1] >= 2500, (
        "its means are all that is published"
    )
