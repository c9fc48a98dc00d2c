"""Two families are practically equal, on one dataset or, when none is named, over all.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does. Over
datasets they are signed ranks of the differences moved by the margin in either direction.
"""

from __future__ import annotations

from dataclasses import replace
from math import isclose
from typing import Literal

from bench.claims._pairs import (
    Standing,
    left_open,
    out_of_reach,
    standing,
    without_error_rate,
)
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.intervals import t_quantile
from bench.study.claims import Claim, OfPair, OverDatasets
from bench.text.compared import (
    Apart,
    EquivalenceOpen,
    EquivalenceShown,
    FewForOpposite,
    RoundedTooMuch,
)


class EquivalentClaim(OfPair, OverDatasets):
    """Two families are practically equal."""

    kind: Literal["equivalent"]
    """The kind of claim."""


def judge(claim: EquivalentClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement: within the margin, beyond it (both at the study's level), or undecided."""
    pair = standing(claim, evidence, claim.family, claim.against)
    if pair.p is None or pair.p_equivalent is None:
        return _untested(claim, evidence, pair)
    agreement: Agreement
    reasons: tuple[Statement, ...]
    few = _out_of_reach(claim, evidence, pair)
    if pair.equivalent:
        agreement, reasons = (
            Agreement.REPRODUCED,
            (EquivalenceShown(pair.p_equivalent), *few),
        )
    elif pair.apart:
        agreement, reasons = Agreement.DIFFERS, (Apart(pair.margin),)
    else:
        holds_0 = (
            pair.low is not None
            and pair.high is not None
            and pair.low <= 0 <= pair.high
        )
        agreement = Agreement.CONSISTENT if holds_0 else Agreement.UNCLEAR
        shown = few == () or isinstance(few[0], FewForOpposite)
        reasons = (EquivalenceOpen(pair.p_equivalent), *few) if shown else few
    judgement = pair.judgement(
        agreement, *reasons, *pair.reasons, p=pair.p_apart, p_shown=pair.p_equivalent
    )
    judgement = left_open(judgement, [pair], ["margin"])
    if pair.rounding and pair.rounding >= pair.margin:
        judgement = replace(judgement, lacks=Settle.SOURCE)
    if pair.low is None or pair.high is None:
        return judgement
    seen = None if pair.reach is None else pair.reach + pair.margin
    return replace(judgement, smallest_tolerance=_smallest(pair), detectable=seen)


def _out_of_reach(
    claim: Claim, evidence: ClaimEvidence, pair: Standing
) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide: equality is shown by one-sided tests, and
    refuted by a two-sided one."""
    if not evidence.over(claim):
        return () if pair.undecidable is None else (pair.undecidable,)
    return out_of_reach(
        len(evidence.units(claim)), 1, pair.alpha, shown_one_sided=True, one_sided=False
    )


def _smallest(pair: Standing) -> float | None:
    """The margin from which on they are equal at the study's level: the farther end of its interval of both one-sided
    tests, which is the 90 % one at .05; None where that of another level is not known."""
    if isclose(pair.alpha, 0.05):
        return (
            None
            if pair.low is None or pair.high is None
            else max(abs(pair.low), abs(pair.high))
        )
    if pair.error is None or pair.error.se is None:
        return None
    return (
        abs(pair.improvement)
        + t_quantile(1 - pair.alpha, pair.error.df) * pair.error.se
    )


def _untested(claim: Claim, evidence: ClaimEvidence, pair: Standing) -> Judgement:
    """Without an error rate the difference is what it is, against the margin."""
    why = without_error_rate(claim, evidence, claim.family, claim.against)
    agreement, reasons = Agreement.UNCLEAR, why.reasons
    if why.supports and pair.within:
        agreement = Agreement.REPRODUCED
    elif why.refutes and pair.outside:
        agreement = Agreement.DIFFERS
    elif why.refutes:
        reasons = (RoundedTooMuch(pair.margin), *reasons)
    smallest = abs(pair.improvement) + pair.rounding if why.supports else None
    return replace(pair.judgement(agreement, *reasons), smallest_tolerance=smallest)


EQUIVALENT = ClaimKind(
    "equivalent",
    "two families are equal",
    EquivalentClaim,
    "{kind: equivalent, dataset: wine, family: lda, against: qda, metric: accuracy, tolerance: 0.02}",
    judge,
)
