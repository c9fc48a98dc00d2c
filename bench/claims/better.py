"""One family beats another, on one dataset or, when none is named, over all.

On the paper's own rows the test is two-sided, because the direction was read off them. Two families that are
practically equal refute the claim before their direction is looked at. Over datasets the dataset is the unit, and its
test is that of signed ranks.
"""

from __future__ import annotations

from typing import Literal

from bench.claims._pairs import pair_of
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.judgement import Judgement
from bench.claims.shapes import Phrases, Shape
from bench.claims.targets import Answers, PairQuestion, answer
from bench.core.outcomes import Statement
from bench.study.claims import OfPair, OverDatasets
from bench.text.compared import (
    DirectionOpen,
    DirectionShown,
    Equivalent,
    OtherWayRound,
    RoundedTooMuch,
)


class BetterClaim(OfPair, OverDatasets):
    """One family beats another."""

    kind: Literal["better"]
    """The kind of claim."""


def judge(case: CaseOf[BetterClaim]) -> Judgement:
    """The judgement on equivalence first, then on the direction."""
    family, against = str(case.claim.family), str(case.claim.against)
    pair = pair_of(case, case.claim.family, case.claim.against)
    answers = answer(case, [PairQuestion(first=family, second=against, pair=pair)])
    return answers.judgement(pair, *_explain(answers), *pair.reasons)


def _explain(answers: Answers) -> tuple[Statement, ...]:
    (question,) = answers.questions
    pair, p = question.pair, question.pair.p
    if question.relation == "equal":
        return (Equivalent(pair.margin),)
    if question.relation is not None:
        return (OtherWayRound(p),)
    if p is not None and question.is_shown:
        return (DirectionShown(p),)
    if p is not None:
        return answers.few or (DirectionOpen(p),)
    too_much = pair.why is not None and pair.why.supports and answers.open
    if too_much and pair.most_rounded > pair.margin:
        return (RoundedTooMuch(pair.margin),)
    return ()


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
