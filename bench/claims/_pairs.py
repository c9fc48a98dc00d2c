"""The difference of two families, on one dataset or over all, for the claims that compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, isfinite

import numpy as np

from bench.claims._noise import ENOUGH_EQUAL, drawn_sd
from bench.claims._numbers import one_case
from bench.claims._rules import Noise, rule_of
from bench.claims.claim import ClaimEvidence
from bench.claims.judgement import Judgement
from bench.core.judgements import LEVELS, Agreement, Thresholds
from bench.core.outcomes import Statement
from bench.scores.design import level_of
from bench.scores.series import Series
from bench.scores.setting import unmoved_by_seeds
from bench.stats.bayes import correlated_t
from bench.stats.equivalence import tost
from bench.stats.halves import carried, sharp_chances
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.noise import without_noise
from bench.stats.paired import PairedTest, corrected_t
from bench.stats.precision import repeats_to_tell
from bench.stats.signed_ranks import decidable, shift, signed_rank
from bench.study import Claim
from bench.text import compared
from bench.text.chance import Arithmetic, DrawsAgree, NothingDrawn
from bench.text.judgements import Settle


@dataclass(frozen=True, eq=False)
class Standing:
    """Family minus rival, turned so that positive is better, in the claim's unit.

    low, high: the 90 % interval; low_refute, high_refute: the 95 % one. p: two-sided, or one-sided where the direction
    was not read off the same rows; p_apart: of `within the margin`. All None where no error rate exists. reasons: the
    result of the test; undecidable: why these data cannot decide: few datasets, or a few draws that all agree and show
    no spread (their p-values are 1). stated: the margin before one test case made it wider. settle: what would decide
    whether one is better. error: of the improvement, where a two-sided t decides.
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
    settle: tuple[Settle, ...] = ()
    error: Noise | None = None

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
        """Whether the 95 % interval lies outside the margin."""
        if self.low_refute is None or self.high_refute is None:
            return False
        return self.low_refute > self.margin or self.high_refute < -self.margin

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
        known = self.low is not None or isinstance(self.undecidable, compared.FewDatasets)
        seen = self.improvement > 0 and known
        return Agreement.CONSISTENT if seen else Agreement.UNCLEAR

    @property
    def reach(self) -> float | None:
        """The smallest difference that the test could have called: half of the 95 % interval."""
        if self.low_refute is None or self.high_refute is None:
            return None
        half = (self.high_refute - self.low_refute) / 2
        return half if isfinite(half) else None

    def rules(self, *, equality: bool) -> tuple[Thresholds, ...]:
        """What a claim that the families are equal, or that one is better, becomes under other margins and levels."""
        if self.error is None:
            return ()
        equal = [rule_of(level, self.improvement, self.error) for level in LEVELS]
        return tuple(equal) if equality else tuple(self._direction(one, self.error) for one in equal)

    def _direction(self, equal: Thresholds, error: Noise) -> Thresholds:
        """At one level: equality refutes before the direction is looked at; half: of the interval that decides the
        direction."""
        found = replace(self, alpha=1 - equal.level)
        stands = Agreement.REPRODUCED if found.better else Agreement.DIFFERS if found.worse else self.undecided
        half = t_quantile((1 + equal.level) / 2, error.df) * (error.se or 0.0)
        return Thresholds(equal.level, stands, equal.above, Agreement.DIFFERS, half=half)

    def judgement(self, agreement: Agreement, *reasons: Statement, p: float | None = None) -> Judgement:
        """The judgement on a claim of this pair, with its numbers."""
        return Judgement(
            agreement, reasons, ours=self.improvement, low=self.low, high=self.high, low_refute=self.low_refute,
            high_refute=self.high_refute, p=p,
            tolerance=self.margin if self.stated is None else self.stated, tolerance_used=self.margin,
            detectable=self.reach, settle=() if agreement.decided else self.settle,
        )  # fmt: skip


def settling(pairs: Iterable[Standing]) -> tuple[Settle, ...]:
    """What would decide all of these pairs: more rows where one of them takes those, else the most repeats."""
    found = [one for pair in pairs for one in pair.settle]
    rows = [one for one in found if one.by == "rows"]
    return tuple(rows[:1] or sorted(found, key=lambda one: -(one.count or 0))[:1])


@dataclass(frozen=True)
class WithoutErrorRate:
    """Why no error rate exists, and whether a difference beyond the margin may support a claim, and refute it."""

    reasons: tuple[Statement, ...]
    supports: bool = False
    refutes: bool = False


