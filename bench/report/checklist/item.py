"""Item: one question of a checklist, and what the run itself can show for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.report.bundle import Bundle


@dataclass(frozen=True)
class ItemEvidence:
    """What the run holds: a sentence, the section of the page that shows it, and whether it answers the whole item.

    What answers a part only is shown, and leaves the item open for its author.
    """

    text: str
    section: str
    whole: bool = True


@dataclass(frozen=True)
class Item:
    """A question in our own words, under its published number; `module` is the heading that it stands under.

    `evidence` None: it asks for a motive or for what only the author knows, and nothing is ever made up for it.
    """

    id: str
    module: str
    asks: str
    evidence: Callable[[Bundle], ItemEvidence | None] | None = None


@dataclass(frozen=True)
class Checklist:
    """A published checklist: its name, where it comes from, its items, and its place on the page (`order`)."""

    name: str
    source: str
    items: tuple[Item, ...]
    order: int = 0
