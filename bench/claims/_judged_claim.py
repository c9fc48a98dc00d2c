"""What the replication tables are made from: a verdict with its claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.core.judgements import VerdictRow
from bench.study import Claim

#: What numbers must share to be counted together: metric, side and unit.
NumberGroup = tuple[str | None, str, str | None]


@dataclass(frozen=True, kw_only=True)
class JudgedClaim(VerdictRow):
    """A row of judgements.VERDICTS, of its dataset where the study has one alone, with its claim.

    `table` is the first dataset with the same rows, empty for a claim on all datasets: claims of one table go together.
    `number`: the published one, where it is one. `made`: the claim as the study has it.
    """

    side: str
    table: str
    number: float | None
    made: Claim | None

    @property
    def number_group(self) -> NumberGroup:
        return self.metric, self.side, self.unit


def tables_of(claims: Iterable[JudgedClaim]) -> int:
    """How many tables these claims are on; those on all datasets count as one."""
    return len({claim.table for claim in claims})
