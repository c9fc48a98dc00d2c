"""A row a score, or a row a run with a column for each metric: CSV, TSV, Parquet or R data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import (
    Adapter,
    ExampleFiles,
    Files,
    column_of,
    numbers,
    split_and_metric,
)
from bench.data.score_tables import (
    TableOptions,
    found_columns,
    labels,
    read_tables,
    under,
)
from bench.study.fields import Text


class Options(TableOptions):
    """`score` names the column of scores; `scores` names a column for each metric instead."""

    kind: Literal["long"] = "long"
    """Which adapter reads the files."""
    score: Text | None = None
    """The column of scores. Example: `accuracy`."""
    scores: Mapping[Text, Text] = {}
    """Of several metrics, a column each; `test/accuracy` is accuracy on test rows. Example: `{accuracy: acc}`."""


def read(files: Files, options: Options) -> pl.DataFrame:
    frame = read_tables(files, options)
    columns = found_columns(frame, options)
    if "model" not in columns:
        raise DataError(
            f"no column names the model; name it (`model`). The columns are {', '.join(frame.columns)}"
        )
    head = labels(frame, columns, options)
    if options.scores:
        named = {
            column_of(key, column, frame.columns, "scores"): key
            for key, column in options.scores.items()
        }
        return under(
            frame,
            {str(column): split_and_metric(key) for column, key in named.items()},
            head,
        )
    score = column_of("score", options.score, frame.columns, "the table")
    if score is None:
        raise DataError(
            f"no column holds the score; name it (`score`). The columns are {', '.join(frame.columns)}"
        )
    if "metric" not in head.columns:
        raise DataError(
            "no column names the metric; name it (`metric`), or write `metric_is`"
        )
    return head.with_columns(numbers(frame[score], "the table").alias("score"))


ADAPTER = Adapter(
    "long",
    "A table with a row a score, or a row a run (CSV, Parquet, R data)",
    Options,
    read,
    ExampleFiles(
        {
            "scores.csv": b"dataset,method,seed,split,metric,value\nwine,knn,0,test,acc,.9\nwine,knn,1,val,acc,NA\n"
        },
        {},
    ),
)