def standing(claim: Claim, evidence: ClaimEvidence, family: str | None, against: str | None) -> Standing:
    """One family against another. Raises `NotTestableError` when scores are missing."""
    if evidence.over(claim):
        return _over_datasets(claim, evidence, family, against)
    a, b = (one.times(evidence.direction(claim)) for one in evidence.pair(claim, family, against))
    margin, alpha, decimals = evidence.margin(claim), 1 - level_of(evidence.study), evidence.decimals(claim)
    samples = _samples(claim, evidence, a, b)
    if samples is None:  # no difference smaller than one test case means anything
        gain, used = round(float((a.value - b.value).mean()), decimals), max(margin, one_case(claim, evidence))
        return Standing(gain, used, alpha, stated=margin)
    first, second, ratio = samples
    mix = evidence.mix(claim, family, against)
    wide = corrected_t(first, second, test_train_ratio=ratio, level=0.95, mix_variance=mix)
    if (halves := evidence.halves(claim, family, against)) is not None:
        return _by_halves(claim, wide, evidence.direction(claim) * halves, margin, alpha)
    if drawn_sd(first - second, decimals) == 0 and len(first) < ENOUGH_EQUAL and evidence.draws_chance(claim):
        constant = (compared.ConstantDifference(wide.difference),)
        return Standing(
            wide.difference, margin, alpha, constant, p=1.0, p_equivalent=1.0, p_apart=1.0,
            undecidable=DrawsAgree(len(first), "differences"), settle=_equal_until(claim, evidence, len(first)),
        )  # fmt: skip
    equal = tost(first, second, margin=margin, test_train_ratio=ratio, mix_variance=mix)
    chances = correlated_t(first, second, test_train_ratio=ratio, rope=margin, mix_variance=mix)
    shares = compared.Probabilities(chances.p_greater, chances.p_rope, chances.p_less, margin)
    p = min(wide.p_greater, 1 - wide.p_greater) if one_sided(claim) else wide.p_value
    beyond = abs(wide.difference) - margin
    apart = min(1.0, 2 * t_cdf(-beyond / wide.se, wide.df)) if wide.se > 0 else float(beyond <= 0)
    return Standing(
        wide.difference, margin, alpha, (shares,), equal.low, equal.high, wide.low, wide.high, p, equal.p_value, apart,
        settle=_settle(claim, evidence, first - second, ratio, margin, mix),
        error=None if one_sided(claim) else Noise(wide.se, wide.df, decimals=decimals),
    )  # fmt: skip


def _by_halves(claim: Claim, folds: PairedTest, halves: np.ndarray, margin: float, alpha: float) -> Standing:
    """The standing by the test on halves of the rows, around the difference on all rows."""
    gain = folds.difference
    wide, near = (carried(gain, halves, se=folds.se, level=level) for level in (0.95, 0.90))
    above = [carried(gain, halves, se=folds.se, mu=mu).p_greater for mu in (margin, -margin)]
    below = [carried(-gain, -halves, se=folds.se, mu=mu).p_greater for mu in (margin, -margin)]
    chances = sharp_chances(halves, margin)
    return Standing(
        gain, margin, alpha, (compared.Probabilities(chances.p_greater, chances.p_rope, chances.p_less, margin),),
        near.low, near.high, wide.low, wide.high,
        min(wide.p_greater, 1 - wide.p_greater) if one_sided(claim) else wide.p_value,
        max(above[1], below[1]), min(1.0, 2 * min(above[0], below[0])), settle=(Settle("rows"),),
    )  # fmt: skip


def _equal_until(claim: Claim, evidence: ClaimEvidence, draws: int) -> tuple[Settle, ...]:
    """The repeats after which enough draws would agree; more rows where repeats bring no draws."""
    setting = evidence.setting(claim)
    return (Settle("repeats", ceil(ENOUGH_EQUAL * setting.drawn / draws)) if setting.repeats_vary else Settle("rows"),)


