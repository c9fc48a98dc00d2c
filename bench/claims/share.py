"""How often a score is low, of draws or of drawn splits.

The share of the draws of a simulation, or of the repeats of a protocol that draws its splits, whose score lies below
`threshold` (in the metric's own unit). Draws are independent, so both shares have binomial errors; `n` is the number of
draws of the paper.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Literal

import numpy as np

from bench.claims._rules import Noise, Printed, settle
from bench.claims.claim import ClaimEvidence, ClaimKind, Problems, check_own_tolerance
from bench.claims.judgement import Judgement
from bench.core.metrics import METRICS
from bench.stats.noise import apart, without_noise
from bench.study import Study
from bench.study.claims import Cases, OfFamily, OnDataset, PrintedNumber
from bench.study.fields import Number
from bench.text import claim_problems as c
from bench.text.chance import DrawsCounted, OneDraw


class ShareClaim(OfFamily, OnDataset):
    """How often the score of a family lies below a threshold."""

    kind: Literal["share"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    threshold: Number
    """The score below which a draw counts, in the unit of the metric. Example: `0.3`."""
    n: Cases | None = None
    """How many draws the printed share rests on. Example: `1000`."""


def judge(claim: ShareClaim, evidence: ClaimEvidence) -> Judgement:
    """Our share of draws strictly below `threshold` against the printed one.

    Float noise is rounded off first: twelve errors of forty are .3, however their mean over folds was summed.
    """
    assert claim.value is not None and claim.threshold is not None and claim.tolerance is not None
    series = evidence.scores(claim, claim.family)
    scores = without_noise(evidence.repeat_means(claim, series))
    hits, scale, printed = int((scores < claim.threshold).sum()), evidence.scale(claim), Printed.of_claim(claim)
    ours = scale * hits / len(scores)
    n = 0 if claim.without_error else claim.n
    noise = noise_of(hits, len(scores), printed.value / scale, n, scale)
    return replace(settle(apart(ours, printed.value), noise, claim.tolerance, printed.half), ours=ours)


def noise_of(hits: int, draws: int, published: float, n: int | None, scale: float = 1.0) -> Noise:
    """The error of `hits` of `draws` minus a published share of n draws (None: not known, taken to be as many as ours;
    0: a share without an error).

    Each side's variance is p (1 - p) / (n + 2) with p = (hits + 1) / (n + 2), one hit and one miss added, so that a
    share of none or all is not taken for certain (Agresti & Caffo 2000, The American Statistician 54).
    """
    if draws < 2:
        return Noise.unknown(OneDraw())

    def error(r: np.ndarray) -> tuple[np.ndarray, float]:
        variances = (_variance(hits / draws, r), _variance(published, r if n is None else np.full_like(r, n or inf)))
        return np.sqrt(sum(variances)) * scale, np.inf

    return Noise.of_repeats(error, draws, DrawsCounted(hits, draws, n), estimated_from=draws)


def _variance(share: float, draws: np.ndarray) -> np.ndarray:
    """That of a share of so many draws, infinitely many among them."""
    p = (share + 1 / draws) / (1 + 2 / draws)
    return np.asarray(p * (1 - p) / (draws + 2))


def check(claim: ShareClaim, study: Study) -> Problems:
    """A share of draws lies from 0 to 1, whatever its metric does; the score that bounds it lies where scores do."""
    whole = 100 if claim.unit == "percent" else 1
    if claim.unit is None:
        yield ("unit",), c.NoUnit(claim.value, claim.kind)
    if not 0 <= float(claim.value) <= whole:
        yield ("value",), c.Outside(claim.value, claim.kind, 0, whole)
    yield from check_own_tolerance(claim, whole)
    metric, threshold = METRICS.get(claim.metric or study.metrics.primary), claim.threshold
    if metric is None:
        return
    low, high = metric.range
    if not low <= threshold <= high:
        yield ("threshold",), c.Outside(f"{threshold:g}", metric.name, metric.low, metric.high)


SHARE = ClaimKind(
    "share",
    "how often a score is low",
    ShareClaim,
    '{kind: share, dataset: wine, family: lda, threshold: 0.9, value: "12", unit: percent, tolerance: 5.0}',
    judge,
    value="own",
    check=check,
)
