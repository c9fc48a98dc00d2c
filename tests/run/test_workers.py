"""Cells as tasks: the longest first, and a bad cell costs itself alone."""

from __future__ import annotations

from pathlib import Path

import mortal
import numpy as np

from bench.data.arrays import write_arrays
from bench.data.dataset import Column, Dataset
from bench.families.family import Setup
from bench.run.cells import Cell, Plan
from bench.run.folds import outer_folds
from bench.run.result import short
from bench.run.workers.dispatch import outcomes, tasks_of
from bench.run.workers.limits import Limits
from bench.study import Protocol


def made(name: str, rows: int = 60) -> Dataset:
    X = np.random.default_rng(0).normal(size=(rows, 2))
    X[0, 0] = mortal.FIRST
    columns = (Column("a", "numeric"), Column("b", "numeric"))
    return Dataset(
        name,
        "classification",
        columns,
        X,
        np.arange(rows) % 2,
        np.arange(rows),
        name,
        ("x", "y"),
    )


def cells_of(dataset: Dataset, path: str) -> list[Cell]:
    tuning = {"folds": 2}
    protocol = Protocol.model_validate(
        {"resampling": {"kind": "kfold", "folds": 4}, "tuning": tuning, "seed": 0}
    )
    tried = ({"n_neighbors": 1}, {"n_neighbors": 3})
    plan = Plan(
        "s",
        "classification",
        dataset.name,
        path.rpartition(".")[2],
        Setup(path),
        (),
        tried,
        protocol,
        "accuracy",
    )
    return [
        Cell(plan, fold, dataset.fingerprint)
        for fold in outer_folds(dataset, protocol, "s")
    ]


def test_only_the_bad_cell_is_lost(tmp_path: Path) -> None:
    dataset = made("d")
    cells = cells_of(dataset, "mortal.Mortal")
    write_arrays(tmp_path, dataset)
    tasks = tasks_of(cells, tmp_path, {})
    found = {outcome.cell.fold.fold: outcome for outcome in outcomes(tasks, Limits(2))}
    bad = next(cell.fold.fold for cell in cells if 0 in cell.fold.test)
    assert {fold for fold, outcome in found.items() if outcome.content is None} == {bad}
    assert found[bad].failure == ("crash", "fit", "left with exit code 3")


def test_the_longest_are_begun_first() -> None:
    small, large = made("small"), made("large", 200)
    knn = "sklearn.neighbors.KNeighborsClassifier"
    cells = [*cells_of(small, knn), *cells_of(large, knn)]
    order = [task.name[0] for task in tasks_of(cells, Path(), {})]
    assert order == ["large"] * 4 + ["small"] * 4
    remembered = {
        ("small", "KNeighborsClassifier"): 9.0,
        ("large", "KNeighborsClassifier"): 1.0,
    }
    assert [task.name[0] for task in tasks_of(cells, Path(), remembered)] == [
        "small"
    ] * 4 + ["large"] * 4
    half = {("large", "KNeighborsClassifier"): 1.0}
    assert next(task.name[0] for task in tasks_of(cells, Path(), half)) == "small", (
        "what is not known comes first"
    )


def test_reasons_hold_no_clock_stack_or_address() -> None:
    text = "[20:33:28] /src/x.cc:120: bad <object at 0x7f12ab> label\nStack trace:\n  [bt] (0) /here/lib.so(+0x1b2) [0x7f]"
    assert short(text) == "/src/x.cc:120: bad <object> label"
