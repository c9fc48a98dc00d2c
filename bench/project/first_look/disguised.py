"""Numbers and dates that a text column holds in the writing of people, and the cleaning steps that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bench.core.errors import DataError
from bench.data.step import Context
from bench.data.steps import STEPS
from bench.data.steps.parse_dates import ORDERS, iso
from bench.study.fields import Form
from bench.study.models import Step

_UNIT = r"(?:[$€£¥]|USD|EUR|GBP|CHF)"
_NUMBER = re.compile(rf"^\s*[+-]?({_UNIT})?\s*[+-]?([\d.,' ]*\d[\d.,' ]*?)\s*(%)?\s*({_UNIT}|[a-zA-Z°]{{1,4}})?\s*$")
_DATE = r"^\s*\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}"
_YEAR_MONTH = r"^(1[89]|20)\d\d[/\-](0?[1-9]|1[0-2])$"
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


@dataclass(frozen=True)
class ProposedStep:
    """A cleaning step with the options that it would have in a study."""

    name: str
    options: Form

    @classmethod
    def of(cls, name: str, **options: object) -> ProposedStep:
        """Checked as the options of a study are.

        >>> ProposedStep.of("date_parts", columns=["day"], parts=["month"]).entry
        {'date_parts': {'columns': ['day'], 'parts': ['month']}}
        """
        return cls(name, STEPS[name].options.model_validate(options))

    @property
    def entry(self) -> Step:
        """As a study writes it under `clean`."""
        return {self.name: self.options.model_dump(mode="json", exclude_unset=True)}

    def of_columns(self, names: Sequence[str]) -> ProposedStep:
        """The same step for other columns."""
        return replace(self, options=self.options.model_copy(update={"columns": tuple(names)}))


def written_otherwise(series: pl.Series) -> ProposedStep | None:
    """The step that turns a text column into numbers or dates; None where it is neither.

    >>> written_otherwise(pl.Series("price", ["$1,200.50", "$3,100", "$80"])).entry
    {'parse_numbers': {'columns': ['price'], 'thousands': ',', 'prefixes': ['$']}}
    >>> written_otherwise(pl.Series("day", ["31.12.2023", "01.02.2024"])).entry
    {'parse_dates': {'columns': ['day'], 'order': 'day_month_year'}}
    >>> written_otherwise(pl.Series("joined", ["2023-02", "2023-11"])).entry
    {'parse_dates': {'columns': ['joined'], 'order': 'year_month'}}
    """
    values = series.drop_nulls().str.strip_chars()
    if len(values) < 2:
        return None
    if values.head(50).str.contains(_DATE).all():
        return _dates(values)
    if values.head(50).str.contains(_YEAR_MONTH).all():
        return _months(values)
    found = [_NUMBER.match(value) for value in values.head(500)]
    return _numbers(values, [one for one in found if one]) if all(found) else None


def ambiguous(series: pl.Series) -> bool:
    """Whether the dates of a column could be read day first as well as month first."""
    values = series.drop_nulls()
    return all(int(iso(values, order).null_count()) == 0 for order in ORDERS)


def _dates(values: pl.Series) -> ProposedStep | None:
    points = bool(values.head(50).str.contains(r"\.").all())
    orders = list(ORDERS) if points else list(ORDERS)[::-1]  # 31.12. is European; 12/31 may be either
    for order in orders:
        if iso(values, order).null_count() == 0:
            return ProposedStep.of("parse_dates", columns=[values.name], order=order)
    return None


def _months(values: pl.Series) -> ProposedStep | None:
    """Years with months; None for seasons, such as 2008-09, 2009-10."""
    dates = iso(values, "year_month").str.to_date()
    season = (dates.dt.year() + 1) % 100 == dates.dt.month()
    known = not dates.null_count() and not season.all()
    return ProposedStep.of("parse_dates", columns=[values.name], order="year_month") if known else None


def _numbers(values: pl.Series, found: list[re.Match[str]]) -> ProposedStep | None:
    """The first options with which every cell is a number; None for what is no number, or needs none of them."""
    affixes = _affixes(found)
    for marks in _MARKS if affixes is not None else ():
        step = ProposedStep.of("parse_numbers", columns=[values.name], **marks, **(affixes or {}))
        if (marks or affixes) and applied(values.to_frame(), step) is not None:
            return step
    return None


def _affixes(found: list[re.Match[str]]) -> Mapping[str, bool | list[str]] | None:
    """What stands beside the numbers; None where it is no unit: several units cannot be compared, and a word that only
    some cells have is none (`5more`)."""
    prefixes, suffixes = ({one[group] for one in found if one[group]} for group in (1, 4))
    words = [one for one in suffixes if not re.fullmatch(_UNIT, one)]
    if len(suffixes) > 1 or (words and any(one[4] is None for one in found)):
        return None
    affixes: dict[str, bool | list[str]] = {
        "percent": any(one[3] for one in found),
        "prefixes": sorted(prefixes),
        "suffixes": sorted(suffixes),
    }
    return {key: value for key, value in affixes.items() if value}


def applied(frame: pl.DataFrame, step: ProposedStep) -> pl.DataFrame | None:
    """A text table after one of these steps; None where a cell is no number or date so written."""
    numbered = frame if "row" in frame.columns else frame.with_row_index("row")
    try:
        done = STEPS[step.name].apply(numbered, step.options, Context("the table"))
    except DataError:
        return None
    return done.select(frame.columns)
