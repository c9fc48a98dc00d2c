"""What the page says of a study's preregistration: its record, what changed since, and what a record cannot show."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NOT_PREREGISTERED = (
    "This study is not preregistered: only the history of its files can show that its protocol, tests, tolerances and "
    "claims were set before its results."
)
WHAT_IT_SHOWS = (
    "The record shows what was decided. It cannot show that nobody had analysed the data before: data that already "
    "existed allow no true preregistration."
)


def state(hashes: Sequence[str], *, changed: bool) -> str:
    """`Preregistered as 0123456789ab. No protocol, test, tolerance or claim changed since.`"""
    times = "Preregistered" if len(hashes) == 1 else f"Preregistered {formats.spelled(len(hashes))} times,"
    since = "" if changed else " No protocol, test, tolerance or claim changed since."
    return f"{times} as {formats.listed([sha[:12] for sha in hashes])}.{since}"


def changes(count: int, undeclared: int) -> str:
    """How many values changed since the record, and how many of them without a declared reason; empty without any."""
    if not count:
        return ""
    rest = f"{undeclared} of them undeclared." if undeclared else "each declared with its reason."
    return f"{formats.plural(count, 'value')} changed, {rest}"


def when(since: int, records: int) -> str:
    """Between which records a value changed; empty where there is one record alone."""
    if records < 2:
        return ""
    return f"between record {since} and the next" if since < records else "between the last record and this page"
