"""Small studies with extra fits, run in this process: what a worker does, without starting one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.data.arrays import write_arrays
from bench.data.dataset import Column, Dataset
from bench.run.cells import Cell
from bench.run.gather import Results, gathered
from bench.run.result import Failure
from bench.run.store import Store
from bench.run.study import CellGrid, follow_ups, grid_of
from bench.run.variants.context import Other
from bench.run.workers.dispatch import tasks_of, work
from bench.study import Study

KFOLD = {"kind": "kfold", "folds": 3, "repeats": 2}


def a_dataset(
    n: int = 48, p: int = 4, seed: int = 0, task: Any = "classification", **changed: Any
) -> Dataset:
    """Two classes of equal size, or a number, that the first feature tells about."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, p))
    score = X[:, 0] + 0.7 * random.normal(size=n)
    y = score if task == "regression" else (score > np.median(score)).astype(np.int64)
    columns = tuple(Column(f"x{i}", "numeric") for i in range(p))
    classes = () if task == "regression" else ("no", "yes")
    made = Dataset(
        "d", task, columns, X, y, np.arange(n), f"print-{n}-{p}-{seed}-{task}", classes
    )
    return replace(made, **changed) if changed else made


def a_study(
    diagnostics: Mapping[str, Any] | None = None,
    resampling: Mapping[str, Any] = KFOLD,
    tuning: Mapping[str, Any] | None = None,
    families: Mapping[str, Any] | None = None,
    **changed: Any,
) -> Study:
    names = changed.pop("datasets", ("d",))
    sections: dict[str, Any] = {
        "id": "s",
        "title": "Small",
        "task": "classification",
        "datasets": {
            name: {"source": {"kind": "sklearn", "name": "wine"}, "target": "target"}
            for name in names
        },
        "clean": None,
        "preprocess": None,
        "protocol": {"resampling": dict(resampling), "tuning": tuning, "seed": 0},
        "families": families or {"baseline": {}, "lda": {}},
        "metrics": {
            "primary": "rmse" if changed.get("task") == "regression" else "accuracy"
        },
        "diagnostics": diagnostics,
    }
    return Study.model_validate(sections | changed)


def fewer(study: Study, **changed: dict[str, int]) -> Study:
    """The study with smaller extra fits than a study may ask for: `fewer(study, explain={"repeats": 1})`."""
    wanted = study.diagnostics
    assert wanted is not None
    smaller = {
        name: getattr(wanted, name).model_copy(update=numbers)
        for name, numbers in changed.items()
    }
    return study.model_copy(update={"diagnostics": wanted.model_copy(update=smaller)})


def nothing_else(dataset: str, way: str) -> None:
    return None


def do(
    cells: Sequence[Cell], grid: CellGrid, store: Store, folder: Path
) -> dict[str, Failure]:
    """Every open cell, done as a worker does it; what failed."""
    failures: dict[str, Failure] = {}
    known = store.known(cell.key for cell in cells)
    open_cells = [cell for cell in cells if cell.key not in known]
    for fingerprint in dict.fromkeys(cell.fingerprint for cell in open_cells):
        write_arrays(folder, grid.datasets[fingerprint])
    for task in tasks_of(open_cells, folder, {}):
        content, failure = work(task)
        if content is None:
            assert failure is not None
            failures[task.cell.key] = failure
        else:
            store.put(task.cell, content, 0.1, 1)
    return failures


def finished(
    study: Study, datasets: Iterable[Dataset], folder: Path, other: Other = nothing_else
) -> tuple[list[Cell], Results]:
    """The whole study: its cells in order, and the frames."""
    with Store(folder / "cells.sqlite") as store:
        grid = grid_of(study, list(datasets), store, other=other)
        failures = do(grid.cells, grid, store, folder)
        later = follow_ups(grid, store)
        failures |= do(later, grid, store, folder)
        cells = [*grid.cells, *later]
        order = sorted(
            cells,
            key=lambda cell: (
                cell.plan.dataset,
                list(study.families or ()).index(cell.plan.family),
            ),
        )
        results = gathered(
            order,
            lambda cell: None if cell.key in failures else store.get(cell.key),
            failures,
            grid.datasets,
            grid.folds,
            grid.unavailable,
        )
        return cells, results


def variants(cells: Iterable[Cell]) -> set[str]:
    return {cell.variant for cell in cells}
