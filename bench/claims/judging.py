"""All claims of a study -> judgements.VERDICTS, with the rules that hold whatever the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
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
from bench.core.outcomes import Statement, encoded
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
    rows = [*settle_falsifiers(rows, falsified(study, rows))]
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
        unit=claim.unit, published=_as_number(claim), printed=None if _is_plain(claim) else claim.value,
        ours=judgement.ours, difference=judgement.difference, standard_error=judgement.standard_error, low=judgement.low,
        high=judgement.high, low_refute=judgement.low_refute, high_refute=judgement.high_refute,
        p=judgement.p, p_shown=judgement.p_shown,
        tolerance=judgement.tolerance, tolerance_used=judgement.tolerance_used or judgement.tolerance,
        smallest_tolerance=judgement.smallest_tolerance,
        detectable=judgement.detectable, decidable=judgement.decidable,
        status=status, agreement=agreement, evidence=known, control=None,
        source=claim.source, falsifier=claim in (case.evidence.study.falsified_if or ()),
        doubts=" ".join(doubts), cause=cause_of(agreement, judgement.reasons),
        settle=by, further=further, reasons=encoded(judgement.reasons),
    )  # fmt: skip


def _is_plain(claim: Claim) -> bool:
    """Whether a claim prints one number as it stands, or none."""
    return claim.score is None or claim.score.is_plain


def _as_number(claim: Claim) -> str | None:
    """The published number as one decimal number in the unit of the claim."""
    if claim.score is None or _is_plain(claim):
        return claim.value
    is_percent = claim.score.cases is not None and claim.unit == "percent"
    return claim.score.text(100 if is_percent else 1)


def judged(case: AnyCase) -> Judgement:
    """The judgement on one claim: that of its kind, limited by how well it was
    attempted."""
    claim, study = case.claim, case.evidence.study
    impossible = impossibility(claim, study)
    if impossible is not None:
        return Judgement.not_judged(impossible)
    if claim.not_attempted is not None:
        return Judgement.not_judged(NotAttempted(claim.not_attempted))
    try:
        judgement = KINDS[claim.kind].judge(case)
        further = _find_limits(case, judgement)
    except NotTestableError as error:
        return Judgement.not_judged(*error.reasons)
    judgement = limited(judgement.followed_by(*further), doubts_of(claim, study))
    if not judgement.is_open:
        return judgement
    shape = shape_of(claim.kind)
    return replace(judgement, agreement=name_open(shape, judgement, claim.bound))


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


def _find_limits(case: AnyCase, judgement: Judgement) -> Iterator[Statement]:
    """Of which rows a tested claim speaks: of these alone where only seeds vary; else how
    other rows were looked for, or for which families the test errs too often."""
    shape = shape_of(case.claim.kind)
    if judgement.p is None or case.is_over_datasets:
        return
    if shape.compares and case.varies == "seeds" and judgement.low is not None:
        yield j.SeedsOnly()
    if not _speaks_of_other_rows(case):
        return
    families = _compared(case, judgement)
    untested = [family for family in families if case.halves(family) is None]
    unstable = unstable_families(case.evidence.study, untested)
    if unstable:
        worst = next(iter(unstable.values()))
        yield j.UnstableFamilies(tuple(unstable), worst.measured_on, worst.errs)
        return
    halves = _halves_of_all(case, families)
    if halves is not None:
        by_direction = shape.decided_by == "direction" and judgement.low is not None
        yield j.ByHalves(len(halves), by_direction)


def _halves_of_all(case: AnyCase, families: Sequence[str]) -> np.ndarray | None:
    """Those of the first family and another; None where one of its pairs has none."""
    if shape_of(case.claim.kind).subject not in ("pair", "rivals"):
        return None
    pairs = [case.halves(families[0], other) for other in families[1:]]
    return pairs[0] if pairs and all(pair is not None for pair in pairs) else None


def _speaks_of_other_rows(case: AnyCase) -> bool:
    """Claims that compare do, published numbers only where they are of another sample;
    seeds alone and draws of a simulation do not."""
    shape, setting = shape_of(case.claim.kind), case.setting
    if setting.seeds or setting.repeats_a_draw or setting.ratio is None:
        return False
    of_sample = shape.number == "score" and case.claim.splits == "other_sample"
    return shape.compares or of_sample


def _compared(case: AnyCase, judgement: Judgement) -> list[str]:
    """The families whose scores a judgement rests on."""
    claim = case.claim
    families: list[str | None] = [claim.family, claim.against]
    for tier in claim.order or ():
        families += [tier] if isinstance(tier, str) else tier
    if shape_of(claim.kind).subject == "rivals":
        families += case.rivals
    left_out = {
        name
        for reason in judgement.reasons
        if isinstance(reason, RivalsAbsent | RivalsMissing)
        for name in reason.families
    }
    return [name for name in families if name is not None and name not in left_out]


def limited(judgement: Judgement, doubts: tuple[Doubt, ...]) -> Judgement:
    """Under another protocol nothing is exact; a difference says what makes its evidence less than strong."""
    if judgement.agreement == Agreement.DIFFERS and doubts:
        lesser = j.LesserEvidence(doubts)
        return replace(judgement, reasons=(lesser, *judgement.reasons))
    if judgement.agreement == Agreement.EXACT and not PROTOCOL.isdisjoint(doubts):
        return judgement.not_exact(j.ProtocolDiffers())
    return judgement
