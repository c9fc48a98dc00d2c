"""Two runs as tables: what is left out is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bench.comparisons.run_record import RecordedClaim, RunRecord
from bench.comparisons.two_runs import two_runs
from bench.project.score_files import run_of_scores
from bench.report.blocks import Table
from bench.report.page import render_two_runs
from bench.report.two_runs import MOST, OVER_SEEDS, compare_runs, left, markdown
from bench.text.formats import MINUS, THIN


def run_of(models: int, moved: int, shift: float) -> RunRecord:
    """Scores of many models, of which the last `moved` are worse by a shift."""
    noise = np.random.default_rng(round(10 * shift))
    rows = [
        {"dataset": "d", "family": f"m{m}", "repeat": 0, "fold": f,
         "value": 0.8 + 0.01 * f - (m >= models - moved) * (shift + 0.001 * noise.normal())}
        for m in range(models) for f in range(10)
    ]  # fmt: skip
    return run_of_scores(
        "s", pl.DataFrame(rows), metric="accuracy", ratio=None, seeds=False
    )


@pytest.mark.parametrize(
    ("kind", "unit", "published", "ours", "words"),
    [
        ("value", "percent", "86", 85.984, f"85.98{THIN}%"),
        ("better", "percent", "2.0", -2.1694, f"{MINUS}2.169 pp"),
        ("better", None, None, 0.05984, "5.984 pp"),
        ("order", None, None, 1.0, "1.000"),
        ("rank", None, "1.5", 1.0, "1.00"),
    ],
)
def test_a_number_of_a_claim_has_the_unit_that_its_page_shows(
    kind: str, unit: str | None, published: str | None, ours: float, words: str
) -> None:
    claim = RecordedClaim(
        "c", kind, "accuracy", "paper", "attempted", "fits", "strong", published, unit, ours, None, None, "[]",
        control=None, counted=True, became=None,
    )  # fmt: skip
    was, now = (
        replace(run_of(2, 0, 0.0), claims=(one,))
        for one in (claim, replace(claim, agreement="differs"))
    )
    tables = [block for block in compare_runs(two_runs(was, now)) if isinstance(block, Table)]  # fmt: skip
    (table,) = [one for one in tables if one.columns[0] == "claim"]
    assert table.rows[0][3:5] == (words, words)


@pytest.mark.parametrize(
    ("models", "moved", "rows", "brief"),
    [(47, 47, 7, 7), (47, 45, 7, 5), (47, 2, 7, 0)],
)
def test_rows_that_are_left_out_are_counted(
    models: int, moved: int, rows: int, brief: int
) -> None:
    found = two_runs(run_of(models, moved, 0.0), run_of(models, moved, 0.1))
    assert len(found.worse) == moved
    (table,) = [block for block in compare_runs(found) if isinstance(block, Table)]
    assert (len(table.rows), table.notes) == (MOST, left(MOST + rows))
    assert left(MOST + rows)[0] in render_two_runs(found)
    comment = markdown(found)
    assert comment.count("◆ worse |") == moved - brief
    assert (f"Rows left out: {brief}" in comment) == (brief > 0)


@pytest.mark.parametrize("seeds", [True, False])
def test_tests_over_seeds_are_marked_everywhere(seeds: bool) -> None:
    """In the lead, which terminal, page and comment share, and with the datasets where there are others."""
    was, now = (run_of(3, 3, shift) for shift in (0.0, 0.1))
    if seeds:
        was, now = (
            replace(run, tables=tuple(replace(one, setting=replace(one.setting, seeds=True, repeats=10, ratio=None))
                                      for one in run.tables), folds=(),
                    scores=tuple(replace(one, repeat=one.fold, fold=one.repeat) for one in run.scores))
            for run in (was, now)
        )  # fmt: skip
    found = two_runs(was, now)
    assert {row.seeds for row in found.scores if row.p is not None} == {seeds}
    for said in (render_two_runs(found), markdown(found)):
        assert (OVER_SEEDS in said) == seeds
