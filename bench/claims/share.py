"""How often a score is low, of the draws of a simulation.

The share of the draws whose score lies below
`threshold` (in the metric's own unit). Draws are independent, so both shares have binomial errors, with exact intervals
that hold their level for few draws too; `n` is the number of draws of the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

import numpy as np

from bench.claims._chance import Drawn
from bench.claims._noise import drawn_anew
from bench.claims._rules import Noise, Printed, or_cut, p_by_halving, settle
from bench.claims.claim import (
    ClaimEvidence,
    ClaimKind,
    NotTestableError,
    Problems,
    check_own_tolerance,
)
from bench.claims.judgement import Judgement
from bench.core.judgements import LEVEL
from bench.core.metrics import METRICS
from bench.stats.intervals import t_quantile
from bench.stats.noise import apart, without_noise
from bench.stats.shares import exact_ends
from bench.study import Study
from bench.study.claims import Cases, OfFamily, OnDataset, PrintedNumber
from bench.study.fields import Number
from bench.text import claim_problems as c
from bench.text.chance import DrawsCounted, OneDraw
from bench.text.unjudged import NoDraws


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


@dataclass(frozen=True)
class ShareNoise(Noise):
    """The error of a difference of two shares, whose interval is exact and not symmetric."""

    #: From a two-sided level, how far the interval reaches below the difference and above it, in the claim's unit
    reach: Callable[[float], tuple[float, float]] = lambda level: (0.0, 0.0)
    most: float = 1.0  # the largest difference of two shares, in the claim's unit

    def ends(
        self, level: float, difference: float, half: float = 0.0
    ) -> tuple[float, float, float, float]:
        near, far = self.reach(max(1e-12, 2 * level - 1)), self.reach(level)
        moved = (-near[0] - half, near[1] + half, -far[0] - half, far[1] + half)
        ends = (
            max(-self.most, min(self.most, round(difference + one, self.decimals)))
            for one in moved
        )
        low, high, low_refute, high_refute = ends
        return low, high, low_refute, high_refute


def judge(claim: ShareClaim, evidence: ClaimEvidence) -> Judgement:
    """Our share of draws strictly below `threshold` against the printed one.

    Float noise is rounded off first: twelve errors of forty are .3, however their mean over folds was summed.
    """
    assert (
        claim.value is not None
        and claim.threshold is not None
        and claim.tolerance is not None
    )
    if not evidence.setting(claim).repeats_a_draw:
        raise NotTestableError(NoDraws(evidence.dataset(claim)))
    series = evidence.scores(claim, claim.family)
    scores = without_noise(evidence.repeat_means(claim, series))
    hits, scale, printed = (
        int((scores < claim.threshold).sum()),
        evidence.scale(claim),
        Printed.of_claim(claim),
    )
    ours, tolerance = scale * hits / len(scores), claim.tolerance
    n, difference = 0 if claim.without_error else claim.n, apart(ours, printed.value)
    other = claim.splits == "other_sample" or (
        claim.n is not None and claim.n != len(scores)
    )  # other draws than ours
    drawn = "draws" if other else drawn_anew(claim, evidence, claim.family)
    counted = noise_of(
        hits,
        len(scores),
        printed.value / scale,
        n,
        scale,
        tolerance=tolerance,
    )
    noise = drawn if isinstance(drawn, Noise) else counted
    judgement = replace(settle(difference, noise, tolerance, printed.half), ours=ours)
    if noise.chance_free and printed.half:
        judgement = or_cut(judgement, claim.value, ours)
    if noise.known_se is None:
        return judgement

    def outside(level: float) -> bool:
        _, _, low, high = noise.ends(level, difference, printed.half)
        return low > tolerance or high < -tolerance

    def inside(level: float) -> bool:
        low, high, _, _ = noise.ends(level, difference, printed.half)
        return low >= -tolerance and high <= tolerance

    return replace(judgement, p=p_by_halving(outside), p_shown=p_by_halving(inside))


def noise_of(
    hits: int,
    draws: int,
    published: float,
    n: int | None,
    scale: float = 1.0,
    *,
    tolerance: float = 0.0,
) -> Noise:
    """The error of `hits` of `draws` minus a published share of n draws (None: not known, taken to be as many as ours;
    0: a share without an error).

    Both shares have exact intervals, whose squared distances add up (Newcombe 1998, method 10). The standard error is the
    reach of the side that decides over its normal quantile: towards 0 where the difference is beyond the tolerance.
    """
    if draws < 2:
        return Noise.unknown(OneDraw())
    ours, below = hits / draws, hits / draws < published
    difference = abs(ours - published)
    beyond = difference > tolerance / scale
    level = LEVEL if beyond else 2 * LEVEL - 1

    def reach(level: float) -> tuple[float, float]:
        low, high = _ends(ours, draws, level)
        lowest, highest = _ends(published, draws if n is None else n or inf, level)
        down = float(np.hypot(ours - low, highest - published))
        up = float(np.hypot(high - ours, published - lowest))
        return scale * down, scale * up

    down, up = reach(level)
    inward, outward = (up, down) if below else (down, up)
    width = inward if beyond else max(outward, inward - 2 * scale * difference)
    variance = scale**2 * published * (1 - published)
    drawn = Drawn(
        repeats=draws,
        sd=scale * (ours * (1 - ours)) ** 0.5,
        fixed=variance / (draws if n is None else n or inf),
    )
    return ShareNoise(
        width / t_quantile((1 + level) / 2, inf),
        inf,
        (DrawsCounted(hits, draws, n),),
        drawn=drawn,
        estimated_from=draws,
        reach=reach,
        most=scale,
    )


def _ends(share: float, draws: float, level: float) -> tuple[float, float]:
    """The ends of the exact interval of one share."""
    low, high = exact_ends(share, np.array([float(draws)]), level=level)
    return float(low[0]), float(high[0])


def check(claim: ShareClaim, study: Study) -> Problems:
    """A share of draws lies from 0 to 1, whatever its metric does; the score that bounds it lies where scores do."""
    whole = 100 if claim.unit == "percent" else 1
    if claim.unit is None:
        yield ("unit",), c.NoUnit(claim.value, claim.kind)
    if not 0 <= float(claim.value) <= whole:
        yield ("value",), c.Outside(claim.value, claim.kind, 0, whole)
    yield from check_own_tolerance(claim, whole)
    metric, threshold = (
        METRICS.get(claim.metric or study.metrics.primary),
        claim.threshold,
    )
    if metric is None:
        return
    low, high = metric.range
    if not low <= threshold <= high:
        yield (
            ("threshold",),
            c.Outside(f"{threshold:g}", metric.name, metric.low, metric.high),
        )


SHARE = ClaimKind(
    "share",
    "how often a score is low",
    ShareClaim,
    '{kind: share, dataset: wine, family: lda, threshold: 0.9, value: "12", unit: percent, tolerance: 5.0}',
    judge,
    value="own",
    check=check,
)
