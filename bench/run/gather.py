"""Finished cells -> frames, in one fixed order: the same bytes for any number of workers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from bench.data.dataset import Dataset
from bench.frames import CLASSIFICATION, COSTS, FAILURES, FOLDS, REGRESSION, TUNING, checked, empty, of_rows
from bench.run.cells import Cell
from bench.run.evaluate import train_sample
from bench.run.folds import Fold
from bench.run.result import CellResult, Failure, Said


@dataclass(frozen=True, eq=False)
class Results:
    """What a run leaves, each frame by its schema."""

    predictions: pl.DataFrame
    tuning: pl.DataFrame
    failures: pl.DataFrame
    costs: pl.DataFrame
    folds: pl.DataFrame


def gathered(
    cells: Sequence[Cell],
    result_of: Callable[[Cell], CellResult | None],
    failures: Mapping[str, Failure],
    datasets: Mapping[str, Dataset],
    folds: pl.DataFrame,
) -> Results:
    """All frames of a run. `failures` holds (status, stage, reason) by the key of a cell that has no result."""
    predictions, tuning, rows, costs = [], [], [], []
    for (name, family), own in groupby(cells, key=lambda cell: (cell.plan.dataset, cell.plan.family)):
        dataset, done = datasets[name], []
        for cell in own:
            result = result_of(cell)
            if result is not None:
                done.append((cell, result))
                rows += [cell.names | {"status": "warning", "stage": "fit", "reason": w} for w in result.warnings]
            elif cell.key in failures:
                rows.append(failure_row(cell, failures[cell.key]))
        if done:
            predictions.append(_predictions(dataset, done))
            tuning.append(_tuning(done))
            costs.append({"dataset": name, "family": family, "fits": sum(result.fits for _, result in done)})
    task = next(iter(datasets.values())).task if datasets else "classification"
    schema = REGRESSION if task == "regression" else CLASSIFICATION
    return Results(
        checked(pl.concat([empty(schema), *predictions], rechunk=True), schema, "predictions"),
        checked(pl.concat([empty(TUNING), *tuning], rechunk=True), TUNING, "tuning"),
        of_rows(rows, FAILURES),
        of_rows(costs, COSTS),
        folds,
    )


def frame_of(dataset: Dataset, folds: tuple[Fold, ...]) -> pl.DataFrame:
    """What is recorded of the folds (frames.FOLDS)."""
    return of_rows(
        [
            {
                "dataset": dataset.name,
                "repeat": fold.repeat,
                "fold": fold.fold,
                "train_rows": len(fold.train),
                "test_rows": len(fold.test),
                "rows_sha256": fold.sha256,
            }
            for fold in folds
        ],
        FOLDS,
    )


def failure_row(cell: Cell, failure: Failure) -> dict[str, object]:
    """A failed cell as a row of frames.FAILURES."""
    status, stage, reason = failure
    policy = "left out: means are over the remaining folds, and say so"
    return cell.names | {"status": status, "stage": stage, "reason": reason, "policy": policy}


def _predictions(dataset: Dataset, done: list[tuple[Cell, CellResult]]) -> pl.DataFrame:
    """Train and test predictions of one family on one dataset (frames.CLASSIFICATION or REGRESSION)."""
    parts = list(_parts(dataset, done))
    sizes = [len(positions) for _, _, positions, _ in parts]
    rows = np.concatenate([positions for _, _, positions, _ in parts])
    columns: dict[str, Any] = _named([cell for cell, _, _, _ in parts], sizes)
    columns["side"] = pl.Series([side for _, side, _, _ in parts]).gather(np.repeat(np.arange(len(parts)), sizes))
    columns["row"] = dataset.row[rows]
    if dataset.task == "regression":
        value = np.concatenate([said.value for *_, said in parts])
        return pl.DataFrame(columns | {"truth": dataset.y[rows], "value": value}, schema=REGRESSION)
    names = pl.Series(dataset.classes, dtype=pl.String)
    columns["truth"] = names.gather(dataset.y[rows])
    columns["label"] = names.gather(np.concatenate([said.label for *_, said in parts]))
    for name in ("p", "decision"):
        columns[name] = _lists([getattr(said, name) for *_, said in parts], sizes)
    return pl.DataFrame(columns, schema=CLASSIFICATION)


def _parts(dataset: Dataset, done: list[tuple[Cell, CellResult]]) -> Iterator[tuple[Cell, str, np.ndarray, Said]]:
    for cell, result in done:
        yield cell, "train", train_sample(cell, dataset), result.train
        yield cell, "test", cell.fold.test, result.test


def _named(cells: Sequence[Cell], sizes: Sequence[int]) -> dict[str, pl.Series]:
    """The columns that name a cell, each value repeated over the cell's rows."""
    where = np.repeat(np.arange(len(cells)), sizes)
    return {name: pl.Series([cell.names[name] for cell in cells]).gather(where) for name in cells[0].names}


def _lists(parts: list[np.ndarray | None], sizes: list[int]) -> pl.Series:
    """(n, k) arrays, one after another, as a column of lists; null where a part has none."""
    columns = []
    for part, size in zip(parts, sizes, strict=True):
        if part is None:
            columns.append(pl.Series([None] * size, dtype=pl.List(pl.Float64)))
        else:
            columns.append(pl.Series(np.ascontiguousarray(part, dtype=np.float64)).arr.to_list())
    return pl.concat(columns)


def _tuning(done: list[tuple[Cell, CellResult]]) -> pl.DataFrame:
    """Every candidate's inner scores of one family on one dataset (frames.TUNING), candidate by candidate."""
    plan, shape = done[0][0].plan, done[0][1].inner.shape
    if not plan.tuned:
        return empty(TUNING)
    parameters = pl.Series([json.dumps(dict(one), sort_keys=True) for one in plan.candidates])
    candidate = np.tile(np.repeat(np.arange(shape[0]), shape[1]), len(done))
    chosen = np.repeat([result.chosen for _, result in done], shape[0] * shape[1])
    columns: dict[str, Any] = _named([cell for cell, _ in done], [shape[0] * shape[1]] * len(done))
    columns["candidate"] = candidate
    columns["parameters"] = parameters.gather(candidate)
    inner = np.tile(np.arange(shape[1]), shape[0] * len(done))
    columns["inner_fold"] = [None] * len(inner) if plan.out_of_bag else inner
    columns["metric"] = [plan.metric] * len(inner)
    columns["value"] = pl.Series(np.concatenate([result.inner.ravel() for _, result in done])).fill_nan(None)
    columns["chosen"] = candidate == chosen
    return pl.DataFrame(columns).cast(dict(TUNING))  # type: ignore[arg-type]
