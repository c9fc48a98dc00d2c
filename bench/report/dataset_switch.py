"""The data sets of one page: those that its bar lets a reader choose between, and what is said where one has nothing.

What is about one data set carries that data set's key (`data-place`), wherever it stands: one choice for all sections.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.report import facts
from bench.report.bundle import MOST_TOGETHER, Bundle
from bench.report.styles import Styles


def keys(bundle: Bundle) -> dict[str, str]:
    """By data set, what the bar calls it; empty where there is nothing to choose: one data set, or too many."""
    names = () if bundle.apart else facts.places(bundle)
    return {name: str(i) for i, name in enumerate(names)} if 2 <= len(names) <= MOST_TOGETHER else {}


def lacking(bundle: Bundle, styles: Styles, shown: Iterable[str], why: str) -> list[dict[str, str]]:
    """The data sets of the bar that a section has nothing of, each with the sentence that says so.

    `why` has a place for the data set's title: `Nothing is stored of {}.`
    """
    there = set(shown)
    return [
        {"key": key, "said": why.format(styles.dataset(name))}
        for name, key in keys(bundle).items()
        if name not in there
    ]
