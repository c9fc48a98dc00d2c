"""Times and sizes in words for the terminal."""

from __future__ import annotations

from bench.text.formats import work


def predicted(seconds: float | None) -> str:
    """The time that a run may take.

    >>> predicted(None), predicted(0.2), predicted(50), predicted(600)
    ('nothing like it was run yet, so the time is not known', 'less than a second', 'about 50 s', 'about 10 min')
    """
    if seconds is None:
        return "nothing like it was run yet, so the time is not known"
    return "less than a second" if seconds < 1 else f"about {work(seconds)}"


def size(count: int) -> str:
    """Bytes.

    >>> size(999), size(1_500_000)
    ('999 B', '1.5 MB')
    """
    number, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return (
        f"{number:.0f} {unit}"
        if number >= 100 or unit == "B"
        else f"{number:.1f} {unit}"
    )
