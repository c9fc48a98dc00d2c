"""Data frames of R (.rda, .RData, .rds), read by the package `rdata`: no R is needed, and no code of the file runs."""

from __future__ import annotations

import warnings

import polars as pl

from bench.core.errors import DataError
from bench.data.of_pandas import of_pandas


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
        key: of_pandas(value) for key, value in found.items() if hasattr(value, "dtypes") and hasattr(value, "iloc")
    }
    if not frames:
        raise DataError(f"{name}: holds no data frame; it holds {', '.join(found) or 'nothing'}")
    return frames
