"""KEEL and ARFF: a header of @attribute lines, then rows of cells between commas.

Names are kept; nominal attributes ({a, b, c}) become Enum columns, all others stay text. KEEL files whose header was
left out (a body only) get the names c1, c2, ... In ARFF `?` is missing by the format (unquoted). Words for missing, of
which KEEL uses several, are missing in a numeric attribute; elsewhere the study declares them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from bench.core.errors import DataError, row_number
from bench.data.delimited import read_body, utf8
from bench.data.files import nominal
from bench.data.hints import TOKENS

_ATTRIBUTE = re.compile(
    r"""^@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(.*)$""",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    _ATTRIBUTE.pattern.replace(r"\s*(.*)$", r"\s*(?:real|integer|numeric)\b"),
    re.IGNORECASE,
)
_CELL = re.compile(
    r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(,|$)"""
)


@dataclass(frozen=True)
class Header:
    """The names in the order of the file, the categories of those that are nominal, how many lines the header takes,
    the columns that KEEL calls outputs, and those that are numbers."""

    names: list[str]
    nominal: dict[str, list[str]]
    lines: int
    outputs: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()


def read_header(text: str, what: str) -> Header | None:
    """The header of a KEEL or ARFF file, or None when the text has none. Raises `DataError` with the line."""
    names: list[str] = []
    nominals: dict[str, list[str]] = {}
    outputs: tuple[str, ...] = ()
    numeric: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        word = line.strip()
        if not word or word.startswith(("%", "#")):
            continue
        if not word.startswith("@"):
            if names or number > 1:
                raise DataError(
                    f"{what}: line {number} stands before @data and is no @attribute"
                )
            return None
        if word.lower().startswith("@data"):
            outputs = tuple(name for name in names if name in outputs)
            return Header(names, nominals, number, outputs, tuple(numeric))
        if word.lower().startswith("@attribute"):
            name, categories = _attribute(word, f"{what}: line {number}")
            if name in names:
                raise DataError(
                    f"{what}: line {number}: there are two attributes {name}; rename one"
                )
            names.append(name)
            nominals |= {} if categories is None else {name: categories}
            numeric += map(unquoted, _NUMERIC.findall(word))
        elif word.lower().startswith("@output"):
            outputs = tuple(
                unquoted(name.strip()) for name in word.partition(" ")[2].split(",")
            )
    raise DataError(f"{what}: has a header without @data; is the file cut off?")


def _attribute(line: str, where: str) -> tuple[str, list[str] | None]:
    """The name of an attribute, and its categories where it is nominal."""
    match = _ATTRIBUTE.match(line)
    if match is None or not match[2]:
        raise DataError(f"{where}: an attribute needs a name and a type: {line[:60]}")
    if not match[2].startswith("{"):
        return unquoted(match[1]), None
    inside = match[2].strip().removeprefix("{").removesuffix("}")
    return unquoted(match[1]), [
        category for category in _cells(inside) if category is not None
    ]


def unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word[:1] in "'\"" else word


def read_keel(raw: bytes, encoding: str, what: str) -> pl.DataFrame:
    """A KEEL file, with or without its header, as text and Enum. Raises `DataError`."""
    raw = utf8(raw, encoding, what)
    header = read_header(raw.decode(), what) if raw.lstrip()[:1] == b"@" else None
    if header is None:
        first = raw.split(b"\n", 1)[0]
        if not first.strip():
            raise DataError(f"{what}: is empty")
        header = Header([f"c{i}" for i in range(1, first.count(b",") + 2)], {}, 0)
    frame = _trimmed(read_body(_body(raw, header), header.names, what, quote=None))
    # Outputs stand last in nearly all files, and `target: last` means them.
    frame = frame.select(
        *(name for name in header.names if name not in header.outputs), *header.outputs
    )
    return _as_declared(frame, header, what)


def read_arff(raw: bytes, encoding: str, what: str) -> pl.DataFrame:
    """An ARFF file as text and Enum. Raises `DataError`; sparse ARFF is refused."""
    raw = utf8(raw, encoding, what)
    header = read_header(raw.decode(), what)
    if header is None:
        raise DataError(f"{what}: has no @attribute lines, so it is no ARFF file")
    body = b"\n".join(
        b"" if line.lstrip().startswith(b"%") else line
        for line in _body(raw, header).split(b"\n")
    )
    if body.lstrip().startswith(b"{"):
        raise DataError(
            f"{what}: is sparse ARFF, which is not read; write it with all its cells"
        )
    if b"'" in body or b'"' in body:
        frame = _quoted(body.decode(), header, what)
    else:
        frame = _trimmed(read_body(body, header.names, what, quote=None))
        frame = frame.with_columns(pl.when(pl.all() != "?").then(pl.all()))
    return _as_declared(frame, header, what)


def _as_declared(frame: pl.DataFrame, header: Header, what: str) -> pl.DataFrame:
    """Nominal columns as categories, and words for missing as missing in columns of numbers. Raises `DataError` for any
    other cell that is none of its categories, or no number."""
    frame = frame.with_columns(
        pl.when(~pl.col(name).is_in(list(TOKENS))).then(name) for name in header.numeric
    )
    for name in header.numeric:
        _refuse_odd(
            frame[name], frame[name].cast(pl.Float64, strict=False).is_null(), what
        )
    for name, declared in header.nominal.items():
        odd = ~frame[name].is_in([*declared, *TOKENS])
        _refuse_odd(frame[name], odd, what)
    return nominal(frame, header.nominal)


def _refuse_odd(cells: pl.Series, odd: pl.Series, what: str) -> None:
    odd &= cells.is_not_null()
    if odd.any():
        first = int(odd.arg_max() or 0)
        raise DataError(
            f"{what}: column {cells.name} holds {cells[first]!r} in row {row_number(first)}, which its"
            f" @attribute does not declare ({int(odd.sum())} such cells); correct the header or the rows"
        )


def _body(raw: bytes, header: Header) -> bytes:
    """The rows; the header's lines stay as blank ones, so that lines are counted as in the file."""
    parts = raw.split(b"\n", header.lines) if header.lines else [raw]
    return b"\n" * header.lines + (
        parts[header.lines] if len(parts) > header.lines else b""
    )


def _trimmed(frame: pl.DataFrame) -> pl.DataFrame:
    cells = frame.with_columns(pl.all().str.strip_chars())
    return cells.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _quoted(body: str, header: Header, what: str) -> pl.DataFrame:
    rows: list[list[str | None]] = []
    for number, line in enumerate(body.split("\n"), start=1):
        if not line.strip():
            continue
        cells = _cells(line)
        if len(cells) != len(header.names):
            raise DataError(
                f"{what}: line {number} has {len(cells)} cells, expected {len(header.names)}; nothing was read"
            )
        rows.append(cells)
    return pl.DataFrame(
        rows, schema=dict.fromkeys(header.names, pl.String), orient="row"
    )


def _cells(line: str) -> list[str | None]:
    cells: list[str | None] = []
    at = 0
    while True:
        match = _CELL.match(line, at)
        if match is None:
            return cells
        single, double, plain, end = match.groups()
        quoted = single if single is not None else double
        cells.append(
            re.sub(r"\\(.)", r"\1", quoted)
            if quoted is not None
            else None
            if plain in ("", "?")
            else plain
        )
        at = match.end()
        if end == "":
            return cells
