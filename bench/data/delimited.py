"""Delimited text -> a frame in which every cell is text, exactly as written.

Nothing is guessed or lost here: leading zeros, "NA" and "?" stay text. An empty cell is null. Blank lines are no rows.
A row with too few or too many cells, a byte that is not in the encoding, or a name that stands twice is an error with
its place.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bench.core.errors import DataError, nearest, row_number
from bench.data.room import refuse_wide
from bench.study.fields import Bool, Form, Text

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COMMA_NUMBER = r"^\s*([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)\s*$"
#: Names that polars takes for a pattern over all columns, in methods of a single column too.
_PATTERN = re.compile(r"\*|\^.*\$", re.DOTALL)
_BLOCK = 1 << 24
#: Separators that have a word.
WORDS = {"tab": "\t", "space": " ", "whitespace": " "}


class TextOptions(Form):
    """How a text table is written.

    `separator`: one character, or the words tab, space or whitespace (any run of spaces and tabs). Without `header` the
    columns are c1, c2, ... or those of `columns`. `decimal: ","` turns cells such as 3,14 into 3.14, and with
    `thousands: "."` beside it 1.179,5 is 1179.5.
    """

    separator: Text = ","
    """What separates the columns: one character, or tab, space, whitespace."""
    header: Bool = True
    """Whether the first line names the columns."""
    columns: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The names of the columns of a file without a header. Example: `[age, weight, diagnosis]`."""
    decimal: Literal[".", ","] = "."
    """The decimal sign."""
    thousands: Literal[",", ".", " ", "'"] | None = None
    """The sign between groups of three digits. Example: `"."`."""
    encoding: Text = "utf-8"
    """The encoding of the file. Example: `latin-1`."""

    @field_validator("separator")
    @classmethod
    def _one_character(cls, value: str) -> str:
        if value in WORDS or (
            len(value) == 1 and value.isascii() and value not in '"\n\r'
        ):
            return value
        raise PydanticCustomError(
            "separator", "expected one character, or tab, space, whitespace"
        )

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, value: str) -> str:
        try:
            "a1,".encode(value).decode(
                value
            )  # not of rot13 or zlib, which are codecs and no encodings of text
        except (LookupError, UnicodeError):
            known = ["utf-8", "utf-16", "latin-1", "cp1252", "ascii"]
            raise PydanticCustomError(
                "encoding", "unknown encoding; {hint}", {"hint": nearest(value, known)}
            ) from None
        return value

    @model_validator(mode="after")
    def _names(self) -> TextOptions:
        if (
            self.columns is not None
            and self.header
            and "header" in self.model_fields_set
        ):
            raise PydanticCustomError(
                "columns", "`columns` names the columns of a file without a header"
            )
        if self.thousands == self.decimal:
            raise PydanticCustomError(
                "thousands", "one sign cannot be `decimal` and `thousands` at once"
            )
        return self

    @property
    def has_header(self) -> bool:
        return self.header and self.columns is None


def utf8(raw: bytes, encoding: str, what: str) -> bytes:
    """The bytes as UTF-8 with line feeds. Raises `DataError` with the byte offset of what is not in the encoding."""
    if codecs.lookup(encoding).name == "utf-8":
        if raw.startswith(_UTF16):
            raise DataError(
                f"{what}: begins with the byte-order mark of UTF-16 (byte 0); declare `encoding: utf-16`"
            )
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode(encoding)
        text.encode()
    except UnicodeError as error:
        raise DataError(
            f"{what}: byte {getattr(error, 'start', 0)} is not {encoding}; "
            + (
                "declare its `encoding`, such as cp1252 or latin-1"
                if encoding.startswith("utf")
                else "is that its encoding?"
            )
        ) from None
    if "\0" in text:
        raise DataError(
            f"{what}: holds a zero character at {text.index(chr(0))}; is it UTF-16, or no text at all?"
        )
    if codecs.lookup(encoding).name != "utf-8":
        raw = text.removeprefix("\ufeff").encode()
    return raw if b"\n" in raw or b"\r" not in raw else raw.replace(b"\r", b"\n")


