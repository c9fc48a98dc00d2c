"""One family beats another: `{kind: better, dataset: wine, family: rda, against: lda, value: "2.0", unit: percent}`.

`value` is optional: by how much it is better (positive, whichever way the metric points). On the paper's own rows the
test is two-sided, because the direction was read off them. Two families that are practically equal refute the claim
before their direction is looked at.
"""

from __future__ import annotations

from bench.claims._pairs import Standing, standing, without_error_rate
from bench.claims._rules import Printed, settle
from bench.claims.claim import Answer, ClaimKind, Evidence
from bench.claims.value import noise_of
from bench.series import Series
from bench.study import Claim


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """Equivalence first, then direction, then size."""
    one = standing(claim, evidence, claim.against)
    answer: Answer = {"ours": one.improvement, "tolerance": one.margin} | one.intervals
    if one.p is None:
        return _with_size(claim, evidence, one, answer | _plain(claim, evidence, one))
    if one.equivalent:
        return answer | {"verdict": "not_reproduced", "reason": f"equivalent: within {one.margin:g}; {one.said()}"}
    if one.worse:
        return answer | {"verdict": "not_reproduced", "reason": f"the other way round (p {one.p:.2g}); {one.said()}"}
    if not one.better:
        return answer | {"verdict": "inconclusive", "reason": f"undecided (p {one.p:.2g}); {one.said()}"}
    answer |= {"verdict": "reproduced", "reason": f"p {one.p:.2g}; {one.said()}"}
    return _with_size(claim, evidence, one, answer)


def _plain(claim: Claim, evidence: Evidence, one: Standing) -> Answer:
    """Without an error rate the difference is what it is: it must be larger than the tolerance to say anything."""
    why = without_error_rate(claim, evidence, claim.against)
    if one.improvement > one.margin:
        return {"verdict": "reproduced", "reason": why}
    if one.improvement < -one.margin and why.startswith("deterministic"):
        return {"verdict": "not_reproduced", "reason": f"the other way round; {why}"}
    return {"verdict": "inconclusive", "reason": why}


def _with_size(claim: Claim, evidence: Evidence, one: Standing, answer: Answer) -> Answer:
    """A direction that holds is `reproduced` only when its claimed size holds too."""
    if claim.value is None or answer["verdict"] != "reproduced":
        return answer
    printed = Printed.of(claim.value)
    gain = Series(one.a.repeat, one.a.fold, one.a.value - one.b.value)
    noise = noise_of(claim, evidence, gain, claim.family, claim.against)
    size = settle(one.improvement - printed.value, noise, evidence.tolerance(claim)[0], printed.half)
    if size["verdict"] in ("exact", "reproduced"):
        return answer | size
    direction = f"the direction holds ({answer['reason']}), its size does not: {size['reason']}"
    return answer | size | {"verdict": "direction_reproduced", "reason": direction}


BETTER = ClaimKind("better", "one family beats another", ("dataset", "family", "against", "metric"), judge)
