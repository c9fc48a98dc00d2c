"""A family that prints 0 or 1 has no calibration: any error would be certain evidence against it."""

from __future__ import annotations

import polars as pl

import bench.diagnose
from bench.core.outcomes import codes
from bench.diagnose.case import Case


def test_hard_votes_get_no_verdict() -> None:
    found = bench.diagnose.findings(Case(confidence=1.0).evidence()).filter(
        pl.col("diagnostic") == "calibration"
    )
    assert found.height and set(found["outcome"]) == {"not_applicable"}
    assert all(
        "calibration.hard_votes" in codes(details) for details in found["details"]
    )
    judged = bench.diagnose.findings(Case(confidence=0.99).evidence()).filter(
        pl.col("diagnostic") == "calibration"
    )
    assert "found" in set(judged["outcome"])
