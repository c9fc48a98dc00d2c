"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from collections.abc import Collection

from bench.core.judgements import Settle
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


def foot(study: str, more: Collection[Settle]) -> str:
    """What estimates the time of `more` repeats, seeds or draws, and that their number is chosen in advance."""
    if not more:
        return ""
    words = formats.listed([str(one) for one in Settle if one in more], "or")
    return (
        f"The numbers of {words} assume that difference and spread stay the same; bench settle {study} estimates the "
        f"computing time of the further {words}. Choose their number in advance: {words} added until an answer comes "
        "are no test."
    )
