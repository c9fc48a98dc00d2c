"""The slip finder on a few simulated papers: the right way in the set, honest papers left alone."""

from __future__ import annotations

import pytest

from calibrate.finder import simulated


@pytest.mark.parametrize(("world", "way"), [("grouped", "random_split"), ("derived", "columns_kept")])
def test_the_right_slip_is_named_and_honest_papers_are_left_alone(world: str, way: str) -> None:
    rows = simulated(world, 3, 0)
    slips = [row for row in rows if row["arm"] == "slip" and row["way"] == way and row["effect"] >= 2]
    assert slips and all(row["found"] for row in slips)
    assert not any(row["accuses"] for row in rows if row["arm"] == "honest")


def test_the_same_papers_twice() -> None:
    assert simulated("one split", 1, 0) == simulated("one split", 1, 0)
