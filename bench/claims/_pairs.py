"""A family and its rival, on one dataset or over all, for the claims that compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bench.claims.case import AnyCase
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement, Open
from bench.contrasts import Contrast, HalvesLaw, WhyNot, compare, compare_over
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.noise import without_noise
from bench.stats.signed_ranks import signed_rank
from bench.text import compared
from bench.text.chance import Arithmetic, DrawsAgree, NothingDrawn, OtherSampleUnknown
from bench.text.unjudged import NoCommonFold


@dataclass(frozen=True)
class WithoutErrorRate:
    """Why no error rate exists, and whether a difference beyond the margin may support a claim, and refute it."""

    reasons: tuple[Statement, ...]
    supports: bool = False
    refutes: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """The gain of a family over its rival, in the claim's unit, and the margin within which they are equal.

    stated: the margin before one test case made it wider. one_sided: of the test of the direction, where that was not
    read off the same rows. rounding: how far that of printed scores may have moved the gain, or one for each dataset.
    reasons: the result of the test. why: without one, why there is none. undecidable: why these data cannot decide.
    lacks: what would, where no repeats do.
    """

    contrast: Contrast
    margin: float
    stated: float
    alpha: float
    one_sided: bool
    rounding: float | np.ndarray = 0.0
    reasons: tuple[Statement, ...] = ()
    why: WithoutErrorRate | None = None
    undecidable: Statement | None = None
    lacks: Settle | None = None

    @property
    def gain(self) -> float:
        return self.contrast.gain

    @property
    def most_rounded(self) -> float:
        return float(np.max(self.rounding))

    @cached_property
    def p(self) -> float | None:
        """Of no difference; None where no error rate exists."""
        law = self.contrast.law
        if law is None or not self.one_sided:
            return self.contrast.p()
        return min(law.above(0.0), law.below(0.0))

    @cached_property
    def p_equal(self) -> float | None:
        """The p-value of the test that shows a difference within the margin."""
        return self.contrast.p(self.margin - self.rounding, "within")

    @cached_property
    def p_apart(self) -> float | None:
        """The p-value of the test that shows one beyond it."""
        return self.contrast.p(self.margin + self.rounding)

    @property
    def p_better(self) -> float | None:
        """The p-value of the test that shows that the family is better."""
        return self.p if self.p is None or self.gain > 0 else 1.0

    @property
    def is_better(self) -> bool:
        """Whether a test shows it, or without one a gain beyond the margin."""
        if self.why is not None:
            return self.why.supports and self._is_beyond(self.gain)
        return self.p is not None and self.p < self.alpha and self.gain > 0

    @property
    def is_worse(self) -> bool:
        if self.why is not None:
            return self.why.refutes and self._is_beyond(-self.gain)
        return self.p is not None and self.p < self.alpha and self.gain < 0

    @property
    def is_equal(self) -> bool:
        """Whether it is shown to lie within the margin, however printed scores were rounded."""
        if self.why is not None:
            most = abs(self.gain) + self.most_rounded
            return self.why.supports and not self._is_positive(most - self.margin)
        return self.p_equal is not None and self.p_equal < self.alpha

    @property
    def is_apart(self) -> bool:
        """Whether it is shown to lie outside the margin."""
        least = abs(self.gain) - self.margin
        if self.why is not None:
            return self.why.refutes and self._is_positive(least - self.most_rounded)
        return least > 0 and self.p_apart is not None and self.p_apart < self.alpha

    @property
    def is_beyond(self) -> bool:
        """Whether it lies beyond margin and rounding, whatever chance does."""
        return self._is_beyond(abs(self.gain))

    def _is_beyond(self, gain: float) -> bool:
        return self._is_positive(gain - max(self.margin, self.most_rounded))

    def _is_positive(self, difference: float) -> bool:
        return round(difference, self.contrast.decimals) > 0

    @property
    def reach(self) -> float | None:
        """The smallest difference that the test could have called; None where that is not known."""
        return self.contrast.reach(1 - self.alpha)

    def judgement(
        self,
        agreement: Agreement,
        *reasons: Statement,
        p: float | None = None,
        p_shown: float | None = None,
    ) -> Judgement:
        """The judgement on a claim of this pair, with its numbers."""
        low, high = self.contrast.interval(0.90) or (None, None)
        low_refute, high_refute = self.contrast.interval(0.95) or (None, None)
        return Judgement(
            agreement,
            reasons,
            ours=self.gain,
            low=low,
            high=high,
            low_refute=low_refute,
            high_refute=high_refute,
            p=p,
            p_shown=p_shown,
            tolerance=self.stated,
            tolerance_used=self.margin,
            detectable=self.reach,
        )

    def leave_open(
        self, judgement: Judgement, *limits: tuple[float, float]
    ) -> Judgement:
        """The judgement with what would decide it, where it is open: an interval that reaches less far than one of
        these limits, each with its quantile."""
        if judgement.agreement is None or judgement.agreement.decided:
            return judgement
        if self.lacks is not None:
            return replace(judgement, lacks=self.lacks)
        if self.contrast.growth is None:
            return judgement
        left = Open(drawn=self.contrast.growth, limits=limits, floor=Settle.ROWS)
        return replace(judgement, open=(*judgement.open, left))


def pair_of(case: AnyCase, family: str | None, against: str | None) -> Pair:
    """One family against another. Raises `NotTestableError` when scores are missing."""
    if case.is_over_datasets:
        return _pair_over(case, family, against)
    unit, turn = case.scale, case.sign
    first, second = (case.scores(name).times(unit * turn) for name in (family, against))
    halves = case.halves(family, against)
    setting = case.setting
    contrast = compare(
        first,
        second,
        setting,
        mix=case.mix(family, against),
        halves=None if halves is None else turn * halves,
    )
    if np.isnan(contrast.gain):
        names = case.metric, str(family), str(against)
        raise NotTestableError(NoCommonFold(*names, case.dataset))
    if setting.seeds and case.is_one_sided:  # they say nothing of another sample
        contrast = replace(contrast, law=None, growth=None)
    margin = case.margin
    pair = Pair(
        contrast=contrast,
        margin=margin,
        stated=margin,
        alpha=case.alpha,
        one_sided=case.is_one_sided,
    )
    if contrast.law is None:  # no difference smaller than one test case means anything
        return replace(
            pair,
            margin=max(margin, case.one_case),
            rounding=case.of_rounding(2),
            why=_without_error_rate(case, family, against),
        )
    lacks = _lacks(case, contrast)
    if contrast.is_unspread:
        constant = compared.ConstantDifference(contrast.gain)
        agree = DrawsAgree(contrast.n, "differences")
        return replace(pair, reasons=(constant,), undecidable=agree, lacks=lacks)
    chances = contrast.chances(margin)
    assert chances is not None
    shares = compared.Probabilities(
        chances.p_greater, chances.p_rope, chances.p_less, margin
    )
    return replace(pair, reasons=(shares,), lacks=lacks)


def _lacks(case: AnyCase, contrast: Contrast) -> Settle | None:
    """Rows, where more repeats bring no other draws, as runs of the same folds do, or do not enter the test."""
    if isinstance(contrast.law, HalvesLaw):
        return Settle.ROWS
    if contrast.growth is None and not contrast.is_unspread:
        return None
    setting = case.setting
    is_drawn = case.is_external or case.draws_chance or setting.seeds
    return None if is_drawn and setting.repeats_vary else Settle.ROWS


def _pair_over(case: AnyCase, family: str | None, against: str | None) -> Pair:
    """The dataset is the unit (the forms of one table are one, with the mean of theirs): signed ranks of the mean
    differences, and of these shifted by the margin, with the rounding of printed scores against what is shown."""
    each, units = case.on_each, case.units
    means = np.array(
        [[series.mean for series in one.pair(family, against)] for one in each],
        dtype=float,
    )
    rounding = np.array([one.of_rounding(2) for one in each])
    turned = case.sign * means
    first, second = np.array([turned[unit].mean(axis=0) for unit in units]).T
    alpha, margin = case.alpha, case.margin
    return Pair(
        contrast=compare_over(first, second),
        margin=margin,
        stated=margin,
        alpha=alpha,
        one_sided=case.is_one_sided,
        rounding=np.array([rounding[unit].mean() for unit in units]),
        reasons=(_state_ranks(first, second),),
        lacks=Settle.DATASETS,
    )


def _state_ranks(first: np.ndarray, second: np.ndarray) -> compared.SignedRanks:
    test = signed_rank(first, second)
    gains = without_noise(first - second, first, second)
    return compared.SignedRanks(
        int((gains > 0).sum()),
        int((gains == 0).sum()),
        len(gains),
        float(test.statistic),
        test.exact,
    )


def _without_error_rate(case: AnyCase, *families: str | None) -> WithoutErrorRate:
    """Whether a difference beyond the margin may support a claim, or refute it, where no error rate exists.

    A drawn split might have been another: nothing follows from one, nor from a score whose making is not known. A
    claim on these very scores is arithmetic. A protocol that draws none yields the same numbers for everyone, but
    for what a seed changes: one run of it decides nothing.
    """
    if case.is_one_sided:
        return WithoutErrorRate((OtherSampleUnknown(),))
    if case.is_external:
        if case.claim.splits == "same" and case.varies != "seeds":
            return WithoutErrorRate(
                (Arithmetic("scores"), compared.NoErrorRate()),
                supports=True,
                refutes=True,
            )
        return WithoutErrorRate((compared.NoErrorRate(_lacking(case), True),))
    if case.draws_chance:
        why = WhyNot.ONE_SPLIT if _is_one_split(case) else WhyNot.POOLED
        return WithoutErrorRate((compared.NoErrorRate(why),))
    if (drawn := case.seed_unmeasured(*families)) is None:
        nothing = (NothingDrawn(case.protocol), compared.NoErrorRate())
        return WithoutErrorRate(nothing, supports=True, refutes=True)
    if case.setting.runs > 1:
        seeds = compared.NoErrorRate(WhyNot.SEEDS_ALONE)
        return WithoutErrorRate((seeds,), supports=True)
    return WithoutErrorRate((drawn,))


def _lacking(case: AnyCase) -> WhyNot:
    """What external scores lack for an error rate."""
    setting, varies = case.setting, case.varies
    if varies is None:
        return WhyNot.NO_FOLDS
    if varies == "seeds":
        return WhyNot.SEEDS_ALONE if setting.runs > 1 else WhyNot.ONE_SEED
    if setting.one_row:
        return WhyNot.SINGLE_ROWS
    if setting.ratio is None:
        return WhyNot.FEW_SPLITS
    return WhyNot.ONE_SPLIT if _is_one_split(case) else WhyNot.POOLED


def _is_one_split(case: AnyCase) -> bool:
    """Whether there is one fold, whose score more repeats would join."""
    return case.setting.folds == 1 and case.aggregation != "pooled"
