"""A whole ranking, best first, "boosting > bagging > tree", ties with "="; on one dataset, or over all.

The order is established (`reproduced`) where every family beats each of the next tier at
the study's level, uncorrected (the claim is false as soon as one pair is), and the tied ones are practically equal. It
differs where, after Holm over all pairs, some are reversed, tied ones lie apart, or ranked ones are practically equal.
Else it fits where Kendall's tau-b of the claimed ranking and ours is positive, and is off where it is not: tau decides
nothing, since families that are alike change places together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import pair_of
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.claims.targets import Answers, PairQuestion, answer
from bench.core.outcomes import Statement
from bench.stats.agreement import kendall_test
from bench.stats.noise import without_noise
from bench.stats.ranks import rank_rows
from bench.study import Study
from bench.study.claims import OverDatasets
from bench.study.fields import Text
from bench.text import compared
from bench.text.problems import Twice, UnknownWord


class OrderClaim(OverDatasets):
    """A ranking of families."""

    kind: Literal["order"]
    """The kind of claim."""
    order: Annotated[
        tuple[Text | Annotated[tuple[Text, ...], Field(min_length=1)], ...],
        Field(min_length=1),
    ]
    """The families, best first; tied ones in a list of their own. Example: `[boosting, bagging, [forest, tree]]`."""

    @property
    def tiers(self) -> tuple[tuple[str, ...], ...]:
        """The families by tier, best first; tied ones share a tier."""
        return tuple((tier,) if isinstance(tier, str) else tier for tier in self.order)

    @property
    def families(self) -> tuple[str, ...]:
        """All families of the ranking, in its order."""
        return tuple(name for tier in self.tiers for name in tier)


class RanksOne(
    Statement,
    code="problem.claim.order.one_family",
    says="ranks {family} alone; expected two families or more, best first: [a, b, [c, d]]",
):
    family: str


def judge(case: CaseOf[OrderClaim]) -> Judgement:
    """The judgement on the ranking: what a test shows against it, else how its order agrees with ours."""
    tier = {
        name: place for place, names in enumerate(case.claim.tiers) for name in names
    }
    rankings = _compare_rankings(case, tier)
    questions = [
        PairQuestion(
            first=a,
            second=b,
            pair=pair_of(case, a, b),
            is_strict=tier[a] < tier[b],
            is_asked=tier[b] - tier[a] <= 1,
        )
        for a, b in combinations(tier, 2)
    ]
    answers = answer(case, questions)
    judgement = answers.judgement(questions[0].pair, *_explain(answers, rankings))
    asked = [question for question in questions if question.is_asked]
    reach = max(question.pair.reach or 0.0 for question in asked)
    is_open = answers.open and judgement.p_shown is not None
    return replace(
        judgement,
        ours=rankings.tau,
        low=None,
        high=None,
        low_refute=None,
        high_refute=None,
        p_shown=1.0 if is_open else judgement.p_shown,
        detectable=reach or None,
    )


def _explain(
    answers: Answers, rankings: compared.RankingsCompared
) -> tuple[Statement, ...]:
    """The pairs that contradict the ranking, else those that are not shown, else how many hold."""
    contradicted = [
        compared.PairContradicted(question.words, relation, question.pair.margin)
        for question in answers.questions
        if (relation := question.relation) is not None
    ]
    if any(question.is_tested for question in answers.contradicted):
        holm = compared.Holm(len(answers.tested))
        return (*contradicted, holm, rankings)
    if contradicted:
        return (*contradicted, rankings)
    if answers.open:
        words = tuple(question.words for question in answers.open)
        return (compared.PairsNotShown(words), rankings, *answers.few)
    asked = sum(question.is_asked for question in answers.questions)
    return (compared.PairsHold(asked), rankings, *answers.few)


def _compare_rankings(
    case: CaseOf[OrderClaim], tier: Mapping[str, int]
) -> compared.RankingsCompared:
    """The claimed ranking beside ours, and how well they agree; where either has only ties nothing is said of that."""
    worse, names = _rank(case, tier), np.array(list(tier))
    ours = write_tiers(names[worse == value] for value in np.unique(worse))
    stated = write_tiers(case.claim.tiers)
    claimed = np.array(list(tier.values()), dtype=float)
    tau = p = None
    if np.ptp(worse) > 0 and np.ptp(claimed) > 0:
        along = kendall_test(claimed, worse)
        tau, p = along.tau, along.p_greater
    return compared.RankingsCompared(stated, ours, tau, p, len(tier))


def _rank(case: AnyCase, tier: Mapping[str, int]) -> np.ndarray:
    """What our ranking goes by, the lower, the better: mean scores, or mean ranks over several datasets."""
    each = case.on_each if case.is_over_datasets else [case]
    table = np.array([[one.scores(name).mean for name in tier] for one in each], float)
    if not case.is_over_datasets:
        return without_noise(-case.sign * table[0])
    units = np.array([table[unit].mean(axis=0) for unit in case.units])
    ranks = rank_rows(units, higher_is_better=case.sign > 0)
    return without_noise(ranks.mean(axis=0))


def write_tiers(tiers: Iterable[Iterable[str]]) -> str:
    """
    >>> write_tiers([["boosting"], ["bagging", "forest"], ["tree"]])
    'boosting > bagging = forest > tree'
    """
    return " > ".join(" = ".join(tier) for tier in tiers)


def check(claim: OrderClaim, study: Study) -> Problems:
    """A ranking names at least two families of the study, each once."""
    names = claim.families
    if len(names) < 2:
        yield ("order",), RanksOne(names[0])
        return
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield ("order",), Twice(name)
    if study.families is not None:
        for name in dict.fromkeys(name for name in names if name not in study.families):
            yield (
                ("order",),
                UnknownWord("", name, tuple(study.families), "families of the study"),
            )


ORDER = ClaimKind(
    "order",
    "a ranking of families",
    OrderClaim,
    "{kind: order, dataset: wine, order: [lda, qda], metric: accuracy}",
    judge,
    Shape(number="order", subject="ranking", decided_by="direction"),
    check=check,
)
