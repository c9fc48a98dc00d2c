"""All claims of a study -> judgements.VERDICTS, with the rules that hold whatever the kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import polars as pl

from bench.claims.arithmetic import impossibility
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import KINDS, shape_of
from bench.claims.controls import add_controls
from bench.claims.doubts import doubts_of, evidence_of
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.claims.falsifiers import falsified
from bench.claims.judgement import Judgement, cause_of
from bench.claims.settle import settle, settle_falsifiers
from bench.claims.shapes import Shape
from bench.claims.targets import counted
from bench.core.frames import of_records
from bench.core.judgements import (
    PROTOCOL,
    VERDICTS,
    Agreement,
    Doubt,
    VerdictRow,
)
from bench.core.outcomes import encoded
from bench.families.instability import unstable_families
from bench.stats.noise import DECIMALS
from bench.study import Claim, Study
from bench.study.claims import Bound
from bench.text import judgements as j
from bench.text.compared import (
    RivalsAbsent,
    RivalsMissing,
)
from bench.text.unjudged import NotAttempted


def verdicts(study: Study, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row a claim, in the order of the study. All numbers are in the claim's unit.

    `ours` of a claim that compares is the improvement of its family, positive is better;
    without a claimed size `low` to `high_refute` are intervals of that improvement.

    Parameters
    ----------
    study : Study
        What is claimed.
    frames : mapping
        What `ClaimEvidence.of` reads, by name.

    Returns
    -------
    DataFrame
        judgements.VERDICTS.
    """
    evidence = ClaimEvidence.of(study, frames)
    rows = [row_of(CaseOf(claim, evidence)) for claim in study.judged]
    rows = settle_falsifiers(rows, falsified(study, rows))
    rows = add_controls(rows, study, evidence.origin)
    return of_records(rows, VERDICTS, digits=None)


def row_of(case: AnyCase) -> VerdictRow:
    """The row of one claim in judgements.VERDICTS."""
    claim = case.claim
    judgement, doubts = judged(case), doubts_of(claim, case.evidence.study)
    status, agreement = judgement.status, judgement.agreement
    known = None if agreement is None else evidence_of(doubts)
    by, further = settle(case, judgement)
    of_table = shape_of(claim.kind).subject == "table"
    return VerdictRow(
        claim=claim.id, kind=claim.kind, dataset=claim.dataset, family=claim.family, against=claim.against,
        metric=None if of_table and claim.metric is None else case.metric,
        unit=claim.unit, published=claim.value,
        ours=judgement.ours, difference=judgement.difference, standard_error=judgement.standard_error, low=judgement.low,
        high=judgement.high, low_refute=judgement.low_refute, high_refute=judgement.high_refute,
        p=judgement.p, p_shown=judgement.p_shown,
        tolerance=judgement.tolerance, tolerance_used=judgement.tolerance_used or judgement.tolerance,
        smallest_tolerance=judgement.smallest_tolerance,
        detectable=judgement.detectable, status=status, agreement=agreement, evidence=known, control=None,
        source=claim.source, falsifier=claim in (case.evidence.study.falsified_if or ()),
        doubts=" ".join(doubts), cause=cause_of(agreement, judgement.reasons),
        settle=by, further=further, reasons=encoded(judgement.reasons),
    )  # fmt: skip


def judged(case: AnyCase) -> Judgement:
    """The judgement on one claim: that of its kind, limited by how well it was attempted."""
    claim = case.claim
    try:
        if (why := impossibility(claim, case.evidence.study)) is not None:
            raise NotTestableError(why)
        if claim.not_attempted is not None:
            raise NotTestableError(NotAttempted(claim.not_attempted))
        judgement = _by_kind(case)
    except NotTestableError as error:
        return Judgement.not_judged(*error.reasons)
    return judgement


def _by_kind(case: AnyCase) -> Judgement:
    """The judgement of the claim's kind, with the limits and warnings that hold for all kinds."""
    claim = case.claim
    judgement = KINDS[claim.kind].judge(case)
    if _is_over_seeds(case, judgement):
        judgement = judgement.followed_by(j.SeedsOnly())
    if (tested := _other_rows(case, judgement)) is not None:
        judgement = judgement.followed_by(tested)
    judgement = limited(judgement, doubts_of(claim, case.evidence.study))
    if judgement.agreement is None or judgement.agreement.decided:
        return judgement
    return replace(
        judgement, agreement=name_open(shape_of(claim.kind), judgement, claim.bound)
    )


