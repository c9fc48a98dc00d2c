"""How a delimited text file is written: encoding, separator, header, decimal mark."""

from __future__ import annotations

import re
from csv import Error
from itertools import islice

from bench.core.errors import DataError
from bench.data.delimited import grouped, records, utf8
from bench.data.target import as_number

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
        raise DataError(f"{what}: cannot be read as rows of cells ({error}); nothing was written") from None
    if any(map(_is_number, first)) and not _named(first):
        source["header"] = False
    return source | ({} if separator == "," else _marks([cell for row in body for cell in row]))


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
        except Error:  # a quote in the wrong place under this separator: it is another one
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
