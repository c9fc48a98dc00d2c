"""A change of results is seen: fits of every family on one small table give the recorded numbers.

A hash of code tells when stored results may be stale; this tells whether they are. Where a change is meant, run
`python -m tests.golden.fits` and say why in the commit.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.families import Family
from bench.run.identity import libraries
from tests.golden import fits
from tests.golden.fits import FILE, numbers

RECORDED = json.loads(FILE.read_text())
MEMBERS = {f"{family.name}, {task}": (family, task) for family, task in fits.MEMBERS}


@pytest.mark.skipif(
    libraries() != RECORDED["libraries"],
    reason="recorded with other versions of the libraries",
)
@pytest.mark.parametrize(("family", "task"), MEMBERS.values(), ids=MEMBERS)
def test_fits_give_the_recorded_numbers(family: Family, task: str) -> None:
    expected: dict[str, Any] = RECORDED["fits"][f"{family.name}, {task}"]
    given = numbers(family, task)
    assert given.keys() == expected.keys()
    for name, values in expected.items():
        if name in ("p", "decision"):
            assert [pytest.approx(row, rel=1e-6, abs=1e-8) for row in values] == given[
                name
            ], name
        else:
            assert given[name] == pytest.approx(values, rel=1e-6, abs=1e-8), name


def test_every_family_is_recorded_and_no_other() -> None:
    assert set(RECORDED["fits"]) == set(MEMBERS)
