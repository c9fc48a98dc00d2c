"""The checklists that fill themselves: each file holds one `CHECKLIST`, and is found without registration.

An item is `evidenced` when the run holds the whole answer, `stated` when the study's `checklist` says something, and
else `open`, also where the run shows a part of it. A motive is never made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bench.core.registry import Registry
from bench.report.bundle import Bundle
from bench.report.checklist.item import Checklist, Item, ItemEvidence

CHECKLISTS = Registry("bench.report.checklist", Checklist, "checklist")
STATES = ("evidenced", "stated", "open")


@dataclass(frozen=True)
class Filled:
    """An item with what the run holds (or None) and what the author wrote (or nothing)."""

    item: Item
    evidence: ItemEvidence | None
    stated: str

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.evidence is not None and self.evidence.whole:
            return "evidenced"
        return "stated" if self.stated else "open"


def in_order() -> tuple[Checklist, ...]:
    """Every checklist, in the order of the page."""
    return tuple(sorted(CHECKLISTS.values(), key=lambda checklist: checklist.order))


@cache
def items() -> dict[str, Item]:
    """Every item of every checklist by its number, in order."""
    return {item.id: item for checklist in in_order() for item in checklist.items}


def filled(bundle: Bundle, checklist: Checklist | None = None) -> tuple[Filled, ...]:
    """Every item of one checklist, or of all, in order, with what the run and the author say."""
    stated = bundle.study.checklist
    return tuple(
        Filled(
            item,
            item.evidence(bundle) if item.evidence is not None else None,
            stated.get(item.id, "").strip(),
        )
        for item in (items().values() if checklist is None else checklist.items)
    )


def counts(answers: tuple[Filled, ...]) -> dict[str, int]:
    """How many items are in each state."""
    return {state: sum(answer.state == state for answer in answers) for state in STATES}
