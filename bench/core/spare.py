"""A mistake of bench in one part of a page or of the findings: inside `sparing` it is told and the rest stands.

Elsewhere, in tests above all, it is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOST: ContextVar[list[str] | None] = ContextVar("lost", default=None)


@contextmanager
def sparing() -> Iterator[list[str]]:
    """The parts that were lost inside, each with its error."""
    lost: list[str] = []
    token = _LOST.set(lost)
    try:
        yield lost
    finally:
        _LOST.reset(token)


def lost(part: str, error: Exception) -> str:
    """The error as words, noted as that of a part; outside of `sparing` the error itself is raised."""
    noted, said = (
        _LOST.get(),
        f"{type(error).__name__}: {' '.join(str(error).split())[:200]}",
    )
    if noted is None:
        raise error
    noted.append(f"{part} ({said})")
    return said
