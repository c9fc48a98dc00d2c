"""The judgement of one claim, and what its reasons say of status, cause and what would
decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bench.contrasts import ErrorGrowth
from bench.core.judgements import Agreement, Cause, Settle, Status
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
        """The fewest further repeats with t SE within a limit, if mean and spread stay;
        None where none would."""
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
    """The judgement of one claim, in its unit; None where something does not exist.

    The numbers are those of `VerdictRow`.

    Attributes
    ----------
    agreement : Agreement or None
        Whether the results support the claim; None where it was not judged.
    reasons : tuple of Statement
        Why, the most important first.
    tolerance_used : float or None
        The tolerance that was judged by; None: as stated.
    open : tuple of Open
        The intervals that leave it open, all of them.
    lacks : Settle or None
        What would decide it, where no repeats would.
    status : Status
        Whether the claim was judged, or why it was not.
    """

    agreement: Agreement | None
    reasons: tuple[Statement, ...] = ()
    ours: float | None = None
    difference: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None
    p_shown: float | None = None
    tolerance: float | None = None
    smallest_tolerance: float | None = None
    detectable: float | None = None
    decidable: float | None = None
    tolerance_used: float | None = None
    open: tuple[Open, ...] = ()
    lacks: Settle | None = None
    status: Status = Status.ATTEMPTED

    @classmethod
    def not_judged(cls, *reasons: Statement) -> Judgement:
        """Of a claim that could not be judged; the first reason with a status of its own
        says it."""
        known = [STATUSES[type(one)] for one in reasons if type(one) in STATUSES]
        return cls(None, reasons, status=known[0] if known else Status.MISSING)

    @property
    def holds(self) -> bool:
        return self.agreement is not None and self.agreement.holds

    @property
    def is_open(self) -> bool:
        return self.agreement is not None and not self.agreement.decided

    def not_exact(self, *reasons: Statement) -> Judgement:
        """The same, reproduced instead of exact, with the reasons for that at the end."""
        return replace(self, agreement=Agreement.REPRODUCED).followed_by(*reasons)

    def of_others(self, made: Literal["fitted", "external"]) -> Judgement:
        """The same of scores that are not said to be the paper's own: neither exact nor
        refuted, as their error is not known."""
        if self.holds:
            return self.not_exact(chance.OtherSplitsPossible())
        open_ = replace(self, agreement=Agreement.OFF, lacks=Settle.SCORES)
        return open_.followed_by(chance.StatisticErrorUnknown(made))

    def followed_by(self, *reasons: Statement) -> Judgement:
        """The same judgement with further reasons at the end."""
        return replace(self, reasons=(*self.reasons, *reasons))


#: The status that a statement brings where its claim could not be judged; all others:
#: missing.
STATUSES: dict[type[Statement], Status] = {
    unjudged.NotAttempted: Status.NOT_ATTEMPTED,
    unjudged.CellsFailed: Status.FAILED,
    unjudged.StatisticFailedCells: Status.FAILED,
    unjudged.NoSuchCount: Status.IMPOSSIBLE,
    unjudged.StatisticTooLarge: Status.IMPOSSIBLE,
}
#: Of a claim that is left open, by statement: the cause, and what would decide it.
OPEN: dict[type[Statement], tuple[Cause | None, Settle | None]] = {
    j.NoiseFloor: (Cause.NOISE_FLOOR, None),
    j.RoundingOpen: (None, Settle.SOURCE),
    chance.SeedNotMeasured: (Cause.SEED, Settle.SEEDS),
    chance.OneSplit: (Cause.ONE_SPLIT, Settle.REPEATS),
    chance.OneRanking: (Cause.ONE_SPLIT, Settle.REPEATS),
    chance.OneExternalScore: (Cause.ONE_SPLIT, Settle.REPEATS),
    chance.OneRepeat: (None, Settle.REPEATS),
    chance.DrawsAgree: (Cause.NO_ERROR, Settle.REPEATS),
    chance.OtherSample: (None, Settle.ROWS),
    chance.OurSample: (None, Settle.ROWS),
    chance.OtherSampleUnknown: (Cause.NO_ERROR, None),
    chance.SeedsNotSplits: (None, Settle.SOURCE),
    chance.RankErrorUnknown: (Cause.NO_ERROR, None),
    chance.StatisticErrorUnknown: (Cause.NO_ERROR, None),
    compared.NoErrorRate: (Cause.NO_ERROR, None),
    compared.RoundedTooMuch: (None, Settle.SOURCE),
    compared.FewDatasets: (Cause.FEW_DATASETS, None),
}


def cause_of(agreement: Agreement | None, reasons: Iterable[Statement]) -> Cause | None:
    """The cause of an attempted claim that does not hold; None for one that holds."""
    if agreement is None or agreement.holds:
        return None
    by_kind = {type(reason): reason for reason in reasons}
    if agreement != Agreement.DIFFERS:
        causes = {OPEN[kind][0] for kind in by_kind if kind in OPEN}
        return next((cause for cause in Cause if cause in causes), Cause.OPEN)
    lesser = by_kind.get(j.LesserEvidence)
    if isinstance(lesser, j.LesserEvidence):
        return Cause(lesser.doubts[0])
    is_equivalent = compared.Equivalent in by_kind
    return Cause.EQUIVALENT if is_equivalent else Cause.REFUTED
