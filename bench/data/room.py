"""Whether there is memory for a table, asked before it is read."""

from __future__ import annotations

import math
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bench.core.errors import DataError
from bench.text.formats import count

#: Bytes of memory that a byte of text takes while it is read, typed and profiled (measured: 9 to 12.8 on numbers), and
#: that one of its cells takes, however short (55 to 82).
OF_TEXT, OF_TEXT_CELL = 13.0, 85.0
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
    free = allowed()
    if needed > free:
        raise DataError(
            f"{what}: reading it takes about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are allowed"
            " (what is free here, or `megabytes_per_cell` in params.yaml); nothing was read. Take fewer rows or columns"
        )


def allowed() -> float:
    """Bytes of memory that a table may take while it is read."""
    return min(_free(), (_LIMIT.get() or math.inf) * 1e6)


def of_text(raw: bytes, separator: str) -> float:
    """Bytes of memory that a table takes in all, from the length of its text and the number of its cells."""
    return max(
        OF_TEXT * len(raw),
        OF_TEXT_CELL * (raw.count(b"\n") + raw.count(separator.encode())),
    )


def refuse_wide(columns: int, what: str) -> None:
    """Raises `DataError` for more columns than can be cleaned and profiled in minutes."""
    if columns > MOST_COLUMNS:
        raise DataError(
            f"{what}: has {count(columns)} columns; at most {count(MOST_COLUMNS)} are read"
        )


def _free() -> float:
    """Bytes that this machine, and the limit of this process, still give."""
    import psutil

    free = float(psutil.virtual_memory().available)
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return (
        free
        if soft == resource.RLIM_INFINITY
        else min(free, soft - psutil.Process().memory_info().vms)
    )
