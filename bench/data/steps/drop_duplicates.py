"""Rows that equal an earlier one."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError
from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text


class Options(Form):
    """Drop rows that equal an earlier one in all of `columns` (left out: in target and features).

    `conflicting`: rows that equal another in the features and differ in the target: `keep` them, or `drop` all of them.
    """

    columns: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns that must be equal; all, unless named. Example: `[age, weight]`."""
    conflicting: Literal["drop", "keep"] = "keep"
    """What happens to equal rows with different targets."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    names = context.chosen(frame, options.columns)
    if options.columns is None:
        others = [name for name in context.kept if name != context.target]
        names = [name for name in names if name not in others]
    if options.conflicting == "drop" and context.target in frame.columns:
        features = [name for name in names if name != context.target]
        if not features:
            raise DataError("rows conflict in features; name one beside the target")
        target = pl.col(str(context.target))
        labels = frame.select(n=target.drop_nulls().n_unique().over(features))["n"]
        frame = frame.filter(labels < 2)
    return frame.unique(names, keep="first", maintain_order=True)


STEP = CleaningStep("drop_duplicates", "Drop duplicate rows", Options, "values", apply)
