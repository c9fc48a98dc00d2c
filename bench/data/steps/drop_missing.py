"""Rows with missing values. Imputing is inside the fold."""

from __future__ import annotations

import polars as pl

from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text


class Options(Form):
    """Drop rows with a missing value in any of `columns` (any column when left out)."""

    columns: tuple[Text, ...] | None = None
    """The columns that are looked at; all, unless named. Example: `[age]`."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    return frame.drop_nulls(context.chosen(frame, options.columns))


STEP = CleaningStep(
    "drop_missing", "Drop rows with missing values", Options, "values", apply
)
