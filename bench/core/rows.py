"""Which rows of a frame are whose, as conditions of polars: `scores.filter(OWN)`, `failures.filter(OWN, FAILED)`."""

from __future__ import annotations

import polars as pl

#: The variant of the study itself; every other one was asked for by a diagnostic, or stands in for a failed cell.
PLAIN = "plain"
#: The status of a cell that warned and has its results.
WARNED = "warning"
#: The study's own rows.
OWN = pl.col("variant") == PLAIN
#: The failures of cells that left no result.
FAILED = pl.col("status") != WARNED
