"""What the section about open claims says: what would decide each."""

from __future__ import annotations

from bench.core.judgements import Agreement

TITLE = "What would settle the open claims"
NONE = "Every attempted claim is decided."
HEADER = ("Claim", "What is known", "What would decide it", "There are now")
#: What an open claim is said to be.
AGREEMENT = {
    Agreement.CONSISTENT: "consistent: both a difference of zero and one beyond the tolerance remain possible",
    Agreement.UNCLEAR: "unclear: whether the claim holds is undecided",
}


def opening(open_: int, attempted: int) -> str:
    claims, are = "claim" if attempted == 1 else "claims", "is" if open_ == 1 else "are"
    return f"{open_} of {attempted} attempted {claims} {are} open."


def apart(open_: int, judged: int) -> str:
    """The same of what does not count: what the author expects, and what would falsify it."""
    return f"Not counted, the author's expectations and falsifiers: {open_} of {judged} open."


def foot(study: str) -> str:
    return (
        "Repeats, seeds and draws are total numbers. They are enough if the difference and its spread stay the same; "
        f"otherwise it takes more. bench settle {study} estimates the time."
    )
