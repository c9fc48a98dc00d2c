"""The file formats, and one way to read a file's bytes: `csv`, `keel`, `arff` or `parquet`."""

from __future__ import annotations

import hashlib
import io
from typing import Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.attributes import read_arff, read_keel
from bench.data.delimited import TextOptions, read_delimited

Format = Literal["csv", "keel", "arff"]


def read_as(raw: bytes, form: Format, options: TextOptions, what: str) -> pl.DataFrame:
    """The table in the bytes of one text file; `what` names it in messages. Raises `DataError`."""
    if form == "keel":
        return read_keel(raw, options.encoding, what)
    if form == "arff":
        return read_arff(raw, options.encoding, what)
    return read_delimited(raw, options, what)


def read_parquet(raw: bytes, what: str) -> pl.DataFrame:
    """The table in the bytes of a Parquet file. Raises `DataError`."""
    try:
        return pl.read_parquet(io.BytesIO(raw))
    except Exception as error:  # polars raises several kinds, and panics, on damaged files
        raise DataError(f"{what}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None


def check_sha256(raw: bytes, expected: str | None, what: str) -> None:
    """Raises `DataError` unless the bytes have this sha256 (or none is expected)."""
    actual = hashlib.sha256(raw).hexdigest()
    if expected is not None and actual != expected:
        raise DataError(f"{what}: its sha256 is {actual}, the study expects {expected}; nothing was read")
