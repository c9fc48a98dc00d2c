"""Frames of rows that have only the columns that a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from bench.core.frames import of_rows


def sparse(rows: Sequence[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    """A frame of that schema; columns that a row lacks are null, and one that the schema lacks is refused."""
    return of_rows(rows, schema, nulls=schema)
