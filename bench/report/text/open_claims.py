"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from bench.core.judgements import Agreement
from bench.text import formats

TITLE = "What would settle the open claims"
NONE = "Every attempted claim is decided."
HEADER = ("Claim", "Agreement", "What would decide it", "Now")
#: What an open claim is said to be.
AGREEMENT = {
    Agreement.CONSISTENT: "consistent",
    Agreement.UNCLEAR: "unclear",
}


#: A falsifier that is undecided although its own test is not, or that was not judged.
UNDECIDED = "undecided"
NOT_AFTER_HOLM = "unknown: significant only before Holm's correction"
NOT_JUDGED = "not judged"


def opening(open_: int, attempted: int) -> str:
    return f"Open: {open_} of {formats.plural(attempted, 'attempted claim')}"


def apart(undecided: int, count: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    return f"Not counted, open: {undecided} of {count} expectations and falsifiers"


def foot(study: str, *, counts: bool, tested: bool) -> str:
    """What estimates the time; `counts`: some claims ask for more repeats, `tested`: some of them have a p-value."""
    fixed = " Fix the number first: repeats added until p < .05 are no test." if tested else ""
    same = " Totals hold for the present difference and spread." if counts else ""
    return f"bench settle {study} estimates the time.{same}{fixed}"
