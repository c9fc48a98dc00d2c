"""A date becomes the numbers that it is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError
from bench.data.step import CleaningStep, Context
from bench.study.fields import Bool, Form, Text

_Part = Literal[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "weekday",
    "day_of_year",
    "hour",
    "minute",
    "days",
]


class Options(Form):
    """`columns` of dates become columns such as `visit_year`. `weekday`: 1 is Monday; `days`: since 1970-01-01.

    The dates themselves go, unless `keep` or unless they have a role (time, group, ...)."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns of dates. Example: `[admitted]`."""
    parts: Annotated[tuple[_Part, ...], Field(min_length=1)] = ("year", "month", "day")
    """What becomes a column of its own."""
    keep: Bool = False
    """Whether the column of the date stays."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    for name in context.chosen(frame, options.columns):
        if not frame.schema[name].is_temporal():
            raise DataError(
                f"column {name} holds no dates; declare `types: {{{name}: date}}`"
            )
        for part in dict.fromkeys(options.parts):
            if f"{name}_{part}" in frame.columns:
                raise DataError(f"there is a column {name}_{part} already")
            frame = frame.with_columns(
                _part(frame[name], part).cast(pl.Float64).alias(f"{name}_{part}")
            )
        if not options.keep and name not in context.kept:
            frame = frame.drop(name)
    return frame


def _part(series: pl.Series, part: _Part) -> pl.Series:
    if part == "days":
        return series.cast(pl.Date).cast(pl.Int32)
    if part in ("hour", "minute"):
        series = series.cast(pl.Datetime("us"))
    result: pl.Series = getattr(
        series.dt, "ordinal_day" if part == "day_of_year" else part
    )()
    return result


STEP = CleaningStep(
    "date_parts", "Dates as numbers", Options, "values", apply, {"columns": ["day"]}
)
