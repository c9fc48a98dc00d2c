"""Times and sizes in words for the terminal."""

from __future__ import annotations

from bench.text.formats import work


def duration(seconds: float) -> str:
    """Time that has passed.

    >>> duration(14.24), duration(292), duration(3900)
    ('14.2 s', '4 min 52 s', '1 h 05 min')
    """
    return f"{seconds:.1f} s" if seconds < 59.95 else whole(round(seconds))


def whole(seconds: int) -> str:
    """The same in whole seconds: it is looked at while it grows.

    >>> whole(12), whole(125), whole(7321)
    ('12 s', '2 min 05 s', '2 h 02 min')
    """
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} s"
    return (
        f"{minutes} min {rest:02d} s"
        if minutes < 60
        else f"{minutes // 60} h {minutes % 60:02d} min"
    )


def coarse(seconds: float) -> str:
    """Time left, no finer than it is known.

    >>> coarse(30), coarse(100), coarse(1700), coarse(9000)
    ('less than a minute left', 'about 2 min left', 'about 30 min left', 'about 2.5 h left')
    """
    if seconds < 45:
        return "less than a minute left"
    minutes = round(seconds / 60) or 1
    if minutes < 90:
        return f"about {minutes if minutes < 10 else 5 * round(minutes / 5)} min left"
    return (
        f"about {seconds / 3600:.1f} h left"
        if seconds < 36000
        else f"about {seconds / 3600:.0f} h left"
    )


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
