"""How people write tables: the file itself, numbers and dates in text columns, and categories that have an order."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from csv import Error
from itertools import islice
from typing import Any

import polars as pl

from bench.core.errors import DataError
from bench.data.delimited import grouped, records, utf8
from bench.data.step import Context
from bench.data.steps import STEPS
from bench.data.target import as_number
from bench.text.scales import SCALES

#: A cleaning step as a study writes it: its name and its options.
StepEntry = dict[str, Any]
_SEPARATORS = (",", ";", "\t", "|", "whitespace")
#: A number with a decimal comma: `1,5`, `,5`, `1,5e3`, `1.179,5`.
_COMMA = re.compile(r"\s*[+-]?(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:[eE][+-]?\d+)?\s*")


# --- the file


def writing(raw: bytes, what: str) -> dict[str, str | bool]:
    """Encoding, separator, header and decimal mark, as far as they differ from the usual."""
    source: dict[str, str | bool] = {}
    encoding = _encoding(raw)
    if encoding != "utf-8":
        source["encoding"] = encoding
    text = utf8(raw, encoding, what)
    if not text.strip():
        raise DataError(f"{what}: is empty")
    separator = _separator(text)
    if separator != ",":
        source["separator"] = "tab" if separator == "\t" else separator
    try:
        first, *body = _head(text, separator)
    except Error as error:
        raise DataError(
            f"{what}: cannot be read as rows of cells ({error}); nothing was written"
        ) from None
    if any(map(_is_number, first)) and not _are_names(first):
        source["header"] = False
    cells = [cell for row in body for cell in row]
    if separator != "," and any(map(_COMMA.fullmatch, cells)):
        source["decimal"] = ","
        if any(re.match(grouped(".", ","), cell) for cell in cells):
            source["thousands"] = "."
    return source


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _head(text: bytes, separator: str) -> list[list[str]]:
    """The first rows that are not blank, at most 200."""
    if separator == "whitespace":
        lines = text.split(b"\n", 1000)[:1000]
        return [line.decode().split() for line in lines if line.strip()][:200]
    return list(islice((row for row, _ in records(text, separator) if row), 200))


def _separator(text: bytes) -> str:
    """The separator with which all rows have the same number of cells, and the most of them; else a comma.

    One under which all commas of the rows are decimal commas goes first: `1,5;2,5` are two cells. White space stands
    inside the cells of other formats too, so it counts only when nothing else does.
    """
    best, cells = ",", 1
    for separator in _SEPARATORS:
        try:
            rows = _head(text, separator)
        except Error:  # a quote in the wrong place under this separator
            continue
        widths = {len(row) for row in rows}
        width = max(widths) if len(widths) == 1 else 1
        if width == 1 or (separator == "whitespace" and cells > 1):
            continue
        if separator in ";\t|" and _decimal_commas(rows):
            return separator
        if width > cells:
            best, cells = separator, width
    return best


def _decimal_commas(rows: list[list[str]]) -> bool:
    """Whether commas occur below the first row, all of them in numbers."""
    commas = [cell for row in rows[1:] for cell in row if "," in cell]
    return bool(commas) and all(map(_COMMA.fullmatch, commas))


def _is_number(cell: str) -> bool:
    return as_number(cell.replace(",", ".")) is not None


def _are_names(first: list[str]) -> bool:
    """A first row with a number in it is still a header when most of its cells are words and all differ."""
    numbers = sum(map(_is_number, first))
    return numbers < len(first) / 2 and len(set(first)) == len(first)


# --- numbers and dates


_UNIT = r"(?:[$€£¥]|USD|EUR|GBP|CHF)"
_NUMBER = rf"^[+-]?({_UNIT})?\s*[+-]?[\d.,' ]*\d[\d.,' ]*?\s*(%)?\s*({_UNIT}|[a-zA-Z°]{{1,4}})?$"
#: Dates whose order is not that of ISO 8601, and years with a month.
_DATE = r"^(\d{1,2}[/.\- ]+(\d{1,2}|[A-Za-z]{3,9})|[A-Za-z]{3,9}\.? \d{1,2}),?[/.\- ]+\d{4}\b"
_MONTH = r"^(1[89]|20)\d\d[/\-](0?[1-9]|1[0-2])$"
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


def ways_of_writing(series: pl.Series) -> list[StepEntry]:
    """The steps that turn a text column into numbers or dates, the likeliest first; empty where it is neither.

    >>> ways_of_writing(pl.Series("price", ["$1,200.50", "$3,100", "$80"]))
    [{'parse_numbers': {'columns': ['price'], 'thousands': ',', 'prefixes': ['$']}}]
    >>> ways_of_writing(pl.Series("day", ["31.12.2023", "01.02.2024"]))
    [{'parse_dates': {'columns': ['day'], 'order': 'day_month_year'}}]
    >>> ways_of_writing(pl.Series("day", ["Jan 3, 2020", "Feb 28, 2021"]))
    [{'parse_dates': {'columns': ['day'], 'order': 'month_day_year'}}]
    """
    values = series.drop_nulls().str.strip_chars()
    if len(values) < 2:
        return []
    steps = (*_date_steps(values), *_number_steps(values))
    return [step for step in steps if applied(values.to_frame(), step) is not None]


def _date_steps(values: pl.Series) -> Iterator[StepEntry]:
    head = values.head(50)
    orders: list[str] = []
    if head.str.contains(_DATE).all():
        orders = ["month_day_year", "day_month_year"]  # 12/31 may be either,
        if head.str.contains(r"^\d+\.").all():
            orders.reverse()  # 31.12. is European
    elif head.str.contains(_MONTH).all() and not _are_seasons(values):
        orders = ["year_month"]
    for order in orders:
        yield {"parse_dates": {"columns": [values.name], "order": order}}


def _are_seasons(values: pl.Series) -> bool:
    """Whether years with months are seasons, such as 2008-09, 2009-10."""
    parts = values.str.extract_groups(r"^\d\d(\d\d)[/\-](\d{1,2})$").struct.unnest()
    first, second = (parts[name].cast(pl.Int64) for name in parts.columns)
    return bool(((first + 1) % 100 == second).all())


def _number_steps(values: pl.Series) -> Iterator[StepEntry]:
    """Of what is no number as it stands: a code such as 01067 is kept."""
    if not values.head(500).str.contains(_NUMBER).all():
        return
    parts = values.str.extract_groups(_NUMBER).struct.unnest()
    prefixes, percent, suffixes = (parts[name] for name in parts.columns)
    units = suffixes.drop_nulls().unique()
    words = units.filter(~units.str.contains(f"^{_UNIT}$"))
    if len(units) > 1 or (len(words) and suffixes.null_count()):
        return  # several units cannot be compared, and a word that only some cells have is none (`5more`)
    affixes = {
        "percent": bool(percent.is_not_null().any()),
        "prefixes": prefixes.drop_nulls().unique().sort().to_list(),
        "suffixes": units.to_list(),
    }
    affixes = {name: value for name, value in affixes.items() if value}
    for marks in _MARKS:
        there = all(
            values.str.contains(mark, literal=True).any() for mark in marks.values()
        )
        if there and (marks or affixes):
            yield {"parse_numbers": {"columns": [values.name], **marks, **affixes}}


def applied(frame: pl.DataFrame, entry: StepEntry) -> pl.DataFrame | None:
    """A text table after a step; None where a cell is no number or date so written."""
    ((name, options),) = entry.items()
    step = STEPS[name]
    try:
        done = step.apply(
            frame.with_row_index("row"), step.options.model_validate(options), Context()
        )
    except DataError:
        return None
    return done.drop("row")


# --- orders


#: Words that may stand beside the number of a range.
_RANGE = re.compile(r"\d\s*[-–]\s*\d|[<>+]|more|less|_lt_|_ge_|under|over")
_BELOW = re.compile(r"^(<|lt\b|less|under|below|up to)|_lt_")
_BESIDE = re.compile(
    r"\b(more|plus|less|than|lt|ge|gt|le|under|over|and|or|to|up|above|below|years?|yrs?|old)\b|\W|_"
)


def order_of(levels: Sequence[str]) -> tuple[str, ...] | None:
    """The levels from low to high, where three or more have an order that their texts tell; else None.

    >>> order_of(["med", "vhigh", "high", "low"])
    ('low', 'med', 'high', 'vhigh')
    >>> order_of(["5more", "2", "4", "3"]), order_of(["25-34", "75+", "35-44"])
    (('2', '3', '4', '5more'), ('25-34', '35-44', '75+'))
    >>> order_of(["1. Married", "2. Never married", "3. Divorced"])   # a code, no order
    """
    if not 3 <= len(levels) <= 31:
        return None
    return _on_a_scale(levels) or _by_number(levels)


def _on_a_scale(levels: Sequence[str]) -> tuple[str, ...] | None:
    for scale in SCALES:
        places: dict[str, int] = {}
        for place, names in enumerate(scale.split(",")):
            places |= dict.fromkeys(names.split("/"), place)
        found = {level: places.get(_plain(level), -1) for level in levels}
        if -1 not in found.values() and len(set(found.values())) == len(levels):
            return tuple(sorted(levels, key=found.__getitem__))
    return None


def _plain(level: str) -> str:
    """`1. < HS Grad` -> `<_hs_grad`."""
    bare = re.sub(r"^\d+\.\s+", "", level.strip()).lower()
    return re.sub(r"[\s\-_.]+", "_", bare).strip("_")


def _by_number(levels: Sequence[str]) -> tuple[str, ...] | None:
    """Ranges (`25-34`, `75+`, `< 30`, `5more`, `more`) by their first number, those below a number first."""
    places: dict[str, tuple[float, bool]] = {}
    for level in levels:
        text = level.strip().lower()
        number = re.search(r"\d+(\.\d+)?", text)
        if number is None and text != "more":
            return None
        first = float(number[0]) if number else math.inf
        places[level] = (first, not _BELOW.search(text))
    if len(set(places.values())) < len(levels) or _are_codes(levels):
        return None
    return tuple(sorted(levels, key=places.__getitem__))


def _are_codes(levels: Collection[str]) -> bool:
    """Whether texts with numbers are plain numbers or codes, and no ranges.

    `0-9g/day` beside `10-19` is one scale; PAL0708 beside PAL0809 are codes, unless one says `less` or `more`.
    """
    texts = [level.strip().lower() for level in levels]
    plain = all(re.fullmatch(r"\d+(\.\d+)?", text) for text in texts)
    numbered = all(re.match(r"\d+[.):]\s*[a-z]", text) for text in texts)
    if plain or numbered:
        return True
    beside = set()
    for text in texts:
        words = re.sub(r"\d+", " ", text).replace("more", " more ")
        beside.add(_BESIDE.sub("", words))
    one_scale = len(beside) == 1 or (len(beside) == 2 and "" in beside)
    ranged = any(map(_RANGE.search, texts))
    return beside != {""} and not (ranged and one_scale)
