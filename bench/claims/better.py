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
)
from bench.claims.case import CaseOf
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
    if pair.why is not None:
        return _judge_untested(pair, pair.why.reasons)
    agreement: Agreement
    reason: Statement
    p = pair.p or 0.0
    if pair.is_equal:
        agreement, reason = Agreement.DIFFERS, Equivalent(pair.margin)
    elif pair.is_worse:
        agreement, reason = Agreement.DIFFERS, OtherWayRound(p)
    elif pair.is_better:
        agreement, reason = Agreement.REPRODUCED, DirectionShown(p)
    else:
        agreement, reason = Agreement.OFF, _undecidable(pair) or DirectionOpen(p)
    p_against = min(pair.p_equal or 0.0, p if pair.gain < 0 else 1.0)
    judgement = pair.judgement(
        agreement, reason, *pair.reasons, p=p_against, p_shown=pair.p_better
    )
    return left_open(judgement, [pair], ["either"])


def _undecidable(pair: Pair) -> Statement | None:
    """Why no data can decide the direction; of few datasets, whether they can show equality."""
    few = pair.undecidable
    if not isinstance(few, FewDatasets):
        return few
    return replace(few, equality=equality_in_reach(few.datasets, [pair]))


def _judge_untested(pair: Pair, why: tuple[Statement, ...]) -> Judgement:
    """Without an error rate only a difference larger than the tolerance counts."""
    if pair.is_better:
        return pair.judgement(Agreement.REPRODUCED, *why)
    if pair.is_worse:
        return pair.judgement(Agreement.DIFFERS, OtherWayRound(None), *why)
    if pair.why is not None and pair.why.supports and pair.most_rounded > pair.margin:
        why = (RoundedTooMuch(pair.margin), *why)
    return pair.judgement(Agreement.OFF, *why)


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
