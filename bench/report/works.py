"""What counts once: a work that several studies reproduce, and a printed number that several claims quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench.text import formats

K = TypeVar("K", bound=Hashable)
_DOI = re.compile(r"10\.\d{4,}/\S+")


@dataclass(frozen=True)
class PaperShort:
    """The paper that a study reproduces."""

    citation: str
    year: int | None
    url: str | None
    doi: str | None = None


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


def works(papers: Sequence[PaperShort]) -> list[int]:
    """For each paper the first of the same work: two are one if they share a DOI, or authors, year and title.

    Links tell nothing: many lead to data, which several works may share.

    Examples
    --------
    >>> book = "Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical Learning, 2nd edition."
    >>> works([PaperShort(f"{book} {part}", 2009, None) for part in ("Tables 4.1 and 12.3.", "Section 7.10.2.")])
    [0, 0]
    """
    first: dict[str, int] = {}
    found = []
    for i, paper in enumerate(papers):
        keys = _keys(paper)
        work = min((first[key] for key in keys if key in first), default=i)
        first |= dict.fromkeys(keys, work)
        found.append(work)
    return found


def _keys(paper: PaperShort) -> list[str]:
    """What a work is known by: its DOI, if one is given; its authors, year and title, or else the whole citation."""
    doi = next(
        filter(
            None,
            (
                _DOI.search(text or "")
                for text in (paper.doi, paper.url, paper.citation)
            ),
        ),
        None,
    )
    who, rest = cited(paper.citation, paper.year)
    title = re.split(r"[.?!](?:\s|$)", rest.lstrip(" ).,:"), maxsplit=1)[0]
    words = unicodedata.normalize(
        "NFKD", f"{who} {paper.year or ''} {title}"
    ).casefold()
    return [
        *([] if doi is None else [doi.group().rstrip(".").casefold()]),
        " ".join(re.findall(r"[^\W_]+", words)),
    ]


def cited(citation: str, year: int | None) -> tuple[str, str]:
    """A citation up to its year, and what follows; the whole and nothing where the year does not stand in it.

    Examples
    --------
    >>> cited("Gorman, R. P. and Sejnowski, T. J. (1988). Analysis of hidden units.", 1988)
    ('Gorman, R. P. and Sejnowski, T. J.', '). Analysis of hidden units.')
    """
    start, found, rest = citation.partition(formats.NONE if year is None else str(year))
    return (
        (start.rstrip(" (,"), rest) if found and start.strip(" (") else (citation, "")
    )