def read_delimited(raw: bytes, options: TextOptions, what: str) -> pl.DataFrame:
    """The table in `raw` with every column as String. Raises `DataError` with the line of what is wrong."""
    raw = utf8(raw, options.encoding, what)
    separator = WORDS.get(options.separator, options.separator)
    if options.separator == "whitespace":
        raw, separator = _single_tabs(raw), "\t"
    try:
        first = next((row for row, _ in records(raw, separator) if row), None)
    except csv.Error as error:
        raise DataError(f"{what}: the first row: {error}; nothing was read") from None
    if first is None:
        raise DataError(f"{what}: is empty")
    refuse_wide(len(first), what)
    given = options.columns or (first if options.has_header else [])
    names = [
        name.strip() or f"c{i}"
        for i, name in enumerate(given or [""] * len(first), start=1)
    ]
    frame = read_body(raw, names, what, separator=separator, header=options.has_header)
    if options.thousands is not None or options.decimal == ",":
        frame = _plain_numbers(frame, options, what)
    return frame


def _plain_numbers(
    frame: pl.DataFrame, options: TextOptions, what: str
) -> pl.DataFrame:
    """The cells that are numbers in the file's way of writing, as plain decimal text.

    With a decimal comma, `1.179` is a thousand or one and a bit: where `thousands` does not say which, it is refused.
    """
    sign = options.thousands or "."
    pattern = grouped(sign, options.decimal)
    if options.thousands is None:
        found = frame.select(pl.all().str.contains(pattern))
        for name in frame.columns:
            if found[name].any():
                first = int(found[name].arg_max() or 0)
                raise DataError(
                    f"{what}: column {name} holds {frame[name][first]!r} in row {row_number(first)}, in a file with"
                    ' decimal commas; if the point separates thousands, write `thousands: "."` beside `decimal`; if it'
                    " is a decimal point, leave `decimal` out, and read columns of commas by the step `parse_numbers`"
                )
    else:
        bare = pl.all().str.replace_all(sign, "", literal=True)
        frame = frame.with_columns(
            pl.when(pl.all().str.contains(pattern)).then(bare).otherwise(pl.all())
        )
    return (
        frame.with_columns(pl.all().str.replace(_COMMA_NUMBER, "$1.$2"))
        if options.decimal == ","
        else frame
    )


def grouped(thousands: str, decimal: str) -> str:
    """The pattern of a number in groups of three digits, with or without decimals."""
    return rf"^\s*[+-]?[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?\s*$"


def read_body(
    raw: bytes,
    names: list[str],
    what: str,
    *,
    separator: str = ",",
    header: bool = False,
    quote: str | None = '"',
) -> pl.DataFrame:
    """Rows of text under these names. Raises `DataError` for a name that stands twice and for ragged rows."""
    no_patterns(names, what)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f"{what}: the column {twice[0]} stands {names.count(twice[0])} times; rename it in the file"
        )
    body = raw.lstrip(b"\r\n")  # a blank first line would be taken for the header
    cells, blank = scan(body, separator, quote)
    frame = None
    if bool(((cells == len(names)) | blank).all()) and quotes_enclose(
        body, separator, quote
    ):
        frame = _fast(body, names, separator, header, quote)
    if frame is None or frame.height != len(cells) - header:
        frame = _strict(raw, names, separator, header, quote, what)
    elif blank.any():
        frame = frame.filter(pl.Series(~blank[int(header) :]))
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def no_patterns(names: Iterable[str], what: str) -> None:
    """Raises `DataError` for a column name that would be read as a pattern: `*`, or `^` to `$`."""
    for name in names:
        if _PATTERN.fullmatch(name):
            raise DataError(
                f"{what}: a column is called {name}, which stands for several columns here; rename it"
            )


