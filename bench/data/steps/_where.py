"""Conditions of steps: `{column: value}` or `{column: [values]}`, compared by the column's own type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import Field

from bench.core.errors import DataError
from bench.data.step import Context
from bench.data.types import as_text
from bench.study.fields import Bool, Int, Number, Text

Value = Bool | Int | Number | Text
Where = Annotated[
    Mapping[Text, Value | Annotated[tuple[Value, ...], Field(min_length=1)]],
    Field(min_length=1),
]


def matches(
    frame: pl.DataFrame, where: Mapping[str, object], context: Context
) -> pl.Series:
    """Which rows fulfil all conditions; a missing cell fulfils none. Raises `DataError`."""
    hit = pl.Series([True] * frame.height, dtype=pl.Boolean)
    for name in context.chosen(frame, where):
        wanted = where[name]
        hit &= equals(frame[name], wanted if isinstance(wanted, tuple) else (wanted,))
    return hit


def equals(series: pl.Series, wanted: tuple[object, ...]) -> pl.Series:
    """Where a column holds one of the values: numbers by value, all else by its text."""
    if series.dtype == pl.Float64:
        try:
            return series.is_in([float(str(value)) for value in wanted]).fill_null(
                False
            )
        except ValueError:
            raise DataError(
                f"column {series.name} is numeric; {wanted} is not a number"
            ) from None
    words = [
        str(value).lower() if isinstance(value, bool) else str(value)
        for value in wanted
    ]
    return as_text(series).is_in(words).fill_null(False)
