"""A study that checks its own tests and detectors, on its own rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.outcomes import codes
from bench.data.dataset import Column, Dataset
from bench.diagnose import DiagnosticEvidence, self_check, self_checks
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

N = 120


def table(copied: bool = False) -> Dataset:
    rng = np.random.default_rng(3)
    y = np.arange(N) % 2
    X = rng.normal(size=(N, 4)) + 0.5 * y[:, np.newaxis]
    if copied:
        X[:, 2] = 7.5 - 3 * y
    columns = tuple(Column(name, "numeric") for name in ("a", "b", "c", "d"))
    return Dataset(
        "toy", "classification", columns, X, y, np.arange(N), "f", classes=("a", "b")
    )


def evidence(folder: Path, dataset: Dataset, **changes: str) -> DiagnosticEvidence:
    """Two families that are right about four rows in five, each about its own."""
    changes = {"diagnostics": "{self_check: true}"} | changes
    study = a_study(folder, families="{baseline: {}, lda: {}, qda: {}}", **changes)
    rng, rows = np.random.default_rng(1), []
    right = {family: rng.random(N) < 0.8 for family in ("lda", "qda")}
    for repeat in range(2):
        fold = rng.permutation(np.arange(N) % 10)
        for family in right:
            for row in range(N):
                truth = "ab"[row % 2]
                label = truth if right[family][row] else "ba"[row % 2]
                rows.append(
                    {"dataset": "toy", "family": family, "variant": "plain", "repeat": repeat, "fold": int(fold[row]),
                     "side": "test", "row": row, "truth": truth, "label": label, "p": [0.5, 0.5]}
                )  # fmt: skip
    scores = scores_of_arrays({name: around(0.8, 0.01, repeats=2) for name in right})
    empty: Any = frames.empty
    return DiagnosticEvidence(
        study, tables_of(), folds_of(2), scores, empty(frames.TUNING), sparse(rows, frames.CLASSIFICATION),
        empty(frames.REMARKS), empty(frames.FAILURES), empty(frames.DUPLICATES), lambda name: dataset,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_check, "PLANTINGS", 2)
    monkeypatch.setattr(self_check, "TRIALS", 200)


def test_nothing_is_checked_unasked(tmp_path: Path) -> None:
    assert self_checks(evidence(tmp_path, table(), diagnostics="null")).is_empty()


def test_tests_and_detectors_have_their_rates(tmp_path: Path) -> None:
    frame = self_checks(evidence(tmp_path, table()))
    assert frame.equals(self_checks(evidence(tmp_path, table()))), (
        "run twice it says the same"
    )
    tests = frame.filter(pl.col("diagnostic").is_null())
    assert tests["check"].to_list() == [
        "false_alarm",
        "power",
    ]  # one pair: no family of tests
    assert tests["rate"][0] <= 0.05 + 0.03
    hits = {
        (row["diagnostic"], row["planted"]): row["rate"]
        for row in frame.to_dicts()
        if row["check"] == "hit"
    }
    assert hits["illegitimate_features", 0.0] == 1
    assert hits["near_duplicates", 0.2] == 1
    assert hits["file_order", 0.6] == 1
    alarms = frame.filter(
        pl.col("check") == "false_alarm", pl.col("diagnostic").is_not_null()
    )
    assert alarms["rate"].to_list() == [0, 0, 0]
    assert frame.filter(pl.col("rate").is_not_null())["low"].null_count() == 0


def test_where_the_alarm_sounds_already_nothing_is_planted(tmp_path: Path) -> None:
    frame = self_checks(evidence(tmp_path, table(copied=True)))
    (row,) = frame.filter(pl.col("diagnostic") == "illegitimate_features").to_dicts()
    assert row["rate"] is None and codes(row["details"]) == (
        self_check.AlarmAlready.code,
    )