def name_open(
    shape: Shape, judgement: Judgement, bound: Bound | None = None
) -> Agreement:
    """The word for what is not decided: it fits where ours lies as claimed, else it is off."""
    ours, distance = judgement.ours, judgement.difference
    tolerance = judgement.tolerance_used or judgement.tolerance or 0.0
    if distance is None and ours is not None:
        if shape.decided_by in ("direction", "tests"):
            return Agreement.FITS if ours > 0 else Agreement.OFF
        distance = min(ours, 0.0) if shape.decided_by == "one end" else ours
    if distance is not None:
        distance = counted(distance, bound)
    is_within = distance is not None and round(abs(distance) - tolerance, DECIMALS) <= 0
    return Agreement.FITS if is_within else Agreement.OFF


def _is_over_seeds(case: AnyCase, judgement: Judgement) -> bool:
    """Whether only seeds vary behind a judgement on chance: it holds for these splits and rows, for no others."""
    several = case.claim.dataset is None and len(case.evidence.study.datasets) > 1
    if several or not shape_of(case.claim.kind).compares:
        return False
    return (
        case.varies == "seeds" and judgement.low is not None and judgement.p is not None
    )


def _other_rows(
    case: AnyCase, judgement: Judgement
) -> j.UnstableFamilies | j.ByHalves | None:
    """How a comparison, which speaks of other rows too, was tested where all of it was on halves, and else the unstable
    families for which the corrected t, or Nadeau and Bengio's variance, errs too often."""
    if case.is_over_datasets or judgement.p is None or not _speaks_of_other_rows(case):
        return None
    halves = {names: case.halves(*names) for names in _compared(case, judgement)}
    untested = dict.fromkeys(
        name for names, one in halves.items() if one is None for name in names
    )
    if unstable := unstable_families(case.evidence.study, untested):
        worst = next(iter(unstable.values()))
        return j.UnstableFamilies(tuple(unstable), worst.measured_on, worst.errs)
    shape = shape_of(case.claim.kind)
    if not shape.compares:
        return None
    pairs = [len(one) for one in halves.values() if one is not None]
    direction = shape.decided_by == "direction" and judgement.low is not None
    return (
        j.ByHalves(pairs[0], direction) if pairs and len(pairs) == len(halves) else None
    )


def _speaks_of_other_rows(case: AnyCase) -> bool:
    """Claims that compare do, published numbers only where they are of another sample; seeds alone and draws of a
    simulation do not."""
    shape = shape_of(case.claim.kind)
    of_sample = shape.number == "score" and case.claim.splits == "other_sample"
    if not (shape.compares or of_sample):
        return False
    setting = case.setting
    return not (setting.seeds or setting.repeats_a_draw or setting.ratio is None)


def _compared(case: AnyCase, judgement: Judgement) -> list[tuple[str | None, ...]]:
    """The family, or the pairs of families, whose scores a judgement rests on."""
    claim = case.claim
    subject = shape_of(claim.kind).subject
    if subject == "ranking":
        return list(combinations(_families(claim), 2))
    if subject == "rivals":
        without = [
            one.families
            for one in judgement.reasons
            if isinstance(one, RivalsAbsent | RivalsMissing)
        ]
        return [
            (claim.family, rival)
            for rival in case.rivals
            if not any(rival in few for few in without)
        ]
    return [(claim.family,) if claim.against is None else (claim.family, claim.against)]


def _families(claim: Claim) -> list[str]:
    """All families of a ranking, in its order."""
    families: list[str] = []
    for tier in claim.order or ():
        families += [tier] if isinstance(tier, str) else tier
    return families


def limited(judgement: Judgement, doubts: tuple[Doubt, ...]) -> Judgement:
    """Under another protocol nothing is exact; a difference says what makes its evidence less than strong."""
    if judgement.agreement == Agreement.DIFFERS and doubts:
        lesser = j.LesserEvidence(doubts)
        return replace(judgement, reasons=(lesser, *judgement.reasons))
    if judgement.agreement == Agreement.EXACT and not PROTOCOL.isdisjoint(doubts):
        return judgement.not_exact(j.ProtocolDiffers())
    return judgement
