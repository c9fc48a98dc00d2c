"""Times and sizes in words for the terminal."""

from __future__ import annotations

from bench.text.formats import plural, work


def about(seconds: float) -> str:
    """A time that is not known exactly.

    >>> about(0.2), about(50), about(600)
    ('less than a second', 'about 50 s', 'about 10 min')
    """
    return "less than a second" if seconds < 1 else f"about {work(seconds)}"


def predicted(seconds: float | None, workers: int) -> str:
    """How long a run may take, as the end of a sentence; empty where that is not known or nothing is left.

    >>> predicted(None, 2), predicted(600, 2)
    ('', ', about 10 min with 2 workers')
    """
    if not seconds:
        return ""
    return f", {about(seconds)} with {plural(workers, 'worker')}"
