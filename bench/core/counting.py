"""Which claims of a study count: one answer for page, card, index, exports and terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bench.core.judgements import Agreement, VerdictRow


class Falsified(StrEnum):
    """What became of a claim that would falsify what the author expects; it is never called reproduced."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did_not_happen"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class ClaimCount:
    """The judgements of a study by what they count as, each in the study's order.

    A number that the author expects is no evidence on a paper, so it counts only where the paper claims nothing. What
    would falsify an expectation never counts: nobody hopes that it holds.
    """

    #: Those that count: of the paper, or of the author where the paper claims nothing
    claims: tuple[VerdictRow, ...] = ()
    expected: tuple[
        VerdictRow, ...
    ] = ()  # what the author expects beside the claims of a paper
    falsifiers: tuple[VerdictRow, ...] = ()  # what would falsify the expectation

    @property
    def own(self) -> bool:
        """Whether the claims that count are the author's."""
        return any(row.source == "author" for row in self.claims)

    @property
    def attempted(self) -> tuple[VerdictRow, ...]:
        """The claims that count and were judged: what every share is of."""
        return tuple(row for row in self.claims if row.agreement is not None)

    @property
    def left(self) -> tuple[VerdictRow, ...]:
        """The claims that count and were not judged."""
        return tuple(row for row in self.claims if row.agreement is None)

    @property
    def open(self) -> tuple[VerdictRow, ...]:
        """The attempted claims that nothing has decided."""
        return tuple(filter(is_open, self.claims))


def is_open(row: VerdictRow) -> bool:
    """Whether a claim was judged, and is neither shown nor contradicted."""
    return row.agreement is not None and not Agreement(row.agreement).decided


def count_claims(verdicts: Iterable[VerdictRow]) -> ClaimCount:
    """The judgements of a study by what they count as."""
    rows = tuple(verdicts)
    falsifiers = tuple(row for row in rows if row.falsifier)
    author = tuple(row for row in rows if row.source == "author" and not row.falsifier)
    paper = tuple(row for row in rows if row.source != "author")
    return (
        ClaimCount(paper, author, falsifiers)
        if paper
        else ClaimCount(author, (), falsifiers)
    )
