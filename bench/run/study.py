"""Run a study: every cell from the store or a worker, every frame in one fixed order.

Where a study has a pilot, it is run first, its scores tell how many repeats the claims need in all, the rest is run.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl

from bench.core.errors import DataError, IncompatibleDataError
from bench.core.frames import FOLDS, REPEATS, UNAVAILABLE, empty, of_rows
from bench.core.metrics import METRICS
from bench.core.rows import one_by_one
from bench.data.arrays import read_arrays, write_arrays
from bench.data.dataset import Dataset
from bench.families.seeds import with_seeds
from bench.run.cells import Cell, Engine, Plan, plans_of, train_rows_kept
from bench.run.folds import Fold
from bench.run.gather import Results, frame_of, gathered, without_folders, worth_telling
from bench.run.pilots import most_repeats
from bench.run.result import Failure, warnings_of
from bench.run.store import Store, refuse_strangers
from bench.run.stored_folds import folds_of
from bench.run.variants.context import DatasetContext, Other, Refused
from bench.run.variants.extra_fit import (
    by_fingerprint,
    requested_afterwards,
    requested_at_once,
)
from bench.run.why import expected_seconds
from bench.run.workers import cluster
from bench.run.workers.dispatch import CellOutcome, CellTask, outcomes, tasks_of
from bench.run.workers.limits import Limits
from bench.study import Study
from bench.study.protocol import PilotRepeats, Resampling
from bench.study.repeats import pilots_of, with_repeats

#: How many repeats the claims on each dataset need, from what a pilot leaves; none where they need no more than that.
#: This room does not know claims.
RepeatsNeeded = Callable[[Study, Results], Mapping[str, int]]


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
    """Who is told while cells finish: a terminal, a log, or nobody; what is not said otherwise is told to nobody.

    `started` is told the cells that are to be fitted, and those that the store has; once more for cells that follow
    from results.
    """

    def started(self, cells: Sequence[Cell], stored: Sequence[Cell]) -> None:
        return

    def finished(self, cell: Cell, outcome: CellOutcome) -> None:
        return

    def warned(self, cell: Cell, message: str) -> None:
        return


class Silent(Listener):
    """A listener that says nothing."""


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
    study: Study,
    datasets: list[Dataset],
    store: Store,
    engine: Engine = "fast",
    other: Other = lambda *_: None,
    repeats: Mapping[str, int] | None = None,
) -> CellGrid:
    """The grid. `other`: datasets as another cleaning leaves them; `repeats`: how many there are where a pilot decides,
    those of the pilot unless given.

    Raises `IncompatibleDataError` before anything is fitted.
    """
    study = with_seeds(study)
    cells: list[Cell] = []
    frames: list[pl.DataFrame] = []
    contexts: list[DatasetContext] = []
    made: dict[str, Dataset] = {}
    refused: list[Refused] = []
    pilots = pilots_of(study)
    settled = with_repeats(
        study, {name: one.pilot for name, one in pilots.items()} | dict(repeats or {})
    )
    for dataset in datasets:
        protocol = settled.protocol_of(dataset.name)
        assert protocol is not None
        folds = folds_of(dataset, protocol, study.id, store)
        _refuse_few_rows(dataset, protocol.resampling)
        _refuse_single_rows(study, dataset, protocol.resampling, folds)
        frames.append(frame_of(dataset, folds))
        _refuse_positive(study, dataset)
        plans = _plans(settled, dataset, folds, engine, pilots.get(dataset.name))
        contexts.append(DatasetContext(study, dataset, folds, plans, store, other))
        requested = requested_at_once(contexts[-1])
        made |= requested.datasets
        refused += requested.refused
        own = [
            Cell(plan.on(fold), fold, dataset.fingerprint)
            for plan in plans
            for fold in folds
        ]
        cells += _in_order([*own, *requested.cells], plans)
    everything = by_fingerprint(datasets, made)
    whole = pl.concat(frames) if frames else empty(FOLDS)
    return CellGrid(
        tuple(cells),
        whole,
        tuple(contexts),
        everything,
        of_rows([request.row for request in refused], UNAVAILABLE),
    )


def _plans(
    study: Study,
    dataset: Dataset,
    folds: Sequence[Fold],
    engine: Engine,
    pilot: PilotRepeats | None,
) -> tuple[Plan, ...]:
    """The plans of one dataset. The cells of a pilot are those of a study with as many repeats."""
    if pilot is None:
        return plans_of(study, dataset, len(folds), engine)
    refuse_draws(dataset)
    first = sum(fold.repeat < pilot.pilot for fold in folds)
    later = train_rows_kept(first * pilot.at_most // pilot.pilot)
    plans = plans_of(study, dataset, first, engine)
    return tuple(
        replace(plan, pilot=pilot.pilot, later_train_rows=later) for plan in plans
    )


def _in_order(cells: Iterable[Cell], plans: Sequence[Plan]) -> list[Cell]:
    """By family as the study has them, the plain cells of each before those of extra fits."""
    place = {plan.family: number for number, plan in enumerate(plans)}
    return sorted(cells, key=lambda cell: place[cell.plan.family])


def follow_ups(grid: CellGrid, store: Store, waiting: bool = False) -> list[Cell]:
    """The extra fits that start from what the study's own stored cells chose; `waiting`: those of cells that are not
    stored, in their place, with the first candidate for the one that will be chosen."""

    def chosen(cell: Cell) -> int | None:
        content = store.get(cell.key)
        if waiting:
            return 0 if content is None else None
        return None if content is None else _chosen(content)

    return [
        cell
        for context in grid.contexts
        for cell in requested_afterwards(context, chosen)
    ]


def _chosen(content: bytes) -> int:
    """The number of the chosen candidate, from the head of a packed result."""
    (length,) = struct.unpack_from("<q", content, 0)
    return int(json.loads(content[8 : 8 + length])["chosen"])


def cells_of(
    study: Study,
    datasets: list[Dataset],
    store: Store,
    engine: Engine = "fast",
    other: Other = lambda *_: None,
    needed: RepeatsNeeded = lambda *_: {},
) -> tuple[list[Cell], list[Cell]]:
    """Every cell of a study as far as it is known now, and those that start from what a cell that is not stored will
    choose. `needed`: how many repeats there are, by what is stored of a pilot."""
    repeats = None
    if pilots_of(study):
        repeats = run_of(
            _decided(
                study, grid_of(study, datasets, store, engine, other), store, needed
            )
        )
    grid = grid_of(study, datasets, store, engine, other, repeats)
    return [*grid.cells, *follow_ups(grid, store)], follow_ups(
        grid, store, waiting=True
    )


def _refuse_few_rows(dataset: Dataset, resampling: object) -> None:
    """Every fold that is drawn holds two rows on average: of one row there is no R2, no AUC and no spread."""
    folds = getattr(resampling, "folds", 0)
    rows = (
        dataset.n
        if dataset.draw is None
        else int(np.unique(dataset.draw, return_counts=True)[1].min())
    )
    if rows < 2 * folds:
        raise IncompatibleDataError(
            ("protocol", "resampling", "folds"),
            f"dataset {dataset.name} has {rows} rows, fewer than two for each of {folds} folds; use fewer folds, or"
            " `{kind: leave_one_out}`",
        )


def _refuse_single_rows(
    study: Study, dataset: Dataset, resampling: Resampling, folds: Sequence[Fold]
) -> None:
    """A hold-out tests more than one row, and a metric that ranks the rows of a test set has more than one in it."""
    if not one_by_one([len(fold.test) for fold in folds]):
        return
    test_size = getattr(resampling, "test_size", None)
    if test_size is not None:
        raise IncompatibleDataError(
            ("protocol", "resampling", "test_size"),
            f"dataset {dataset.name}: {test_size} of {dataset.n} rows is one row; use a larger test set, or"
            " `{kind: leave_one_out}`",
        )
    if METRICS[study.metrics.primary].compares_rows:
        single = sum(len(fold.test) == 1 for fold in folds)
        raise IncompatibleDataError(
            ("metrics", "primary"),
            f"{study.metrics.primary} ranks rows of one test set, and {single} of the {len(folds)} test sets"
            f" of dataset {dataset.name} are one row",
        )


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
    needed: RepeatsNeeded = lambda *_: {},
) -> Results:
    """All cells of a study. A cell that fails is a row of `failures`; everything else finishes.

    Workers of this machine do them, or those of a dask scheduler. Where a study has a pilot, it is run first; `needed`
    tells from its results how many repeats there are.

    Raises `IncompatibleDataError` before the first fit when study and data do not fit each other.
    """
    with Store(execution.store) as store:
        grid = grid_of(study, datasets, store, execution.engine, other)
        work, repeats = _Work(store, execution, listener), empty(REPEATS)
        if pilots_of(study):
            work.do(_own(grid), grid.datasets)
            repeats = _decided(study, grid, store, needed)
            grid = grid_of(
                study, datasets, store, execution.engine, other, run_of(repeats)
            )
        work.do(grid.cells, grid.datasets)
        later = follow_ups(grid, store)
        if later:
            work.do(later, grid.datasets)
        every, cells = [*grid.cells, *later], list[Cell]()
        for context in grid.contexts:
            own = (cell for cell in every if cell.plan.dataset == context.dataset.name)
            cells += _in_order(own, context.plans)
        results = gathered(
            cells,
            work.content_of,
            work.failures,
            grid.datasets,
            grid.folds,
            grid.unavailable,
        )
        return replace(results, repeats=repeats)


def _own(grid: CellGrid) -> list[Cell]:
    """The study's own cells."""
    return [cell for cell in grid.cells if cell.variant == "plain"]


