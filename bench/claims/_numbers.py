"""A score of ours against a printed one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.claims._noise import noise_of
from bench.claims._rules import Noise, Printed, settle
from bench.claims.case import AnyCase
from bench.claims.judgement import Judgement
from bench.scores.series import Series
from bench.stats.noise import apart
from bench.text.judgements import (
    HoldsByTheory,
    ToleranceCustomary,
    ToleranceWidened,
    UndefinedFolds,
)


@dataclass(frozen=True)
class Coarseness:
    """How far what means nothing moves our number, in the claim's unit: one test case, and the rounding of the printed
    score that it is."""

    case: float
    rounding: float = 0.0


def judged(case: AnyCase, ours: Series) -> Judgement:
    """D = mean of our repeats - published, with the interval D ± (t SE + half a printed unit).

    ours: scores in the claim's unit.
    """
    noise = noise_of(case, ours, case.claim.family)
    coarse = Coarseness(case.one_case, case.of_rounding(1))
    mean = mean_of(case, ours)
    judgement = against_printed(case, mean, noise, coarse)
    undefined = len(ours.value) - len(ours.defined)
    if undefined:
        return judgement.followed_by(UndefinedFolds(undefined, len(ours.value)))
    return judgement


def mean_of(case: AnyCase, ours: Series) -> float:
    """Our mean over all folds; where the metric is undefined in some of them, over the others."""
    defined = np.unique(ours.repeat[np.isfinite(ours.value)], return_counts=True)[1]
    of_folds = (
        len(set(defined.tolist())) > 1
    )  # repeats of unlike numbers of folds have no equal weight
    return float(ours.defined.mean() if of_folds else case.repeat_means(ours).mean())


def against_printed(
    case: AnyCase,
    ours: float,
    noise: Noise,
    coarse: Coarseness,
) -> Judgement:
    """The judgement on our mean.

    Without chance no difference smaller than what moves it means anything, and the rounding blurs it on both sides.
    """
    if noise.same_scores:
        return _of_same_scores(case, ours, noise, coarse)
    claim = case.claim
    printed = Printed.of_claim(claim)
    tolerance = case.tolerance
    least = coarse.case + coarse.rounding
    least = least + 2 * printed.half if noise.chance_free and least > 0 else 0.0
    widened, used = least > tolerance, max(least, tolerance)
    ours = ours if round(ours, noise.decimals) else 0.0
    judgement = settle(apart(ours, printed.value), noise, used, printed.half)
    judgement = replace(
        judgement,
        ours=ours,
        tolerance=tolerance,
        tolerance_used=used,
    )
    if widened:
        judgement = judgement.followed_by(
            ToleranceWidened(used, "case" if coarse.case else "rounding")
        )
    if claim.constant:
        judgement = judgement.followed_by(HoldsByTheory())
    if (customary := case.customary_tolerance) is not None:
        judgement = judgement.followed_by(ToleranceCustomary(customary))
    return judgement


def _of_same_scores(
    case: AnyCase, ours: float, noise: Noise, coarse: Coarseness
) -> Judgement:
    """The judgement on a mean of the very scores that the paper's is of: what its print rounds is all that may differ."""
    printed = Printed.of_claim(case.claim)
    # Ours may be printed too: then each side is off by half a unit of its own.
    used = coarse.rounding + 2 * printed.half if coarse.rounding else 0.0
    judgement = settle(apart(ours, printed.value), noise, used, printed.half)
    rounding = used or printed.half
    return replace(judgement, ours=ours, tolerance=rounding, tolerance_used=rounding)
