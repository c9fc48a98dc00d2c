"""bench's side: the same cells, workers, store and frames included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.data.arrays import write_arrays
from bench.data.dataset import Dataset
from bench.run.cells import Cell, Engine, Plan
from bench.run.folds import Fold
from bench.run.result import CellResult, unpacked
from bench.study import Protocol
from research.speed.contest import INNER_FOLDS, SEED, WORKERS, Contest, Entry
from research.speed.gate import Kept, Key

STORE = "cells.sqlite"


class FixedCell(Cell):
    """A cell with the contest's seed; bench's own seeds are made of names, and the opponent has one for all."""

    @property
    def seed(self) -> int:
        return SEED


def cell_of(
    contest: Contest,
    dataset: Dataset,
    entry: Entry,
    fold: Fold,
    count: int,
    engine: Engine,
) -> Cell:
    """The cell of one entry on one of `count` outer folds."""
    protocol = Protocol.model_validate(
        {
            "resampling": {"kind": "kfold", "folds": count},
            "tuning": {"folds": INNER_FOLDS},
            "seed": SEED,
        }
    )
    plan = Plan(
        study=contest.name,
        task="classification",
        dataset=dataset.name,
        family=entry.name,
        setup=entry.setup,
        steps=(("scale", {}),),
        candidates=entry.candidates,
        protocol=protocol,
        metric=contest.metric,
        engine=engine,
    )
    return FixedCell(plan, fold, dataset.fingerprint)


def cells_of(contest: Contest, engine: Engine) -> Iterator[Cell]:
    """All cells of a contest."""
    for dataset, folds in contest.datasets:
        for entry in contest.entries:
            for fold in folds:
                yield cell_of(contest, dataset, entry, fold, len(folds), engine)


def content(dataset: Dataset, cell: Cell) -> bytes:
    """The packed result of one outer fold, computed in this process."""
    from bench.run.evaluate import evaluate
    from bench.run.result import packed

    return packed(evaluate(dataset, cell))


def run(contest: Contest, engine: Engine, folder: Path, began: float) -> dict[str, Any]:
    """Run all cells with workers, store and frames, as `bench.run.study.run` does.

    `began`: when the process was started.
    """
    import polars as pl

    from bench.core.frames import UNAVAILABLE, empty
    from bench.run.gather import frame_of, gathered
    from bench.run.store import Store
    from bench.run.workers.dispatch import outcomes, tasks_of
    from bench.run.workers.limits import Limits

    cells, arrays = list(cells_of(contest, engine)), folder / "arrays"
    frames = pl.concat(
        [frame_of(dataset, folds) for dataset, folds in contest.datasets]
    )
    first, seconds, failures = float("inf"), dict.fromkeys(_names(cells), 0.0), {}
    with Store(folder / STORE) as store:
        for dataset, _ in contest.datasets:
            write_arrays(arrays, dataset)
        for outcome in outcomes(
            tasks_of(cells, arrays, store.seconds()), Limits(workers=WORKERS)
        ):
            first = min(first, time.perf_counter() - outcome.seconds)
            seconds[_name(outcome.cell)] += outcome.seconds
            if outcome.content is None:
                assert outcome.failure is not None
                failures[outcome.cell.key] = outcome.failure
            else:
                store.put(outcome.cell, outcome.content, outcome.seconds, outcome.peak)

        known = {dataset.fingerprint: dataset for dataset, _ in contest.datasets}
        results = gathered(
            cells,
            lambda cell: store.get(cell.key),
            failures,
            known,
            frames,
            empty(UNAVAILABLE),
        )
    return {
        "seconds": seconds,
        "start_up": first - began,
        "rows": len(results.predictions),
    }


def _name(cell: Cell) -> str:
    return f"{cell.plan.dataset}/{cell.plan.family}"


def _names(cells: list[Cell]) -> list[str]:
    return [_name(cell) for cell in cells]


def stored(contest: Contest, engine: Engine, folder: Path) -> dict[Key, Kept]:
    """The results in the store of a run's folder."""
    from bench.run.store import Store

    datasets, found = {dataset.name: dataset for dataset, _ in contest.datasets}, {}
    with Store(folder / STORE) as store:
        for cell in cells_of(contest, engine):
            kept = store.get(cell.key)
            if kept is not None:
                key = (cell.plan.dataset, cell.plan.family, cell.fold.fold)
                found[key] = kept_of(datasets[cell.plan.dataset], cell, unpacked(kept))
    return found


def kept_of(dataset: Dataset, cell: Cell, result: CellResult) -> Kept:
    """A cell's result in the gate's form."""
    values = result.test.p if result.test.p is not None else result.test.decision
    assert (
        values is not None
        and result.test.label is not None
        and result.train.label is not None
    )
    accuracy = float(np.mean(result.train.label == dataset.y[cell.fold.train]))
    return Kept(result.inner, result.chosen, result.test.label, values, accuracy)
