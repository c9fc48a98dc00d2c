"""Dates that are written day first, month first or without a day become dates as ISO 8601 writes them."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text

#: The order of the parts, and the place of year, month and day among the three numbers of a pattern.
ORDERS = {"day_month_year": (3, 2, 1), "month_day_year": (3, 1, 2)}
_DAY = r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T](\d{2}:\d{2}.*))?\s*$"
_MONTH = r"^\s*(\d{4})[/.\-](\d{1,2})\s*$"


class Options(Form):
    """`order` says whether 03/04/2023 is a day in April or in March. With `year_month`, 2023-02 is the first of
    February. A cell of another form is an error."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns of text that hold dates. Example: `[admitted]`."""
    order: Literal["day_month_year", "month_day_year", "year_month"]
    """Which parts there are, the first one first. Example: `day_month_year`."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    return context.rewritten(
        frame, options.columns, lambda cells: iso(cells, options.order), "date"
    )


def iso(series: pl.Series, order: str) -> pl.Series:
    """The cells as `2023-12-31`, with the time of day where some cell has one; null where a cell is no such date."""
    if order == "year_month":
        months = series.str.extract_groups(_MONTH).struct.unnest()
        first = months["1"] + "-" + months["2"].str.zfill(2) + "-01"
        dated = first.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        return pl.select(pl.when(dated).then(first)).to_series().alias(series.name)
    parts = series.str.extract_groups(_DAY).struct.unnest()
    year, month, day = (parts[str(place)] for place in ORDERS[order])
    date = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    there = date.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    midnight = pl.lit(" 00:00" if parts["4"].is_not_null().any() else "")
    clock = pl.select(
        pl.when(parts["4"].is_not_null()).then(" " + parts["4"]).otherwise(midnight)
    ).to_series()
    return pl.select(pl.when(there).then(date + clock)).to_series().alias(series.name)


STEP = CleaningStep(
    "parse_dates",
    "Dates written day first, month first or without a day",
    Options,
    "text",
    apply,
    {"columns": ["when"], "order": "day_month_year"},
)
