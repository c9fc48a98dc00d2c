"""Section: one part of a page, and the shapes that what sections show has in common.

What is about one dataset carries that dataset's key (`data-place`), wherever it stands: one choice for all sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bench.report import facts
from bench.report.bundle import MOST_TOGETHER, Bundle
from bench.report.styles import Styles


@dataclass(frozen=True)
class Section:
    """A section of the page: `fill` yields blocks (`bench.report.blocks`), and with none the section is left out.

    A section that answers a view instead has a template, `sections/<id>.html`; its `empty` says why there is nothing.
    `where` names its pages: the study's page alone (`study`); that and the pages of datasets (`both`); about each data
    set (`each`), so that it moves to their pages where there are any; in place of those on the study's page (`apart`).
    A section on both leaves out what is about one dataset where `bundle.apart`. `order` sorts the sections of a page.
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

    def view(self, bundle: Bundle) -> Any:
        """What it shows: its blocks, or a view of its own, until all sections are made of blocks."""
        found = self.fill(bundle)
        return tuple(found) if isinstance(found, Iterable) else found


@dataclass(frozen=True)
class Labelled:
    """A label and what is said under it."""

    label: str
    text: str


@dataclass(frozen=True)
class Fact:
    """A number at the head of a page: what it counts, the figure, and what it is a part of."""

    label: str
    figure: str
    of: str = ""


@dataclass(frozen=True)
class Lacking:
    """A dataset of the bar that a section shows nothing of: its key, and the sentence that says so."""

    key: str
    said: str


def why_empty(view: Any) -> str:
    """Why a section has nothing to show; empty where it has."""
    if view == ():
        return "no blocks"
    return getattr(view, "empty", "")


def labelled(*found: tuple[str, str]) -> tuple[Labelled, ...]:
    """Labels with their words; those without words are left out."""
    return tuple(Labelled(label, words) for label, words in found if words)


def keys(bundle: Bundle) -> dict[str, str]:
    """By dataset, what the bar calls it; empty where there is nothing to choose: one dataset, or too many."""
    names = () if bundle.apart else facts.places(bundle)
    return (
        {name: str(i) for i, name in enumerate(names)}
        if 2 <= len(names) <= MOST_TOGETHER
        else {}
    )


def lacking(
    bundle: Bundle, styles: Styles, shown: Iterable[str], why: Callable[[str], str]
) -> tuple[Lacking, ...]:
    """The datasets of the bar that a section has nothing of; `why` makes the sentence from a dataset's title."""
    there = set(shown)
    return tuple(
        Lacking(key, why(styles.dataset(name)))
        for name, key in keys(bundle).items()
        if name not in there
    )
