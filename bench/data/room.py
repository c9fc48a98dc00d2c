"""Whether there is memory for a table, asked before it is read."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import psutil

from bench.core.errors import DataError

#: Bytes of memory that a byte of text takes while it is read, typed and profiled (measured: 12.8 on tables of numbers).
OF_TEXT = 13.0
#: The same of a cell of a table with types.
OF_CELL = 32.0
MOST_COLUMNS = 100_000
_LIMIT: ContextVar[float | None] = ContextVar("limit", default=None)


@contextmanager
def within(megabytes: float | None) -> Iterator[None]:
    """What is read inside takes no more memory than params.yaml gives to a process."""
    token = _LIMIT.set(megabytes)
    try:
        yield
    finally:
        _LIMIT.reset(token)


def refuse_large(needed: float, what: str) -> None:
    """Raises `DataError` with the estimate when there is no memory for it; `what` names the table."""
    free, reason = _free()
    if needed > free:
        raise DataError(
            f"{what}: reading it takes about {needed / 1e9:,.1f} GB of memory, and {reason} {free / 1e9:,.1f} GB;"
            " nothing was read. Take fewer rows or columns, or a machine with more memory"
        )


def refuse_wide(columns: int, what: str) -> None:
    """Raises `DataError` for more columns than can be cleaned and profiled in minutes."""
    if columns > MOST_COLUMNS:
        raise DataError(f"{what}: has {columns:,} columns; at most {MOST_COLUMNS:,} are read")


def _free() -> tuple[float, str]:
    """Bytes that a table may take, and who says so."""
    found = [(float(psutil.virtual_memory().available), "this machine has")]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        found.append((soft - psutil.Process().memory_info().vms, "the limit of this process leaves"))
    if (limit := _LIMIT.get()) is not None:
        found.append((limit * 1e6, "`megabytes_per_cell` allows"))
    return min(found)
