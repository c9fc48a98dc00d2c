"""Rows and columns that go: duplicates, rows by a condition, columns by name."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError
from bench.data.step import CleaningStep, Context
from bench.data.steps._where import Where, matches
from bench.study.fields import Form, Text


class DropDuplicates(Form):
    """Drop rows that equal an earlier one in all of `columns` (left out: in target and features).

    `conflicting`: rows that equal another in the features and differ in the target: `keep` them, or `drop` all of them.
    """

    columns: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns that must be equal; all, unless named. Example: `[age, weight]`."""
    conflicting: Literal["drop", "keep"] = "keep"
    """What happens to equal rows with different targets."""


class DropRows(Form):
    """Drop the rows that fulfil all conditions: `where: {country: Atlantis}` or `where: {age: [0, 999]}`."""

    where: Where
    """The rows that are dropped: a value, or a list of values, by column. Example: `{status: unknown}`."""


class DropColumns(Form):
    """Drop `columns`. Target, group, time, ... cannot go."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns that are dropped. Example: `[id]`."""


def drop_duplicates(
    frame: pl.DataFrame, options: DropDuplicates, context: Context
) -> pl.DataFrame:
    others = [name for name in context.kept if name != context.target]
    names = [
        n
        for n in context.chosen(frame, options.columns)
        if options.columns is not None or n not in others
    ]
    if options.conflicting == "drop" and context.target in frame.columns:
        features = [name for name in names if name != context.target]
        if not features:
            raise DataError("rows conflict in features; name one beside the target")
        labels = frame.select(
            pl.col(str(context.target))
            .drop_nulls()
            .n_unique()
            .over(features)
            .alias("n")
        )["n"]
        frame = frame.filter(labels < 2)
    return frame.unique(names, keep="first", maintain_order=True)


def drop_rows(frame: pl.DataFrame, options: DropRows, context: Context) -> pl.DataFrame:
    return frame.filter(~matches(frame, options.where, context))


def drop_columns(
    frame: pl.DataFrame, options: DropColumns, context: Context
) -> pl.DataFrame:
    names = context.chosen(frame, options.columns)
    role = [name for name in names if name in context.kept]
    if role:
        raise DataError(
            f"{role[0]} has a role (target, group, time, ...) and must stay"
        )
    return frame.drop(names)


DUPLICATES = CleaningStep(
    "drop_duplicates", "Drop duplicate rows", DropDuplicates, "values", drop_duplicates
)
ROWS = CleaningStep(
    "drop_rows",
    "Drop rows by a condition",
    DropRows,
    "values",
    drop_rows,
    {"where": {"word": "Oslo"}},
)
COLUMNS = CleaningStep(
    "drop_columns",
    "Drop columns",
    DropColumns,
    "values",
    drop_columns,
    {"columns": ["word"]},
)
