"""The rule that the page's script applies, against judging again under each tolerance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle
from bench.report.reader import ToleranceRule, tolerance_rule
from tests.helpers.tolerant import FACTORS, agreements, tolerant, turns


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[VerdictRow]:
    study, frames = tolerant(tmp_path_factory.mktemp("reader"))
    return list(Bundle(study, frames).verdicts)


def test_a_rule_gives_what_judging_under_each_tolerance_gives(
    rows: list[VerdictRow], tmp_path: Path
) -> None:
    rules = {row.claim: (rule, row) for row in rows if (rule := tolerance_rule(row))}
    found = []
    for factor in FACTORS:
        again = agreements(tolerant(tmp_path, factor)[1])
        by_rule = {
            name: str(rule.at(factor * (row.tolerance or 0)))
            for name, (rule, row) in rules.items()
        }
        assert by_rule == {name: again[name] for name in by_rule}, factor
        found.append(by_rule)
    assert turns(found) >= 10
    assert {"near", "in-percent", "far", "of-another-sample"} <= rules.keys()


@pytest.mark.parametrize(
    ("tolerance", "agreement"),
    [
        (0.0, "differs"),
        (0.0199, "differs"),
        (0.02, "off"),
        (0.0399, "off"),
        (0.04, "fits"),
        (0.0499, "fits"),
        (0.05, "reproduced"),
    ],
)
def test_the_edges_of_a_rule(
    rows: list[VerdictRow], tolerance: float, agreement: str
) -> None:
    far = next(row for row in rows if row.claim == "far")
    ends = {"low": 0.03, "high": 0.05, "low_refute": 0.02, "high_refute": 0.06}
    row = replace(far, difference=0.04, **ends)
    judged = replace(row, tolerance=tolerance, agreement=agreement)
    rule = tolerance_rule(judged)
    assert rule == ToleranceRule(above=0.05, below=0.02, apart=0.04)
    assert rule.at(tolerance) == agreement


def test_a_claim_keeps_the_studys_agreement_where_no_rule_gives_it(
    rows: list[VerdictRow],
) -> None:
    far = next(row for row in rows if row.claim == "far")
    assert tolerance_rule(far) is not None
    for changes in (
        {"agreement": "fits"},
        {"published": None},
        {"against": "qda"},
        {"low": None},
        {"high_refute": None},
        {"tolerance": None},
        {"low_refute": far.low, "high_refute": far.high},
    ):
        assert tolerance_rule(replace(far, **changes)) is None, changes
