"""A table of scores -> frames.SCORES and frames.FOLDS."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bench.core.errors import IncompatibleDataError, nearest
from bench.core.frames import FOLDS, MISSING_RUNS, SCORES, empty
from bench.core.metrics import METRICS, complement_of
from bench.core.rows import one_by_one
from bench.scores.external.table import ExternalTable
from bench.scores.float_noise import without_float_noise
from bench.study.external import ScoreColumns


def read_scores(
    table: ExternalTable, columns: ScoreColumns, wanted: Iterable[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The scores of a table (frames.SCORES), and those that it lacks (frames.MISSING_RUNS).

    `wanted`: the study's metrics. Of accuracy and error rate either is derived where only the other is in the table.
    """
    long = _long(table, columns)
    tried = (
        long.filter(side="test").select("dataset", "family").unique(maintain_order=True)
    )
    if columns.missing_runs != "fail":
        long = long.filter(pl.col("value").is_not_null() & pl.col("value").is_not_nan())
    _check_values(table, long)
    if columns.unit == "percent":
        shares = [name for name, one in METRICS.items() if one.fraction]
        _check_percent(table, long.filter(pl.col("metric").is_in(shares)))
        value = (
            pl.when(pl.col("metric").is_in(shares))
            .then(pl.col("value") / 100)
            .otherwise(pl.col("value"))
        )
        long = long.with_columns(value.alias("value"))
    _check_range(table, long, percent=columns.unit == "percent")
    _check_single_rows(table, columns, long)
    _check_places(table, long, columns.missing_runs != "fail")
    held = set(long["metric"])
    for name in [
        one for one in wanted if one not in held and complement_of(one) in held
    ]:
        of = long.filter(pl.col("metric") == complement_of(name))
        long = pl.concat(
            [long, of.with_columns(metric=pl.lit(name), value=1 - pl.col("value"))]
        )
    long = long.with_columns(variant=pl.lit("plain"))
    missing = (
        _missing_runs(long, tried)
        if columns.missing_runs != "fail"
        else empty(MISSING_RUNS)
    )
    scores = without_float_noise(long.select(SCORES.names()).cast(dict(SCORES)))  # type: ignore[arg-type]
    return scores.sort(
        *SCORES.names()[:3], "metric", "side", "repeat", "fold", nulls_last=False
    ), missing


def _long(table: ExternalTable, columns: ScoreColumns) -> pl.DataFrame:
    """A row a score: metric, side (train or test), value."""
    long = _of_metrics(table, columns)
    if bad := table.bad(
        long.filter(~pl.col("side").is_in(["train", "test"]).fill_null(False))
    ):
        raise bad.error(
            f"{bad.first['side']} in {columns.side} is no side; expected train or test"
        )
    if not long["side"].eq("test").any():
        raise IncompatibleDataError(
            ("datasets", table.name, "scores", "side"),
            "every score is one of training rows; test scores lack",
        )
    return long


def _of_metrics(table: ExternalTable, columns: ScoreColumns) -> pl.DataFrame:
    """The scores of `value`: one column, or a column for each metric."""
    frame = table.frame
    constants = {} if columns.side is not None else {"side": pl.lit("test")}
    if isinstance(columns.value, str):
        if columns.metric is None:
            constants["metric"] = pl.lit(table.spec.metric)
        return frame.with_columns(_as_number("value"), **constants)
    named = [f"value.{name}" for name in columns.value]
    kept = [name for name in frame.columns if name not in named]
    part = frame.unpivot(named, index=kept, variable_name="metric", value_name="value")
    metric = pl.col("metric").str.strip_prefix("value.")
    return part.with_columns(_as_number("value"), metric=metric, **constants)


def _as_number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _check_values(table: ExternalTable, long: pl.DataFrame) -> None:
    """Raise `DataError` for a metric that is not known, and for a score that is no number."""
    if bad := table.bad(long.filter(~pl.col("metric").is_in(list(METRICS)))):
        raise bad.error(
            f"unknown metric {bad.first['metric']}; {nearest(str(bad.first['metric']), METRICS)}"
        )
    if bad := table.bad(
        long.filter(pl.col("value").is_null() | ~pl.col("value").is_finite())
    ):
        raise bad.error(
            f"has no {bad.first['metric']}, or its run did not finish; say what becomes of it: `missing_runs`"
        )


