"""Results of the AutoML Benchmark: a row a task, framework and fold."""

from __future__ import annotations

from typing import Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import Adapter, AdapterOptions, ExampleFiles, Files, metric_name
from bench.data.score_tables import TableOptions, read_tables, under

#: Columns of metrics in all versions of the benchmark, as far as a file has them.
_METRICS = ("acc", "auc", "balacc", "logloss", "mae", "r2", "rmse", "mse")


class Options(AdapterOptions):
    """Nothing needs to be told: the layout has fixed columns. A run that failed has no result."""

    kind: Literal["amlb"] = "amlb"
    """Which adapter reads the files."""


def read(files: Files, options: Options) -> pl.DataFrame:
    frame = read_tables(files, TableOptions())
    if lacking := [
        name
        for name in ("task", "framework", "fold", "result")
        if name not in frame.columns
    ]:
        raise DataError(
            f"these are no results of the AutoML Benchmark: the column {lacking[0]} is missing"
        )
    result = (
        frame["result"]
        .cast(pl.String)
        .str.strip_chars()
        .is_in(["", "NA", "nan", "NaN"])
        .fill_null(True)
    )
    head = frame.select(
        pl.col("framework").alias("model"),
        pl.col("task").alias("dataset"),
        pl.col("fold").cast(pl.String),
    ).with_columns(split=pl.lit("test"), finished=~result)
    held = [name for name in _METRICS if name in frame.columns]
    if not held:
        raise DataError(
            f"no column holds a metric; expected one of {', '.join(_METRICS)}. There are {', '.join(frame.columns)}"
        )
    if "metric" in frame.columns:
        frame = _with_results(frame, held)
    scores = under(frame, {name: (None, metric_name(name)) for name in held}, head)
    # A metric that no row of a task has is none of the task's; one that a failed run lacks is missing.
    return scores.filter(pl.col("score").is_not_null().any().over("dataset", "metric"))


def _with_results(frame: pl.DataFrame, held: list[str]) -> pl.DataFrame:
    """What the benchmark ranks by is `result`, in the place of the column of its metric: `neg_logloss` and its like
    have the other sign."""
    metric = pl.col("metric").cast(pl.String)
    result = pl.col("result").cast(pl.Float64, strict=False)
    own = pl.when(metric.str.starts_with("neg_")).then(-result).otherwise(result)
    is_own = {name: metric.str.strip_prefix("neg_") == name for name in held}
    return frame.with_columns(
        pl.when(is_own[name] & own.is_not_null())
        .then(own.cast(pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name in held
    )


ADAPTER = Adapter(
    "amlb",
    "Results of the AutoML Benchmark (results.csv)",
    Options,
    read,
    ExampleFiles(
        {
            "results.csv": b"id,task,framework,fold,result,acc,auc,rmse,info\n"
            b"t/1,wine,rf,0,.97,.9,.97,,\nt/1,wine,rf,1,,,,,TimeoutError\n"
        },
        {},
    ),
)
