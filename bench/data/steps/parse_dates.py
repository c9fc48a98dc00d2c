"""Dates that are written day first, month first or without a day become dates as ISO 8601 writes them."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text

#: By the order of the parts, how dates are written; between the parts stands one space.
ORDERS = {
    "day_month_year": ("%d %m %Y", "%d %B %Y"),
    "month_day_year": ("%m %d %Y", "%B %d %Y"),
    "year_month": ("%Y %m %d", "%B %Y %d"),
}
_CLOCK = r"[ T](\d{2}:\d{2}.*)$"
_BETWEEN = r"[/.\-, ]+"


class Options(Form):
    """`order` says whether 03/04/2023 is a day in April or in March; 3 Jan 2020 is day first. With `year_month`, 2023-02
    is the first of February. A cell of another form is an error."""

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
    text = series.str.strip_chars()
    clock = text.str.extract(_CLOCK)
    day = text.str.replace(_CLOCK, "").str.replace_all(_BETWEEN, " ")
    day = day.set(~day.str.contains(r"\b\d{4}\b"), None)
    if order == "year_month":
        day = day + " 01"
    date = pl.Series(series.name, [None] * len(series), dtype=pl.Date)
    for form in ORDERS[order]:
        date = date.fill_null(day.str.to_date(form, strict=False))
    if clock.null_count() == len(clock):
        return date.cast(pl.String)
    return date.cast(pl.String) + " " + clock.fill_null("00:00")


STEP = CleaningStep(
    "parse_dates",
    "Dates written day first, month first or without a day",
    Options,
    "text",
    apply,
    {"columns": ["when"], "order": "day_month_year"},
)
