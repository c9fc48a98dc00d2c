"""Tests over seeds and tests on rows of one test set share no list and no needed difference."""

from __future__ import annotations

from typing import Any

from bench.report.exports.sheets import sheets
from bench.report.sections.claims import claims
from bench.report.sections.differences import differences
from bench.report.text.differences import SAMPLES
from tests.helpers import bundles

WIDTHS = {"t_over_seeds": 0.04, "mcnemar": 0.07}


def test_each_kind_of_sample_has_its_own_group() -> None:
    """The first pair of each dataset is tested on rows, the others over seeds."""
    made = bundles.study()
    scores = bundles.scores(made, 50, lambda d, f, m: 0.5 + len(f) / 50)
    parts = bundles.comparisons(made, scores, 0.02)
    seen: set[tuple[Any, ...]] = set()
    for row in parts["pairs"]:
        place = row["dataset"], row["metric"]
        row["test"] = "t_over_seeds" if place in seen else "mcnemar"
        row["resolution"] = WIDTHS[row["test"]]
        seen.add(place)
    folds = bundles.folds(made, 50)
    bundle = bundles.made_of(made, scores=scores, folds=folds, **parts)
    found = differences(bundle)
    for place in found.places:
        over, on_rows = place.groups
        assert [group.title for group in place.groups] == list(SAMPLES.values())
        assert {pair.test for pair in over.pairs} == {"t over seeds"}
        assert {pair.test for pair in on_rows.pairs} == {"McNemar"}
        assert ("4.0" in over.needed, "7.0" in on_rows.needed) == (True, True)
    shown = {"claims": claims(bundle)}
    tests = [
        {row[sheet.table.head.index("Test")] for row in sheet.table.rows}
        for sheet in sheets(bundle, shown | {"differences": found})
        if sheet.id.startswith("pairs-")
    ]
    assert tests == [{"t over seeds"}, {"McNemar"}] * len(found.places)
