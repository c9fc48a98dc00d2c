"""Text that differs only in case, spaces or Unicode form becomes one text."""

from __future__ import annotations

from typing import Literal

import polars as pl

from bench.data.step import CleaningStep, Context
from bench.study.fields import Bool, Form, Text


class Trim(Form):
    """Cut spaces at both ends, of all text columns or of `columns`; what is left empty is missing."""

    columns: tuple[Text, ...] | None = None
    """The columns; all columns of text, unless named. Example: `[city]`."""


class Normalise(Form):
    """`case`: lower or upper; `spaces`: runs of white space become one space, none at the ends; `unicode`: the form in
    which composed letters are written (NFC), or compatibility letters too (NFKC)."""

    columns: tuple[Text, ...] | None = None
    """The columns; all columns of text, unless named. Example: `[city]`."""
    case: Literal["lower", "upper"] | None = None
    """The case of all letters; null: as they are."""
    spaces: Bool = True
    """Whether runs of spaces become one."""
    unicode: Literal["NFC", "NFKC"] | None = "NFC"
    """The Unicode form; null: as it is."""


def trim(frame: pl.DataFrame, options: Trim, context: Context) -> pl.DataFrame:
    text = pl.col(context.texts(frame, options.columns)).str.strip_chars()
    return frame.with_columns(_nothing_is_missing(text))


def normalise(
    frame: pl.DataFrame, options: Normalise, context: Context
) -> pl.DataFrame:
    text = pl.col(context.texts(frame, options.columns))
    if options.unicode is not None:
        text = text.str.normalize(options.unicode)
    if options.spaces:
        text = text.str.replace_all(r"\s+", " ").str.strip_chars()
    if options.case is not None:
        text = (
            text.str.to_lowercase()
            if options.case == "lower"
            else text.str.to_uppercase()
        )
    return frame.with_columns(_nothing_is_missing(text))


def _nothing_is_missing(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


TRIM = CleaningStep("trim", "Cut spaces at both ends of text", Trim, "text", trim)
NORMALISE = CleaningStep(
    "normalise_text",
    "One case, one kind of space, one Unicode form",
    Normalise,
    "text",
    normalise,
    {"case": "lower"},
)
