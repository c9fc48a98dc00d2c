"""What the page says of a study's preregistration: its record, what changed since, and what a record cannot show."""

from __future__ import annotations

from collections.abc import Sequence

from bench.study.preregistration import ABSENT, Change, Frozen
from bench.text import formats

NOT_PREREGISTERED = "The study is not preregistered."
WHAT_IT_SHOWS = "A preregistration cannot show whether the data were analysed before."


def state(sha256: str, *, changed: bool) -> str:
    """`Preregistered as 0123456789. No protocol, test, tolerance or claim changed since.`"""
    since = "" if changed else " No protocol, test, tolerance or claim changed since."
    return f"Preregistered as {formats.fingerprint(sha256)}.{since}"


def changes(frozen: Frozen) -> str:
    """What changed since the record: values, and keys of equal values apart; empty without any."""
    parts = []
    came = [change for change in frozen.meant if change.was == ABSENT]
    falsifiers = [change for change in came if change.section == "falsified_if"]
    if falsifiers:
        parts.append(f"{formats.plural(len(falsifiers), 'falsifier')} added")
    if added := len(came) - len(falsifiers):
        parts.append(f"{formats.plural(added, 'value')} added")
    if gone := sum(change.now == ABSENT for change in frozen.meant):
        parts.append(f"{formats.plural(gone, 'value')} removed")
    if other := len(frozen.meant) - len(came) - gone:
        parts.append(f"{formats.plural(other, 'value')} changed")
    if moved := len(frozen.moved):
        parts.append(f"{formats.plural(moved, 'key')} of the study file renamed")
    rest = (
        f"; {len(frozen.undeclared)} of these without a reason"
        if frozen.undeclared
        else ""
    )
    return f"{formats.listed(parts)}{rest}.{_why(falsifiers)}" if parts else ""


def _why(came: Sequence[Change]) -> str:
    """Why falsifiers came, where they came for one reason."""
    whys = {change.why for change in came}
    why = whys.pop() if len(whys) == 1 else None
    return f" Reason for the falsifiers: {why}." if why else ""
