"""Which rows of a frame are whose, as conditions of polars: `scores.filter(OWN)`, `failures.filter(OWN, FAILED)`; and
whether rows are tested one by one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

#: The variant of the study itself; every other one was asked for by a diagnostic, or stands in for a failed cell.
PLAIN = "plain"
#: The status of a cell that warned and has its results.
WARNED = "warning"
#: The study's own rows.
OWN = pl.col("variant") == PLAIN
#: The failures of cells that left no result.
FAILED = pl.col("status") != WARNED


def one_by_one(sizes: Sequence[int]) -> bool:
    """Whether rows are tested one by one, by the sizes of the test sets: at least half of these hold one row.

    A mean over such test sets is what a metric says of single rows: R² has no value there, Matthews' correlation is 0.
    Groups of one row beside some of two are no more than that.

    >>> one_by_one([1, 1, 2]), one_by_one([1, 2, 3]), one_by_one([])
    (True, False, False)
    """
    return 2 * sum(size == 1 for size in sizes) >= len(sizes) > 0