def _decided(
    study: Study, pilot: CellGrid, store: Store, needed: RepeatsNeeded
) -> pl.DataFrame:
    """frames.REPEATS, from what is stored of a pilot's grid."""
    return repeats_of(study, _own(pilot), pilot.folds, pilot.datasets, store, needed)


@dataclass(eq=False)
class _Work:
    """What is being done of a study: the store, which cells were begun, and what failed so far."""

    store: Store
    execution: Execution
    listener: Listener
    begun: set[str] = field(default_factory=set)
    failures: dict[str, Failure] = field(default_factory=dict)

    def do(self, cells: Sequence[Cell], datasets: Mapping[str, Dataset]) -> None:
        """Every cell that was not begun before, from the store or a worker; datasets: by fingerprint. The listener is
        told of them as of one piece of work."""
        cells = [cell for cell in cells if cell.key not in self.begun]
        self.begun |= {cell.key for cell in cells}
        known = self.store.known([cell.key for cell in cells])
        stored = [cell for cell in cells if cell.key in known]
        open_cells = [cell for cell in cells if cell.key not in known]
        seconds = self.store.seconds() | (
            expected_seconds(open_cells, self.store) if open_cells else {}
        )
        if cells:
            self.listener.started(open_cells, stored)
        for fingerprint in dict.fromkeys(cell.fingerprint for cell in open_cells):
            shared(self.execution.arrays, datasets[fingerprint])
        tasks = tasks_of(open_cells, self.execution.arrays, seconds)
        for outcome in (
            self._done(tasks) if tasks else ()
        ):  # no process is started for nothing
            _take(outcome, self.store, self.failures, self.listener)

    def _done(self, tasks: list[CellTask]) -> Iterator[CellOutcome]:
        limits, scheduler = self.execution.limits, self.execution.scheduler
        if scheduler is None:
            return outcomes(tasks, limits)
        return cluster.outcomes(tasks, limits, scheduler)

    def content_of(self, cell: Cell) -> bytes | None:
        """The packed result of a cell; None where it failed."""
        content = None if cell.key in self.failures else self.store.get(cell.key)
        if content is None and cell.key not in self.failures:
            self.store.put_aside()
            raise DataError(
                f"{self.execution.store}: lost a cell while the run went on; nothing was written, run it again"
            )
        return content


