"""Which claims of a study count: one answer for page, card, index, exports and terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

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
    def judged(self) -> tuple[VerdictRow, ...]:
        """The claims that count and were judged."""
        return tuple(row for row in self.claims if row.agreement is not None)

    @property
    def tested(self) -> tuple[VerdictRow, ...]:
        """Those that were judged by the method of their source: what every share is of."""
        return tuple(row for row in self.judged if not self.is_untested(row))

    def is_untested(self, row: VerdictRow) -> bool:
        """Whether another method stands in; an author's own expectation knows no other."""
        return row.is_by_other_method and not self.own

    @property
    def left(self) -> tuple[VerdictRow, ...]:
        """The claims that count and were not judged."""
        return tuple(row for row in self.claims if row.agreement is None)

    @property
    def open(self) -> tuple[VerdictRow, ...]:
        """The tested claims that are neither shown nor contradicted."""
        return tuple(
            row for row in self.tested if not Agreement(str(row.agreement)).decided
        )


@dataclass(frozen=True)
class NumbersCompared:
    """How many numbers and comparisons of a study hold, are open and differ.

    Beside them: `untested`, those by another method, and `left`, those that were not judged.
    """

    held: int = 0
    open: int = 0
    differ: int = 0
    untested: int = 0
    left: int = 0

    @property
    def compared(self) -> int:
        """What every share is of."""
        return self.held + self.open + self.differ

    def share(self, part: int) -> float:
        """A part of those that were compared."""
        return part / max(1, self.compared)


class Counted(NamedTuple):
    """What is counted of a judged claim; `numbers`: how many of its table follow, and how many there are."""

    agreement: Agreement
    untested: bool
    numbers: tuple[int, int] = (0, 0)


def count_numbers(claims: Iterable[Counted], left: int = 0) -> NumbersCompared:
    """Each judged claim counts once, a table of printed numbers by its numbers; another method tests none."""
    counts: Counter[str] = Counter()
    for agreement, untested, (follow, printed) in claims:
        rest = "differ" if agreement == Agreement.DIFFERS else "open"
        if untested:
            counts["untested"] += 1
        elif printed:
            counts["held"] += follow
            counts[rest] += printed - follow
        else:
            counts["held" if agreement.holds else rest] += 1
    return NumbersCompared(**counts, left=left)


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
