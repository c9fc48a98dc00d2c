"""Two families are practically equal: `{kind: equivalent, dataset: wine, family: lda, against: qda, metric: accuracy}`.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does.
"""

from __future__ import annotations

from bench.claims._pairs import Standing, standing, without_error_rate
from bench.claims.claim import Answer, ClaimKind, Evidence
from bench.study import Claim


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """Within the margin at the study's level, outside it (95 % interval), or undecided."""
    one = standing(claim, evidence, claim.against)
    answer: Answer = {"ours": one.improvement, "tolerance": one.margin} | one.intervals
    if one.p is None:
        return answer | _plain(claim, evidence, one)
    assert one.low is not None and one.high is not None and one.low_refute is not None and one.high_refute is not None
    answer["smallest_tolerance"] = max(abs(one.low), abs(one.high))
    if one.equivalent:
        return answer | {"verdict": "reproduced", "reason": one.said()}
    if one.low_refute > one.margin or one.high_refute < -one.margin:
        return answer | {"verdict": "not_reproduced", "reason": f"apart by more than {one.margin:g}; {one.said()}"}
    return answer | {"verdict": "inconclusive", "reason": f"the interval crosses the margin; {one.said()}"}


def _plain(claim: Claim, evidence: Evidence, one: Standing) -> Answer:
    why = without_error_rate(claim, evidence, claim.against)
    if abs(one.improvement) < one.margin:
        return {"verdict": "reproduced", "reason": why}
    return {"verdict": "not_reproduced" if why.startswith("deterministic") else "inconclusive", "reason": why}


EQUIVALENT = ClaimKind("equivalent", "two families are equal", ("dataset", "family", "against", "metric"), judge)
