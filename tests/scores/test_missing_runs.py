"""What becomes of runs without a score: refused or left out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bench.core.errors import BenchError, DataError
from bench.data.clean import clean_table
from bench.scores.external import ExternalResults, external_results
from bench.study import Study, read_draft

STUDY = """
title: Runs that did not finish
task: null
datasets:
  t:
    source: {kind: csv, file: t.csv}
    metric: accuracy
    scores: {family: m, dataset: d, fold: f, value: acc, train_rows: 90, test_rows: 10MORE}
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: accuracy}
diagnostics: {halves: null}
"""
#: a and constant finished all; b has no number in fold 1 and no row in fold 2.
TABLE = pl.DataFrame(
    {
        "m": ["a", "a", "a", "b", "b", "constant", "constant", "constant"],
        "d": ["x"] * 8,
        "f": ["0", "1", "2", "0", "1", "0", "1", "2"],
        "acc": [0.9, 0.8, 0.7, 0.6, None, 0.5, 0.4, 0.3],
    }
)


def read(
    folder: Path, more: str, table: pl.DataFrame = TABLE
) -> tuple[Study, ExternalResults]:
    (folder / "s").mkdir(exist_ok=True)
    (folder / "s" / "study.yaml").write_text(STUDY.replace("MORE", more))
    study = read_draft(folder / "s").study()
    done = clean_table("t", table, study.datasets["t"], (), None)
    return study, external_results(study, done.table, lambda name: done.frame)


def test_they_are_refused_unless_the_study_says_otherwise(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="acc"):
        read(tmp_path, "")
    with pytest.raises(DataError, match="b has not"):
        read(tmp_path, "", TABLE.drop_nulls())


def test_they_are_left_out_and_counted(tmp_path: Path) -> None:
    _, found = read(tmp_path, ", missing_runs: leave_out")
    assert found.scores.group_by("family").len().sort("family").rows() == [
        ("a", 3),
        ("b", 1),
        ("constant", 3),
    ]
    assert found.missing.select("family", "fold").rows() == [("b", 1), ("b", 2)]


NOTHING = TABLE.with_columns(acc=pl.when(pl.col("m") != "b").then("acc"))


def test_a_model_without_any_score_is_counted(tmp_path: Path) -> None:
    """b finished nothing on x, and all on y, where it is the only one."""
    other = TABLE.filter(m="a").with_columns(m=pl.lit("b"), d=pl.lit("y"))
    for table in (NOTHING, pl.concat([NOTHING, other])):
        _, found = read(tmp_path, ", missing_runs: leave_out", table)
        assert found.missing.select("dataset", "family", "fold").rows() == [
            ("x", "b", fold) for fold in range(3)
        ]
