"""Run a study: every cell from the store or a worker, every frame in one fixed order."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from bench.core.errors import DataError, IncompatibleDataError
from bench.core.frames import FOLDS, UNAVAILABLE, empty, of_rows
from bench.core.metrics import METRICS
from bench.data.arrays import write_arrays
from bench.data.dataset import Dataset
from bench.run.cells import Cell, Engine, Plan, plans_of
from bench.run.gather import Results, frame_of, gathered, worth_telling
from bench.run.result import Failure, warnings_of
from bench.run.store import Store
from bench.run.stored_folds import folds_of
from bench.run.variants.context import DatasetContext, Other, Refused
from bench.run.variants.extra_fit import by_fingerprint, requested_afterwards, requested_at_once
from bench.run.workers import cluster
from bench.run.workers.dispatch import Batch, CellOutcome, bundles, outcomes
from bench.run.workers.limits import Limits
from bench.study import Study


@dataclass(frozen=True)
class Execution:
    """What a run is done with.

    store: the file of finished cells, None for this run's memory alone; arrays: the folder that workers read datasets
    from; scheduler: the address of a dask scheduler, None for workers of this machine.
    """

    limits: Limits
    store: Path | None
    arrays: Path
    engine: Engine = "fast"
    scheduler: str | None = None


class Listener(Protocol):
    """Who is told while cells finish: a terminal, a log, or nobody.

    `working` is told which cells workers of this machine are at, whenever that may have changed. What the workers of a
    cluster are at is not known here, and not told.
    """

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None: ...
    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None: ...
    def warned(self, cell: Cell, message: str) -> None: ...
    def working(self, cells: Sequence[Cell]) -> None: ...


class Silent:
    """A listener that says nothing."""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        return

    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None:
        return

    def warned(self, cell: Cell, message: str) -> None:
        return

    def working(self, cells: Sequence[Cell]) -> None:
        return


@dataclass(frozen=True, eq=False)
class CellGrid:
    """All cells that a run knows at its start: the study's own and the extra fits that need no result, in one order.

    folds: frames.FOLDS of the study's own; datasets: by fingerprint, those of extra fits too; unavailable:
    frames.UNAVAILABLE.
    """

    cells: tuple[Cell, ...]
    folds: pl.DataFrame
    contexts: tuple[DatasetContext, ...]
    datasets: Mapping[str, Dataset]
    unavailable: pl.DataFrame


def grid_of(
    study: Study, datasets: list[Dataset], store: Store, engine: Engine = "fast", other: Other = lambda *_: None
) -> CellGrid:
    """The grid. `other`: datasets as another cleaning leaves them.

    Raises `IncompatibleDataError` before anything is fitted.
    """
    cells: list[Cell] = []
    frames: list[pl.DataFrame] = []
    contexts: list[DatasetContext] = []
    made: dict[str, Dataset] = {}
    refused: list[Refused] = []
    for dataset in datasets:
        protocol = study.protocol_of(dataset.name)
        assert protocol is not None
        folds = folds_of(dataset, protocol, study.id, store)
        frames.append(frame_of(dataset, folds))
        _refuse_positive(study, dataset)
        plans = plans_of(study, dataset, len(folds), engine)
        contexts.append(DatasetContext(study, dataset, folds, plans, store, other))
        requested = requested_at_once(contexts[-1])
        made |= requested.datasets
        refused += requested.refused
        own = [Cell(plan, fold, dataset.fingerprint) for plan in plans for fold in folds]
        cells += _in_order([*own, *requested.cells], plans)
    everything = by_fingerprint(datasets, made)
    whole = pl.concat(frames) if frames else empty(FOLDS)
    return CellGrid(
        tuple(cells), whole, tuple(contexts), everything, of_rows([request.row for request in refused], UNAVAILABLE)
    )


def _in_order(cells: Iterable[Cell], plans: Sequence[Plan]) -> list[Cell]:
    """By family as the study has them, the plain cells of each before those of extra fits."""
    place = {plan.family: number for number, plan in enumerate(plans)}
    return sorted(cells, key=lambda cell: place[cell.plan.family])


def follow_ups(grid: CellGrid, store: Store) -> list[Cell]:
    """The extra fits that start from what the study's own stored cells chose."""

    def chosen(cell: Cell) -> int | None:
        content = store.get(cell.key)
        return None if content is None else _chosen(content)

    return [cell for context in grid.contexts for cell in requested_afterwards(context, chosen)]


