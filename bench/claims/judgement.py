"""The judgement of one claim, and what its reasons say of status and cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bench.contrasts import ErrorGrowth
from bench.core.judgements import (
    Agreement,
    Cause,
    Settle,
    Status,
)
from bench.core.outcomes import Statement
from bench.stats.precision import fewest_repeats
from bench.text import chance, compared, unjudged
from bench.text import judgements as j


@dataclass(frozen=True, kw_only=True)
class Open:
    """What leaves a claim open: an interval that reaches too far.

    Attributes
    ----------
    drawn : ErrorGrowth
        What repeats make of it.
    limits : tuple of (float, float)
        How far it may reach, and by which quantile of t; one of them is enough.
    floor : Settle
        What decides in the place of repeats, where no number of them does.
    """

    drawn: ErrorGrowth
    limits: tuple[tuple[float, float], ...]
    floor: Settle

    def further(self) -> int | None:
        """The fewest further repeats with t SE within a limit, if mean and spread stay; None where none would."""
        now = self.drawn.repeats
        needed = [
            fewest_repeats([self.drawn.at], room, levels=(level,), least=now + 1)
            for room, level in self.limits
            if room > 0
        ]
        known = [repeats for repeats in needed if repeats is not None]
        return min(known) - now if known else None


@dataclass(frozen=True)
class Judgement:
    """The judgement of one claim; all numbers in the claim's unit, None where they do not exist."""

    agreement: (
        Agreement | None
    )  # whether the results support the claim; None where it was not judged
    reasons: tuple[Statement, ...] = ()  # why, the most important statement first
    #: The number of this study: a score, a difference, a rank, a statistic, Kendall's tau-b of two rankings
    ours: float | None = None
    difference: float | None = None  # `ours` minus the published number
    standard_error: float | None = None  # of the difference, where one is known
    #: low, high: the 90 % interval that supports a claim (of what: see judgements.VERDICTS)
    low: float | None = None
    high: float | None = None
    #: low_refute, high_refute: the wider 95 % interval that refutes one
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None  # the p-value of the claim, small where it is refuted
    #: The p-value of the test that shows the claim, small where it holds; None where no test does
    p_shown: float | None = None
    tolerance: float | None = (
        None  # how far two numbers may lie apart and count as the same, as the study states it
    )
    smallest_tolerance: float | None = (
        None  # the tolerance from which on the claim would be reproduced
    )
    detectable: float | None = (
        None  # the smallest difference that this design could have seen
    )
    #: The tolerance that was judged by: wider where one test case is; None: as stated
    tolerance_used: float | None = None
    open: tuple[Open, ...] = ()  # the intervals that leave it open, all of them
    lacks: Settle | None = None  # what would decide it, where no repeats would
    status: Status = Status.ATTEMPTED  # whether the claim was judged, or why it was not

    @classmethod
    def not_judged(cls, *reasons: Statement) -> Judgement:
        """Of a claim that could not be judged; the first reason with a status of its own says it."""
        status = next(
            (STATUSES[type(one)] for one in reasons if type(one) in STATUSES),
            Status.MISSING,
        )
        return cls(None, reasons, status=status)

    @property
    def holds(self) -> bool:
        return self.agreement is not None and self.agreement.holds

    def not_exact(self, *reasons: Statement) -> Judgement:
        """The same, reproduced instead of exact, with the reasons for that at the end."""
        return replace(self, agreement=Agreement.REPRODUCED).followed_by(*reasons)

    def of_others(self, made: Literal["fitted", "external"]) -> Judgement:
        """The same of scores that are not said to be the paper's own: neither exact nor refuted, as their error is not
        known."""
        if self.holds:
            return self.not_exact(chance.OtherSplitsPossible())
        open_ = replace(self, agreement=Agreement.OFF, lacks=Settle.SCORES)
        return open_.followed_by(chance.StatisticErrorUnknown(made))

    def followed_by(self, *reasons: Statement) -> Judgement:
        """The same judgement with further reasons at the end."""
        return replace(self, reasons=(*self.reasons, *reasons))


#: The status that a statement brings where its claim could not be judged; all others: missing.
STATUSES: dict[type[Statement], Status] = {
    unjudged.NotAttempted: Status.NOT_ATTEMPTED,
    unjudged.CellsFailed: Status.FAILED,
    unjudged.StatisticFailedCells: Status.FAILED,
    unjudged.NoSuchCount: Status.IMPOSSIBLE,
    unjudged.StatisticTooLarge: Status.IMPOSSIBLE,
}
#: The cause that a statement brings where its claim is left open.
CAUSES: dict[type[Statement], Cause] = {
    j.NoiseFloor: Cause.NOISE_FLOOR,
    chance.SeedNotMeasured: Cause.SEED,
    chance.OneSplit: Cause.ONE_SPLIT,
    chance.OneRanking: Cause.ONE_SPLIT,
    chance.OneExternalScore: Cause.ONE_SPLIT,
    j.OutsideButOpen: Cause.NO_ERROR,
    chance.PaperSpreadZero: Cause.NO_ERROR,
    chance.DrawsAgree: Cause.NO_ERROR,
    chance.OtherSampleUnknown: Cause.NO_ERROR,
    chance.RankErrorUnknown: Cause.NO_ERROR,
    chance.StatisticErrorUnknown: Cause.NO_ERROR,
    compared.NoErrorRate: Cause.NO_ERROR,
    compared.FewDatasets: Cause.FEW_DATASETS,
}
#: Statements of judgements in which nothing was drawn: everybody with these data gets these numbers.
WITHOUT_DRAWS = (chance.Arithmetic, chance.NothingDrawn, chance.SameSplits)
#: Statements that give a p-value.
WITH_P = (
    compared.DirectionShown,
    compared.DirectionOpen,
    compared.OtherWayRound,
    compared.EquivalenceShown,
    compared.EquivalenceOpen,
)


def cause_of(agreement: Agreement | None, reasons: Iterable[Statement]) -> Cause | None:
    """The cause of an attempted claim that does not hold; None for one that holds."""
    reasons = tuple(reasons)
    if agreement is None or agreement.holds:
        return None
    if agreement == Agreement.DIFFERS:
        doubt = next(
            (one.doubts[0] for one in reasons if isinstance(one, j.LesserEvidence)),
            None,
        )
        if doubt is not None:
            return Cause(doubt)
        return (
            Cause.EQUIVALENT
            if any(isinstance(one, compared.Equivalent) for one in reasons)
            else Cause.REFUTED
        )
    causes = {CAUSES.get(type(one)) for one in reasons}
    return next((cause for cause in Cause if cause in causes), Cause.OPEN)
