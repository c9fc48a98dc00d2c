"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from bench.core.judgements import Agreement
from bench.text import formats

TITLE = "What would settle the open claims"
NONE = "Every attempted claim is decided."
AND = ", and "
HEADER = ("Claim", "Agreement", "What would decide it")
#: What an open claim is said to be.
AGREEMENT = {
    Agreement.CONSISTENT: "consistent",
    Agreement.UNCLEAR: "unclear",
}

NOT_AFTER_HOLM = "unknown: significant only before Holm's correction"
NOT_JUDGED = "not judged"


def opening(open_: int, attempted: int) -> str:
    return f"Open: {open_} of {formats.plural(attempted, 'attempted claim')}"


def apart(undecided: int, expected: int, falsifiers: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    kinds = ((expected, "expectation"), (falsifiers, "falsifier"))
    what = " and ".join(formats.plural(n, kind) for n, kind in kinds if n)
    return f"Outside the totals, open: {undecided} of {what}"


def way(words: str, now: int | None, *, equal: bool) -> str:
    """`66 repeats (15 now)`; of draws that are all `equal` so far, if they stay so."""
    return words if now is None else f"{words} ({formats.count(now)} now){', if all stay equal' if equal else ''}"


def foot(study: str, *, counts: bool, tested: bool) -> str:
    """What estimates the time; `counts`: some claims ask for more repeats, `tested`: some of them have a p-value."""
    fixed = " Choose the number in advance: repeats added until p < .05 are no test." if tested else ""
    same = " The numbers of repeats assume that difference and spread stay as they are." if counts else ""
    return f"bench settle {study} estimates the computing time.{same}{fixed}"
