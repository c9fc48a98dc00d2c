"""The difference of two families, on one dataset or over all, for the claims that compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isclose, isfinite
from typing import Literal

import numpy as np

from bench.claims._chance import Drawn, Open
from bench.claims._numbers import one_case
from bench.claims._rules import Noise
from bench.claims.claim import ClaimEvidence
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.scores.design import alpha_of
from bench.scores.series import Series
from bench.scores.setting import unmoved_by_seeds
from bench.stats.bayes import correlated_t
from bench.stats.equivalence import tost
from bench.stats.halves import carried, sharp_chances
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.noise import DECIMALS, kept_decimals, without_noise
from bench.stats.paired import PairedTest, corrected_t, few_equal
from bench.stats.signed_ranks import decidable, fewest, shift, signed_rank, smallest_p
from bench.study import Claim
from bench.text import compared
from bench.text.chance import Arithmetic, DrawsAgree, NothingDrawn, OtherSampleUnknown

#: What the interval of a pair must leave out: 0, both limits of the margin from without, or 0 or these.
Limit = Literal["zero", "margin", "either"]


@dataclass(frozen=True, eq=False)
class Standing:
    """Family minus rival, turned so that positive is better, in the claim's unit.

    low, high: the 90 % interval; low_refute, high_refute: the 95 % one. p: two-sided, or one-sided where the
    direction was not read off the same rows; p_apart: of `within the margin`. All None where no error rate exists.
    reasons: the result of the test; undecidable: why these data cannot decide: few datasets, or a few draws that all
    agree and show no spread (their p-values are 1). stated: the margin before one test case made it wider. drawn:
    what more repeats would make of it; lacks: what would decide it, where none would. error: of the improvement, where a
    two-sided t decides; sides: of its test. decimals: how many of the improvement's are no float noise. rounding:
    how far that of printed scores may have moved it, where no test decides.
    """

    improvement: float
    margin: float
    alpha: float
    reasons: tuple[Statement, ...] = ()
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None
    p_equivalent: float | None = None
    p_apart: float | None = None
    undecidable: Statement | None = None
    stated: float | None = None
    drawn: Drawn | None = None
    lacks: Settle | None = None
    error: Noise | None = None
    sides: int = 2
    decimals: int = DECIMALS
    rounding: float = 0.0

    @property
    def beyond(self) -> float:
        """By how much the difference is larger than the margin and the rounding of printed scores; 0 where it is so
        large but for float noise."""
        return round(
            abs(self.improvement) - max(self.margin, self.rounding), self.decimals
        )

    @property
    def within(self) -> bool:
        """Whether it lies within the margin, whatever chance does and however the scores were rounded."""
        return (
            round(abs(self.improvement) + self.rounding - self.margin, self.decimals)
            <= 0
        )

    @property
    def outside(self) -> bool:
        """Whether it lies outside the margin, whatever chance does and however the scores were rounded."""
        return (
            round(abs(self.improvement) - self.rounding - self.margin, self.decimals)
            > 0
        )

    @property
    def ahead(self) -> bool:
        """Whether it is better by more than the margin, whatever chance does."""
        return self.improvement > 0 and self.beyond > 0

    @property
    def behind(self) -> bool:
        """Whether it is worse by more than the margin, whatever chance does."""
        return self.improvement < 0 and self.beyond > 0

    @property
    def better(self) -> bool:
        return self.p is not None and self.p < self.alpha and self.improvement > 0

    @property
    def worse(self) -> bool:
        return self.p is not None and self.p < self.alpha and self.improvement < 0

    @property
    def equivalent(self) -> bool:
        return self.p_equivalent is not None and self.p_equivalent < self.alpha

    @property
    def apart(self) -> bool:
        """Whether the difference is significantly larger than the margin."""
        return (
            self.p_apart is not None and self.p_apart < self.alpha and self.beyond > 0
        )

    @property
    def p_better(self) -> float | None:
        """The p-value of the test that shows that the family is better."""
        return self.p if self.p is None or self.improvement > 0 else 1.0

    @property
    def p_not_better(self) -> float | None:
        """The p-value of `better by the margin`: small where they are equivalent, or the rival is better."""
        if self.p is None or self.p_equivalent is None:
            return None
        return min(self.p_equivalent, self.p if self.improvement < 0 else 1.0)

    @property
    def undecided(self) -> Agreement:
        """Of a claim that the family is better, which no test decides: consistent where it is better here, and an
        interval is known; that of few datasets is the whole line."""
        known = self.low is not None or isinstance(
            self.undecidable, compared.FewDatasets
        )
        seen = self.improvement > 0 and known
        return Agreement.CONSISTENT if seen else Agreement.UNCLEAR

    def distances(self, limit: Limit) -> tuple[tuple[float, float], ...]:
        """How far the interval may reach until it leaves out 0, or lies on one side of the margin; and its quantile."""
        gain, found = abs(self.improvement), []
        if limit != "margin":
            found.append((gain, 1 - self.alpha / self.sides))
        if limit != "zero" and gain < self.margin:
            found.append((self.margin - gain, 1 - self.alpha))
        if limit == "margin" and gain > self.margin:
            found.append((gain - self.margin, 1 - self.alpha / 2))
        return tuple(found)

    @property
    def reach(self) -> float | None:
        """The smallest difference that the test could have called: half of the interval at its level; None where that
        is not known."""
        if self.low_refute is None or self.high_refute is None:
            return None
        half = (self.high_refute - self.low_refute) / 2
        if not isclose(self.alpha, 0.05):
            df = None if self.error is None else self.error.df
            half *= (
                inf
                if df is None
                else t_quantile(1 - self.alpha / 2, df) / t_quantile(0.975, df)
            )
        return half if isfinite(half) else None

    def judgement(
        self,
        agreement: Agreement,
        *reasons: Statement,
        p: float | None = None,
        p_shown: float | None = None,
    ) -> Judgement:
        """The judgement on a claim of this pair, with its numbers."""
        return Judgement(
            agreement, reasons, ours=self.improvement, low=self.low, high=self.high, low_refute=self.low_refute,
            high_refute=self.high_refute, p=p, p_shown=p_shown,
            tolerance=self.margin if self.stated is None else self.stated, tolerance_used=self.margin,
            detectable=self.reach,
        )  # fmt: skip


def left_open(
    judgement: Judgement, pairs: Sequence[Standing], limits: Sequence[Limit]
) -> Judgement:
    """The judgement with what would decide each of these pairs: an interval that leaves out its limit."""
    if judgement.agreement is None or judgement.agreement.decided:
        return judgement
    if lacking := [pair.lacks for pair in pairs if pair.lacks is not None]:
        return replace(judgement, lacks=lacking[0])
    open_ = tuple(
        Open(drawn=pair.drawn, limits=pair.distances(limit), floor=Settle.ROWS)
        for pair, limit in zip(pairs, limits, strict=True)
        if pair.drawn is not None
    )
    return replace(judgement, open=open_)


@dataclass(frozen=True)
class WithoutErrorRate:
    """Why no error rate exists, and whether a difference beyond the margin may support a claim, and refute it."""

    reasons: tuple[Statement, ...]
    supports: bool = False
    refutes: bool = False


def standing(
    claim: Claim, evidence: ClaimEvidence, family: str | None, against: str | None
) -> Standing:
    """One family against another. Raises `NotTestableError` when scores are missing."""
    if evidence.over(claim):
        return _over_datasets(claim, evidence, family, against)
    a, b = (
        one.times(evidence.direction(claim))
        for one in evidence.pair(claim, family, against)
    )
    margin, alpha, decimals = (
        evidence.margin(claim),
        alpha_of(evidence.study),
        kept_decimals(a.value, b.value),
    )
    samples = _samples(claim, evidence, a, b)
    if samples is None:  # no difference smaller than one test case means anything
        gain, used = (
            round(float((a.value - b.value).mean()), decimals),
            max(margin, one_case(claim, evidence)),
        )
        rounding = evidence.of_rounding(claim, 2)
        return Standing(
            gain, used, alpha, stated=margin, decimals=decimals, rounding=rounding
        )
    first, second, ratio = samples
    mix = evidence.mix(claim, family, against)
    wide = corrected_t(
        first, second, test_train_ratio=ratio, level=0.95, mix_variance=mix
    )
    if round(wide.difference, decimals) == 0:
        wide = replace(wide, difference=0.0)
    if (halves := evidence.halves(claim, family, against)) is not None:
        by_halves = _by_halves(
            claim, wide, evidence.direction(claim) * halves, margin, alpha
        )
        return replace(by_halves, decimals=decimals)
    if few_equal(first, second):
        constant = (compared.ConstantDifference(wide.difference),)
        alike = Standing(
            wide.difference, margin, alpha, constant, p=1.0, p_equivalent=1.0, p_apart=1.0,
            undecidable=DrawsAgree(len(first), "differences"), decimals=decimals,
        )  # fmt: skip
        helped = _repeats_help(claim, evidence)
        return alike if helped else replace(alike, lacks=Settle.ROWS)
    equal = tost(first, second, margin=margin, test_train_ratio=ratio, mix_variance=mix)
    chances = correlated_t(
        first, second, test_train_ratio=ratio, rope=margin, mix_variance=mix
    )
    shares = compared.Probabilities(
        chances.p_greater, chances.p_rope, chances.p_less, margin
    )
    p = min(wide.p_greater, 1 - wide.p_greater) if one_sided(claim) else wide.p_value
    beyond = abs(wide.difference) - margin
    apart = (
        min(1.0, 2 * t_cdf(-beyond / wide.se, wide.df))
        if wide.se > 0
        else float(beyond <= 0)
    )
    known = Standing(
        wide.difference, margin, alpha, (shares,), equal.low, equal.high, wide.low, wide.high, p, equal.p_value, apart,
        error=None if one_sided(claim) else Noise(wide.se, wide.df, decimals=decimals), decimals=decimals,
        sides=1 if one_sided(claim) else 2,
    )  # fmt: skip
    return _repeated(claim, evidence, known, (first, second), ratio, mix)


def _by_halves(
    claim: Claim, folds: PairedTest, halves: np.ndarray, margin: float, alpha: float
) -> Standing:
    """The standing by the test on halves of the rows, around the difference on all rows."""
    gain = folds.difference
    wide, near = (
        carried(gain, halves, se=folds.se, level=level) for level in (0.95, 0.90)
    )
    above = [
        carried(gain, halves, se=folds.se, mu=mu).p_greater for mu in (margin, -margin)
    ]
    below = [
        carried(-gain, -halves, se=folds.se, mu=mu).p_greater
        for mu in (margin, -margin)
    ]
    chances = sharp_chances(halves, margin)
    return Standing(
        gain, margin, alpha, (compared.Probabilities(chances.p_greater, chances.p_rope, chances.p_less, margin),),
        near.low, near.high, wide.low, wide.high,
        min(wide.p_greater, 1 - wide.p_greater) if one_sided(claim) else wide.p_value,
        max(above[1], below[1]), min(1.0, 2 * min(above[0], below[0])), lacks=Settle.ROWS,
    )  # fmt: skip


def _repeats_help(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Whether more repeats bring other draws: runs of the same folds do not."""
    setting = evidence.setting(claim)
    drawn = evidence.is_external(claim) or evidence.draws_chance(claim) or setting.seeds
    return drawn and setting.repeats_vary


