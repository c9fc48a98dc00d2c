"""One family is the best of all of the study, on one dataset or, when none is named, over all.

Supported when it beats every other family, each at the study's level without correction (the claim is false as soon as
one of them is, Berger 1982); contradicted when another beats it after Holm's correction over all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bench.claims._pairs import pair_of
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.claims.targets import Answers, PairQuestion, answer
from bench.core.judgements import Agreement, Settle
from bench.core.outcomes import Statement
from bench.study.claims import OfFamily, OverDatasets
from bench.text.compared import (
    Beaten,
    BeatsAll,
    Closest,
    DifferenceFrom,
    NotShownToBeat,
    RivalsAbsent,
    RivalsMissing,
)
from bench.text.unjudged import NoRival


class BestClaim(OfFamily, OverDatasets):
    """One family beats all others."""

    kind: Literal["best"]
    """The kind of claim."""


def judge(case: CaseOf[BestClaim]) -> Judgement:
    """The judgement by every rival whose scores are complete; the others forbid `reproduced`."""
    family = case.claim.family
    for on_one in case.on_each if case.is_over_datasets else [case]:
        on_one.scores(family)
    lost: dict[str, NotTestableError] = {}
    questions = []
    for rival in case.rivals:
        try:
            pair = pair_of(case, family, rival)
        except NotTestableError as error:
            lost[rival] = error
        else:
            questions.append(PairQuestion(first=str(family), second=rival, pair=pair))
    if not questions:
        raise next(iter(lost.values()), NotTestableError(NoRival()))
    judgement = _judge_rivals(answer(case, questions, equality=False))
    return _without(tuple(lost), judgement) if lost else judgement


def _without(lost: tuple[str, ...], judgement: Judgement) -> Judgement:
    """The judgement where rivals lack scores: it may be refuted by the others; to hold, it needs them as well."""
    if judgement.agreement == Agreement.DIFFERS:
        return judgement
    reasons = (*judgement.reasons, RivalsAbsent(lost))
    if judgement.agreement == Agreement.REPRODUCED:
        reasons = (RivalsMissing(lost),)
    open_ = replace(judgement, agreement=Agreement.OFF, reasons=reasons)
    return replace(open_, lacks=Settle.RIVALS)


def _judge_rivals(answers: Answers) -> Judgement:
    """Its numbers are those of the closest rival; where it is left open, of those that are not shown to be beaten."""
    closest, left = _find_nearest(answers.questions), answers.open
    if lost := answers.contradicted:
        return answers.judgement(closest.pair, *_say_beaten(lost))
    if not left:
        beats: Statement = Closest(closest.second)
        if answers.tested:
            beats = BeatsAll(len(answers.questions), closest.second)
        return answers.judgement(closest.pair, beats, *answers.few)
    nearest = _find_nearest(left)
    is_closest = nearest.second == closest.second
    reasons: list[Statement] = [Closest(nearest.second)]
    if answers.tested or not is_closest:
        reasons = [NotShownToBeat(tuple(each.second for each in left))]
    if not is_closest:
        reasons.append(DifferenceFrom(nearest.second))
    judgement = answers.judgement(nearest.pair, *reasons, *answers.few)
    if nearest.pair.gain > 0 or not all(question.is_tested for question in left):
        return judgement
    # That it is ahead would be enough, after Holm.
    ahead = replace(nearest.pair, alpha=nearest.pair.alpha / len(answers.tested))
    limits = replace(nearest, pair=ahead).limits
    return ahead.leave_open(replace(judgement, open=(), lacks=None), *limits)


def _find_nearest(questions: Sequence[PairQuestion]) -> PairQuestion:
    return min(questions, key=lambda question: question.pair.gain)


def _say_beaten(lost: Sequence[PairQuestion]) -> list[Beaten]:
    """Those that beat it by a test, and those that do for sure."""
    by_test = tuple(each.second for each in lost if each.is_tested)
    sure = tuple(each.second for each in lost if not each.is_tested)
    return [Beaten(by, by is by_test) for by in (by_test, sure) if by]


BEST = ClaimKind(
    "best",
    "one family beats all others",
    BestClaim,
    "{kind: best, dataset: wine, family: lda, metric: accuracy}",
    judge,
    Shape(number="difference", subject="rivals", decided_by="direction"),
)