def _fast(
    raw: bytes, names: list[str], separator: str, header: bool, quote: str | None
) -> pl.DataFrame | None:
    """The rows as polars reads them, blank lines as rows; None when it cannot."""
    try:
        return pl.read_csv(
            raw,
            has_header=header,
            separator=separator,
            quote_char=quote,
            schema=dict.fromkeys(names, pl.String),
            empty_string_is_null=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None


def _strict(
    raw: bytes,
    names: list[str],
    separator: str,
    header: bool,
    quote: str | None,
    what: str,
) -> pl.DataFrame:
    """The rows one by one, with the line of the first that does not fit. Raises `DataError`."""
    rows: list[list[str]] = []
    line = 0
    try:
        for row, line in records(raw, separator, quote):
            if row and len(row) != len(names):
                raise DataError(
                    f"{what}: line {line} has {len(row)} cells, expected {len(names)}; nothing was read"
                )
            rows += [row] if row else []
    except csv.Error as error:
        raise DataError(
            f"{what}: after line {line}: {error}; nothing was read"
        ) from None
    return pl.DataFrame(
        rows[int(header) :], schema=dict.fromkeys(names, pl.String), orient="row"
    )


def scan(
    raw: bytes, separator: str, quote: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """How many cells each record has, and which are blank lines: polars fills short rows up without a word.

    Separators and line feeds between quotes do not count. A quote inside an unquoted cell misleads this count, so a
    table with one (`quotes_enclose`) is read again, strictly.
    """
    ends, totals = [], []
    inside, total = 0, 0
    for start in range(0, len(raw), _BLOCK):
        block = np.frombuffer(raw, np.uint8, min(_BLOCK, len(raw) - start), start)
        marks, feeds = block == ord(separator), block == ord("\n")
        if quote is not None and (inside or ord(quote) in block):
            # Counting modulo 256 keeps the parity: an odd number of quotes so far means inside.
            within = (np.cumsum(block == ord(quote), dtype=np.uint8) + inside) & 1
            inside = int(within[-1])
            marks, feeds = marks & (within == 0), feeds & (within == 0)
        counts = np.cumsum(marks, dtype=np.uint32)
        at = np.flatnonzero(feeds)
        ends.append(at + start)
        totals.append(counts[at].astype(np.int64) + total)
        total += int(counts[-1])
    end, seen = np.concatenate([[-1], *ends]), np.concatenate([[0], *totals])
    if end[-1] < len(raw) - 1:
        end, seen = np.append(end, len(raw)), np.append(seen, total)
    length = np.diff(end) - 1
    returns = np.array(
        [raw[i - 1 : i] == b"\r" for i in end[1:][length == 1]], dtype=bool
    )
    blank = length == 0
    blank[length == 1] = returns
    return np.diff(seen) + 1, blank


def quotes_enclose(raw: bytes, separator: str, quote: str | None) -> bool:
    """Whether every quote begins or ends a cell, or is one of two that stand for one."""
    if quote is None or quote.encode() not in raw:
        return True
    text = np.frombuffer(raw, np.uint8)
    at = np.flatnonzero(text == ord(quote))
    if len(at) % 2:
        return False
    edges = np.zeros(256, dtype=bool)
    edges[[ord(separator), ord("\n"), ord("\r"), ord(quote)]] = True
    opening, closing = at[0::2], at[1::2]
    begins = (opening == 0) | edges[text[opening - 1]]
    ends = (closing == len(text) - 1) | edges[
        text[np.minimum(closing + 1, len(text) - 1)]
    ]
    return bool(begins.all() and ends.all())


def records(
    raw: bytes, separator: str, quote: str | None = '"'
) -> Iterator[tuple[list[str], int]]:
    """The rows of cells and the line each ends at, slowly and strictly: for the header and to find a mistake."""
    text = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8", newline="")
    reader = csv.reader(
        text,
        delimiter=separator,
        quotechar=quote,
        quoting=0 if quote else 3,
        strict=True,
    )
    csv.field_size_limit(1 << 30)
    for row in reader:
        yield row, reader.line_num


def _single_tabs(raw: bytes) -> bytes:
    """Runs of spaces and tabs outside quotes as one tab, so that cells stand apart by one character."""
    if b'"' not in raw:
        return b"\n".join(b"\t".join(line.split()) for line in raw.split(b"\n"))
    cell = re.compile(rb'"[^"\n]*"|[^\s]+')
    return b"\n".join(b"\t".join(cell.findall(line)) for line in raw.split(b"\n"))
