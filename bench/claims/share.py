"""How often a score is low, of draws or of drawn splits.

The share of the draws of a simulation, or of the repeats of a protocol that draws its splits, whose score lies below
`threshold` (in the metric's own unit). Draws are independent, so both shares have binomial errors; `n` is the number of
draws of the paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.claims._rules import DECIMALS, Noise, Printed, settle
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.core.judgements import DrawsCounted, Judgement, OneDraw
from bench.core.metrics import METRICS
from bench.study import Claim, Study


def judge(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """Our share of draws strictly below `threshold` against the printed one.

    Scores are rounded to 9 decimals first: twelve errors of forty are .3, however their mean over folds was summed.
    """
    assert claim.value is not None and claim.threshold is not None and claim.tolerance is not None
    series = evidence.scores(claim, claim.family)
    scores = np.round(series.repeat_means(max(1, evidence.setting(claim).repeats_a_draw)), DECIMALS)
    hits, scale, printed = int((scores < claim.threshold).sum()), evidence.scale(claim), Printed.of(claim.value)
    ours = scale * hits / len(scores)
    noise = noise_of(hits, len(scores), printed.value / scale, claim.n, scale)
    return replace(settle(ours - printed.value, noise, claim.tolerance, printed.half), ours=ours)


def noise_of(hits: int, draws: int, published: float, n: int | None, scale: float = 1.0) -> Noise:
    """The error of `hits` of `draws` minus a published share of n draws (None: not known, taken to be as many as ours).

    Each side's variance is p (1 - p) / (n + 2) with p = (hits + 1) / (n + 2), one hit and one miss added, so that a
    share of none or all is not taken for certain (Agresti & Caffo 2000, The American Statistician 54).
    """
    if draws < 2:
        return Noise(None, 1, (OneDraw(),))
    there = n or draws
    shares = ((hits + 1) / (draws + 2), (published * there + 1) / (there + 2))
    variance = sum(p * (1 - p) / (count + 2) for p, count in zip(shares, (draws, there), strict=True))
    return Noise(
        float(np.sqrt(variance)) * scale,
        np.inf,
        (DrawsCounted(hits, draws, n),),
        sd=float(np.sqrt(shares[1] * (1 - shares[1]))) * scale,
        repeats=draws,
        repeats_published=there,
        estimated_from=draws,
    )


def check(claim: Claim, study: Study) -> Iterator[str]:
    """A share of draws lies from 0 to 1, whatever its metric does; the score that bounds it lies where scores do."""
    whole = 100 if claim.unit == "percent" else 1
    if claim.unit is None:
        yield "unit: missing; a share is printed in percent or as a fraction"
    if claim.tolerance is None and claim.fidelity != "not_attempted":
        yield "tolerance: missing; a share has a scale of its own, so say how close is close"
    if claim.value is not None and not 0 <= float(claim.value) <= whole:
        yield f"value: {claim.value} is no share, 0 to {whole}"
    if claim.tolerance is not None and claim.tolerance >= whole:
        yield f"tolerance: {claim.tolerance:g} is as wide as all shares; nothing could be refuted"
    metric = METRICS.get(claim.metric or study.metrics.primary)
    if metric is None or claim.threshold is None:
        return
    low = -math.inf if metric.low is None else metric.low
    high = math.inf if metric.high is None else metric.high
    if not low <= claim.threshold <= high:
        yield f"threshold: {claim.threshold:g} lies outside {metric.name}'s range; it stands in the metric's own unit"


SHARE = ClaimKind(
    "share",
    "how often a score is low",
    ("dataset", "family", "metric", "threshold", "value"),
    judge,
    takes=("n",),
    value="own",
    example='{kind: share, dataset: wine, family: lda, threshold: 0.9, value: "12", unit: percent, tolerance: 5.0}',
    check=check,
)
