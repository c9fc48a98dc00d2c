"""Missing values: which cells are missing, and which rows and columns go for it. Imputing is inside the fold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import Field, Strict

from bench.core.errors import DataError
from bench.data.step import CleaningStep, Context
from bench.data.steps._where import Value, equals
from bench.study.fields import Form, Text


class Set(Form):
    """`columns: {glucose: [0], age: [-1, 999]}`: these values stand for missing."""

    columns: Annotated[
        Mapping[Text, Annotated[tuple[Value, ...], Field(min_length=1)]],
        Field(min_length=1),
    ]
    """The values that mean missing, by column. Example: `{age: [0, 999]}`."""


class DropMissingRows(Form):
    """Drop rows with a missing value in any of `columns` (any column when left out)."""

    columns: tuple[Text, ...] | None = None
    """The columns that are looked at; all, unless named. Example: `[age]`."""


class DropMissingColumns(Form):
    """Drop columns in which more than this `share` of the rows is missing. Target, group, time, ... stay."""

    share: Annotated[float, Strict(), Field(ge=0, lt=1)]
    """Columns with a larger share of missing values are dropped. Example: `0.5`."""


def set_missing(frame: pl.DataFrame, options: Set, context: Context) -> pl.DataFrame:
    for name in context.chosen(frame, options.columns):
        hit = equals(frame[name], options.columns[name])
        frame = frame.with_columns(pl.when(~hit).then(pl.col(name)).alias(name))
    return frame


def drop_rows(
    frame: pl.DataFrame, options: DropMissingRows, context: Context
) -> pl.DataFrame:
    return frame.drop_nulls(context.chosen(frame, options.columns))


def drop_columns(
    frame: pl.DataFrame, options: DropMissingColumns, context: Context
) -> pl.DataFrame:
    names = [name for name in context.chosen(frame, None) if name not in context.kept]
    gone = [
        name
        for name in names
        if frame[name].null_count() > options.share * frame.height
    ]
    if names and len(gone) == len(names):
        raise DataError("no column would be left; raise its `share`")
    return frame.drop(gone)


SET = CleaningStep(
    "set_missing",
    "Values that stand for missing",
    Set,
    "values",
    set_missing,
    {"columns": {"x": [1]}},
)
ROWS = CleaningStep(
    "drop_missing_rows",
    "Drop rows with missing values",
    DropMissingRows,
    "values",
    drop_rows,
)
COLUMNS = CleaningStep(
    "drop_missing_columns",
    "Drop columns that are mostly missing",
    DropMissingColumns,
    "values",
    drop_columns,
    {"share": 0.1},
)
