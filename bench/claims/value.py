"""A published number.

The two numbers usually share their data, so what differs between them is the draw of the splits (`_noise`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from bench.claims._noise import Noise, noise_of
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.claims.shapes import SCORE
from bench.claims.targets import Printed, lie_within
from bench.core.outcomes import fixed
from bench.scores.series import Series
from bench.stats.noise import apart
from bench.study import Study
from bench.study.claims import (
    Bound,
    Cases,
    OfFamily,
    OnDataset,
    WithSpread,
)
from bench.study.fields import Bool
from bench.study.printed_numbers import PrintedText, read_score
from bench.text.judgements import (
    HoldsByTheory,
    PrintedBound,
    PrintedRange,
    ToleranceCustomary,
    ToleranceWidened,
    UndefinedFolds,
)


class ValueClaim(WithSpread, OfFamily, OnDataset):
    """The score of a family, as printed."""

    kind: Literal["value"]
    """The kind of claim."""
    value: PrintedText
    """The number in quotes, as printed: its decimals show how far it was rounded. A count of cases, `"171 of 178"`, is
    an exact share of them; within a range, `"68-69"`, no score differs. Example: `"97.5"`."""
    constant: Bool = False
    """Whether the number holds by theory, such as an error rate of 50 % on pure noise: it has no splits, seeds or
    rounding of its own."""
    bound: Bound | None = None
    """Whether the paper prints a bound: `lower` ("over 96"), `upper` ("at most 4"). What lies beyond is no difference."""
    n: Cases | None = None
    """How many cases the number in each repeat rests on. Example: `178`."""


ConstantHasNone = fixed(
    "problem.claim.value.constant",
    "has no meaning for a constant, which nobody measured: leave it out, or leave out `constant`",
)


def judge(case: CaseOf[ValueClaim]) -> Judgement:
    """D = mean of our repeats - published, with the interval D ± (t SE + half a printed
    unit)."""
    ours = case.scores(case.claim.family).times(case.scale)
    noise = noise_of(case, ours, case.claim.family)
    judgement = judge_mean(case, mean_of(case, ours), noise)
    undefined = len(ours.value) - len(ours.defined)
    if undefined:
        return judgement.followed_by(UndefinedFolds(undefined, len(ours.value)))
    return judgement


def mean_of(case: AnyCase, ours: Series) -> float:
    """Our mean over all folds; where the metric is undefined in some, over the others."""
    defined = ours.repeat[np.isfinite(ours.value)]
    folds = np.unique(defined, return_counts=True)[1]
    if len(np.unique(folds)) > 1:  # repeats of unlike numbers of folds weigh unlike
        return float(ours.defined.mean())
    return float(case.repeat_means(ours).mean())


def judge_mean(case: AnyCase, ours: float, noise: Noise) -> Judgement:
    """The judgement on our mean.

    Without chance no difference smaller than what moves it means anything: one test case
    of ours, the rounding of a printed score that it is, and that of the published number
    on both sides.
    """
    printed = Printed.of_claim(case.claim)
    if noise.same_scores:
        return _judge_same_scores(case, ours, noise, printed)
    tolerance = case.tolerance
    coarse = case.one_case + case.of_rounding(1)
    used = tolerance
    if noise.chance_free and coarse > 0:
        used = max(tolerance, coarse + 2 * printed.half)
    ours = ours if round(ours, noise.decimals) else 0.0
    difference, bound = apart(ours, printed.value), case.claim.bound
    reach = used + printed.reach
    judgement = lie_within(difference, noise, reach, printed.half, bound)
    judgement = replace(judgement, ours=ours, tolerance=tolerance, tolerance_used=reach)
    if printed.reach:
        judgement = judgement.followed_by(
            PrintedRange(str(case.claim.value), printed.value)
        )
    if bound is not None:
        judgement = judgement.followed_by(PrintedBound(bound))
    if used > tolerance:
        widened = ToleranceWidened(used, "case" if case.one_case else "rounding")
        judgement = judgement.followed_by(widened)
    if case.claim.constant:
        judgement = judgement.followed_by(HoldsByTheory())
    if case.customary_tolerance is not None:
        customary = ToleranceCustomary(case.customary_tolerance)
        judgement = judgement.followed_by(customary)
    return judgement


def _judge_same_scores(
    case: AnyCase, ours: float, noise: Noise, printed: Printed
) -> Judgement:
    """The judgement on a mean of the very scores that the paper's is of: what its print
    rounds is all that may differ."""
    rounding = case.of_rounding(1)
    # Ours may be printed too: then each side is off by half a unit of its own.
    used = (rounding + 2 * printed.half if rounding else 0.0) + printed.reach
    difference, bound = apart(ours, printed.value), case.claim.bound
    judgement = lie_within(difference, noise, used, printed.half, bound)
    used = used or printed.half
    return replace(judgement, ours=ours, tolerance=used, tolerance_used=used)


RangeHasBounds = fixed(
    "problem.claim.value.range",
    "has no meaning for a range, whose ends are bounds: leave it out",
)


CountHasCases = fixed(
    "problem.claim.value.n", "is another number than the count is out of: leave it out"
)


def check(claim: ValueClaim, study: Study) -> Problems:
    """What a measured number has and a constant has not, and one number and a range has not."""
    score = read_score(claim.value)
    if claim.bound is not None and score.is_range:
        yield ("bound",), RangeHasBounds()
    if claim.n is not None and score.cases not in (None, claim.n):
        yield ("n",), CountHasCases()
    for name in ("repeats", "spread", "n", "bound"):
        if claim.constant and getattr(claim, name) is not None:
            yield (name,), ConstantHasNone()


VALUE = ClaimKind(
    "value",
    "a published number",
    ValueClaim,
    '{kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", unit: percent}',
    judge,
    SCORE,
    check=check,
)
