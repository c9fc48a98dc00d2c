"""One family beats another, on one dataset or, when none is named, over all.

On the paper's own rows the test is two-sided, because the direction was read off them. Two families that are
practically equal refute the claim before their direction is looked at. Over datasets the dataset is the unit, and its
test is that of signed ranks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bench.claims._pairs import (
    Pair,
    equality_in_reach,
    left_open,
    pair_of,
    without_error_rate,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.judgement import Judgement
from bench.claims.shapes import Phrases, Shape
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.study.claims import OfPair, OverDatasets
from bench.text.compared import (
    DirectionOpen,
    DirectionShown,
    Equivalent,
    FewDatasets,
    OtherWayRound,
    RoundedTooMuch,
)


class BetterClaim(OfPair, OverDatasets):
    """One family beats another."""

    kind: Literal["better"]
    """The kind of claim."""


def judge(case: CaseOf[BetterClaim]) -> Judgement:
    """The judgement on equivalence first, then on the direction."""
    pair = pair_of(case, case.claim.family, case.claim.against)
    if pair.p is None:
        return _untested(case, pair)
    return _tested(pair, pair.p)


def _tested(pair: Pair, p: float) -> Judgement:
    """The judgement on the direction by its test."""
    agreement: Agreement
    reason: Statement
    if pair.is_equal:
        agreement, reason = Agreement.DIFFERS, Equivalent(pair.margin)
    elif pair.is_worse:
        agreement, reason = Agreement.DIFFERS, OtherWayRound(p)
    elif pair.is_better:
        agreement, reason = Agreement.REPRODUCED, DirectionShown(p)
    else:
        agreement, reason = pair.undecided, _undecidable(pair) or DirectionOpen(p)
    against = min(pair.p_equal or 0.0, p if pair.gain < 0 else 1.0)
    judgement = pair.judgement(
        agreement, reason, *pair.reasons, p=against, p_shown=pair.p_better
    )
    return left_open(judgement, [pair], ["either"])


def _undecidable(pair: Pair) -> Statement | None:
    """Why no data can decide the direction; of few datasets, whether they can show equality."""
    few = pair.undecidable
    if not isinstance(few, FewDatasets):
        return few
    return replace(few, equality=equality_in_reach(few.datasets, [pair]))


def _untested(case: AnyCase, pair: Pair) -> Judgement:
    """Without an error rate only a difference larger than the tolerance counts."""
    why = without_error_rate(case, case.claim.family, case.claim.against)
    if why.supports and pair.is_beyond(1):
        return pair.judgement(Agreement.REPRODUCED, *why.reasons)
    if why.refutes and pair.is_beyond(-1):
        return pair.judgement(Agreement.DIFFERS, OtherWayRound(None), *why.reasons)
    rounded = why.supports and pair.most_rounded > pair.margin
    return pair.judgement(
        Agreement.UNCLEAR, *[RoundedTooMuch(pair.margin)] * rounded, *why.reasons
    )


BETTER = ClaimKind(
    "better",
    "one family beats another",
    BetterClaim,
    "{kind: better, dataset: wine, family: lda, against: qda, metric: accuracy}",
    judge,
    Shape(
        number="difference",
        subject="pair",
        decided_by="direction",
        phrases=Phrases(between="better than"),
    ),
)
