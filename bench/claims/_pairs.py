"""How one family stands to another on one dataset, for the claims that compare."""

from __future__ import annotations

from dataclasses import dataclass

from bench.claims.claim import Evidence
from bench.series import Series
from bench.stats.bayes import Posterior, correlated_t
from bench.stats.equivalence import tost
from bench.stats.paired import corrected_t
from bench.study import Claim
from bench.yardstick import level_of


@dataclass(frozen=True, eq=False)
class Standing:
    """Family minus rival, turned so that positive is better, in the claim's unit.

    low, high: the 90 % interval; low_refute, high_refute: the 95 % one. p: two-sided, or one-sided where the direction
    was not read off the same rows. All None where no error rate exists.
    """

    a: Series
    b: Series
    improvement: float
    margin: float
    alpha: float
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None
    p_equivalent: float | None = None
    chances: Posterior | None = None

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
    def intervals(self) -> dict[str, float | None]:
        return {name: getattr(self, name) for name in ("low", "high", "low_refute", "high_refute")}

    def said(self) -> str:
        """The probabilities of better, practically equal and worse."""
        if self.chances is None:
            return "no error rate exists for this protocol"
        one = self.chances
        return f"P(better) {one.p_greater:.2f}, P(within {self.margin:g}) {one.p_rope:.2f}, P(worse) {one.p_less:.2f}"


def standing(claim: Claim, evidence: Evidence, against: str | None) -> Standing:
    """The claim's family against another. Raises `NotTestableError` when scores are missing."""
    a, b = evidence.pair(claim, claim.family, against)
    margin, alpha = evidence.margin(claim), 1 - level_of(evidence.study)
    difference = Series(a.repeat, a.fold, a.value - b.value)
    bare = Standing(a, b, difference.mean or 0.0, margin, alpha)
    setting = evidence.setting(claim)
    first, second = setting.sample(a), setting.sample(b)
    if first is None or second is None:
        return bare
    ratio = first[1]
    wide = corrected_t(first[0], second[0], test_train_ratio=ratio, level=0.95)
    equal = tost(first[0], second[0], margin=margin, test_train_ratio=ratio)
    one_sided = claim.splits == "other_sample"
    p = min(wide.p_greater, 1 - wide.p_greater) if one_sided else wide.p_value
    return Standing(
        a, b, wide.difference, margin, alpha, equal.low, equal.high, wide.low, wide.high, p, equal.p_value,
        correlated_t(first[0], second[0], test_train_ratio=ratio, rope=margin),
    )  # fmt: skip


def without_error_rate(claim: Claim, evidence: Evidence, against: str | None) -> str:
    """Why no error rate exists, and whether the answer may refute: the sentence begins with 'deterministic' if so."""
    if evidence.draws_chance(claim):
        return "no error rate exists for scores pooled over folds or for a single split"
    if evidence.without_seed(claim, claim.family, against):
        return f"deterministic: {evidence.protocol(claim)} draws no splits, so no error rate exists"
    if evidence.setting(claim).runs > 1:
        return "the mean of several runs on one test set, which say nothing of other rows: no error rate exists"
    return "one run of a family that takes a seed or is tuned on drawn folds: what the seed changes was not measured"
