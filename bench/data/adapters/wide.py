"""A column a model: CSV, TSV, Parquet or R data with a row for each dataset and fold."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError, nearest
from bench.data.adapter import Adapter, ExampleFiles, Files, numbers
from bench.data.score_tables import TableOptions, found_columns, labels, read_tables
from bench.study.fields import Bool, Text


class Options(TableOptions):
    """`metric_is` says which metric the table holds. All columns that say nothing else are models."""

    kind: Literal["wide"] = "wide"
    """Which adapter reads the files."""
    models: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns of models, where not all others are. Example: `[lda, svm]`."""
    rows_are_folds: Bool = False
    """Whether the rows of a dataset are its folds, in their order, without a column that says so."""


def read(files: Files, options: Options) -> pl.DataFrame:
    frame = read_tables(files, options)
    columns = {
        key: column
        for key, column in found_columns(frame, options).items()
        if key != "model"
    }
    head = labels(frame, columns, options)
    if "metric" not in head.columns:
        raise DataError(
            "a table with a column a model does not name its metric; write `metric_is`"
        )
    if options.rows_are_folds:
        head = head.with_columns(
            fold=pl.int_range(pl.len()).over("dataset").cast(pl.String)
        )
    models = options.models or [
        name for name in frame.columns if name not in columns.values()
    ]
    if unknown := [name for name in models if name not in frame.columns]:
        raise DataError(
            f"models: there is no column {unknown[0]}; {nearest(unknown[0], frame.columns)}"
        )
    if not models:
        raise DataError("no column is left that could be a model; nothing was read")
    parts = [
        head.with_columns(
            numbers(frame[name], "the table").alias("score"), model=pl.lit(name)
        )
        for name in models
    ]
    return pl.concat(parts)


ADAPTER = Adapter(
    "wide",
    "A table with a column a model (CSV, Parquet, R data)",
    Options,
    read,
    ExampleFiles(
        {"folds.csv": b"db,knn,lda\nwine,.9,NA\nwine,.8,.7\niris,1,1\n"},
        {"metric_is": "accuracy", "rows_are_folds": True},
    ),
)
