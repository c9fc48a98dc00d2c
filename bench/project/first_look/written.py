"""How people write tables: the file itself, numbers and dates in text columns, and categories that have an order."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from csv import Error
from dataclasses import dataclass, replace
from itertools import islice

import polars as pl
from pydantic import BaseModel

from bench.core.errors import DataError
from bench.data.delimited import grouped, records, utf8
from bench.data.step import Context
from bench.data.steps import STEPS
from bench.data.steps.parse_dates import ORDERS, iso
from bench.data.target import as_number
from bench.study.models import CleaningEntry
from bench.text.scales import SCALES

_SEPARATORS = (",", ";", "\t", "|")
#: A number with a decimal comma: `1,5`, `,5`, `1,5e3`, `1.179,5`.
_COMMA = re.compile(r"\s*[+-]?(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:[eE][+-]?\d+)?\s*")


def writing(raw: bytes, what: str) -> dict[str, str | bool]:
    """Encoding, separator, header and decimal mark, as far as they differ from the usual."""
    source: dict[str, str | bool] = {}
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        source["encoding"] = "utf-16"
    else:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            source["encoding"] = "cp1252"
    text = utf8(raw, str(source.get("encoding", "utf-8")), what)
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
    if any(map(_is_number, first)) and not _named(first):
        source["header"] = False
    return source | (
        {} if separator == "," else _marks([cell for row in body for cell in row])
    )


def _marks(cells: list[str]) -> dict[str, str | bool]:
    """The decimal comma, and the point between thousands."""
    if not any(_COMMA.fullmatch(cell) for cell in cells):
        return {}
    points = any(re.match(grouped(".", ","), cell) for cell in cells)
    return {"decimal": ",", "thousands": "."} if points else {"decimal": ","}


def _head(text: bytes, separator: str) -> list[list[str]]:
    """The first rows that are not blank, at most 200."""
    if separator == "whitespace":
        lines = text.split(b"\n", 1000)[:1000]
        return [line.decode().split() for line in lines if line.strip()][:200]
    return list(islice((row for row, _ in records(text, separator) if row), 200))


def _separator(text: bytes) -> str:
    """The separator with which all rows have the same number of cells, and the most of them; else a comma.

    One under which all commas of the rows are decimal commas goes first: `1,5;2,5` are two cells.
    """
    best, cells = ",", 1
    for separator in (*_SEPARATORS, "whitespace"):
        try:
            rows = _head(text, separator)
        except (
            Error
        ):  # a quote in the wrong place under this separator: it is another one
            continue
        widths = {len(row) for row in rows}
        if len(widths) != 1 or max(widths) == 1:
            continue
        # White space stands inside the cells of other formats too, so it counts only when nothing else does.
        if separator == "whitespace" and cells > 1:
            continue
        if separator not in (",", "whitespace") and _decimal_commas(rows):
            return separator
        if max(widths) > cells:
            best, cells = separator, max(widths)
    return best


def _decimal_commas(rows: list[list[str]]) -> bool:
    """Whether commas occur below the first row, all of them in numbers."""
    commas = [cell for row in rows[1:] for cell in row if "," in cell]
    return bool(commas) and all(map(_COMMA.fullmatch, commas))


def _is_number(cell: str | None) -> bool:
    return as_number((cell or "").replace(",", ".")) is not None


def _named(first: list[str]) -> bool:
    """A first row with a number in it is still a header when most of its cells are words and all differ."""
    texts = sum(not _is_number(cell) for cell in first)
    return texts > len(first) / 2 and len(set(first)) == len(first)


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
    plain = {level: _plain(level) for level in levels}
    for scale in SCALES:
        places = {
            word: place
            for place, names in enumerate(scale.split(","))
            for word in names.split("/")
        }
        found = {level: places[word] for level, word in plain.items() if word in places}
        if len(found) == len(levels) == len(set(found.values())):
            return tuple(sorted(levels, key=found.__getitem__))
    return None


def _plain(level: str) -> str:
    """`1. < HS Grad` -> `<_hs_grad`."""
    return re.sub(
        r"[\s\-_.]+", "_", re.sub(r"^\d+\.\s+", "", level.strip()).lower()
    ).strip("_")


def _by_number(levels: Sequence[str]) -> tuple[str, ...] | None:
    """Ranges (`25-34`, `75+`, `< 30`, `5more`, `more`) by their first number, those below a number first."""
    texts = {level: level.strip().lower() for level in levels}
    numbers = {level: re.search(r"\d+(\.\d+)?", text) for level, text in texts.items()}
    if any(
        number is None and texts[level] != "more" for level, number in numbers.items()
    ) or _coded(texts.values()):
        return None
    places = {
        level: (
            float(number[0]) if number else math.inf,
            -1 if _BELOW.search(texts[level]) else 0,
        )
        for level, number in numbers.items()
    }
    return (
        tuple(sorted(levels, key=places.__getitem__))
        if len(set(places.values())) == len(levels)
        else None
    )


def _coded(texts: Collection[str]) -> bool:
    """Whether texts with numbers are plain numbers or codes, and no ranges.

    `0-9g/day` beside `10-19` is one scale; PAL0708 beside PAL0809 are codes, unless one says `less` or `more`.
    """
    beside = {
        _BESIDE.sub("", re.sub(r"\d+", " ", text).replace("more", " more "))
        for text in texts
    }
    ranged = any(map(_RANGE.search, texts))
    plain = all(re.fullmatch(r"\d+(\.\d+)?", text) for text in texts)
    numbered = all(re.match(r"\d+[.):]\s*[a-z]", text) for text in texts)
    one_scale = len(beside) == 1 or (len(beside) == 2 and "" in beside)
    return plain or numbered or not (beside == {""} or (ranged and one_scale))


_UNIT = r"(?:[$€£¥]|USD|EUR|GBP|CHF)"
_NUMBER = re.compile(
    rf"^\s*[+-]?({_UNIT})?\s*[+-]?([\d.,' ]*\d[\d.,' ]*?)\s*(%)?\s*({_UNIT}|[a-zA-Z°]{{1,4}})?\s*$"
)
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
    options: BaseModel

    @classmethod
    def of(cls, name: str, **options: object) -> ProposedStep:
        """Checked as the options of a study are.

        >>> ProposedStep.of("drop_missing", columns=["day"]).entry
        {'drop_missing': {'columns': ['day']}}
        """
        return cls.of_value(name, options)

    @classmethod
    def of_value(cls, name: str, value: object) -> ProposedStep:
        """The same of a step whose options are columns, or one text.

        >>> ProposedStep.of_value("where", "age > 18").entry
        {'where': 'age > 18'}
        """
        return cls(name, STEPS[name].options.model_validate(value))

    @property
    def entry(self) -> CleaningEntry:
        """As a study writes it under `clean`."""
        return {self.name: self.options.model_dump(mode="json", exclude_unset=True)}

    def of_columns(self, names: Sequence[str]) -> ProposedStep:
        """The same step for other columns."""
        return replace(
            self, options=self.options.model_copy(update={"columns": tuple(names)})
        )


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
    orders = (
        list(ORDERS) if points else list(ORDERS)[::-1]
    )  # 31.12. is European; 12/31 may be either
    for order in orders:
        if iso(values, order).null_count() == 0:
            return ProposedStep.of("parse_dates", columns=[values.name], order=order)
    return None


def _months(values: pl.Series) -> ProposedStep | None:
    """Years with months; None for seasons, such as 2008-09, 2009-10."""
    dates = iso(values, "year_month").str.to_date()
    season = (dates.dt.year() + 1) % 100 == dates.dt.month()
    known = not dates.null_count() and not season.all()
    return (
        ProposedStep.of("parse_dates", columns=[values.name], order="year_month")
        if known
        else None
    )


def _numbers(values: pl.Series, found: list[re.Match[str]]) -> ProposedStep | None:
    """The first options with which every cell is a number; None for what is no number, or needs none of them: a code
    such as 01067 is kept."""
    affixes, signs = (
        _affixes(found),
        {sign for value in values.to_list() for sign in value},
    )
    for marks in _MARKS if affixes is not None else ():
        if not signs.issuperset(marks.values()):
            continue
        step = ProposedStep.of(
            "parse_numbers", columns=[values.name], **marks, **(affixes or {})
        )
        if (marks or affixes) and applied(values.to_frame(), step) is not None:
            return step
    return None


def _affixes(found: list[re.Match[str]]) -> Mapping[str, bool | list[str]] | None:
    """What stands beside the numbers; None where it is no unit: several units cannot be compared, and a word that only
    some cells have is none (`5more`)."""
    prefixes, suffixes = (
        {one[group] for one in found if one[group]} for group in (1, 4)
    )
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
        done = STEPS[step.name].apply(numbered, step.options, Context())
    except DataError:
        return None
    return done.select(frame.columns)
