"""Finished cells -> frames, in one fixed order: the same bytes for any number of workers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from bench.core.frames import (
    CLASSIFICATION,
    COSTS,
    EFFECTS,
    FAILURES,
    FOLDS,
    IMPORTANCE,
    REGRESSION,
    REPEATS,
    TUNING,
    checked,
    empty,
    of_rows,
)
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.evaluate import train_sample
from bench.run.fallback import WORDS, PredictedPart, fallbacks
from bench.run.folds import Fold
from bench.run.result import CellResult, Failure, unpacked
from bench.run.variants import inspection
from bench.run.variants.permuted import permuted
from bench.text.refusals import thin_class


@dataclass(frozen=True, eq=False)
class Results:
    """What a run leaves, each frame by its schema."""

    predictions: pl.DataFrame
    tuning: pl.DataFrame
    failures: pl.DataFrame
    costs: pl.DataFrame
    folds: pl.DataFrame
    importance: pl.DataFrame
    effects: pl.DataFrame
    unavailable: pl.DataFrame
    repeats: pl.DataFrame = field(default_factory=partial(empty, REPEATS))


#: Variants of which the training side is told too; of the others it says nothing that anybody asks.
_TRAIN_SIDE = ("plain", "train_share", "explanation=protocol")
#: Variants of which the candidates' scores are told too.
_TUNING = ("plain", "explanation=tuned_on_test")


def _warnings(cell: Cell, result: CellResult) -> list[dict[str, Any]]:
    """The rows of frames.FAILURES for what a finished cell's fits warned of."""
    texts = [text for text in result.warnings if worth_telling(cell, text)]
    return [_warned(cell, text) for text in texts]


def _warned(cell: Cell, text: str) -> dict[str, Any]:
    return cell.names | {
        "status": "warning",
        "stage": "fit",
        "reason": without_folders(text),
    }


def _thin_classes(cell: Cell, dataset: Dataset) -> list[dict[str, Any]]:
    """A class of which some inner folds hold no row, so that the candidates were chosen without it."""
    tuning = (
        cell.plan.protocol.tuning
        if cell.plan.tuned and cell.variant == "plain"
        else None
    )
    if (
        tuning is None
        or dataset.task != "classification"
        or dataset.group is not None
        or tuning.by != "inner_cv"
    ):
        return []
    if cell.plan.protocol.resampling.in_time:
        return []
    counts = np.bincount(dataset.y[cell.fold.train], minlength=len(dataset.classes))
    least = int(np.where(counts, counts, counts.max()).argmin())
    if counts[least] >= tuning.folds:
        return []
    return [
        _warned(
            cell, thin_class(dataset.classes[least], int(counts[least]), tuning.folds)
        )
    ]


def gathered(
    cells: Sequence[Cell],
    content_of: Callable[[Cell], bytes | None],
    failures: Mapping[str, Failure],
    datasets: Mapping[str, Dataset],
    folds: pl.DataFrame,
    unavailable: pl.DataFrame,
) -> Results:
    """All frames of a run. `content_of` gives packed results; `failures` (status, stage, reason) by the key of a cell
    that has none; `datasets` are found by a cell's fingerprint."""
    predictions, tuning, rows, costs = [], [], [], []
    importance: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    for (name, family, variant, _), own in groupby(cells, key=_together):
        done, lost = [], []
        for cell in own:
            content = content_of(cell)
            if content is None:
                rows.append(failure_row(cell, failures[cell.key]))
                lost += [cell] if variant == "plain" else []
            elif cell.shuffles:
                dataset, seen = datasets[cell.fingerprint], inspection.unpacked(content)
                importance += inspection.importance_rows(dataset, cell, seen)
                effects += inspection.effect_rows(dataset, cell, seen)
                costs.append(
                    {
                        "dataset": name,
                        "family": family,
                        "variant": variant,
                        "fits": seen.fits,
                    }
                )
            else:
                done.append((cell, result := unpacked(content)))
                rows += _warnings(cell, result) + _thin_classes(
                    cell, datasets[cell.fingerprint]
                )
        parts = list(_parts(done, datasets))
        parts += fallbacks(datasets[lost[0].fingerprint], lost) if lost else ()
        if parts:
            predictions.append(_predictions(parts, datasets))
        if done:
            tuning.append(_tuning(done) if variant in _TUNING else empty(TUNING))
            fits = sum(result.fits for _, result in done)
            costs.append(
                {
                    "dataset": name,
                    "family": family,
                    "variant": kind_of(variant),
                    "fits": fits,
                }
            )
    task = next(iter(datasets.values())).task if datasets else "classification"
    schema = REGRESSION if task == "regression" else CLASSIFICATION
    return Results(
        checked(
            pl.concat([empty(schema), *predictions], rechunk=True),
            schema,
            "predictions",
        ),
        checked(pl.concat([empty(TUNING), *tuning], rechunk=True), TUNING, "tuning"),
        _told_once(of_rows(rows, FAILURES, nulls=["policy"])),
        of_rows(costs, COSTS)
        .group_by("dataset", "family", "variant", maintain_order=True)
        .agg(pl.col("fits").sum()),
        folds,
        of_rows(importance, IMPORTANCE),
        of_rows(effects, EFFECTS),
        unavailable,
    )


