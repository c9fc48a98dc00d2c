"""A first look at somebody's CSV: how it is written, what its columns are, what to think about. It only proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from csv import Error
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from bench.core.errors import DataError
from bench.core.outcomes import Statement
from bench.core.task import Task
from bench.data.delimited import TextOptions, grouped, read_delimited, records, utf8
from bench.data.hints import TOKENS, group_like, id_like, not_numbers, time_like, words
from bench.data.types import ColumnKind, kind_of, typed, without_tokens
from bench.text.remarks import AllMissing, ColumnsWithMissing, IdLike, NearNumeric, PossibleGroup, TimeLikeColumn

_SEPARATORS = (",", ";", "\t", "|")
_TARGETS = (
    "target", "class", "label", "outcome", "response", "y", "diagnosis", "survived", "default", "churn", "price",
    "quality", "species", "type", "output", "result", "status",
)  # fmt: skip
_COMMA = r"^\s*[+-]?\d+,\d+\s*$"
_SURE = {"?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "<null>"}


@dataclass(frozen=True)
class Guess:
    """What a CSV file seems to be.

    source    options of the `csv` source that differ from its defaults (separator, header, decimal, encoding)
    types     the kind of every column, in the order of the file
    missing   words that seem to stand for missing values
    target    the likely target, and `task` what follows from it
    warnings  on identifiers, groups, times, numbers in disguise
    """

    rows: int
    source: dict[str, str | bool]
    types: dict[str, ColumnKind]
    missing: tuple[str, ...]
    target: str
    task: Task
    warnings: tuple[Statement, ...]

    @property
    def separator(self) -> str:
        return str(self.source.get("separator", ","))


def guess(csv: Path) -> Guess:
    """Look at a delimited text file. Raises `DataError` when it cannot be read as one."""
    if not csv.is_file():
        raise DataError(f"{csv}: there is no such file")
    source = _writing(csv.read_bytes(), csv.name)
    raw = read_delimited(csv.read_bytes(), TextOptions.model_validate(source), csv.name)
    if not raw.height:
        raise DataError(f"{csv.name}: has a header and no rows")
    missing = _missing(raw)
    rows = pl.Series(range(raw.height), dtype=pl.Int64)
    plain = without_tokens(raw, missing, raw.columns)
    columns = {name: typed(plain[name], None, rows, csv.name) for name in plain.columns}
    types = {name: kind_of(series) for name, series in columns.items()}
    target = _target(columns, types)
    return Guess(
        rows=raw.height,
        source=source,
        types=types,
        missing=missing,
        target=target,
        task=_task(columns[target], types[target]),
        warnings=tuple(_warnings(columns, types, target)),
    )


def _writing(raw: bytes, what: str) -> dict[str, str | bool]:
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
    first, *body = _rows(text, separator, what)
    if any(map(_is_number, first)) and not _named(first):
        source["header"] = False
    if separator != "," and any(re.match(_COMMA, cell) for row in body for cell in row):
        source["decimal"] = ","
        if any(re.match(grouped(".", ","), cell) for row in body for cell in row):
            source["thousands"] = "."
    return source


def _head(text: bytes, separator: str) -> list[list[str]]:
    """The first rows that are not blank, at most 200."""
    if separator == "whitespace":
        lines = text.split(b"\n", 1000)[:1000]
        return [line.decode().split() for line in lines if line.strip()][:200]
    return list(islice((row for row, _ in records(text, separator) if row), 200))


def _rows(text: bytes, separator: str, what: str) -> list[list[str]]:
    try:
        return _head(text, separator)
    except Error as error:
        raise DataError(f"{what}: cannot be read as rows of cells ({error}); nothing was written") from None


def _separator(text: bytes) -> str:
    """The separator with which all rows have the same number of cells, and the most of them; else a comma."""
    best, cells = ",", 1
    for separator in (*_SEPARATORS, "whitespace"):
        try:
            widths = {len(row) for row in _head(text, separator)}
        except Error:  # a quote in the wrong place under this separator: it is another one
            continue
        # White space stands inside the cells of other formats too, so it counts only when nothing else does.
        if len(widths) == 1 and max(widths) > cells and (separator != "whitespace" or cells == 1):
            best, cells = separator, max(widths)
    return best


def _is_number(cell: str | None) -> bool:
    try:
        float((cell or "").replace(",", "."))
    except ValueError:
        return False
    return True


def _named(first: list[str]) -> bool:
    """A first row with a number in it is still a header when most of its cells are words and all differ."""
    texts = sum(not _is_number(cell) for cell in first)
    return texts > len(first) / 2 and len(set(first)) == len(first)


def _missing(raw: pl.DataFrame) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for name in raw.columns:
        series = raw[name].str.strip_chars()
        disguised = not_numbers(series)[0]
        here = set(series.filter(series.is_in(list(TOKENS))).unique())
        for token in TOKENS:
            if token in here and (token in _SURE or token in disguised):
                seen[token] = None
    return tuple(seen)


def _target(columns: dict[str, pl.Series], types: dict[str, ColumnKind]) -> str:
    """A column that is named like a target, else the last one that is neither an identifier nor a date."""
    by_word = {" ".join(sorted(words(name))): name for name in columns}
    for word in _TARGETS:
        if word in by_word:
            return by_word[word]
    fit = [n for n, s in columns.items() if types[n] != "date" and not id_like(s, types[n]) and s.n_unique() > 1]
    return fit[-1] if fit else list(columns)[-1]


def _task(series: pl.Series, kind: ColumnKind) -> Task:
    values = series.drop_nulls()
    if kind != "numeric":
        return "classification"
    few = values.n_unique() <= max(2, min(10, len(values) // 10))
    return "classification" if few and bool((values == values.round(0)).all()) else "regression"


def _warnings(columns: dict[str, pl.Series], types: dict[str, ColumnKind], target: str) -> Iterator[Statement]:
    for name, series in columns.items():
        kind, missing = types[name], series.null_count()
        if missing == len(series):
            yield AllMissing(name)
        elif name == target:
            if missing:
                yield ColumnsWithMissing(name, missing, len(series))
        elif id_like(series, kind):
            yield IdLike(name)
        elif time_like(series, kind):
            yield TimeLikeColumn(name)
        elif group_like(series, kind):
            yield PossibleGroup(name, series.drop_nulls().n_unique())
        disguised, rows = not_numbers(series) if kind == "categorical" else ([], 0)
        if disguised:
            yield NearNumeric(name, tuple(disguised), rows, set(disguised) <= set(TOKENS))
