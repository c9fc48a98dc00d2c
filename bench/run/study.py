"""Run a study: every cell from the store or a worker, every frame in one fixed order."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from bench.data.arrays import write_arrays
from bench.data.dataset import Dataset
from bench.errors import Misfit
from bench.frames import FOLDS, empty
from bench.run.cells import Cell, Engine, plans_of
from bench.run.folds import outer_folds
from bench.run.gather import Results, frame_of, gathered
from bench.run.result import CellResult, Failure, unpacked, warnings_of
from bench.run.store import Store
from bench.run.supervisor import Limits
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


def cells_of(study: Study, datasets: list[Dataset], engine: Engine = "fast") -> tuple[list[Cell], pl.DataFrame]:
    """The whole grid and the folds that it shares; raises `Misfit` before anything is fitted."""
    cells: list[Cell] = []
    frames: list[pl.DataFrame] = []
    for dataset in datasets:
        protocol = study.protocol_of(dataset.name)
        assert protocol is not None
        folds = outer_folds(dataset, protocol, study.id)
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


def run(study: Study, datasets: list[Dataset], limits: Limits, listener: Listener, engine: Engine = "fast") -> Results:
    """All cells of a study. A cell that fails is a row of `failures`; everything else finishes.

    Raises `Misfit` before the first fit when study and data do not fit each other.
    """
    cells, folds = cells_of(study, datasets, engine)
    with Store() as store:
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
        for outcome in outcomes(bundles(open_cells, ARRAYS, seconds), limits):
            _take(outcome, store, failures, listener)

        def result_of(cell: Cell) -> CellResult | None:
            content = store.get(cell.key)
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
