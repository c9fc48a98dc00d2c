"""A score in a published range: "above 95 %", "at most .1", "between 94 and 96 %"."""

from __future__ import annotations

from math import inf
from typing import Literal

from bench.claims._noise import noises_of
from bench.claims._numbers import mean_of
from bench.claims._ranges import ENDS, WithEnds, check_ends, in_range, tolerance_of_ends
from bench.claims.claim import ClaimEvidence, ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.core.metrics import METRICS, Metric
from bench.study import Study
from bench.study.claims import Cutoff, OfFamily, OnDataset
from bench.text import claim_problems as c


class RangeClaim(WithEnds, OfFamily, OnDataset):
    """The score of a family, within printed ends."""

    kind: Literal["range"]
    """The kind of claim."""
    cutoff: Cutoff | None = None
    """The probability from which on a row is called positive, where the labels were decided by another than the
    model's own. Example: `0.448`."""


def judge(claim: RangeClaim, evidence: ClaimEvidence) -> Judgement:
    """The family's mean score against both ends of the range."""
    ours = evidence.scores(claim, claim.family).times(evidence.scale(claim))
    (noise,) = noises_of(claim, evidence, ours, claim.family)
    tolerance = tolerance_of_ends(claim, evidence)
    if noise.chance_free:
        tolerance = max(tolerance, evidence.of_rounding(claim, 1))
    return in_range(mean_of(claim, evidence, ours), claim.ends, tolerance, noise)


def check(claim: RangeClaim, study: Study) -> Problems:
    """An end at least, ends that the metric can be, and their unit."""
    yield from check_ends(claim)
    metric = METRICS.get(claim.metric or study.metrics.primary)
    if metric is not None and claim.fidelity != "not_attempted":
        yield from _ends_of(claim, metric)


def _ends_of(claim: RangeClaim, metric: Metric) -> Problems:
    """Ends with their unit, within what the metric can be."""
    stated = {key: text for key in ENDS if (text := getattr(claim, key)) is not None}
    if metric.fraction and claim.unit is None:
        above = [text for text in stated.values() if float(text) > 1]
        yield (
            ("unit",),
            c.NoUnit(
                above[0] if above else "", metric.name, metric.high if above else None
            ),
        )
        return
    scale = 100.0 if claim.unit == "percent" else 1.0
    low, high = (
        (-inf, inf)[i] if end is None else end * scale
        for i, end in enumerate((metric.low, metric.high))
    )
    for key, text in stated.items():
        if not low <= float(text) <= high:
            yield (
                (key,),
                c.Outside(
                    text,
                    metric.name,
                    low,
                    high,
                    claim.unit == "fraction" and float(text) > 1,
                ),
            )


RANGE = ClaimKind(
    "range",
    "a score above, below or between printed numbers",
    RangeClaim,
    '{kind: range, dataset: wine, family: lda, metric: accuracy, above: "95", unit: percent}',
    judge,
    value="score",
    check=check,
)
