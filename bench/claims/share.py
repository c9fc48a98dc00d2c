"""How often a score is low: `{kind: share, metric: error_rate, side: inner, below: 0.3, value: "18.5", unit: percent}`.

The share of the draws of a simulation, or of the repeats of a protocol that draws its splits, whose score lies below
`below` (in the metric's own unit). Draws are independent, so both shares have binomial errors; `n` is the number of
draws of the paper.
"""

from __future__ import annotations

import numpy as np

from bench.claims._rules import DECIMALS, Noise, Printed, possible, settle
from bench.claims.claim import Answer, ClaimKind, Evidence, NotTestableError
from bench.study import Claim


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """Our share of draws strictly below `below` against the printed one.

    Scores are rounded to 9 decimals first: twelve errors of forty are .3, however their mean over folds was summed.
    """
    assert claim.value is not None and claim.below is not None and claim.tolerance is not None
    series = evidence.scores(claim, claim.family)
    if claim.n is not None and not possible(claim.value, claim.unit, claim.n):
        raise NotTestableError("impossible", f"no count of {claim.n} draws gives {claim.value}")
    scores = np.round(series.repeat_means(max(1, evidence.setting(claim).repeats_a_draw)), DECIMALS)
    hits, scale, printed = int((scores < claim.below).sum()), evidence.scale(claim), Printed.of(claim.value)
    ours = scale * hits / len(scores)
    noise = noise_of(hits, len(scores), printed.value / scale, claim.n, scale)
    return {"ours": ours} | settle(ours - printed.value, noise, claim.tolerance, printed.half)


def noise_of(hits: int, draws: int, published: float, n: int | None, scale: float = 1.0) -> Noise:
    """The error of `hits` of `draws` minus a published share of n draws (None: not known, taken to be as many as ours).

    Each side's variance is p (1 - p) / (n + 2) with p = (hits + 1) / (n + 2), one hit and one miss added, so that a
    share of none or all is not taken for certain (Agresti & Caffo 2000, The American Statistician 54).
    """
    if draws < 2:
        return Noise(None, 1, "one draw says nothing of a share; many are needed")
    there = n or draws
    shares = ((hits + 1) / (draws + 2), (published * there + 1) / (there + 2))
    variance = sum(p * (1 - p) / (count + 2) for p, count in zip(shares, (draws, there), strict=True))
    said = f"{hits} of {draws} draws here; binomial errors on both sides"
    said += "" if n else ", the paper's number of draws being taken to be ours"
    return Noise(
        float(np.sqrt(variance)) * scale,
        np.inf,
        said,
        sd=float(np.sqrt(shares[1] * (1 - shares[1]))) * scale,
        repeats=draws,
        repeats_published=there,
    )


SHARE = ClaimKind(
    "share", "how often a score is low", ("dataset", "family", "metric", "below", "value", "unit", "tolerance"), judge
)
