"""The file formats, and one way to read a file's bytes: `csv`, `keel`, `arff` or `parquet`."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import polars as pl

from bench.core.errors import DataError
from bench.data import parquet_reader
from bench.data.attributes import read_arff, read_keel
from bench.data.delimited import WORDS, TextOptions, read_delimited
from bench.data.room import OF_CELL, OF_TEXT, allowed, of_text, refuse_large

Format = Literal["csv", "keel", "arff"]


def read_as(raw: bytes, form: Format, options: TextOptions, what: str) -> pl.DataFrame:
    """The table in the bytes of one text file; `what` names it in messages. Raises `DataError`."""
    refuse_large(
        of_text(
            raw,
            "," if form != "csv" else WORDS.get(options.separator, options.separator),
        ),
        what,
    )
    if form == "keel":
        return read_keel(raw, options.encoding, what)
    if form == "arff":
        return read_arff(raw, options.encoding, what)
    return read_delimited(raw, options, what)


def read_parquet(raw: bytes, what: str) -> pl.DataFrame:
    """The table in the bytes of a Parquet file, read by another process. Raises `DataError`."""
    ended = subprocess.run(
        [
            sys.executable,
            "-P",
            str(Path(parquet_reader.__file__)),
            *map(str, (allowed(), OF_CELL, OF_TEXT)),
        ],
        input=raw,
        capture_output=True,
        check=False,
    )
    if ended.returncode == 0:
        return pl.read_ipc(io.BytesIO(ended.stdout))
    if ended.returncode == 4:
        refuse_large(float(ended.stdout), what)
    if ended.returncode == 3:
        why = ended.stderr.decode(errors="replace").splitlines()[-1]
        raise DataError(f"{what}: cannot be read as Parquet: {why}")
    raise DataError(
        f"{what}: cannot be read as Parquet: the process that read it ended with {ended.returncode}; the file is "
        f"damaged, or takes more than {allowed() / 1e9:.1f} GB of memory"
    )


def check_sha256(raw: bytes, expected: str | None, what: str) -> None:
    """Raises `DataError` unless the bytes have this sha256 (or none is expected)."""
    actual = hashlib.sha256(raw).hexdigest()
    if expected is not None and actual != expected:
        raise DataError(
            f"{what}: its sha256 is {actual}, the study expects {expected}; nothing was read"
        )


def of_pandas(frame: Any) -> pl.DataFrame:
    """Numbers as Float64, anything else as text.

    >>> import pandas as pd
    >>> of_pandas(pd.DataFrame({"a": [1, 2], "b": ["x", None]})).rows()
    [(1.0, 'x'), (2.0, None)]
    """
    import pandas as pd

    columns: dict[str, pl.Series] = {}
    for name in frame.columns:
        column, word = frame[name], str(name)
        if pd.api.types.is_numeric_dtype(column):
            columns[word] = pl.Series(
                word, column.to_numpy(dtype="float64", na_value=float("nan"))
            ).fill_nan(None)
        else:
            cells = [
                None if missing else str(value)
                for value, missing in zip(column, column.isna(), strict=True)
            ]
            columns[word] = pl.Series(word, cells, dtype=pl.String)
    return pl.DataFrame(columns)
