"""What is seen of a download on a terminal: one line that grows, and nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.cli import environment
from bench.core.text import clean
from bench.data.download import PROGRESS


@contextmanager
def shown_downloads() -> Iterator[None]:
    """Show how far downloads are on stderr, where that is a terminal."""
    if not environment.is_live():
        yield
        return

    def show(address: str, size: int, whole: int) -> None:
        share = f" of {whole / 1e6:.1f}" if whole else ""
        sys.stderr.write(f"\r{clean(address)[-50:]}: {size / 1e6:.1f}{share} MB\033[K")
        sys.stderr.flush()

    token = PROGRESS.set(show)
    try:
        yield
    finally:
        PROGRESS.reset(token)
        sys.stderr.write("\r\033[K")
