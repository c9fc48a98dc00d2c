"""A table of scores -> frames.SCORES and frames.FOLDS."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bench.core.errors import nearest
from bench.core.frames import FOLDS, MISSING_RUNS, SCORES, empty
from bench.core.metrics import METRICS, complement_of
from bench.scores.external.table import ExternalTable
from bench.scores.float_noise import without_float_noise
from bench.study.external import ScoreColumns

_FOLD = ["dataset", "repeat", "fold"]


def read_scores(
    table: ExternalTable, columns: ScoreColumns, wanted: Iterable[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The scores of a table (frames.SCORES), and those that it lacks (frames.MISSING_RUNS).

    `wanted`: the study's metrics. Of accuracy and error rate either is derived where only
    the other is in the table.
    """
    long = _long(table, columns)
    tried = long.select("dataset", "family").unique(maintain_order=True)
    if columns.missing_runs == "leave_out":
        long = long.filter(pl.col("value").is_not_null() & pl.col("value").is_not_nan())
    _check_values(table, long)
    _check_places(table, long)
    if columns.missing_runs == "fail" and table.labels:
        table.check_equal_terms(long, "metric")
    held = set(long["metric"])
    for name in wanted:
        complement = complement_of(name)
        if name not in held and complement in held:
            of = long.filter(metric=complement)
            of = of.with_columns(metric=pl.lit(name), value=1 - pl.col("value"))
            long = pl.concat([long, of])
    missing = empty(MISSING_RUNS)
    if columns.missing_runs == "leave_out":
        missing = _missing_runs(long, tried)
    long = long.with_columns(variant=pl.lit("plain"), side=pl.lit("test"))
    scores = without_float_noise(long.select(SCORES.names()).cast(dict(SCORES)))  # type: ignore[arg-type]
    order = ("dataset", "family", "variant", "metric", "side", "repeat", "fold")
    return scores.sort(*order, nulls_last=False), missing


def _long(table: ExternalTable, columns: ScoreColumns) -> pl.DataFrame:
    """A row a score: `metric`, and `value` as a number; null for a word."""
    long = table.frame
    if not isinstance(columns.value, str):
        named = [f"value.{name}" for name in columns.value]
        kept = [name for name in long.columns if name not in named]
        long = long.unpivot(
            named, index=kept, variable_name="metric", value_name="value"
        )
        long = long.with_columns(pl.col("metric").str.strip_prefix("value."))
    elif columns.metric is None:
        long = long.with_columns(metric=pl.lit(table.spec.metric))
    return long.with_columns(pl.col("value").cast(pl.Float64, strict=False))


def _check_values(table: ExternalTable, long: pl.DataFrame) -> None:
    """Raise `DataError` for an unknown metric, and for what is no score of its metric."""
    metrics = long["metric"].unique(maintain_order=True)
    for name in metrics:
        if name not in METRICS:
            rows, near = long.filter(metric=name), nearest(str(name), METRICS)
            table.refuse(rows, "unknown metric {metric}; {near}", near=near)
    value = pl.col("value")
    table.refuse(
        long.filter(value.is_null() | ~value.is_finite()),
        "has no {metric}, or its run did not finish; "
        "say what becomes of it: `missing_runs`",
    )
    for name in metrics:
        low, high = METRICS[name].range
        table.refuse(
            long.filter((pl.col("metric") == name) & ~value.is_between(low, high)),
            "{value:g} lies outside the range of {metric}, {low:g} to {high:g}",
            low=low,
            high=high,
        )


def _check_places(table: ExternalTable, long: pl.DataFrame) -> None:
    """Raise `DataError` for a score that stands there twice."""
    places = long.select("dataset", "family", "repeat", "fold", "metric")
    table.refuse(
        long.filter(places.is_duplicated()),
        "{family} on {dataset} has more than one score of {metric} in {where}",
    )


def _missing_runs(long: pl.DataFrame, tried: pl.DataFrame) -> pl.DataFrame:
    """The scores that some family lacks and another has.

    `tried`: every dataset and family of the table, also one without any score.
    """
    own = long.select(MISSING_RUNS.names())
    wanted = own.drop("family").unique().join(tried, on="dataset").select(own.columns)
    lost = wanted.join(own, on=own.columns, how="anti", nulls_equal=True)
    return lost.sort(own.columns).cast(dict(MISSING_RUNS))  # type: ignore[arg-type]


def folds_of_scores(table: ExternalTable, columns: ScoreColumns) -> pl.DataFrame:
    """frames.FOLDS: sizes as the table or the study says, null where neither does; empty
    without repeats and folds."""
    if not table.labels:
        return empty(FOLDS)
    sizes = []
    for key in ("train_rows", "test_rows"):
        stated = getattr(columns, key)
        if isinstance(stated, str):
            _check_sizes(table, key)
            sizes.append(pl.col(key).first())
        else:
            sizes.append(pl.lit(stated, dtype=pl.Int64).alias(key))
    groups = table.frame.group_by(_FOLD, maintain_order=True)
    folds = groups.agg(sizes).with_columns(rows_sha256=pl.lit(""))
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(_FOLD)  # type: ignore[arg-type]


def _check_sizes(table: ExternalTable, key: str) -> None:
    """Raise `DataError` unless a column holds numbers of rows, one a fold."""
    size, column = pl.col(key), table.columns[key]
    table.refuse(
        table.frame.filter((size < 1) | (size != size.floor())).with_columns(size=size),
        "{size:g} in {column} is no number of rows",
        column=column,
    )
    table.refuse(
        table.frame.filter(size != size.first().over(_FOLD)),
        "{column} differs between families of one fold; a fold has one size",
        column=column,
    )
