"""The checklist that fills itself: REFORMS and the leakage sheet, each item with evidence, the author's words, or open.

An item is `evidenced` when the run holds the whole answer, `stated` when the study's `checklist` says something, and
else `open`, also where the run shows a part of it. A motive is never made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.checklist.item import Item, ItemEvidence
from bench.report.checklist.leakage import LEAKAGE
from bench.report.checklist.reforms import REFORMS

ITEMS: dict[str, Item] = {item.id: item for item in (*REFORMS, *LEAKAGE)}
#: Where each sheet comes from.
SOURCES = {
    "REFORMS": "Kapoor et al. (2024), Science Advances 10(18), eadk3452: 32 items, here in our own words",
    "Leakage": "Kapoor & Narayanan (2023), Patterns 4(9), 100804: the eight types behind the model info sheet, in ours",
}
STATES = ("evidenced", "stated", "open")


@dataclass(frozen=True)
class Filled:
    """An item with what the run holds (or None) and what the author wrote (or nothing)."""

    item: Item
    evidence: ItemEvidence | None
    stated: str

    @property
    def state(self) -> str:
        if self.evidence is not None and self.evidence.whole:
            return "evidenced"
        return "stated" if self.stated else "open"


def filled(bundle: Bundle) -> tuple[Filled, ...]:
    """Every item in order."""
    said = bundle.study.checklist
    return tuple(
        Filled(item, item.evidence(bundle) if item.evidence is not None else None, said.get(item.id, "").strip())
        for item in ITEMS.values()
    )


def counts(items: tuple[Filled, ...]) -> dict[str, int]:
    """How many items are in each state."""
    return {state: sum(one.state == state for one in items) for state in STATES}