def _check_percent(table: ExternalTable, shares: pl.DataFrame) -> None:
    """Raise `IncompatibleDataError` for a metric that is better when higher and is nowhere above 1 percent."""
    for (name,), part in shares.partition_by(
        "metric", as_dict=True, maintain_order=True
    ).items():
        largest = float(part["value"].abs().max() or 0.0)  # type: ignore[arg-type]
        if METRICS[str(name)].higher_is_better and 0 < largest <= 1:
            raise IncompatibleDataError(
                ("datasets", table.name, "scores", "unit"),
                f"percent, but no {name} of the table is above {largest:g}; did you mean `unit: fraction`?",
            )


def _check_range(table: ExternalTable, long: pl.DataFrame, *, percent: bool) -> None:
    """Raise `DataError` for a score that its metric cannot be, in the unit of the table."""
    for name in long["metric"].unique(maintain_order=True):
        metric = METRICS[name]
        (low, high), scale = metric.range, 100 if percent and metric.fraction else 1
        if bad := table.bad(
            long.filter(pl.col("metric") == name).filter(
                ~pl.col("value").is_between(low, high)
            )
        ):
            value = scale * bad.first["value"]
            fraction = metric.fraction and scale == 1 and 1 < value <= 100
            raise bad.error(
                f"{value:g} lies outside the range of {name}, {scale * low:g} to {scale * high:g}"
                + ("; did you mean `unit: percent`?" if fraction else "")
            )


def _check_single_rows(
    table: ExternalTable, columns: ScoreColumns, long: pl.DataFrame
) -> None:
    """Raise `IncompatibleDataError` where rows are tested one by one and a metric is no mean over rows: the root of one
    squared error is an absolute error."""
    if columns.test_rows is None:
        return
    size = (
        pl.col("test_rows")
        if isinstance(columns.test_rows, str)
        else pl.lit(columns.test_rows)
    )
    folds = (
        long.filter(side="test")
        .group_by("dataset", "metric", "repeat", "fold")
        .agg(size.min().alias("size"))
    )
    for (_, name), part in folds.partition_by(
        "dataset", "metric", as_dict=True, maintain_order=True
    ).items():
        if not METRICS[str(name)].per_row and one_by_one(part["size"].to_list()):
            raise IncompatibleDataError(
                ("datasets", table.name, "scores", "test_rows"),
                f"rows are tested one by one, and the mean of {name} over single rows is no {name} of all of them; "
                "read predictions, or a score of all rows",
            )


def _missing_runs(long: pl.DataFrame, tried: pl.DataFrame) -> pl.DataFrame:
    """The test scores that some family lacks and another has; `tried`: every dataset and family of the table, also one
    without any score."""
    mine = long.filter(side="test").select(MISSING_RUNS.names())
    wanted = mine.drop("family").unique(maintain_order=True).join(tried, on="dataset")
    lost = (
        wanted.join(mine, on=mine.columns, how="anti", nulls_equal=True)
        .select(mine.columns)
        .sort(mine.columns)
    )
    return lost.cast(dict(MISSING_RUNS))  # type: ignore[arg-type]


def _check_places(table: ExternalTable, long: pl.DataFrame, unequal: bool) -> None:
    """Raise `DataError` for a score that stands there twice, and for one that only some families have."""
    again = long.select(
        "dataset", "family", "repeat", "fold", "metric", "side"
    ).is_duplicated()
    if bad := table.bad(long.filter(again)):
        row = bad.first
        raise bad.error(
            f"{row['family']} on {row['dataset']} has more than one {'training ' if row['side'] == 'train' else ''}"
            f"score of {row['metric']} in {table.fold(row['repeat'], row['fold'])}"
        )
    if table.labels and not unequal:
        for part in long.partition_by("side", maintain_order=True):
            table.check_equal_terms(part, "metric")


def folds_of_scores(table: ExternalTable, columns: ScoreColumns) -> pl.DataFrame:
    """frames.FOLDS: sizes as the table or the study says, null where neither does; empty without repeats and folds."""
    if not table.labels:
        return empty(FOLDS)
    keys, frame, sizes = ["dataset", "repeat", "fold"], table.frame, []
    for key in ("train_rows", "test_rows"):
        stated = getattr(columns, key)
        if not isinstance(stated, str):
            sizes.append(pl.lit(stated, dtype=pl.Int64).alias(key))
            continue
        table.check_sizes(key)
        if bad := table.bad(
            frame.filter(pl.col(key) != pl.col(key).first().over(keys))
        ):
            raise bad.error(
                f"{stated} differs between families of one fold; a fold has one size"
            )
        sizes.append(pl.col(key).first().cast(pl.Int64))
    folds = (
        frame.group_by(keys, maintain_order=True)
        .agg(sizes)
        .with_columns(rows_sha256=pl.lit(""))
    )
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(keys)  # type: ignore[arg-type]
