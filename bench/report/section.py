"""Section: one part of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bench.report.blocks import Block
from bench.report.bundle import Bundle


@dataclass(frozen=True)
class Section:
    """A section of the page: `fill` yields blocks (`bench.report.blocks`), and with none the section is left out.

    `where` names its pages: the study's page alone (`study`); that and the pages of datasets (`both`); about each data
    set (`each`), so that it moves to their pages where there are any; in place of those on the study's page (`apart`).
    A section on both leaves out what is about one dataset where `bundle.apart`. `order` sorts the sections of a page.
    """

    id: str
    title: str
    fill: Callable[[Bundle], Iterable[Block]]
    where: Literal["study", "both", "each", "apart"] = "study"
    order: int = 0

    @property
    def name(self) -> str:
        """The id, by which the registry knows it."""
        return self.id

    def view(self, bundle: Bundle) -> tuple[Block, ...]:
        """Its blocks."""
        return tuple(self.fill(bundle))
