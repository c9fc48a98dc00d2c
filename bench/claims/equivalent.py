"""Two families are practically equal, on one dataset or, when none is named, over all.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does. Over
datasets they are signed ranks of the differences moved by the margin either way.
"""

from __future__ import annotations

from typing import Literal

from bench.claims._pairs import Standing, standing, undecidable, without_error_rate
from bench.claims.claim import Answer, ClaimEvidence, ClaimKind
from bench.study.claims import Claim, OfPair, OverDatasets


class EquivalentClaim(OfPair, OverDatasets):
    """Two families are practically equal."""

    kind: Literal["equivalent"]


def judge(claim: EquivalentClaim, evidence: ClaimEvidence) -> Answer:
    """Within the margin at the study's level, outside it (95 % interval), or undecided."""
    one = standing(claim, evidence, claim.family, claim.against)
    answer: Answer = {"ours": one.improvement, "tolerance": one.margin} | one.intervals | {"p": one.p_apart}
    if one.p is None:
        return answer | _plain(claim, evidence, one)
    if one.low is not None and one.high is not None:
        answer["smallest_tolerance"] = max(abs(one.low), abs(one.high))
    if one.equivalent:
        p = f"p {one.p_equivalent:.2g}, the larger of two one-sided tests"
        return answer | {"verdict": "reproduced", "reason": f"{p}; {one.said}"}
    if one.apart:
        return answer | {"verdict": "not_reproduced", "reason": f"apart by more than {one.margin:g}; {one.said}"}
    few = one.undecidable
    if evidence.over(claim):
        few = undecidable(len(evidence.units(claim)), 2, one.alpha, one_sided=True)
    crosses = f"the interval crosses the margin (p {one.p_equivalent:.2g}, the larger of two one-sided tests)"
    return answer | {"verdict": "inconclusive", "reason": f"{few or crosses}; {one.said}"}


def _plain(claim: Claim, evidence: ClaimEvidence, one: Standing) -> Answer:
    why, supports, refutes = without_error_rate(claim, evidence, claim.family, claim.against)
    answer: Answer = {"smallest_tolerance": abs(one.improvement)} if supports else {}
    if supports and abs(one.improvement) < one.margin:
        return answer | {"verdict": "reproduced", "reason": why}
    return answer | {"verdict": "not_reproduced" if refutes else "inconclusive", "reason": why}


EQUIVALENT = ClaimKind(
    "equivalent",
    "two families are equal",
    EquivalentClaim,
    "{kind: equivalent, dataset: wine, family: lda, against: qda, metric: accuracy, tolerance: 0.02}",
    judge,
)
