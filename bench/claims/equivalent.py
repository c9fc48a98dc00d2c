"""Two families are practically equal, on one dataset or, when none is named, over all.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does. Over
datasets they are signed ranks of the differences moved by the margin in either direction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bench.claims._pairs import (
    Pair,
    WithoutErrorRate,
    left_open,
    out_of_reach,
    pair_of,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.judgement import Judgement
from bench.claims.shapes import Phrases, Shape
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.study.claims import OfPair, OverDatasets
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


def judge(case: CaseOf[EquivalentClaim]) -> Judgement:
    """The judgement: within the margin, beyond it (both at the study's level), or undecided."""
    pair = pair_of(case, case.claim.family, case.claim.against)
    if pair.why is not None:
        return _judge_untested(pair, pair.why)
    p_equal = pair.p_equal or 0.0
    agreement: Agreement
    reasons: tuple[Statement, ...]
    few = _out_of_reach(case, pair)
    ends = pair.contrast.interval(0.90)
    if pair.is_equal:
        agreement, reasons = (
            Agreement.REPRODUCED,
            (EquivalenceShown(p_equal), *few),
        )
    elif pair.is_apart:
        agreement, reasons = Agreement.DIFFERS, (Apart(pair.margin),)
    else:
        agreement = Agreement.OFF
        can_be_shown = few == () or isinstance(few[0], FewForOpposite)
        reasons = (EquivalenceOpen(p_equal), *few) if can_be_shown else few
    judgement = pair.judgement(
        agreement, *reasons, *pair.reasons, p=pair.p_apart, p_shown=pair.p_equal
    )
    judgement = left_open(judgement, [pair], ["margin"])
    if pair.most_rounded and pair.most_rounded >= pair.margin:
        judgement = replace(judgement, lacks=Settle.SOURCE)
    if ends is None:
        return judgement
    # The margin from which on they are equal: the farther end of both one-sided tests.
    tested = pair.contrast.interval(1 - 2 * pair.alpha)
    return replace(
        judgement,
        smallest_tolerance=None if tested is None else max(map(abs, tested)),
        detectable=None if pair.reach is None else pair.reach + pair.margin,
    )


def _out_of_reach(case: AnyCase, pair: Pair) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide: equality is shown by one-sided tests, and
    refuted by a two-sided one."""
    if not case.is_over_datasets:
        return () if pair.undecidable is None else (pair.undecidable,)
    return out_of_reach(
        len(case.units), 1, pair.alpha, shown_one_sided=True, one_sided=False
    )


def _judge_untested(pair: Pair, why: WithoutErrorRate) -> Judgement:
    """Without an error rate the difference is what it is, against the margin."""
    agreement, reasons = Agreement.OFF, why.reasons
    if pair.is_equal:
        agreement = Agreement.REPRODUCED
    elif pair.is_apart:
        agreement = Agreement.DIFFERS
    elif why.refutes:
        reasons = (RoundedTooMuch(pair.margin), *reasons)
    smallest = abs(pair.gain) + pair.most_rounded if why.supports else None
    return replace(pair.judgement(agreement, *reasons), smallest_tolerance=smallest)


EQUIVALENT = ClaimKind(
    "equivalent",
    "two families are equal",
    EquivalentClaim,
    "{kind: equivalent, dataset: wine, family: lda, against: qda, metric: accuracy, tolerance: 0.02}",
    judge,
    Shape(
        number="difference",
        subject="pair",
        decided_by="interval",
        phrases=Phrases(
            between="equal to", predicate="practically equal", together=True
        ),
    ),
)
