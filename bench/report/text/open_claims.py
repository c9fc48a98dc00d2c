"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from bench.core.judgements import Agreement
from bench.text import formats

TITLE = "What would settle the open claims"
NONE = "Every attempted claim is decided."
AND, ALL_OF = "; ", "all of these: "
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
    return f"Open: {undecided} of {what}{' (after Holm)' if falsifiers > 1 else ''}"


def way(words: str, now: int | None, *, equal: bool) -> str:
    """`66 repeats (15 now)`; of draws that are all `equal` so far, if they stay so."""
    return words if now is None else f"{words} ({formats.count(now)} now){', if all stay equal' if equal else ''}"


def foot(study: str, *, counts: bool, tested: bool) -> str:
    """What estimates the time; `counts`: some claims ask for more repeats, `tested`: some of them have a p-value."""
    fixed = " Choose the number in advance: adding repeats until p < .05 is no valid test." if tested else ""
    same = " The numbers of repeats assume the same difference and spread." if counts else ""
    return f"bench settle {study} estimates the computing time.{same}{fixed}"
