"""One family is the best of all that were compared, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others. The others are
those of `among`, else all of the study.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import Standing, one_sided, standing, undecidable, without_error_rate
from bench.claims.claim import Answer, ClaimEvidence, ClaimKind, NotTestableError
from bench.stats.adjust import holm
from bench.study.claims import Claim, OfFamily, OverDatasets
from bench.study.fields import Text


class BestClaim(OfFamily, OverDatasets):
    """One family beats all others."""

    kind: Literal["best"]
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; all of the study, unless named. Example: `[lda, qda]`."""


def judge(claim: BestClaim, evidence: ClaimEvidence) -> Answer:
    """Against every rival that has scores; rivals that failed forbid `reproduced`."""
    for each in evidence.on_each(claim) if evidence.over(claim) else [claim]:
        evidence.scores(each, claim.family)
    lost, found = {}, {}
    for rival in evidence.rivals(claim):
        try:
            found[rival] = standing(claim, evidence, claim.family, rival)
        except NotTestableError as error:
            lost[rival] = error
    if not found:
        none = NotTestableError("missing", "there is no other family to be better than")
        raise next(iter(lost.values()), none)
    closest = min(found, key=lambda rival: found[rival].improvement)
    one = found[closest]
    answer: Answer = {"ours": one.improvement, "tolerance": one.margin} | one.intervals
    tested = all(each.p is not None for each in found.values())
    answer |= _tested(claim, evidence, closest, found) if tested else _plain(claim, evidence, closest, found)
    if lost and answer["verdict"] == "reproduced":
        return answer | {"verdict": "inconclusive", "reason": f"best of those that ran; {', '.join(lost)} did not"}
    return answer


def _tested(claim: Claim, evidence: ClaimEvidence, closest: str, found: dict[str, Standing]) -> Answer:
    """`p`: the smallest of the rivals that are ahead, after Holm."""
    adjusted = holm(np.array([one.p for one in found.values()]))
    ahead = [float(p) for one, p in zip(found.values(), adjusted, strict=True) if one.improvement < 0]
    answer: Answer = {"p": min(ahead, default=1.0)}
    if all(one.better for one in found.values()):
        why = f"better than each of {len(found)} others; the closest is {closest}"
        return answer | {"verdict": "reproduced", "reason": why}
    beaten = [
        rival
        for (rival, one), p in zip(found.items(), adjusted, strict=True)
        if p < one.alpha and one.improvement < 0
    ]  # fmt: skip
    if beaten:
        why = f"beaten by {', '.join(beaten)} (Holm over {len(found)})"
        return answer | {"verdict": "not_reproduced", "reason": why}
    level = [rival for rival, one in found.items() if not one.better]
    why = f"in the best set, but not shown to beat {', '.join(level)}"
    if not evidence.over(claim):
        why = "; ".join([why, *dict.fromkeys(one.undecidable for one in found.values() if one.undecidable)])
    if evidence.over(claim):
        alpha, count = found[closest].alpha, len(evidence.units(claim))
        few = undecidable(count, len(found) + 1, alpha, one_sided(claim), against_one=True)
        why = f"{few}; {why}" if few else why
    return answer | {"verdict": "inconclusive", "reason": why}


def _plain(claim: Claim, evidence: ClaimEvidence, closest: str, found: dict[str, Standing]) -> Answer:
    """Where some pair has no error rate, all are held against the margin; what a seed changes may not refute."""
    one, (why, supports, _) = found[closest], without_error_rate(claim, evidence, claim.family, *found)
    refutes = without_error_rate(claim, evidence, claim.family, closest)[2]
    if supports and one.improvement > one.margin:
        return {"verdict": "reproduced", "reason": f"the closest is {closest}; {why}"}
    if refutes and one.improvement < -one.margin:
        return {"verdict": "not_reproduced", "reason": f"{closest} is better; {why}"}
    return {"verdict": "inconclusive", "reason": f"{closest} is the closest; {why}"}


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
)
