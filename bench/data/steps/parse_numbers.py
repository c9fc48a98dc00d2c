"""Numbers written for people: decimal comma, thousands separators, units, percent signs."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError
from bench.data.step import CleaningStep, Context
from bench.study.fields import Bool, Form, Text


class Options(Form):
    """`decimal`: the decimal mark; `thousands`: what stands between groups of three digits; `suffixes`: units that may
    follow; `prefixes`: those that may stand before; `percent`: 12 % becomes 0.12. A cell that is still no number is an
    error."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns of text that hold numbers. Example: `[price]`."""
    decimal: Literal[".", ","] = "."
    """The decimal sign."""
    thousands: Literal[",", ".", " ", "'"] | None = None
    """The sign between thousands."""
    suffixes: tuple[Text, ...] = ()
    """What may stand behind a number and is taken off. Example: `[kg]`."""
    prefixes: tuple[Text, ...] = ()
    """What may stand before a number and is taken off. Example: `["$"]`."""
    percent: Bool = False
    """Whether `12 %` becomes 0.12."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    if options.thousands == options.decimal:
        raise DataError(
            f"`{options.decimal}` cannot be decimal mark and separator at once"
        )
    return context.rewritten(
        frame, options.columns, lambda cells: _parsed(cells, options), "number"
    )


def _parsed(series: pl.Series, options: Options) -> pl.Series:
    """The cells as plain decimal text; null where a cell is not written as declared."""
    mark, groups = re.escape(options.decimal), re.escape(options.thousands or "")
    whole = rf"(?:\d{{1,3}}(?:{groups}\d{{3}})+|\d+)" if options.thousands else r"\d+"
    suffix, prefix = _units(options.suffixes), _units(options.prefixes)
    percent = r"(\s*%)?" if options.percent else "()"
    pattern = rf"^\s*([+-]?){prefix}({whole})?(?:{mark}(\d*))?([eE][+-]?\d+)?{percent}{suffix}\s*$"
    found = series.str.extract_groups(pattern).struct.unnest()
    sign, left, right, power, per_cent = (
        found[column].fill_null("") for column in found.columns
    )
    if options.thousands:
        left = left.str.replace_all(options.thousands, "", literal=True)
    written = (left != "") | (right != "")
    # A point only where there are decimals; percent moves it by two places through the exponent, which loses nothing.
    shift = power.str.slice(1).cast(pl.Int64, strict=False).fill_null(0) - 2 * (
        per_cent != ""
    ).cast(pl.Int64)
    point = pl.select(
        pl.when(right != "").then(pl.lit(".")).otherwise(pl.lit(""))
    ).to_series()
    exponent = pl.select(
        pl.when(shift != 0).then("e" + shift.cast(pl.String)).otherwise(pl.lit(""))
    ).to_series()
    left = pl.select(pl.when(left == "").then(pl.lit("0")).otherwise(left)).to_series()
    text = sign + left + point + right + exponent
    return (
        pl.select(pl.when(written & series.is_not_null()).then(text))
        .to_series()
        .alias(series.name)
    )


def _units(units: tuple[str, ...]) -> str:
    """The pattern of none or one of these texts, the longest first, with spaces around it."""
    texts = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    return rf"(?:\s*(?:{texts})\s*)?" if texts else ""


STEP = CleaningStep(
    "parse_numbers",
    "Numbers with decimal comma, thousands, units or percent",
    Options,
    "text",
    apply,
    {"columns": ["price"], "suffixes": ["EUR"]},
)
