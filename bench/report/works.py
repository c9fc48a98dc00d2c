"""What counts once: a work that several studies reproduce, and a printed number that several claims quote."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bench.text import formats

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class PaperShort:
    """The paper that a study reproduces."""

    citation: str
    year: int | None
    doi: str | None = None

    @property
    def work(self) -> str:
        """What papers of one work share: the DOI, else the citation as it stands."""
        return self.doi or self.citation


@dataclass(frozen=True)
class Quote:
    """The number that a claim quotes: its place in the paper with what it is of, as printed; and whose number it is.

    `method`: the paper's own method; empty where another one stands in for it.
    """

    place: tuple[str, ...]
    printed: str
    method: str


def one_number(quotes: Mapping[K, Quote]) -> dict[K, K]:
    """By claim, the first claim of the same number: itself, unless one number is claimed twice.

    Two cells of a table may print one value. So claims are taken for one number only where they quote one place that
    gives no other value, and where at most one of them is of the paper's own method: the others stand in for it.
    """
    places: dict[tuple[str, ...], list[K]] = {}
    for claim, quote in quotes.items():
        places.setdefault(quote.place, []).append(claim)
    found: dict[K, K] = {}
    for claims in places.values():
        of = [quotes[claim] for claim in claims]
        one = (
            len({float(quote.printed) for quote in of}) == 1
            and len({quote.method for quote in of} - {""}) <= 1
        )
        found |= {claim: claims[0] if one else claim for claim in claims}
    return found


def authors_of(citation: str, year: int | None) -> str:
    """A citation up to its year; the whole where the year does not stand in it.

    Examples
    --------
    >>> authors_of("Gorman, R. P. and Sejnowski, T. J. (1988). Analysis of hidden units.", 1988)
    'Gorman, R. P. and Sejnowski, T. J.'
    """
    authors, found, _ = citation.partition(formats.NONE if year is None else str(year))
    return authors.rstrip(" (,") if found and authors.strip(" (") else citation