def _settle(
    claim: Claim, evidence: ClaimEvidence, differences: np.ndarray, ratio: float, margin: float, mix: float
) -> tuple[Settle, ...]:
    """The repeats that would call a difference as large as this one, or tell on which side of the margin it lies where
    the claim is of equality; of one that a family is better, whichever takes fewer. More rows where no repeats would.
    """
    setting, sd, decimals = evidence.setting(claim), float(np.std(differences, ddof=1)), evidence.decimals(claim)
    distances = _distances(claim, abs(float(differences.mean())), margin, 1 - level_of(evidence.study))
    distances = [one for one in distances if round(one[0], decimals) > 0]
    if round(sd, decimals) == 0 or not distances:
        return ()
    if not setting.repeats_vary:
        return (Settle("rows"),)
    folds = 1 if setting.seeds or setting.repeats_a_draw else max(1, setting.folds // setting.repeats)
    found = [
        repeats_to_tell(distance, sd, folds_a_repeat=folds, test_train_ratio=ratio, level=level, mix_variance=mix)
        for distance, level in distances
    ]
    needed = min((one for one in found if one is not None), default=None)
    if needed is None:
        return (Settle("rows"),)
    return (Settle("repeats", needed),) if needed > setting.drawn else ()


def _distances(claim: Claim, gain: float, margin: float, alpha: float) -> list[tuple[float, float]]:
    """How near an interval may reach, and of which level it is, for each way in which a claim is decided."""
    within = (margin - gain, 1 - 2 * alpha)
    if claim.kind == "equivalent":
        return [within if gain < margin else (gain - margin, 0.95)]
    direction = (gain, 1 - alpha * (2 if one_sided(claim) else 1))
    return [direction, within] if claim.kind == "better" and gain < margin else [direction]


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
    if unmoved_by_seeds(setting, first[0], second[0]) and not evidence.is_external(claim):
        return None
    return first[0], second[0], first[1]


def _over_datasets(claim: Claim, evidence: ClaimEvidence, family: str | None, against: str | None) -> Standing:
    """The dataset is the unit (the forms of one table are one, with the mean of theirs): signed ranks of the mean
    differences, and of these shifted by the margin."""
    pairs = [evidence.pair(one, family, against) for one in evidence.on_each(claim)]
    turn, margin, alpha = evidence.direction(claim), evidence.margin(claim), 1 - level_of(evidence.study)
    means = turn * np.array([[one.mean for one in pair] for pair in pairs], dtype=float)
    a, b = np.array([means[unit].mean(axis=0) for unit in evidence.units(claim)]).T
    test, wide, near = signed_rank(a, b), shift(a, b, level=0.95), shift(a, b, level=0.90)
    p = min(test.p_greater, signed_rank(b, a).p_greater) if one_sided(claim) else test.p_value
    equal = max(signed_rank(a + margin, b).p_greater, signed_rank(b + margin, a).p_greater)
    apart = min(1.0, 2 * min(signed_rank(a - margin, b).p_greater, signed_rank(b - margin, a).p_greater))
    gains = without_noise(a - b, a, b)
    won, tied = int((gains > 0).sum()), int((gains == 0).sum())
    ranks = compared.SignedRanks(won, tied, len(a), float(test.statistic), test.exact)
    return Standing(
        wide.estimate, margin, alpha, (ranks,), near.low, near.high, wide.low, wide.high, p, equal, apart,
        undecidable(len(a), 2, alpha, one_sided(claim)),
    )  # fmt: skip


def undecidable(
    n: int, k: int, alpha: float, one_sided: bool = False, against_one: bool = False
) -> compared.FewDatasets | None:
    """Why n datasets cannot make any pair of k families significant by signed ranks; None where they can."""
    answer = decidable(n, k, alpha=min(2 * alpha, 0.999) if one_sided else alpha, against_one=against_one)
    if answer.can_decide:
        return None
    smallest = answer.smallest_adjusted / (2 if one_sided else 1)
    return compared.FewDatasets(n, smallest, answer.needed)


def one_sided(claim: Claim) -> bool:
    """On the paper's own rows a direction was read off them, and the test is two-sided."""
    return claim.splits == "other_sample"


def without_error_rate(claim: Claim, evidence: ClaimEvidence, *families: str | None) -> WithoutErrorRate:
    """Whether a difference beyond the margin may support a claim, or refute it, where no error rate exists.

    A drawn split might have been another: nothing follows from one, nor from a score whose making is not known. A
    claim on these very scores is arithmetic. A protocol that draws none yields the same numbers for everyone, but
    for what a seed changes: one run of it decides nothing.
    """
    if evidence.is_external(claim):
        if claim.splits == "same" and evidence.varies(claim) != "seeds":
            return WithoutErrorRate((Arithmetic("scores"), compared.NoErrorRate()), supports=True, refutes=True)
        return WithoutErrorRate((_lacking(claim, evidence),))
    if evidence.draws_chance(claim):
        return WithoutErrorRate((compared.NoErrorRate("one_score"),))
    if evidence.without_seed(claim, *families):
        why = (NothingDrawn(evidence.protocol(claim)), compared.NoErrorRate())
        return WithoutErrorRate(why, supports=True, refutes=True)
    if evidence.setting(claim).runs > 1:
        return WithoutErrorRate((compared.NoErrorRate("runs_on_one_test_set"),), supports=True)
    return WithoutErrorRate((evidence.seed_unmeasured(claim, *families),))


def _lacking(claim: Claim, evidence: ClaimEvidence) -> compared.NoErrorRateExternal:
    """What external scores lack for an error rate."""
    setting, varies = evidence.setting(claim), evidence.varies(claim)
    if varies is None:
        return compared.NoErrorRateExternal("one_score")
    if varies == "seeds":
        return compared.NoErrorRateExternal("seeds_only" if setting.runs > 1 else "one_seed")
    if setting.one_row:
        return compared.NoErrorRateExternal("one_row")
    return compared.NoErrorRateExternal("sizes" if setting.ratio is None else "one_test_set")
