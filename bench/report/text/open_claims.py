"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from bench.core.judgements import Agreement

TITLE = "What would settle the open claims"
NONE = "Every attempted claim is decided."
HEADER = ("Claim", "Agreement", "What would decide it", "There are now")
#: What an open claim is said to be.
AGREEMENT = {
    Agreement.CONSISTENT: "consistent",
    Agreement.UNCLEAR: "unclear",
}


#: A falsifier that is undecided although its own test is not, or that was not judged.
UNDECIDED = "undecided"
NOT_AFTER_HOLM = "unknown: its own test shows it, but not after Holm's correction over all falsifiers"
NOT_JUDGED = "it was not judged"


def opening(open_: int, attempted: int) -> str:
    claims, are = "claim" if attempted == 1 else "claims", "is" if open_ == 1 else "are"
    return f"{open_} of {attempted} attempted {claims} {are} undecided."


def apart(undecided: int, count: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    are = "is" if undecided == 1 else "are"
    return f"Not counted: {undecided} of {count} expectations and falsifiers of the author {are} undecided."


def foot(study: str, *, counts: bool) -> str:
    """What the numbers mean, where there are any (`counts`), and what estimates the time."""
    totals = "Numbers are totals; they suffice if the difference and its spread stay the same. " if counts else ""
    return f"{totals}The command bench settle {study} estimates the time."