def _together(cell: Cell) -> tuple[str, str, str, str]:
    """What neighbours share whose rows are told at once; a way may have a table of its own in each repeat."""
    return cell.plan.dataset, cell.plan.family, cell.variant, cell.fingerprint


def worth_telling(cell: Cell, warning: str) -> bool:
    """Whether a warning tells anybody anything: that a fit is not done goes without saying where it was stopped."""
    return cell.variant != "explanation=stopped_on_test" or not warning.startswith(
        "ConvergenceWarning"
    )


def kind_of(variant: str) -> str:
    """What a variant is one of: `permuted=3` -> `permuted`, `explanation=best_of_seeds:3` ->
    `explanation=best_of_seeds`."""
    return (
        variant.partition(":")[0]
        if variant.startswith("explanation=")
        else variant.partition("=")[0]
    )


def _told_once(failures: pl.DataFrame) -> pl.DataFrame:
    """Of what extra fits warn of, each sentence once a kind of variant: they repeat the same fit many times."""
    kind = pl.col("variant").map_elements(kind_of, return_dtype=pl.String)
    first = pl.struct(
        "dataset", "family", kind, "status", "stage", "reason"
    ).is_first_distinct()
    return failures.filter(
        (pl.col("variant") == "plain") | (pl.col("status") != "warning") | first
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
    policy = WORDS[cell.plan.task] if cell.variant == "plain" else "nothing"
    return cell.names | {
        "status": status,
        "stage": stage,
        "reason": reason,
        "policy": policy,
    }


def _predictions(
    parts: Sequence[PredictedPart], datasets: Mapping[str, Dataset]
) -> pl.DataFrame:
    """Train and test predictions of one variant of a family on one dataset (frames.CLASSIFICATION or REGRESSION)."""
    first = parts[0][0]
    dataset = datasets[first.fingerprint]
    if first.permutation is not None:
        dataset = permuted(dataset, first.plan.study, first.permutation)
    sizes = [len(positions) for _, _, positions, _ in parts]
    rows = np.concatenate([positions for _, _, positions, _ in parts])
    columns = _named([cell for cell, _, _, _ in parts], sizes)
    columns["side"] = _repeated([side for _, side, _, _ in parts], sizes)
    columns["row"] = pl.lit(pl.Series(dataset.row[rows]))
    if dataset.task == "regression":
        columns["truth"] = pl.lit(pl.Series(dataset.y[rows]))
        columns["value"] = pl.lit(
            pl.Series(np.concatenate([said.value for *_, said in parts]))
        )
        return _frame(columns, REGRESSION)
    names = pl.lit(pl.Series(dataset.classes, dtype=pl.String))
    columns["truth"] = names.gather(pl.lit(pl.Series(dataset.y[rows])))
    columns["label"] = names.gather(
        pl.lit(pl.Series(np.concatenate([said.label for *_, said in parts])))
    )
    for name in ("p", "decision"):
        columns[name] = pl.lit(
            _lists([getattr(said, name) for *_, said in parts], sizes)
        )
    return _frame(columns, CLASSIFICATION)


def _parts(
    done: list[tuple[Cell, CellResult]], datasets: Mapping[str, Dataset]
) -> Iterator[PredictedPart]:
    for cell, result in done:
        if cell.variant.partition("=")[0] in _TRAIN_SIDE or cell.variant in _TRAIN_SIDE:
            yield (
                cell,
                "train",
                train_sample(cell, datasets[cell.fingerprint]),
                result.train,
            )
        yield cell, "test", cell.fold.test, result.test


def _frame(columns: Mapping[str, pl.Expr], schema: pl.Schema) -> pl.DataFrame:
    """All columns in one go: what polars does for each single one would take most of the time of a small family."""
    return pl.select(
        columns[name].cast(dtype).alias(name) for name, dtype in schema.items()
    )


def _named(cells: Sequence[Cell], sizes: Sequence[int]) -> dict[str, pl.Expr]:
    """The columns that name a cell, each value repeated over the cell's rows."""
    names = [cell.names for cell in cells]
    return {name: _repeated([one[name] for one in names], sizes) for name in names[0]}


def _repeated(values: Sequence[Any], sizes: Sequence[int]) -> pl.Expr:
    where = np.repeat(np.arange(len(values)), sizes)
    return pl.lit(pl.Series(values)).gather(pl.lit(pl.Series(where)))


def _lists(parts: list[np.ndarray | None], sizes: list[int]) -> pl.Series:
    """(n, k) arrays, one after another, as a column of lists; null where a part has none."""
    columns = []
    for absent, run in groupby(
        zip(parts, sizes, strict=True), key=lambda one: one[0] is None
    ):
        if absent:
            columns.append(
                pl.Series(
                    [None] * sum(size for _, size in run), dtype=pl.List(pl.Float64)
                )
            )
        else:
            together = np.concatenate([part for part, _ in run if part is not None])
            columns.append(
                pl.Series(
                    np.ascontiguousarray(together, dtype=np.float64)
                ).arr.to_list()
            )
    return pl.concat(columns)


def _tuning(done: list[tuple[Cell, CellResult]]) -> pl.DataFrame:
    """Every candidate's inner scores of one family on one dataset (frames.TUNING), candidate by candidate."""
    plan, shape = done[0][0].plan, done[0][1].inner.shape
    if not plan.tuned:
        return empty(TUNING)
    parameters = pl.Series(
        [json.dumps(dict(one), sort_keys=True) for one in plan.candidates]
    )
    candidate = np.tile(np.repeat(np.arange(shape[0]), shape[1]), len(done))
    chosen = np.repeat([result.chosen for _, result in done], shape[0] * shape[1])
    inner = np.tile(np.arange(shape[1]), shape[0] * len(done))
    values = pl.Series(np.concatenate([result.inner.ravel() for _, result in done]))
    columns = _named([cell for cell, _ in done], [shape[0] * shape[1]] * len(done))
    columns["candidate"] = pl.lit(pl.Series(candidate))
    columns["parameters"] = pl.lit(parameters).gather(columns["candidate"])
    columns["inner_fold"] = pl.lit(
        pl.Series([None] * len(inner) if plan.out_of_bag else inner)
    )
    columns["metric"] = pl.lit(plan.metric)
    columns["value"] = pl.lit(values).fill_nan(None)
    columns["chosen"] = pl.lit(pl.Series(candidate == chosen))
    return _frame(columns, TUNING)


#: A path from the root of this machine, but no address of the web.
_PATH = re.compile(
    r"(?<![\w:/.])(?:/[^\s/'\"`:,;()<>\[\]]+)+/(?=[^\s/'\"`:,;()<>\[\]]+)"
)


def without_folders(text: str) -> str:
    """Text in which a path of this machine has lost its folders, which say who works here and where.

    >>> without_folders("No such file: '/home/ann/secret/key.pem', see https://x.org/a/b")
    "No such file: '…/key.pem', see https://x.org/a/b"
    """
    return _PATH.sub("…/", text)
