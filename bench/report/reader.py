"""What a claim becomes under a tolerance of the reader: the page's script judges by three numbers."""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.judgements import Agreement, VerdictRow
from bench.stats.noise import DECIMALS


@dataclass(frozen=True)
class ToleranceRule:
    """What a claim becomes: reproduced from the tolerance `above` on; of smaller ones than `below` it differs.

    apart: how far ours lies from the printed number; below: None where nothing refutes it.
    """

    above: float
    below: float | None
    apart: float

    def at(self, tolerance: float) -> Agreement:
        """The agreement by a tolerance."""
        if tolerance >= self.above:
            return Agreement.REPRODUCED
        if self.below is not None and tolerance < self.below:
            return Agreement.DIFFERS
        return Agreement.FITS if tolerance >= self.apart else Agreement.OFF


def tolerance_rule(row: VerdictRow) -> ToleranceRule | None:
    """The rule of a printed number with both intervals, where it gives the stored agreement; else None.

    Where nothing was drawn both intervals are one, and one test case is the least tolerance: no rule of three numbers.
    """
    if row.published is None or row.against is not None or row.tolerance is None:
        return None
    if row.low is None or row.high is None or row.difference is None:
        return None
    if row.low_refute is None or row.high_refute is None:
        return None
    if (row.low, row.high) == (row.low_refute, row.high_refute):
        return None
    rule = ToleranceRule(
        above=max(abs(row.low), abs(row.high)),
        below=None if row.detectable is None else max(row.low_refute, -row.high_refute),
        apart=round(abs(row.difference), DECIMALS),
    )
    return rule if rule.at(row.tolerance) == row.agreement else None
