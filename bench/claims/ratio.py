"""One family's score over another's, as printed: the error ratio of an ablation.

Ours is the ratio of the two means, R = a / b, as papers compute it; the mean of the folds' own ratios would be another
number, and biased. Its noise is that of the residuals (a_j - R b_j) / b, the delta method on paired scores: to first
order they are what each fold adds to R. They are put in the place of scores, so that every protocol is treated as for a
published number. Where the error of the denominator, ours against the paper's, is above a tenth of it the first order
says too little (Cochran 1977, section 6.4), and no error is claimed: the paper divided by its own. Where the paper has
one run whose denominator varies by a quarter, intervals at .95 would leave the truth out in 8 of 100 cases.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bench.claims._noise import noises_of
from bench.claims._numbers import Coarseness, against_printed, mean_of, one_case
from bench.claims.claim import (
    ClaimEvidence,
    ClaimKind,
    NotTestableError,
    Problems,
    check_own_tolerance,
)
from bench.claims.judgement import Judgement
from bench.core.metrics import METRICS
from bench.scores.series import Series
from bench.study import Study
from bench.study.claims import OfPair, OnDataset, PrintedNumber, WithSpread
from bench.text.chance import DenominatorVaries
from bench.text.problems import OutOfRange
from bench.text.unjudged import ZeroDenominator

#: The largest coefficient of variation of the denominator at which the delta method is trusted.
MOST_VARIATION = 0.1


class RatioClaim(WithSpread, OfPair, OnDataset):
    """The score of a family divided by that of another, as printed."""

    kind: Literal["ratio"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""


def judge(claim: RatioClaim, evidence: ClaimEvidence) -> Judgement:
    """The ratio of our means against the printed one."""
    # Scores in the metric's own unit: that of the claim is the ratio's.
    unitless = claim.model_copy(update={"unit": None, "spread": None})
    a, b = evidence.pair(unitless, claim.family, claim.against)
    above, below = mean_of(claim, evidence, a), mean_of(claim, evidence, b)
    if round(below, b.decimals) == 0:
        raise NotTestableError(
            ZeroDenominator(evidence.metric(claim), str(claim.against))
        )
    ratio, scale = above / below, evidence.scale(claim)
    added = Series(a.repeat, a.fold, ratio + (a.value - ratio * b.value) / below).times(
        scale
    )
    noises = noises_of(claim, evidence, added, claim.family, claim.against)
    error = noises_of(unitless, evidence, b, claim.against)[0].se
    if error is not None and error > MOST_VARIATION * abs(below):
        why = DenominatorVaries(
            evidence.metric(claim),
            str(claim.against),
            float(error / abs(below)),
            MOST_VARIATION,
        )
        noises = tuple(replace(noise, se=None, reasons=(why,)) for noise in noises)
    a_case = max(1.0, abs(ratio)) / abs(below) * scale
    rounding = (1 + abs(ratio)) / abs(below) * scale * evidence.of_rounding(unitless, 1)
    coarse = Coarseness(a_case * one_case(unitless, evidence), rounding)
    return against_printed(claim, evidence, ratio * scale, noises, coarse)


def check(claim: RatioClaim, study: Study) -> Problems:
    """A ratio has its own scale: no tolerance of a metric fits it; scores from 0 on have a positive one."""
    metric, value = claim.metric or study.metrics.primary, float(claim.value)
    if value == 0 or (
        value < 0 and metric in METRICS and METRICS[metric].range[0] >= 0
    ):
        yield ("value",), OutOfRange("gt", 0, str(claim.value))
    else:
        yield from check_own_tolerance(claim, abs(value))


RATIO = ClaimKind(
    "ratio",
    "a published ratio of two families' scores",
    RatioClaim,
    '{kind: ratio, dataset: wine, family: lda, against: qda, metric: accuracy, value: "1.01", tolerance: 0.02}',
    judge,
    value="own",
    check=check,
)
