"""A number of ours against a printed one: scores, differences and ratios on one dataset, means over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.claims._noise import cases, noises_of, noises_of_mean
from bench.claims._rules import Noise, Printed, or_cut, settle_each
from bench.claims.claim import ClaimEvidence
from bench.claims.judgement import Judgement
from bench.core.metrics import METRICS
from bench.scores.series import Series
from bench.stats.noise import apart
from bench.study import Claim
from bench.text.judgements import (
    HoldsByTheory,
    ToleranceCustomary,
    ToleranceWidened,
    UndefinedFolds,
)


@dataclass(frozen=True)
class Coarseness:
    """How far what means nothing moves our number, in the claim's unit: one test case, and the rounding of the printed
    scores that it is computed from."""

    case: float
    rounding: float = 0.0


def judged(
    claim: Claim, evidence: ClaimEvidence, ours: Series, *families: str | None
) -> Judgement:
    """D = mean of our repeats - published, with the interval D ± (t SE + half a printed unit).

    ours: scores, or differences of two, in the claim's unit; families: whose they are.
    """
    noises = noises_of(claim, evidence, ours, *families)
    rounding = evidence.of_rounding(claim, len(families))
    coarse = Coarseness(one_case(claim, evidence), rounding)
    judgement = against_printed(
        claim, evidence, mean_of(claim, evidence, ours), noises, coarse
    )
    undefined = len(ours.value) - len(ours.defined)
    return (
        judgement.followed_by(UndefinedFolds(undefined, len(ours.value)))
        if undefined
        else judgement
    )


def judged_over(
    claim: Claim, evidence: ClaimEvidence, ours: Sequence[Series], *families: str | None
) -> Judgement:
    """The same for a mean over datasets; ours: one series a dataset, in the order of the claim's datasets."""
    each = list(zip(evidence.on_each(claim), ours, strict=True))
    mean = sum(mean_of(one, evidence, series) for one, series in each) / len(each)
    case = max(one_case(one, evidence) for one, _ in each) / len(each)
    rounding = sum(evidence.of_rounding(one, len(families)) for one, _ in each) / len(
        each
    )
    return against_printed(
        claim,
        evidence,
        mean,
        noises_of_mean(each, evidence, *families),
        Coarseness(case, rounding),
    )


def mean_of(claim: Claim, evidence: ClaimEvidence, ours: Series) -> float:
    """Our mean over all folds; where the metric is undefined in some of them, over the others."""
    defined = np.unique(ours.repeat[np.isfinite(ours.value)], return_counts=True)[1]
    of_folds = (
        len(set(defined.tolist())) > 1
    )  # repeats of unlike numbers of folds have no equal weight
    return float(
        ours.defined.mean() if of_folds else evidence.repeat_means(claim, ours).mean()
    )


def against_printed(
    claim: Claim, evidence: ClaimEvidence, ours: float, noises: Sequence[Noise], coarse: Coarseness,
    printed: Printed | None = None,
) -> Judgement:  # fmt: skip
    """The judgement on our mean.

    Without chance no difference smaller than what moves it means anything, and the rounding blurs it on both sides.
    printed: the number, where it was not rounded as its decimals say.
    """
    assert claim.value is not None
    printed = printed or Printed.of_claim(claim)
    tolerance = evidence.tolerance(claim)
    least = coarse.case + coarse.rounding
    least = least + 2 * printed.half if noises[0].chance_free and least > 0 else 0.0
    widened, used = least > tolerance, max(least, tolerance)
    ours = ours if round(ours, noises[0].decimals) else 0.0
    judgement = settle_each(apart(ours, printed.value), noises, used, printed.half)
    judgement = replace(
        judgement, ours=ours, tolerance=tolerance, tolerance_used=used,
        rules=tuple(rule.from_least(least) for rule in judgement.rules),
    )  # fmt: skip
    if (
        noises[0].chance_free and printed.half
    ):  # a number that was not rounded was not cut off either
        judgement = or_cut(judgement, str(claim.value), ours)
    if widened:
        judgement = judgement.followed_by(
            ToleranceWidened(used, "case" if coarse.case else "rounding")
        )
    if claim.constant:
        judgement = judgement.followed_by(HoldsByTheory())
    if (customary := evidence.customary_tolerance(claim)) is not None:
        judgement = judgement.followed_by(ToleranceCustomary(customary))
    return judgement


def one_case(claim: Claim, evidence: ClaimEvidence) -> float:
    """One test case as a share, in the claim's unit; 0 where the metric is no share, and for external scores:
    they are compared with the tolerance as it is stated."""
    if evidence.is_external(claim):
        return 0.0
    n = cases(claim, evidence)
    return (
        evidence.scale(claim) / n
        if n and METRICS[evidence.metric(claim)].bounded
        else 0.0
    )
