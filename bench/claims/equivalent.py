"""Two families are practically equal, on one dataset or, when none is named, over all.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does. Over
datasets they are signed ranks of the differences moved by the margin in either direction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bench.claims._pairs import Standing, standing, undecidable, without_error_rate
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.core.judgements import Apart, EquivalenceOpen, EquivalenceShown, Judgement, Verdict
from bench.core.outcomes import Statement
from bench.study.claims import Claim, OfPair, OverDatasets


class EquivalentClaim(OfPair, OverDatasets):
    """Two families are practically equal."""

    kind: Literal["equivalent"]
    """The kind of claim."""


def judge(claim: EquivalentClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement: within the margin at the study's level, outside it (95 % interval), or undecided."""
    pair = standing(claim, evidence, claim.family, claim.against)
    if pair.p is None or pair.p_equivalent is None:
        return _untested(claim, evidence, pair)
    verdict: Verdict
    reason: Statement
    if pair.equivalent:
        verdict, reason = Verdict.REPRODUCED, EquivalenceShown(pair.p_equivalent)
    elif pair.apart:
        verdict, reason = Verdict.NOT_REPRODUCED, Apart(pair.margin)
    else:
        few = pair.undecidable
        if evidence.over(claim):
            few = undecidable(len(evidence.units(claim)), 2, pair.alpha, one_sided=True)
        verdict, reason = Verdict.INCONCLUSIVE, few or EquivalenceOpen(pair.p_equivalent)
    judgement = pair.judgement(verdict, reason, *pair.reasons, p=pair.p_apart)
    if pair.low is None or pair.high is None:
        return judgement
    return replace(judgement, smallest_tolerance=max(abs(pair.low), abs(pair.high)))


def _untested(claim: Claim, evidence: ClaimEvidence, pair: Standing) -> Judgement:
    """Without an error rate the difference is what it is, against the margin."""
    why = without_error_rate(claim, evidence, claim.family, claim.against)
    if why.supports and abs(pair.improvement) < pair.margin:
        verdict = Verdict.REPRODUCED
    else:
        verdict = Verdict.NOT_REPRODUCED if why.refutes else Verdict.INCONCLUSIVE
    smallest = abs(pair.improvement) if why.supports else None
    return replace(pair.judgement(verdict, *why.reasons), smallest_tolerance=smallest)


EQUIVALENT = ClaimKind(
    "equivalent",
    "two families are equal",
    EquivalentClaim,
    "{kind: equivalent, dataset: wine, family: lda, against: qda, metric: accuracy, tolerance: 0.02}",
    judge,
)
