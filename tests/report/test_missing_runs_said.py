"""The page counts the runs that tables of other people lack."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench.comparisons import comparisons
from bench.report.advice import Code, advise
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.styles import styles_of
from tests.scores.test_missing_runs import NOTHING, read


def a_page(folder: Path, table: pl.DataFrame) -> Bundle:
    """Three models on one dataset; some runs of b are missing."""
    _, found = read(folder, ", missing_runs: leave_out", table)
    frames = {
        "tables": found.tables,
        "folds": found.folds,
        "scores": found.scores,
        "missing_runs": found.missing,
    }
    compared = comparisons(found.study, found.tables, found.folds, found.scores)
    return Bundle(found.study, frames | compared.frames)


def test_a_model_without_any_run_is_not_advised(tmp_path: Path) -> None:
    bundle = a_page(tmp_path, NOTHING)
    (advice,) = advise(bundle, styles_of(bundle))
    assert "b" not in advice.verdicts and advice.code != Code.BASELINE
    assert render(bundle)
