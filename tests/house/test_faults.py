"""Every fault of the plan has its test, and every threat of SECURITY.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What a table (D) and a study, a name or a download (S) may do, and a test of it: file, name or its beginning.
TESTS = {
    "D01": "faults/test_hostile_plan.py test_d01", "D02": "faults/test_hostile_pages.py test_a06_d02",
    "D03": "faults/test_hostile_plan.py test_d03_to_d19", "D04": "faults/test_hostile_pages.py test_a17_d04_d05",
    "D05": "faults/test_hostile_plan.py test_d04_d05_d13", "D06": "faults/test_hostile_plan.py test_d06",
    "D07": "faults/test_hostile_plan.py test_d07", "D08": "faults/test_hostile_plan.py test_d08",
    "D09": "faults/test_hostile_plan.py test_d03_to_d19", "D10": "faults/test_hostile_data.py test_a24",
    "D11": "faults/test_hostile_data.py test_a04", "D12": "faults/test_hostile_plan.py test_d02_d12",
    "D13": "faults/test_hostile_plan.py test_d13", "D14": "faults/test_hostile_pages.py test_a12_d14",
    "D15": "faults/test_hostile_data.py test_a03", "D16": "faults/test_hostile_studies.py test_a14",
    "D17": "faults/test_hostile_data.py test_a11", "D18": "faults/test_hostile_plan.py test_d18",
    "D19": "faults/test_hostile_pages.py test_a16_d19", "D20": "faults/test_hostile_plan.py test_d20",
    "S01": "faults/test_hostile_studies.py test_a20_a25", "S02": "faults/test_hostile_plan.py test_s02_to_s22",
    "S03": "faults/test_hostile_plan.py test_s02_to_s22", "S04": "faults/test_hostile_studies.py test_a20_a25",
    "S05": "faults/test_hostile_studies.py test_s05", "S06": "faults/test_hostile_studies.py test_a26",
    "S07": "faults/test_hostile_studies.py test_a05", "S08": "faults/test_hostile_studies.py test_a20_a25",
    "S09": "faults/test_hostile_studies.py test_a20_a25", "S10": "faults/test_hostile_plan.py test_s02_to_s22",
    "S11": "report/test_hostile.py test_the_page_shows", "S12": "faults/test_hostile_plan.py test_s02_to_s22",
    "S13": "report/test_hostile.py test_drawings", "S14": "report/test_hostile.py test_csv_holds",
    "S15": "report/test_hostile.py test_latex_sets", "S16": "report/test_hostile.py test_the_terminal",
    "S17": "faults/test_hostile_plan.py test_s17", "S18": "families/test_checks.py test_foreign_code",
    "S19": "families/test_checks.py test_parameters_that", "S20": "data/test_archives.py test_a_path_that_leaves",
    "S21": "data/test_downloads.py test_a_redirect_to", "S22": "data/test_downloads.py test_another_hash",
    "S23": "faults/test_hostile_studies.py test_a10", "S24": "faults/test_hostile_studies.py test_a21",
    "S25": "faults/test_hostile_studies.py test_a09", "S26": "faults/test_hostile_plan.py test_s23_s26",
}  # fmt: skip


def names_in(path: Path) -> set[str]:
    found = set(
        re.findall(
            r"^def (test_\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    )
    return found | {path.relative_to(ROOT).as_posix()}


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Every test, and every file of tests."""
    return set[str]().union(
        *(names_in(path) for path in (ROOT / "tests").rglob("test_*.py"))
    )


def test_every_fault_of_the_plan_has_its_test() -> None:
    assert list(TESTS) == [f"D{n:02}" for n in range(1, 21)] + [
        f"S{n:02}" for n in range(1, 27)
    ]
    for case, test in TESTS.items():
        file, name = test.split()
        assert any(one.startswith(name) for one in names_in(ROOT / "tests" / file)), (
            case
        )


def test_every_defect_that_was_found_has_its_test(named: set[str]) -> None:
    """A01 to A32 of a review by strangers."""
    have = {
        number for name in named for number in re.findall(r"(?<=_)a(\d\d)(?=_)", name)
    }
    assert have >= {f"{number:02}" for number in range(1, 33)}


def test_every_threat_of_security_md_has_its_test(named: set[str]) -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (?!---|What could)(.+?) \| .+ \| (.+) \|$", text, flags=re.MULTILINE
    )
    assert len(rows) >= 19
    for threat, held in rows:
        tests = re.findall(r"`([^`]+)`", held)
        assert tests, threat
        for test in tests:
            start = test.removesuffix("...")
            assert (ROOT / test).is_file() or any(
                one.startswith(start) for one in named
            ), (threat, test)
