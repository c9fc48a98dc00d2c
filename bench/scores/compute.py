"""Predictions -> scores: one row a fold, side and metric.

Nothing is fitted here, so a new metric costs no fit. Predictions are grouped once a dataset and
family; every metric then reads slices of numpy arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from bench.core.errors import BenchError
from bench.core.frames import FALLBACK, SCORES, empty, rounded
from bench.core.metrics import METRICS, Metric, Predicted
from bench.core.rows import PLAIN, one_by_one
from bench.scores.design import aggregation_of, tests_single_rows
from bench.scores.float_noise import noise_of, steps_of
from bench.study import Study


@dataclass(frozen=True)
class DatasetClasses:
    """The classes of a dataset in class order, none for a regression; positive: of two classes."""

    names: tuple[str, ...]
    positive: str | None


def classes_of(tables: pl.DataFrame) -> dict[str, DatasetClasses]:
    """The classes of every dataset of frames.TABLES."""
    rows = tables.select("dataset", "classes", "positive").iter_rows()
    return {
        dataset: DatasetClasses(tuple(names or ()), positive)
        for dataset, names, positive in rows
    }


_KEYS = ("dataset", "family", "variant")
_ORDER = (*_KEYS, "metric", "side", "repeat", "fold")


def scores_of(
    study: Study, tables: pl.DataFrame, predictions: pl.DataFrame, tuning: pl.DataFrame
) -> pl.DataFrame:
    """The scores (frames.SCORES) of every metric of the study, on train and test rows, and the chosen inner scores.

    A metric is averaged over folds later unless the study pools it. Where rows are tested one by one (`one_by_one`) all
    are pooled, and then the metrics that compare rows of different folds (AUC) have no row: pooled over n models they
    are biased even on noise.
    An undefined score is null. What stands in for failed cells is scored under the variant `fallback`.
    """
    classes, single = classes_of(tables), _row_by_row(predictions)
    scores = [empty(SCORES), _inner(tuning)]
    parts = predictions.partition_by(list(_KEYS), as_dict=True, maintain_order=True)
    for key, part in parts.items():
        dataset, family, variant = map(str, key)
        if dataset not in classes:
            raise BenchError(
                f"predictions of {dataset}, a dataset that is not among the tables"
            )
        ways = {"fold_mean": part, "pooled": _whole_repeats(parts, key)}
        wanted = _wanted(study, dataset, dataset in single)
        scores.append(
            _score_family((dataset, family, variant), classes[dataset], wanted, ways)
        )
    return pl.concat(scores, rechunk=True).sort(*_ORDER, nulls_last=False)


def _whole_repeats(
    parts: dict[tuple[object, ...], pl.DataFrame], key: tuple[object, ...]
) -> pl.DataFrame:
    """The predictions that pooled scores of one variant stand on.

    A repeat some of whose cells failed is whole only together with what stands in for them: it has no plain score.
    """
    *names, variant = key
    lost = parts.get((*names, FALLBACK))
    if lost is None or variant not in ("plain", FALLBACK):
        return parts[key]
    failed = pl.col("repeat").is_in(lost["repeat"].unique().implode())
    plain = parts.get((*names, "plain"), lost.clear())
    if variant == "plain":
        return plain.filter(~failed)
    both = pl.concat([plain.filter(failed, pl.col("side") == "test"), lost])
    # Shares of classes and a family's decision values cannot be ranked together.
    partly = [
        name
        for name in ("p", "decision")
        if name in both.columns and both[name].null_count()
    ]
    return both.with_columns(
        pl.lit(None, both.schema[name]).alias(name) for name in partly
    )


def _row_by_row(predictions: pl.DataFrame) -> set[str]:
    """The datasets whose repeats have several test sets, of which at least half are one row."""
    own = predictions.filter(
        pl.col("side") == "test", pl.col("variant").is_in([PLAIN, FALLBACK])
    )
    sizes = (
        own.group_by("dataset", "family", "repeat", "fold")
        .len()
        .group_by("dataset", "repeat", "fold")
        .max()
    )
    return {
        str(name)
        for (name,), part in sizes.partition_by("dataset", as_dict=True).items()
        if part.height > part["repeat"].n_unique() and one_by_one(part["len"].to_list())
    }


def _wanted(study: Study, dataset: str, row_by_row: bool) -> dict[str, list[Metric]]:
    """The metrics of a dataset by their aggregation."""
    wanted: dict[str, list[Metric]] = {"fold_mean": [], "pooled": []}
    single = row_by_row or tests_single_rows(study, dataset)
    for metric in (METRICS[name] for name in study.metrics.names):
        if not (single and metric.compares_rows):
            wanted[
                aggregation_of(study, dataset, metric.name, row_by_row=single)
            ].append(metric)
    return wanted


def _score_family(
    names: tuple[str, str, str],
    classes: DatasetClasses,
    wanted: dict[str, list[Metric]],
    ways: dict[str, pl.DataFrame],
) -> pl.DataFrame:
    """The scores of one variant of a family; `wanted`: metrics by aggregation, `ways`:
    predictions by the same."""
    rows: list[tuple[object, ...]] = []
    for way, metrics in wanted.items():
        part = ways[way].sort("side", "repeat", "fold", "row")
        if not metrics or part.is_empty():
            continue
        keys = ["side", "repeat", "fold"] if way == "fold_mean" else ["side", "repeat"]
        whole = predicted(part, classes)
        steps = np.zeros(len(whole.truth))
        if whole.value is not None:
            steps = steps_of(whole.truth)
        for start, end in runs_of(part.select(keys)):
            some = some_of(whole, slice(start, end))
            fold = part["fold"][start] if way == "fold_mean" else None
            place = (part["repeat"][start], fold, part["side"][start])
            for metric in metrics:
                score = metric.function(some)
                if score is not None and abs(score) <= noise_of(
                    metric, steps[start:end]
                ):
                    score = 0.0
                rows.append((*names, *place, metric.name, score))
    scores = pl.DataFrame(rows, schema=SCORES, orient="row")
    return scores.with_columns(_rounded("value"))


def _rounded(column: str) -> pl.Expr:
    """Numbers as results hold them; an undefined score is null."""
    finite = pl.when(pl.col(column).is_finite()).then(column)
    return finite.map_elements(rounded, return_dtype=pl.Float64)


def predicted(part: pl.DataFrame, classes: DatasetClasses) -> Predicted:
    """All predictions of one family as arrays; class names become the codes of the table's class order."""
    if "value" in part.columns:
        return Predicted(truth=part["truth"].to_numpy(), value=part["value"].to_numpy())
    names = list(classes.names)
    codes = (
        pl.col("truth", "label")
        .cast(pl.String)
        .replace_strict(names, list(range(len(names))), return_dtype=pl.Int64)
    )
    try:
        labels = part.select(codes)
    except pl.exceptions.InvalidOperationError as error:
        raise BenchError(
            f"predictions of {part['dataset'][0]} hold a class that its table does not have"
        ) from error
    return Predicted(
        truth=labels["truth"].to_numpy(),
        label=labels["label"].to_numpy(),
        p=_matrix(part["p"]),
        decision=_matrix(part["decision"]),
        k=len(names),
        positive=names.index(classes.positive)
        if classes.positive is not None
        else None,
    )


