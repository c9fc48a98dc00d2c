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


def opening(open_: int, attempted: int) -> str:
    claims, are = "claim" if attempted == 1 else "claims", "is" if open_ == 1 else "are"
    return f"{open_} of {attempted} attempted {claims} {are} open."


def apart(open_: int, judged: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    return f"Not counted: {open_} of {judged} expectations and falsifiers of the author are open."


def foot(study: str, *, counts: bool) -> str:
    """What the numbers mean, where there are any (`counts`), and what estimates the time."""
    totals = "Numbers are totals; they suffice if the difference and its spread stay the same. " if counts else ""
    return f"{totals}The command bench settle {study} estimates the time."
