"""Numbers and dates that a text column holds in the writing of people, and the cleaning steps that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from bench.core.errors import DataError
from bench.data.step import Context
from bench.data.steps import STEPS
from bench.data.steps.parse_dates import ORDERS, iso

_UNIT = r"(?:[$€£¥]|USD|EUR|GBP|CHF)"
_NUMBER = re.compile(rf"^\s*[+-]?({_UNIT})?\s*[+-]?([\d.,' ]*\d[\d.,' ]*?)\s*(%)?\s*({_UNIT}|[a-zA-Z°]{{1,4}})?\s*$")
_DATE = r"^\s*\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}"
#: How decimals and thousands are written, the likeliest first.
_MARKS: tuple[dict[str, str], ...] = (
    {},
    {"thousands": ","},
    {"decimal": ","},
    {"thousands": ".", "decimal": ","},
    {"thousands": " "},
    {"thousands": " ", "decimal": ","},
    {"thousands": "'"},
)


def written_otherwise(series: pl.Series) -> dict[str, Any] | None:
    """The step, as a study writes it, that turns a text column into numbers or dates; None where it is neither.

    >>> written_otherwise(pl.Series("price", ["$1,200.50", "$3,100", "$80"]))
    {'parse_numbers': {'columns': ['price'], 'thousands': ',', 'prefixes': ['$']}}
    >>> written_otherwise(pl.Series("day", ["31.12.2023", "01.02.2024"]))
    {'parse_dates': {'columns': ['day'], 'order': 'day_month_year'}}
    """
    values = series.drop_nulls().str.strip_chars()
    if len(values) < 2:
        return None
    if values.head(50).str.contains(_DATE).all():
        return _dates(values)
    found = [_NUMBER.match(value) for value in values.head(500)]
    return _numbers(values, [one for one in found if one]) if all(found) else None


def ambiguous(series: pl.Series) -> bool:
    """Whether the dates of a column could be read day first as well as month first."""
    values = series.drop_nulls()
    return all(int(iso(values, order).null_count()) == 0 for order in ORDERS)


def _dates(values: pl.Series) -> dict[str, Any] | None:
    points = bool(values.head(50).str.contains(r"\.").all())
    orders = list(ORDERS) if points else list(ORDERS)[::-1]  # 31.12. is European; 12/31 may be either
    for order in orders:
        if iso(values, order).null_count() == 0:
            return {"parse_dates": {"columns": [values.name], "order": order}}
    return None


def _numbers(values: pl.Series, found: list[re.Match[str]]) -> dict[str, Any] | None:
    """The first options with which every cell is a number; None for what is no number, or needs none of them."""
    affixes = _affixes(found)
    for marks in _MARKS if affixes is not None else ():
        step = {"parse_numbers": {"columns": [values.name], **marks, **(affixes or {})}}
        if (marks or affixes) and applied(values.to_frame(), step) is not None:
            return step
    return None


def _affixes(found: list[re.Match[str]]) -> dict[str, Any] | None:
    """What stands beside the numbers; None where it is no unit: several units cannot be compared, and a word that only
    some cells have is none (`5more`)."""
    prefixes, suffixes = ({one[group] for one in found if one[group]} for group in (1, 4))
    words = [one for one in suffixes if not re.fullmatch(_UNIT, one)]
    if len(suffixes) > 1 or (words and any(one[4] is None for one in found)):
        return None
    affixes = {"percent": any(one[3] for one in found), "prefixes": sorted(prefixes), "suffixes": sorted(suffixes)}
    return {key: value for key, value in affixes.items() if value}


def applied(frame: pl.DataFrame, step: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame | None:
    """A text table after one of these steps; None where a cell is no number or date so written."""
    ((name, options),) = step.items()
    known = STEPS[name]
    numbered = frame if "row" in frame.columns else frame.with_row_index("row")
    try:
        done = known.apply(numbered, known.options.model_validate(dict(options)), Context("the table"))
    except DataError:
        return None
    return done.select(frame.columns)