def _take(
    outcome: CellOutcome, store: Store, failures: dict[str, Failure], listener: Listener
) -> None:
    cell = outcome.cell
    failure = outcome.failure and (
        *outcome.failure[:2],
        without_folders(outcome.failure[2]),
    )
    outcome = replace(
        outcome, failure=failure, printed=without_folders(outcome.printed)
    )
    if outcome.content is None:
        assert outcome.failure is not None
        failures[cell.key] = outcome.failure
    else:
        store.put(cell, outcome.content, outcome.seconds, outcome.peak)
        for message in warnings_of(outcome.content):
            if worth_telling(cell, message):
                listener.warned(cell, without_folders(message))
    if outcome.printed:
        listener.warned(cell, f"printed: {outcome.printed}")
    listener.finished(cell, outcome)


def shared(top: Path, dataset: Dataset) -> None:
    """Write a dataset for the workers, in the place of a folder of its fingerprint that holds another.

    Raises `DataError` when somebody else could have put it there.
    """
    folder = top / dataset.fingerprint
    if folder.exists():
        refuse_strangers(top, folder, *sorted(folder.iterdir()))
        with suppress(DataError):  # a damaged one is made anew
            if not same(read_arrays(folder), dataset):
                shutil.rmtree(folder)
    write_arrays(top, dataset)


def same(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets are equal in every field."""
    return all(
        _equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Dataset)
    )


def _equal(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _equal(one[key], other[key]) for key in one
        )
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(
            one, other, equal_nan=one.dtype.kind == "f"
        )
    return one is other or bool(one == other)


def repeats_of(
    study: Study,
    cells: Sequence[Cell],
    folds: pl.DataFrame,
    datasets: Mapping[str, Dataset],
    store: Store,
    needed: RepeatsNeeded,
) -> pl.DataFrame:
    """frames.REPEATS, from the cells of a pilot that are stored: one that failed says nothing of the spread.

    folds: frames.FOLDS of the pilot; datasets: by fingerprint.
    """
    stored = store.known(cell.key for cell in cells)
    done = [cell for cell in cells if cell.key in stored]
    results = gathered(
        done, lambda cell: store.get(cell.key), {}, datasets, folds, empty(UNAVAILABLE)
    )
    found, rows = needed(study, results), []
    for name, stated in pilots_of(study).items():
        wanted = max(stated.pilot, found.get(name, 0))
        own = [cell for cell in cells if cell.plan.dataset == name]
        at_most = most_repeats(stated, own)
        rows.append(
            {
                "dataset": name,
                "pilot": stated.pilot,
                "needed": wanted,
                "at_most": at_most,
                "run": min(wanted, at_most),
            }
        )
    return of_rows(rows, REPEATS)


def run_of(repeats: pl.DataFrame) -> dict[str, int]:
    """The repeats that are run, by dataset."""
    return dict(repeats.select("dataset", "run").iter_rows())


def refuse_draws(dataset: Dataset) -> None:
    """Raise `IncompatibleDataError` for a simulation: each of its draws is a repeat already."""
    if dataset.draw is not None:
        raise IncompatibleDataError(
            ("protocol", "resampling", "repeats"),
            f"dataset {dataset.name} is a simulation with draws of its own, which a pilot cannot count; write a whole "
            "number of repeats",
        )
