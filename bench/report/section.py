"""Section: one part of a page: its id and title, the function that fills it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bench.report.bundle import Bundle


@dataclass(frozen=True)
class Section:
    """A section of the page; its template is `sections/<id>.html`.

    `where` names its pages: the study's page alone (`study`); that and the pages of data sets (`both`); about each data
    set (`each`), so that it moves to their pages where there are any; in place of those on the study's page (`apart`).
    A section on both leaves out what is about one data set where `bundle.apart`. `order` sorts the sections of a page.
    """

    id: str
    title: str
    fill: Callable[[Bundle], Any]
    where: Literal["study", "both", "each", "apart"] = "study"
    order: int = 0

    @property
    def name(self) -> str:
        """The id, by which the registry knows it."""
        return self.id
