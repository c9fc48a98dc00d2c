"""The gate and the meter of `make speed`, on something tiny: they can say no, and they count everybody."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.run.evaluate import evaluate
from research.speed import opponent, ours
from research.speed.contest import (
    FROZEN,
    MAIN,
    Contest,
    Entry,
    dataset_of,
    folds_of,
    sha256_of,
)
from research.speed.gate import Kept, differences, load, save
from research.speed.measured import measured

pytestmark = pytest.mark.long

KEY = ("wine", "knn", 0)


def tiny(names: tuple[str, ...]) -> Contest:
    """wine with three folds and a few candidates a family."""
    entries = tuple(_fewer(entry) for entry in MAIN if entry.name in names)
    return Contest(
        "tiny",
        ((dataset_of("wine"), folds_of(dataset_of("wine"), 3)),),
        entries,
    )


def _fewer(entry: Entry) -> Entry:
    grid = {name: values[:2] for name, values in entry.setup.grid.items()}
    if entry.name == "rf":
        grid["n_estimators"] = (4, 8)
    return replace(entry, setup=replace(entry.setup, grid=grid))


def test_the_contest_is_the_frozen_one() -> None:
    assert sha256_of("whole", "second") == FROZEN


def test_both_sides_agree() -> None:
    contest = tiny(("lr", "svm", "lda", "knn", "rf", "tree"))
    dataset, folds = contest.datasets[0]
    ours_found, theirs = {}, {}
    fold = folds[0]
    for entry in contest.entries:
        cell = ours.cell_of(contest, dataset, entry, fold, len(folds), "fast")
        key = ("wine", entry.name, fold.fold)
        ours_found[key] = ours.kept_of(dataset, cell, evaluate(dataset, cell))
        theirs[key] = opponent.searched(contest, dataset, entry, fold)
    assert differences(ours_found, theirs) == []


def test_the_gate_says_what_differs(tmp_path: Path) -> None:
    told = Kept(
        np.array([[0.5, 0.75]]),
        0,
        np.array([1, 0]),
        np.array([[0.25, 0.75], [0.5, 0.5]]),
        0.875,
    )
    save(tmp_path / "kept.npz", {KEY: told})
    (back,) = load(tmp_path / "kept.npz").items()
    assert differences(dict([back]), {KEY: told}) == []
    for changed, said in (
        (replace(told, inner=told.inner + 1e-15), "inner scores"),
        (replace(told, inner=told.inner * np.nan), "inner scores"),
        (replace(told, chosen=1), "chosen"),
        (replace(told, label=1 - told.label), "2 of 2 test labels"),
        (replace(told, values=told.values + 2e-9), "probabilities"),
        (replace(told, train_accuracy=0.875 + 1e-15), "train accuracy"),
    ):
        (sentence,) = differences({KEY: changed}, {KEY: told})
        assert said in sentence
    assert differences({KEY: told}, {}) == [
        "wine, knn, outer fold 0: grid search has no result"
    ]
    assert (
        differences(
            {KEY: replace(told, inner=told.inner + 1e-7)}, {KEY: told}, loss=True
        )
        == []
    )


def test_a_run_keeps_each_cell_and_counts_its_rows(tmp_path: Path) -> None:
    contest = tiny(("lda",))
    dataset, folds = contest.datasets[0]
    notes = ours.run(contest, "fast", tmp_path, time.perf_counter())
    assert notes["rows"] == 3 * len(
        dataset.y
    )  # each row twice as a training row, once as a test row
    assert set(ours.stored(contest, "fast", tmp_path)) == {
        ("wine", "lda", fold.fold) for fold in folds
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the orphaned")
def test_the_meter_counts_whom_a_command_leaves_behind() -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    command = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}], start_new_session=True)"
    took = measured(sys.executable, "-c", command)
    assert took["code"] == 0
    assert took["cpu"] >= 0.5
    assert measured(sys.executable, "-c", "raise SystemExit(3)")["code"] == 3
