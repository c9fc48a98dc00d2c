"""What the replication tables are made from: a verdict with its claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.core.judgements import Agreement, Evidence
from bench.study import Claim

#: What numbers must share to be counted together: metric, side and unit.
NumberGroup = tuple[str | None, str, str | None]


@dataclass(frozen=True)
class JudgedClaim:
    """A row of judgements.VERDICTS with its claim.

    `table` is the first dataset with the same rows, empty for a claim on all datasets: claims of one table go together.
    `published` and `ours` are in the claim's unit.
    """

    id: str
    kind: str
    dataset: str | None
    table: str
    family: str | None
    against: str | None
    metric: str | None
    side: str
    unit: str | None
    agreement: Agreement | None
    evidence: Evidence | None
    cause: str | None
    published: float | None
    ours: float | None
    p: float | None
    smallest_tolerance: float | None
    claim: Claim | None

    @property
    def holds(self) -> bool:
        return self.agreement is not None and self.agreement.holds

    @property
    def number_group(self) -> NumberGroup:
        return self.metric, self.side, self.unit


def tables_of(claims: Iterable[JudgedClaim]) -> int:
    """How many tables these claims are on; those on all datasets count as one."""
    return len({claim.table for claim in claims})
