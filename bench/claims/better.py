"""One family beats another, on one dataset or, when none is named, over all.

`value` is optional: by how much it is better (positive, whether higher or lower is better). On the paper's own rows the
test is two-sided, because the direction was read off them. Two families that are practically equal refute the claim
before their direction is looked at. Over datasets the dataset is the unit, its test is that of signed ranks, and the
size is the mean of the datasets' differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bench.claims._numbers import judged, judged_over
from bench.claims._pairs import (
    Standing,
    equality_in_reach,
    settling,
    standing,
    without_error_rate,
)
from bench.claims.claim import ClaimEvidence, ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.scores.series import Series
from bench.study import Study
from bench.study.claims import Claim, OfPair, OverDatasets, PrintedNumber, WithSpread
from bench.text.compared import (
    DirectionOpen,
    DirectionShown,
    DirectionWithoutSize,
    Equivalent,
    FewDatasets,
    OtherWayRound,
    RoundedTooMuch,
)


class BetterClaim(WithSpread, OfPair, OverDatasets):
    """One family beats another."""

    kind: Literal["better"]
    """The kind of claim."""
    value: PrintedNumber | None = None
    """By how much it is better, in quotes as printed; positive, whether higher or lower is better. Example: `"1.5"`."""


class NegativeSize(
    Statement,
    code="problem.claim.better.negative",
    says=(
        "{value} is negative; by how much the family is better is positive, whether higher or lower is better: "
        "leave the sign out, or, if the paper says so, exchange `family` and `against`"
    ),
):
    """A size with a sign."""

    value: str


def judge(claim: BetterClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement on equivalence first, then on the direction, then on the size."""
    pair = standing(claim, evidence, claim.family, claim.against)
    judgement = (
        _untested(claim, evidence, pair) if pair.p is None else _tested(pair, pair.p)
    )
    if claim.value is None:
        return judgement
    sized = (
        judgement
        if judgement.agreement != Agreement.REPRODUCED
        else _with_size(claim, evidence, judgement)
    )
    return replace(sized, rules=())


def _tested(pair: Standing, p: float) -> Judgement:
    """The judgement on the direction by its test."""
    agreement: Agreement
    reason: Statement
    if pair.equivalent:
        agreement, reason = Agreement.DIFFERS, Equivalent(pair.margin)
    elif pair.worse:
        agreement, reason = Agreement.DIFFERS, OtherWayRound(p)
    elif pair.better:
        agreement, reason = Agreement.REPRODUCED, DirectionShown(p)
    else:
        agreement, reason = pair.undecided, _undecidable(pair) or DirectionOpen(p)
    settle = () if agreement.decided else settling([pair], _decided)
    judgement = pair.judgement(
        agreement, reason, *pair.reasons, p=pair.p_not_better, p_shown=pair.p_better, settle=settle
    )  # fmt: skip
    return replace(judgement, rules=pair.rules(equality=False))


def _undecidable(pair: Standing) -> Statement | None:
    """Why no data can decide the direction; of few datasets, whether they can show equality."""
    few = pair.undecidable
    if not isinstance(few, FewDatasets):
        return few
    return replace(few, equality=equality_in_reach(few.datasets, [pair]))


def _decided(pairs: Sequence[Standing]) -> bool:
    return any(pair.equivalent or pair.worse or pair.better for pair in pairs)


def _untested(claim: Claim, evidence: ClaimEvidence, pair: Standing) -> Judgement:
    """Without an error rate only a difference larger than the tolerance counts."""
    why = without_error_rate(claim, evidence, claim.family, claim.against)
    if why.supports and pair.ahead:
        return pair.judgement(Agreement.REPRODUCED, *why.reasons)
    if why.refutes and pair.behind:
        return pair.judgement(Agreement.DIFFERS, OtherWayRound(None), *why.reasons)
    rounded = why.supports and pair.rounding > pair.margin
    return pair.judgement(
        Agreement.UNCLEAR, *[RoundedTooMuch(pair.margin)] * rounded, *why.reasons
    )


def _with_size(
    claim: Claim, evidence: ClaimEvidence, direction: Judgement
) -> Judgement:
    """A direction that holds is `reproduced` only when its claimed size holds too.

    What would refute the claim is its direction, not its size: p is that of the direction.
    """
    families = (claim.family, claim.against)
    if evidence.over(claim):
        size = judged_over(
            claim,
            evidence,
            [_gain(one, evidence) for one in evidence.on_each(claim)],
            *families,
        )
    else:
        size = judged(claim, evidence, _gain(claim, evidence), *families)
    known = [p for p in (direction.p_shown, size.p_shown) if p is not None]
    size = replace(_numbers_of(direction, size), p_shown=max(known, default=None))
    if size.holds:
        return size
    lacking = DirectionWithoutSize(
        "differs" if size.agreement == Agreement.DIFFERS else "open"
    )
    reasons = (lacking, *direction.reasons, *size.reasons)
    return replace(size, agreement=Agreement.DIRECTION_REPRODUCED, reasons=reasons)


def _numbers_of(direction: Judgement, size: Judgement) -> Judgement:
    """The judgement on the size; where its error is not known, with the interval of the direction."""
    if size.low is None:
        ends = {
            name: getattr(direction, name)
            for name in ("low", "high", "low_refute", "high_refute")
        }
        size = replace(size, **ends)
    return replace(size, p=direction.p)


def _gain(claim: Claim, evidence: ClaimEvidence) -> Series:
    a, b = (
        one.times(evidence.direction(claim))
        for one in evidence.pair(claim, claim.family, claim.against)
    )
    return a.minus(b)


def check(claim: BetterClaim, study: Study) -> Problems:
    """A negative size: by how much a family is better has no sign."""
    if claim.value is not None and float(claim.value) < 0:
        yield ("value",), NegativeSize(claim.value)


BETTER = ClaimKind(
    "better",
    "one family beats another",
    BetterClaim,
    '{kind: better, dataset: wine, family: lda, against: qda, metric: accuracy, value: "2.0", unit: percent}',
    judge,
    check=check,
)
