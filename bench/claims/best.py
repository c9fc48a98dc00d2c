"""One family is the best of all that were compared, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others. The others are
those of `among`, else all of the study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import Standing, beside_tested, one_sided, out_of_reach, settling, standing, without_error_rate
from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError, check_among
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.stats.adjust import holm
from bench.study.claims import Claim, OfFamily, OverDatasets
from bench.study.fields import Text
from bench.text.compared import Beaten, BeatsAll, Closest, NotShownToBeat, RivalsAbsent, RivalsMissing
from bench.text.judgements import Settle
from bench.text.unjudged import NoRival


class BestClaim(OfFamily, OverDatasets):
    """One family beats all others."""

    kind: Literal["best"]
    """The kind of claim."""
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; all of the study, unless named. Example: `[lda, qda]`."""


def judge(claim: BestClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement by every rival whose scores are complete; the others forbid `reproduced`."""
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
    tested = {rival: pair for rival, pair in pairs.items() if pair.p is not None}
    others = {rival: pair for rival, pair in pairs.items() if pair.p is None}
    found = [judged(claim, evidence, some) for judged, some in ((_tested, tested), (_untested, others)) if some]
    judgement = found[0]
    if len(found) == 2:
        why = {f"{claim.family} and {one}": without_error_rate(claim, evidence, claim.family, one) for one in others}
        judgement = _together(found[0], found[1], beside_tested(why))
    return _without(tuple(lost), judgement) if lost else judgement


def _together(tested: Judgement, others: Judgement, why: tuple[Statement, ...]) -> Judgement:
    """By rivals that are tested and by others that have no error rate: either may refute, and it takes both to hold."""
    refuted = [one for one in (tested, others) if one.agreement == Agreement.DIFFERS]
    if refuted:
        return refuted[0]
    whole = tested.followed_by(*why)
    if others.agreement == Agreement.REPRODUCED:
        return whole
    settle = () if tested.agreement == Agreement.REPRODUCED else tested.settle
    return replace(whole, agreement=Agreement.UNCLEAR, p_shown=1.0, settle=settle)


def _without(lost: tuple[str, ...], judgement: Judgement) -> Judgement:
    """The judgement where rivals lack scores: it may be refuted by the others; to hold, it needs them as well."""
    rivals = Settle("rivals")
    if judgement.agreement == Agreement.REPRODUCED:
        return replace(judgement, agreement=Agreement.UNCLEAR, reasons=(RivalsMissing(lost),), settle=(rivals,))
    if judgement.agreement is None or judgement.agreement.decided:
        return judgement
    reasons = (*judgement.reasons, RivalsAbsent(lost))
    return replace(judgement, reasons=reasons, settle=(rivals, *judgement.settle))


def _closest(pairs: dict[str, Standing]) -> str:
    return min(pairs, key=lambda rival: pairs[rival].improvement)


def _tested(claim: Claim, evidence: ClaimEvidence, pairs: dict[str, Standing]) -> Judgement:
    """The judgement by tests; `p` is the smallest of the rivals that are ahead, after Holm, `p_shown` the largest.

    Where it is left open its numbers are those of the closest rival that is not shown to be beaten.
    """
    standings, closest = list(pairs.values()), _closest(pairs)
    ahead = {rival: p for rival, p in zip(pairs, _ahead(standings), strict=True) if p is not None}
    p, p_shown = min(ahead.values(), default=1.0), max(pair.p_better or 0.0 for pair in standings)
    if all(pair.better for pair in standings):
        beats = BeatsAll(len(pairs), closest), *_out_of_reach(claim, evidence, standings)
        return pairs[closest].judgement(Agreement.REPRODUCED, *beats, p=p, p_shown=p_shown)
    if beaten := tuple(rival for rival, adjusted in ahead.items() if adjusted < pairs[rival].alpha):
        lost = Beaten(beaten, tested=True)
        return pairs[closest].judgement(Agreement.DIFFERS, lost, p=p, p_shown=p_shown)
    left = {rival: pair for rival, pair in pairs.items() if not pair.better}
    nearest = min(left.values(), key=lambda pair: pair.improvement)
    reasons = (NotShownToBeat(tuple(left)), *_out_of_reach(claim, evidence, standings))
    settle = settling(standings, _decided)
    return nearest.judgement(nearest.undecided, *reasons, p=p, p_shown=p_shown, settle=settle)


def _out_of_reach(claim: Claim, evidence: ClaimEvidence, pairs: Sequence[Standing]) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide."""
    if not evidence.over(claim):
        return tuple(dict.fromkeys(pair.undecidable for pair in pairs if pair.undecidable is not None))
    one = one_sided(claim)
    return out_of_reach(len(evidence.units(claim)), len(pairs), pairs[0].alpha, shown_one_sided=one, one_sided=one)


def _ahead(pairs: Sequence[Standing]) -> list[float | None]:
    """The p of each rival that is ahead, after Holm over all."""
    adjusted = holm(np.array([pair.p for pair in pairs]))
    return [float(p) if pair.improvement < 0 else None for pair, p in zip(pairs, adjusted, strict=True)]


def _decided(pairs: Sequence[Standing]) -> bool:
    """Whether all rivals are beaten, or one of them is significantly ahead."""
    beaten = any(p is not None and p < pair.alpha for pair, p in zip(pairs, _ahead(pairs), strict=True))
    return beaten or all(pair.better for pair in pairs)


def _untested(claim: Claim, evidence: ClaimEvidence, pairs: dict[str, Standing]) -> Judgement:
    """Pairs without an error rate are compared with the margin; what a seed changes may not refute."""
    closest = _closest(pairs)
    pair, why = pairs[closest], without_error_rate(claim, evidence, claim.family, *pairs)
    refutes = without_error_rate(claim, evidence, claim.family, closest).refutes
    if refutes and pair.behind:
        return pair.judgement(Agreement.DIFFERS, Beaten((closest,), tested=False), *why.reasons)
    holds = why.supports and pair.ahead
    return pair.judgement(Agreement.REPRODUCED if holds else Agreement.UNCLEAR, Closest(closest), *why.reasons)


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
    check=lambda claim, study: check_among(claim),
)