def _repeated(
    claim: Claim,
    evidence: ClaimEvidence,
    known: Standing,
    pair: tuple[np.ndarray, np.ndarray],
    ratio: float,
    mix: float,
) -> Standing:
    """The standing, with what more repeats would make of it; runs of the same folds bring no more of them."""
    setting, sd = evidence.setting(claim), float(np.std(pair[0] - pair[1], ddof=1))
    if round(sd, kept_decimals(*pair)) == 0:
        return known
    if not _repeats_help(claim, evidence):
        return replace(known, lacks=Settle.ROWS)
    one_each = setting.seeds or setting.repeats_a_draw
    drawn = Drawn(
        repeats=setting.drawn,
        sd=sd,
        draws=1 if one_each else max(1, setting.folds // setting.repeats),
        fixed=sd**2 * ratio + mix,
    )
    return replace(known, drawn=drawn)


def _samples(
    claim: Claim, evidence: ClaimEvidence, a: Series, b: Series
) -> tuple[np.ndarray, np.ndarray, float] | None:
    """The paired draws of both families and the ratio of test to training rows; None where no error rate exists."""
    setting = evidence.setting(claim)
    first, second = setting.sample(a), setting.sample(b)
    one_split = (
        setting.seeds and claim.splits == "other_sample"
    )  # seeds on one split carry no information on another sample
    if first is None or second is None or one_split:
        return None
    if unmoved_by_seeds(setting, first[0], second[0]) and not evidence.is_external(
        claim
    ):
        return None
    return first[0], second[0], first[1]


def _over_datasets(
    claim: Claim, evidence: ClaimEvidence, family: str | None, against: str | None
) -> Standing:
    """The dataset is the unit (the forms of one table are one, with the mean of theirs): signed ranks of the mean
    differences, and of these shifted by the margin, with the rounding of printed scores against what is shown."""
    pairs = [evidence.pair(one, family, against) for one in evidence.on_each(claim)]
    turn, margin, alpha = (
        evidence.direction(claim),
        evidence.margin(claim),
        alpha_of(evidence.study),
    )
    means = turn * np.array([[one.mean for one in pair] for pair in pairs], dtype=float)
    a, b = np.array([means[unit].mean(axis=0) for unit in evidence.units(claim)]).T
    test, wide, near = (
        signed_rank(a, b),
        shift(a, b, level=0.95),
        shift(a, b, level=0.90),
    )
    p = (
        min(test.p_greater, signed_rank(b, a).p_greater)
        if one_sided(claim)
        else test.p_value
    )
    rounding = np.array(
        [evidence.of_rounding(one, 2) for one in evidence.on_each(claim)]
    )
    rounding = np.array([rounding[unit].mean() for unit in evidence.units(claim)])
    least, most = margin - rounding, margin + rounding
    equal = max(
        signed_rank(a + least, b).p_greater, signed_rank(b + least, a).p_greater
    )
    apart = min(
        1.0,
        2 * min(signed_rank(a - most, b).p_greater, signed_rank(b - most, a).p_greater),
    )
    gains = without_noise(a - b, a, b)
    won, tied = int((gains > 0).sum()), int((gains == 0).sum())
    ranks = compared.SignedRanks(won, tied, len(a), float(test.statistic), test.exact)
    return Standing(
        wide.estimate, margin, alpha, (ranks,), near.low, near.high, wide.low, wide.high, p, equal, apart,
        undecidable(len(a), alpha, one_sided(claim)), lacks=Settle.DATASETS, rounding=float(rounding.max()),
    )  # fmt: skip


def undecidable(
    n: int, alpha: float, one_sided: bool = False
) -> compared.FewDatasets | None:
    """Why signed ranks over n datasets cannot make a difference significant; None where they can."""
    answer = decidable(n, 2, alpha=_two_sided(alpha, one_sided))
    if answer.can_decide:
        return None
    return compared.FewDatasets(
        n, answer.smallest_p / (2 if one_sided else 1), answer.needed
    )


def out_of_reach(
    n: int, pairs: int, alpha: float, *, shown_one_sided: bool, one_sided: bool
) -> tuple[compared.FewDatasets | compared.FewForOpposite, ...]:
    """What n datasets cannot decide of a claim that each pair supports uncorrected and one of `pairs` contradicts after
    Holm: all of it, or the contradiction alone. shown_one_sided, one_sided: the tests for it, and against it."""
    if (few := undecidable(n, alpha, shown_one_sided)) is not None:
        return (few,)
    needed = fewest(pairs, _two_sided(alpha, one_sided))
    return (compared.FewForOpposite(n, pairs, needed),) if n < needed else ()


def equality_in_reach(n: int, differ: Sequence[Standing]) -> bool:
    """Whether n datasets could show, after Holm, that some pair of those that are claimed to differ is practically
    equal: by one-sided tests, and within a margin."""
    return any(
        one.margin > 0 and len(differ) * smallest_p(n) / 2 < one.alpha for one in differ
    )


def _two_sided(alpha: float, one_sided: bool) -> float:
    """The level that a two-sided p must pass."""
    return min(2 * alpha, 0.999) if one_sided else alpha


def one_sided(claim: Claim) -> bool:
    """On the paper's own rows a direction was read off them, and the test is two-sided."""
    return claim.splits == "other_sample"


def without_error_rate(
    claim: Claim, evidence: ClaimEvidence, *families: str | None
) -> WithoutErrorRate:
    """Whether a difference beyond the margin may support a claim, or refute it, where no error rate exists.

    A drawn split might have been another: nothing follows from one, nor from a score whose making is not known. A
    claim on these very scores is arithmetic. A protocol that draws none yields the same numbers for everyone, but
    for what a seed changes: one run of it decides nothing.
    """
    if one_sided(claim):
        return WithoutErrorRate((OtherSampleUnknown("kind"),))
    if evidence.is_external(claim):
        if claim.splits == "same" and evidence.varies(claim) != "seeds":
            return WithoutErrorRate(
                (Arithmetic("scores"), compared.NoErrorRate()),
                supports=True,
                refutes=True,
            )
        return WithoutErrorRate((_lacking(claim, evidence),))
    if evidence.draws_chance(claim):
        where: Literal["one_split", "pooled"] = (
            "one_split" if _on_one_split(claim, evidence) else "pooled"
        )
        return WithoutErrorRate((compared.NoErrorRate(where),))
    if (drawn := evidence.seed_unmeasured(claim, *families)) is None:
        why = (NothingDrawn(evidence.protocol(claim)), compared.NoErrorRate())
        return WithoutErrorRate(why, supports=True, refutes=True)
    if evidence.setting(claim).runs > 1:
        return WithoutErrorRate(
            (compared.NoErrorRate("runs_on_one_test_set"),), supports=True
        )
    return WithoutErrorRate((drawn,))


def why_untested(
    without: Mapping[str, WithoutErrorRate], *, beside: bool
) -> tuple[Statement, ...]:
    """Why pairs, by their words, have no test; beside: others have one."""
    certain = tuple(
        words for words, why in without.items() if why.supports and why.refutes
    )
    apart = beside or 0 < len(certain) < len(without)
    named = (compared.WithoutTest(certain),) if apart and certain else ()
    told = (why for words, why in without.items() if not (named and words in certain))
    return (*named, *dict.fromkeys(reason for why in told for reason in why.reasons))


def _lacking(claim: Claim, evidence: ClaimEvidence) -> compared.NoErrorRateExternal:
    """What external scores lack for an error rate."""
    setting, varies = evidence.setting(claim), evidence.varies(claim)
    if varies is None:
        return compared.NoErrorRateExternal("one_score")
    if varies == "seeds":
        return compared.NoErrorRateExternal(
            "seeds_only" if setting.runs > 1 else "one_seed"
        )
    if setting.one_row:
        return compared.NoErrorRateExternal("one_row")
    if setting.ratio is None:
        return compared.NoErrorRateExternal("sizes")
    return compared.NoErrorRateExternal(
        "one_test_set" if _on_one_split(claim, evidence) else "pooled"
    )


def _on_one_split(claim: Claim, evidence: ClaimEvidence) -> bool:
    """Whether there is one fold, whose score more repeats would join."""
    return (
        evidence.setting(claim).folds == 1 and evidence.aggregation(claim) != "pooled"
    )
