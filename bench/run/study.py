"""Run a study: every cell from the store or a worker, every frame in one fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from bench.data.dataset import Dataset
from bench.errors import Misfit
from bench.frames import CLASSIFICATION, COSTS, FAILURES, FOLDS, REGRESSION, TUNING, checked, empty, of_rows
from bench.run.cells import Cell, Plan, plans_of
from bench.run.folds import frame_of, outer_folds
from bench.run.store import Store, unpacked, warnings_of
from bench.run.workers import Limits, Outcome, outcomes
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


@dataclass(frozen=True, eq=False)
class Results:
    """What a run leaves, each frame by its schema, sorted: the same bytes for any number of workers."""

    predictions: pl.DataFrame
    tuning: pl.DataFrame
    failures: pl.DataFrame
    costs: pl.DataFrame
    folds: pl.DataFrame


def cells_of(study: Study, datasets: list[Dataset]) -> tuple[list[Cell], pl.DataFrame, list[Plan]]:
    """The whole grid, the folds that it shares, and the plans; raises `Misfit` before anything is fitted."""
    cells: list[Cell] = []
    frames: list[pl.DataFrame] = []
    plans: list[Plan] = []
    for dataset in datasets:
        protocol = study.protocol_of(dataset.name)
        assert protocol is not None
        folds = outer_folds(dataset, protocol, study.id)
        frames.append(frame_of(dataset, folds))
        _refuse_binary(study, dataset)
        own = plans_of(study, dataset, len(folds))
        plans += own
        cells += [Cell(plan, fold, dataset.fingerprint) for plan in own for fold in folds]
    return cells, pl.concat(frames) if frames else empty(FOLDS), plans


def _refuse_binary(study: Study, dataset: Dataset) -> None:
    """A primary metric of the positive class needs two classes."""
    name = study.metrics.primary
    if name.endswith("_binary") and len(dataset.classes) > 2:
        other = name.replace("_binary", "_macro")
        raise Misfit(
            ("metrics", "primary"),
            f"{name} needs two classes, dataset {dataset.name} has {len(dataset.classes)}; did you mean {other}?",
        )


def run(study: Study, tables: Path, datasets: list[Dataset], limits: Limits, listener: Listener) -> Results:
    """All cells of a study. A cell that fails is a row of `failures`; everything else finishes.

    `tables` is the folder of the clean tables that `datasets` were read from. Raises `Misfit` before the first fit
    when study and data do not fit each other.
    """
    cells, folds, _ = cells_of(study, datasets)
    done: dict[str, bytes] = {}
    failed: list[Outcome] = []
    with Store() as store:
        for cell in cells:
            content = store.get(cell.key)
            if content is not None:
                done[cell.key] = content
        open_cells = [cell for cell in cells if cell.key not in done]
        listener.started(cells, len(done), store.seconds())
        for cell in cells:
            if cell.key in done:
                listener.finished(cell, None)
        for outcome in outcomes(open_cells, tables, limits):
            if outcome.content is None:
                failed.append(outcome)
            else:
                done[outcome.cell.key] = outcome.content
                store.put(outcome.cell.key, outcome.content, outcome.cell.names, outcome.seconds)
                for said in warnings_of(outcome.content):
                    listener.warned(outcome.cell, said)
            listener.finished(outcome.cell, outcome)
    return _gathered(study, cells, done, failed, folds)


def _gathered(
    study: Study, cells: list[Cell], done: dict[str, bytes], failed: list[Outcome], folds: pl.DataFrame
) -> Results:
    schema = REGRESSION if study.task == "regression" else CLASSIFICATION
    predictions, tuning = [empty(schema)], [empty(TUNING)]
    fits: dict[tuple[str, str], int] = {}
    rows = [failure_row(outcome) for outcome in failed]
    for cell, content in _in_order(cells, done):
        result = unpacked(content)
        predictions.append(checked(result.predictions, schema, "predictions of a cell"))
        tuning.append(checked(result.tuning, TUNING, "tuning of a cell"))
        name = (cell.plan.dataset, cell.plan.family)
        fits[name] = fits.get(name, 0) + result.fits
        rows += [cell.names | {"status": "warning", "stage": "fit", "reason": said} for said in result.warnings]
    order = {cell.key: number for number, cell in enumerate(cells)}
    names = {tuple(cell.names.values()): order[cell.key] for cell in cells}
    rows.sort(key=lambda row: (names[tuple(row[k] for k in cells[0].names)], row["status"], row["reason"]))
    costs = [{"dataset": d, "family": f, "fits": n} for (d, f), n in fits.items()]
    return Results(
        pl.concat(predictions, rechunk=True),
        pl.concat(tuning, rechunk=True),
        of_rows(rows, FAILURES),
        of_rows(costs, COSTS),
        folds,
    )


def _in_order(cells: list[Cell], done: dict[str, bytes]) -> Iterator[tuple[Cell, bytes]]:
    return ((cell, done[cell.key]) for cell in cells if cell.key in done)


def failure_row(outcome: Outcome) -> dict[str, object]:
    """A failed cell as a row of frames.FAILURES."""
    assert outcome.failure is not None
    status, stage, reason = outcome.failure
    policy = "left out: means are over the remaining folds, and say so"
    return outcome.cell.names | {"status": status, "stage": stage, "reason": reason, "policy": policy}