def _chosen(content: bytes) -> int:
    """The number of the chosen candidate, from the head of a packed result."""
    (length,) = struct.unpack_from("<q", content, 0)
    return int(json.loads(content[8 : 8 + length])["chosen"])


def cells_of(
    study: Study, datasets: list[Dataset], store: Store, engine: Engine = "fast", other: Other = lambda *_: None
) -> list[Cell]:
    """Every cell of a study as far as it is known now; what follows a cell that is not stored is not."""
    grid = grid_of(study, datasets, store, engine, other)
    return [*grid.cells, *follow_ups(grid, store)]


def _refuse_positive(study: Study, dataset: Dataset) -> None:
    """A primary metric of the positive class needs two classes."""
    name = study.metrics.primary
    metric = METRICS[name]
    if metric.needs_positive and len(dataset.classes) > 2:
        raise IncompatibleDataError(
            ("metrics", "primary"),
            f"{name} needs two classes, dataset {dataset.name} has {len(dataset.classes)}"
            + (f"; did you mean {metric.over_classes}?" if metric.over_classes else ""),
        )


def run(
    study: Study,
    datasets: list[Dataset],
    execution: Execution,
    listener: Listener,
    other: Other = lambda *_: None,
) -> Results:
    """All cells of a study. A cell that fails is a row of `failures`; everything else finishes.

    Workers of this machine do them, or those of a dask scheduler.

    Raises `IncompatibleDataError` before the first fit when study and data do not fit each other.
    """
    with Store(execution.store) as store:
        grid = grid_of(study, datasets, store, execution.engine, other)
        work = _Work(store, grid.datasets, execution, listener)
        work.do(grid.cells)
        later = follow_ups(grid, store)
        if later:
            work.do(later)
        cells = [
            cell for context in grid.contexts for cell in _in_order(_of(context, [*grid.cells, *later]), context.plans)
        ]  # fmt: skip
        return gathered(cells, work.content_of, work.failures, grid.datasets, grid.folds, grid.unavailable)


def _of(context: DatasetContext, cells: Iterable[Cell]) -> Iterator[Cell]:
    return (cell for cell in cells if cell.plan.dataset == context.dataset.name)


@dataclass(eq=False)
class _Work:
    """What is being done of a study: the store, the datasets by fingerprint, and what failed so far."""

    store: Store
    datasets: Mapping[str, Dataset]
    execution: Execution
    listener: Listener
    failures: dict[str, Failure] = field(default_factory=dict)

    def do(self, cells: Sequence[Cell]) -> None:
        """Every cell, from the store or a worker. The listener is told of them as of one piece of work."""
        stored = self.store.known([cell.key for cell in cells])
        open_cells = [cell for cell in cells if cell.key not in stored]
        seconds = self.store.seconds()
        self.listener.started(list(cells), len(stored), seconds)
        for cell in cells:
            if cell.key in stored:
                self.listener.finished(cell, None)
        for fingerprint in dict.fromkeys(cell.fingerprint for cell in open_cells):
            write_arrays(self.execution.arrays, self.datasets[fingerprint])
        tasks = bundles(open_cells, self.execution.arrays, seconds)
        for outcome in self._done(tasks) if tasks else ():  # no process is started for nothing
            _take(outcome, self.store, self.failures, self.listener)

    def _done(self, tasks: list[Batch]) -> Iterator[CellOutcome]:
        limits, scheduler = self.execution.limits, self.execution.scheduler
        if scheduler is None:
            return outcomes(tasks, limits, self.listener.working)
        return cluster.outcomes(tasks, limits, scheduler)

    def content_of(self, cell: Cell) -> bytes | None:
        """The packed result of a cell; None where it failed."""
        content = None if cell.key in self.failures else self.store.get(cell.key) or self.store.rescued(cell.key)
        if content is None and cell.key not in self.failures:
            raise DataError(
                f"{self.execution.store}: lost a cell while the run went on; nothing was written, run it again"
            )
        return content


def _take(outcome: CellOutcome, store: Store, failures: dict[str, Failure], listener: Listener) -> None:
    cell = outcome.cell
    if outcome.content is None:
        assert outcome.failure is not None
        failures[cell.key] = outcome.failure
    else:
        store.put(cell, outcome.content, outcome.seconds, outcome.peak)
        for message in warnings_of(outcome.content):
            if worth_telling(cell, message):
                listener.warned(cell, message)
    if outcome.printed:
        listener.warned(cell, f"printed: {outcome.printed}")
    listener.finished(cell, outcome)
