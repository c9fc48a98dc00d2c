"""Two families are practically equal, on one dataset or, when none is named, over all.

Only two one-sided tests against the declared margin can support it; "no significant difference" never does. Over
datasets they are signed ranks of the differences moved by the margin in either direction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bench.claims._pairs import pair_of
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.judgement import Judgement
from bench.claims.shapes import Phrases, Shape
from bench.claims.targets import Answers, PairQuestion, answer
from bench.core.judgements import Settle
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
    family, against = str(case.claim.family), str(case.claim.against)
    pair = pair_of(case, case.claim.family, case.claim.against)
    question = PairQuestion(first=family, second=against, pair=pair, is_strict=False)
    answers = answer(case, [question])
    judgement = answers.judgement(pair, *_explain(answers), *pair.reasons)
    if pair.why is not None:
        smallest = abs(pair.gain) + pair.most_rounded if pair.why.supports else None
        return replace(judgement, smallest_tolerance=smallest)
    is_coarse = pair.most_rounded and pair.most_rounded >= pair.margin
    if is_coarse and answers.open:
        judgement = replace(judgement, lacks=Settle.SOURCE)
    if pair.contrast.interval(0.90) is None:
        return judgement
    # The margin from which on they are equal: the farther end of both one-sided tests.
    tested = pair.contrast.interval(1 - 2 * pair.alpha)
    return replace(
        judgement,
        smallest_tolerance=None if tested is None else max(map(abs, tested)),
        detectable=None if pair.reach is None else pair.reach + pair.margin,
    )


def _explain(answers: Answers) -> tuple[Statement, ...]:
    (question,) = answers.questions
    pair, few = question.pair, answers.few
    if question.relation is not None:
        return (Apart(pair.margin),) if question.is_tested else ()
    if question.is_tested:
        p = pair.p_equal or 0.0
        if question.is_shown:
            return (EquivalenceShown(p), *few)
        can_be_shown = not few or isinstance(few[0], FewForOpposite)
        return (EquivalenceOpen(p), *few) if can_be_shown else few
    is_open = pair.why is not None and pair.why.refutes and answers.open
    return (RoundedTooMuch(pair.margin),) if is_open else ()


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
        phrases=Phrases(between="equal to"),
    ),
)
