"""One family is the best of all that were compared, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others. The others are
those of `among`, else all of the study.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import Standing, one_sided, settling, standing, undecidable, without_error_rate
from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.scores.design import level_of
from bench.stats.adjust import holm
from bench.study.claims import Claim, OfFamily, OverDatasets
from bench.study.fields import Text
from bench.text.compared import Beaten, BeatsAll, Closest, NotShownToBeat, RivalsMissing
from bench.text.unjudged import NoRival


class BestClaim(OfFamily, OverDatasets):
    """One family beats all others."""

    kind: Literal["best"]
    """The kind of claim."""
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; all of the study, unless named. Example: `[lda, qda]`."""


def judge(claim: BestClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement by every rival that has scores; rivals that failed forbid `reproduced`."""
    for each in evidence.on_each(claim) if evidence.over(claim) else [claim]:
        evidence.scores(each, claim.family)
    lost: dict[str, NotTestableError] = {}
    pairs: dict[str, Standing] = {}
    for rival in evidence.rivals(claim):
        try:
            pairs[rival] = standing(claim, evidence, claim.family, rival)
        except NotTestableError as error:
            lost[rival] = error
    if not pairs:
        raise next(iter(lost.values()), NotTestableError(NoRival()))
    closest = min(pairs, key=lambda rival: pairs[rival].improvement)
    tested = all(pair.p is not None for pair in pairs.values())
    judgement = (_tested if tested else _untested)(claim, evidence, closest, pairs)
    if lost and judgement.agreement == Agreement.REPRODUCED:
        return replace(judgement, agreement=Agreement.UNCLEAR, reasons=(RivalsMissing(tuple(lost)),))
    return judgement


def _tested(claim: Claim, evidence: ClaimEvidence, closest: str, pairs: dict[str, Standing]) -> Judgement:
    """The judgement by tests; `p` is the smallest of the rivals that are ahead, after Holm, `p_shown` the largest.

    Where it is left open its numbers are those of the closest rival that is not shown to be beaten.
    """
    adjusted = dict(zip(pairs, holm(np.array([pair.p for pair in pairs.values()])), strict=True))
    ahead = {rival: float(adjusted[rival]) for rival, pair in pairs.items() if pair.improvement < 0}
    ps = {"p": min(ahead.values(), default=1.0), "p_shown": max(pair.p_better or 0.0 for pair in pairs.values())}
    if all(pair.better for pair in pairs.values()):
        return pairs[closest].judgement(Agreement.REPRODUCED, BeatsAll(len(pairs), closest), **ps)
    if beaten := tuple(rival for rival in ahead if adjusted[rival] < pairs[rival].alpha):
        return pairs[closest].judgement(Agreement.DIFFERS, Beaten(beaten, len(pairs)), **ps)
    left = {rival: pair for rival, pair in pairs.items() if not pair.better}
    nearest = min(left.values(), key=lambda pair: pair.improvement)
    reasons = (NotShownToBeat(tuple(left)), *_why_open(claim, evidence, pairs))
    return replace(nearest.judgement(nearest.undecided, *reasons, **ps), settle=settling(left.values()))


def _why_open(claim: Claim, evidence: ClaimEvidence, pairs: dict[str, Standing]) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide."""
    if not evidence.over(claim):
        return tuple(dict.fromkeys(pair.undecidable for pair in pairs.values() if pair.undecidable is not None))
    alpha, count = 1 - level_of(evidence.study), len(evidence.units(claim))
    few = undecidable(count, len(pairs) + 1, alpha, one_sided(claim), against_one=True)
    return () if few is None else (few,)


def _untested(claim: Claim, evidence: ClaimEvidence, closest: str, pairs: dict[str, Standing]) -> Judgement:
    """Where some pair has no error rate, all are compared with the margin; what a seed changes may not refute."""
    pair, why = pairs[closest], without_error_rate(claim, evidence, claim.family, *pairs)
    refutes = without_error_rate(claim, evidence, claim.family, closest).refutes
    if refutes and pair.improvement < -pair.margin:
        return pair.judgement(Agreement.DIFFERS, Beaten((closest,), None), *why.reasons)
    holds = why.supports and pair.improvement > pair.margin
    return pair.judgement(Agreement.REPRODUCED if holds else Agreement.UNCLEAR, Closest(closest), *why.reasons)


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
)
