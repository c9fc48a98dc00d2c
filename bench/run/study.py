"""Run a study: every cell from the store or a worker, every frame in one fixed order."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from bench.data.arrays import write_arrays
from bench.data.dataset import Dataset
from bench.errors import DataError, Misfit
from bench.frames import FOLDS, empty
from bench.run import cluster
from bench.run.cells import Cell, Engine, plans_of
from bench.run.gather import Results, frame_of, gathered
from bench.run.limits import Limits
from bench.run.remember import folds_of
from bench.run.result import CellResult, Failure, unpacked, warnings_of
from bench.run.store import FILE, Store
from bench.run.workers import ARRAYS, Outcome, bundles, outcomes
from bench.study import Study


class Listener(Protocol):
    """Who is told while cells finish: a terminal, a log, or nobody."""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None: ...
    def finished(self, cell: Cell, outcome: Outcome | None) -> None: ...
    def warned(self, cell: Cell, message: str) -> None: ...


class Silent:
    """A listener that says nothing."""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        return

    def finished(self, cell: Cell, outcome: Outcome | None) -> None:
        return

    def warned(self, cell: Cell, message: str) -> None:
        return


def cells_of(
    study: Study, datasets: list[Dataset], store: Store, engine: Engine = "fast"
) -> tuple[list[Cell], pl.DataFrame]:
    """The whole grid and the folds that it shares; raises `Misfit` before anything is fitted."""
    cells: list[Cell] = []
    frames: list[pl.DataFrame] = []
    for dataset in datasets:
        protocol = study.protocol_of(dataset.name)
        assert protocol is not None
        folds = folds_of(dataset, protocol, study.id, store)
        frames.append(frame_of(dataset, folds))
        _refuse_binary(study, dataset)
        for plan in plans_of(study, dataset, len(folds), engine):
            cells += [Cell(plan, fold, dataset.fingerprint) for fold in folds]
    return cells, pl.concat(frames) if frames else empty(FOLDS)


def _refuse_binary(study: Study, dataset: Dataset) -> None:
    """A primary metric of the positive class needs two classes."""
    name = study.metrics.primary
    if name.endswith("_binary") and len(dataset.classes) > 2:
        other = name.replace("_binary", "_macro")
        raise Misfit(
            ("metrics", "primary"),
            f"{name} needs two classes, dataset {dataset.name} has {len(dataset.classes)}; did you mean {other}?",
        )


def run(
    study: Study,
    datasets: list[Dataset],
    limits: Limits,
    listener: Listener,
    engine: Engine = "fast",
    scheduler: str | None = None,
) -> Results:
    """All cells of a study. A cell that fails is a row of `failures`; everything else finishes.

    Workers of this machine do them, or those of a dask scheduler.

    Raises `Misfit` before the first fit when study and data do not fit each other.
    """
    with Store() as store:
        cells, folds = cells_of(study, datasets, store, engine)
        stored = store.known([cell.key for cell in cells])
        open_cells = [cell for cell in cells if cell.key not in stored]
        seconds = store.seconds()
        listener.started(cells, len(stored), seconds)
        for cell in cells:
            if cell.key in stored:
                listener.finished(cell, None)
        for dataset in datasets if open_cells else ():
            write_arrays(ARRAYS, dataset)
        failures: dict[str, Failure] = {}
        tasks = bundles(open_cells, ARRAYS, seconds)
        done = outcomes(tasks, limits) if scheduler is None else cluster.outcomes(tasks, limits, scheduler)
        for outcome in done if tasks else ():  # no process is started for nothing
            _take(outcome, store, failures, listener)

        def result_of(cell: Cell) -> CellResult | None:
            content = None if cell.key in failures else store.get(cell.key) or store.rescued(cell.key)
            if content is None and cell.key not in failures:
                raise DataError(f"{FILE}: lost a cell while the run went on; nothing was written, run it again")
            return None if content is None else unpacked(content)

        return gathered(cells, result_of, failures, {one.name: one for one in datasets}, folds)


def _take(outcome: Outcome, store: Store, failures: dict[str, Failure], listener: Listener) -> None:
    cell = outcome.cell
    if outcome.content is None:
        assert outcome.failure is not None
        failures[cell.key] = outcome.failure
    else:
        store.put(cell, outcome.content, outcome.seconds, outcome.peak)
        for message in warnings_of(outcome.content):
            listener.warned(cell, message)
    if outcome.printed:
        listener.warned(cell, f"printed: {outcome.printed}")
    listener.finished(cell, outcome)
