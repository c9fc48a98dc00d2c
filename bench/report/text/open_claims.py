"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bench.claims.open_claims import REPEATED
from bench.text import formats

TITLE = "What would settle the open claims"
NONE = "Nothing is open."
HEADER = ("Claim", "Agreement", "What would decide it")


def opening(open_: int, attempted: int, *, own: bool) -> str:
    return f"Open: {open_} of {formats.plural(attempted, 'expectation' if own else 'attempted claim')}"


def apart(undecided: int, expected: int, falsifiers: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    kinds = ((expected, "expectation"), (falsifiers, "falsifier"))
    what = " and ".join(formats.plural(n, kind) for n, kind in kinds if n)
    both = expected and falsifiers
    return (
        f"Open: {undecided} of {expected + falsifiers} ({what})"
        if both
        else f"Open: {undecided} of {what}"
    )


def all_of(ways: Sequence[str]) -> str:
    """One way as it is; of several, all of which it takes, each with its number.

    >>> all_of(["more rows"]), all_of(["the paper's method", "more rows"])
    ('more rows', "both: (1) the paper's method; (2) more rows")
    """
    if len(ways) == 1:
        return ways[0]
    numbered = "; ".join(
        f"({number}) {way}" for number, way in enumerate(ways, start=1)
    )
    return f"{'both' if len(ways) == 2 else f'all {formats.spelled(len(ways))}'}: {numbered}"


def way(words: str, now: int | None, *, equal: bool) -> str:
    """`66 repeats (15 now)`; of draws that are all `equal` so far, if they stay so."""
    return (
        words
        if now is None
        else f"{words} ({formats.count(now)} now){', if all stay equal' if equal else ''}"
    )


def foot(study: str, more: Collection[str], *, tested: bool) -> str:
    """What estimates the time of `more` repeats, seeds or draws; `tested`: some of these claims have a p-value."""
    if not more:
        return ""
    words = formats.listed([one for one in REPEATED if one in more], "or")
    fixed = (
        f" Choose the number in advance: adding {words} until p < .05 is no valid test."
        if tested
        else ""
    )
    return (
        f"The numbers of {words} assume that difference and spread stay the same; bench settle {study} estimates the "
        f"computing time of the further {words}.{fixed}"
    )
