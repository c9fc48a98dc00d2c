"""Spaces at both ends of text."""

from __future__ import annotations

import polars as pl

from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text


class Options(Form):
    """Cut spaces at both ends, of all text columns or of `columns`; what is left empty is missing."""

    columns: tuple[Text, ...] | None = None
    """The columns; all columns of text, unless named. Example: `[city]`."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    text = pl.col(context.texts(frame, options.columns)).str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text))


STEP = CleaningStep("trim", "Cut spaces at both ends of text", Options, "text", apply)
