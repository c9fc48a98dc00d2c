"""The data sets of one page: those that its bar lets a reader choose between, and what is said where one has nothing.

What is about one data set carries that data set's key (`data-place`), wherever it stands: one choice for all sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.report import facts
from bench.report.bundle import MOST_TOGETHER, Bundle
from bench.report.styles import Styles


@dataclass(frozen=True)
class Lacking:
    """A data set of the bar that a section shows nothing of: its key, and the sentence that says so."""

    key: str
    said: str


def keys(bundle: Bundle) -> dict[str, str]:
    """By data set, what the bar calls it; empty where there is nothing to choose: one data set, or too many."""
    names = () if bundle.apart else facts.places(bundle)
    return {name: str(i) for i, name in enumerate(names)} if 2 <= len(names) <= MOST_TOGETHER else {}


def lacking(bundle: Bundle, styles: Styles, shown: Iterable[str], why: Callable[[str], str]) -> tuple[Lacking, ...]:
    """The data sets of the bar that a section has nothing of; `why` makes the sentence from a data set's title."""
    there = set(shown)
    return tuple(Lacking(key, why(styles.dataset(name))) for name, key in keys(bundle).items() if name not in there)
