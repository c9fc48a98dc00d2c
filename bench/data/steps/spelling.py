"""Several spellings of one thing become one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import Field, model_validator

from bench.data.step import CleaningStep, Context
from bench.study.fields import Bool, Form, Text, refused
from bench.text.problems import NoExpression


class Spelling(Form):
    """`columns: {country: {Itlay: Italy, ITA: Italy}}`: whole cells, a map a column."""

    columns: Annotated[Mapping[Text, Mapping[Text, Text]], Field(min_length=1)]
    """What is written otherwise, by column. Example: `{sex: {M: male, m: male}}`."""


class Replace(Form):
    """Replace `old` by `new` inside the cells of `columns` (all text columns when left out); `regex` makes `old` a
    regular expression (Rust's syntax: no look-around, linear time)."""

    old: Annotated[Text, Field(min_length=1)]
    """The text that is replaced. Example: `","`."""
    new: Text
    """What stands in its place. Example: `"."`."""
    columns: tuple[Text, ...] | None = None
    """The columns; all columns of text, unless named. Example: `[city]`."""
    regex: Bool = False
    """Whether `old` is a regular expression."""

    @model_validator(mode="after")
    def _expression(self) -> Replace:
        if self.regex:
            try:
                pl.Series([""]).str.replace_all(self.old, self.new)
            except pl.exceptions.PolarsError as error:
                found = re.search(
                    r"^(?:regex )?error: (?!regex)(.+)$", str(error), re.MULTILINE
                )
                raise refused(
                    NoExpression(self.old, found[1] if found else str(error)), "old"
                ) from None
        return self


def spelling(frame: pl.DataFrame, options: Spelling, context: Context) -> pl.DataFrame:
    names = context.texts(frame, options.columns)
    made = (pl.col(name).replace(dict(options.columns[name])) for name in names)
    return frame.with_columns(pl.when(one != "").then(one) for one in made)


def replace(frame: pl.DataFrame, options: Replace, context: Context) -> pl.DataFrame:
    text = pl.col(context.texts(frame, options.columns))
    made = text.str.replace_all(options.old, options.new, literal=not options.regex)
    return frame.with_columns(pl.when(made != "").then(made))


SPELLING = CleaningStep(
    "spelling",
    "One spelling for each category",
    Spelling,
    "text",
    spelling,
    {"columns": {"word": {"rome": "Rome"}}},
)
REPLACE = CleaningStep(
    "replace_text",
    "Replace a piece of text",
    Replace,
    "text",
    replace,
    {"old": "Rome", "new": "Roma", "columns": ["word"]},
)
