"""Data frames of R (.rda, .RData, .rds), read by the package `rdata`: no R is needed, and no code of the file runs."""

from __future__ import annotations

import warnings
from typing import Any

import polars as pl

from bench.core.errors import DataError


def frames_of_r(raw: bytes, name: str) -> dict[str, pl.DataFrame]:
    """The data frames in a file by their names; every column as numbers or text. Raises `DataError`."""
    try:
        import rdata
    except ImportError:
        raise DataError(f"{name}: R data need the package rdata; `pip install 'bench[r]'` brings it") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = rdata.conversion.convert(rdata.parser.parse_data(raw), default_encoding="utf-8")
    except Exception as error:  # the reader raises whatever its parsing meets
        raise DataError(f"{name}: cannot be read as R data ({type(error).__name__}: {error})") from None
    found = held if isinstance(held, dict) else {name: held}
    frames = {
        key: _polars(value) for key, value in found.items() if hasattr(value, "dtypes") and hasattr(value, "iloc")
    }
    if not frames:
        raise DataError(f"{name}: holds no data frame; it holds {', '.join(found) or 'nothing'}")
    return frames


def _polars(frame: Any) -> pl.DataFrame:
    import pandas as pd

    columns: dict[str, pl.Series] = {}
    for name in frame.columns:
        column, word = frame[name], str(name)
        if pd.api.types.is_numeric_dtype(column):
            columns[word] = pl.Series(word, column.to_numpy(dtype="float64", na_value=float("nan"))).fill_nan(None)
        else:
            cells = [None if missing else str(value) for value, missing in zip(column, column.isna(), strict=True)]
            columns[word] = pl.Series(word, cells, dtype=pl.String)
    return pl.DataFrame(columns)