def _matrix(column: pl.Series) -> np.ndarray | None:
    """A list column as (n, width), None when the family gave no such values."""
    if len(column) == 0 or column.null_count() == len(column):
        return None
    if column.null_count():
        raise BenchError(
            f"{column.name}: {column.null_count()} of {len(column)} predictions of one family have none"
        )
    return column.explode().to_numpy().reshape(len(column), -1)


def runs_of(keys: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Start and end of each run of equal rows."""
    ids = keys.select(pl.struct(pl.all()).rle_id().alias("id"))["id"].to_numpy()
    starts = np.flatnonzero(np.diff(ids, prepend=-1 if len(ids) else 0))
    return zip(starts.tolist(), [*starts[1:].tolist(), len(ids)], strict=True)


def some_of(q: Predicted, rows: slice | np.ndarray) -> Predicted:
    """The predictions of some rows: from one to another, or those that a mask marks."""
    cut = {
        name: None if (values := getattr(q, name)) is None else values[rows]
        for name in ("truth", "label", "p", "decision", "value")
    }
    return Predicted(k=q.k, positive=q.positive, **cut)  # type: ignore[arg-type]


def _inner(tuning: pl.DataFrame) -> pl.DataFrame:
    """The mean inner score of the candidate that each outer fold chose."""
    keys = (*_KEYS, "repeat", "fold", "metric")
    chosen = tuning.filter(pl.col("chosen")).group_by(keys, maintain_order=True)
    means = chosen.agg(pl.col("value").mean())
    means = means.with_columns(_rounded("value"), side=pl.lit("inner"))
    return means.select(SCORES.names()).cast(dict(SCORES))  # type: ignore[arg-type]
