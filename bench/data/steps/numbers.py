"""Numbers in range and in one unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from bench.core.errors import DataError, row_number
from bench.data.step import CleaningStep, Context, shown
from bench.data.steps._where import Where, matches
from bench.study.fields import Form, Number, Text, refused
from bench.text.problems import EndsOfRange


class Range(Form):
    """`columns: {age: [0, 120]}`, both ends included, null for an open one. What lies `outside` becomes missing, or its
    row is dropped, or it is an error."""

    columns: Annotated[
        Mapping[Text, tuple[Number | None, Number | None]], Field(min_length=1)
    ]
    """The lowest and the highest value, by column; null: no end. Example: `{age: [0, 120]}`."""
    outside: Literal["missing", "drop", "error"]
    """What happens to a value outside."""

    @field_validator("columns")
    @classmethod
    def _in_order(cls, columns: Mapping[str, tuple[float | None, float | None]]) -> Any:
        for name, (low, high) in columns.items():
            if low is not None and high is not None and low > high:
                raise refused(EndsOfRange(low, high), name)
        return columns


def _not_zero(factor: float) -> float:
    if factor == 0:
        raise PydanticCustomError(
            "zero", "expected a factor other than 0, which would wipe the column out"
        )
    return factor


class UnitChange(Form):
    """value * `multiply` + `add` in the `columns`; with `where`, only in rows in which other columns equal a value."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns whose unit is another. Example: `[height]`."""
    multiply: Annotated[Number, AfterValidator(_not_zero)] = 1.0
    """The factor."""
    add: Number = 0.0
    """What is added after that."""
    where: Where | None = None
    """The rows that have the other unit; all, unless given. Example: `{country: US}`."""


def keep_range(frame: pl.DataFrame, options: Range, context: Context) -> pl.DataFrame:
    for name in context.numbers(frame, options.columns):
        low, high = options.columns[name]
        values = frame[name]
        out = (values < (low if low is not None else -float("inf"))) | (
            values > (high if high is not None else float("inf"))
        )
        # An infinite value lies outside of every range, an open one too.
        out = (out | values.is_infinite()).fill_null(False)
        if options.outside == "error" and out.any():
            first = int(out.arg_max() or 0)
            raise DataError(
                f"column {name} holds {shown(values[first])} in row"
                f" {row_number(frame['row'][first])}, outside [{low}, {high}] ({int(out.sum())} such cells)"
            )
        if options.outside == "drop":
            frame = frame.filter(~out)
        else:
            frame = frame.with_columns(pl.when(~out).then(pl.col(name)).alias(name))
    return frame


def convert(frame: pl.DataFrame, options: UnitChange, context: Context) -> pl.DataFrame:
    names = context.numbers(frame, options.columns)
    hit = (
        matches(frame, options.where, context)
        if options.where
        else pl.Series([True] * frame.height)
    )
    return frame.with_columns(
        pl.when(hit)
        .then(pl.col(name) * options.multiply + options.add)
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )


RANGE = CleaningStep(
    "range",
    "Values outside a range",
    Range,
    "values",
    keep_range,
    {"columns": {"x": [0, 5]}, "outside": "missing"},
)
UNIT = CleaningStep(
    "unit",
    "Convert a unit",
    UnitChange,
    "values",
    convert,
    {"columns": ["x"], "multiply": 2},
)
