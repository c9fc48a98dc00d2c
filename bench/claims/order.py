"""A whole ranking, best first, "boosting > bagging > tree", ties with "="; on one dataset, or over all.

The order is established (`reproduced`) where every family beats each of the next tier at
the study's level, uncorrected (the claim is false as soon as one pair is), and the tied ones are practically equal. It
differs where, after Holm over all pairs, some are reversed, tied ones lie apart, or ranked ones are practically equal.
Else it fits where Kendall's tau-b of the claimed ranking and ours is positive, and is off where it is not: tau decides
nothing, since families that are alike change places together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import (
    Limit,
    Pair,
    equality_in_reach,
    left_open,
    out_of_reach,
    pair_of,
    why_untested,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.stats.adjust import holm_where_tested
from bench.stats.agreement import KendallTest, kendall_test
from bench.stats.noise import without_noise
from bench.stats.ranks import rank_rows
from bench.study import Study
from bench.study.claims import OverDatasets
from bench.study.fields import Text
from bench.text import compared
from bench.text.problems import Twice, UnknownWord


@dataclass(frozen=True, kw_only=True, eq=False)
class RankedPair:
    """Two families of a ranking, the first one no worse by it.

    is_strict: whether it is claimed to be better, not equal. is_neighbour: whether they are of one tier, or of two that
    follow each other: such pairs show the ranking. p_different: after Holm over all pairs, p_equal: over those that are
    claimed to differ; None without a test.
    """

    first: str
    second: str
    is_strict: bool
    is_neighbour: bool
    pair: Pair
    p_different: float | None = None
    p_equal: float | None = None

    @property
    def words(self) -> str:
        """The pair as the ranking has it: `a > b`, `a = b`."""
        return f"{self.first} {'>' if self.is_strict else '='} {self.second}"

    @property
    def limit(self) -> Limit:
        """What an interval must leave out to show it."""
        return "either" if self.is_strict else "margin"

    @property
    def contradiction(self) -> compared.PairContradicted | None:
        """What is shown against the claim."""
        relation = self._relation()
        if relation is None:
            return None
        return compared.PairContradicted(self.words, relation, self.pair.margin)

    def _relation(self) -> Literal["apart", "equal", "reversed"] | None:
        pair = self.pair
        if pair.why is None:
            if self.p_equal is not None and self.p_equal < pair.alpha:
                return "equal"
            if self.p_different is None or self.p_different >= pair.alpha:
                return None
        if self.is_strict:
            return "reversed" if pair.is_worse else None
        return "apart" if pair.is_apart else None

    @property
    def is_shown(self) -> bool:
        """Whether they are as claimed, without correction."""
        if self.is_strict:
            return self.pair.is_better and not self.pair.is_equal
        return self.pair.is_equal

    @property
    def p_against(self) -> float:
        """The p-value of what contradicts a pair that is tested."""
        different = self.p_different or 0.0
        if not self.is_strict:
            return max(different, self.pair.p_apart or 0.0)
        return min(self.p_equal or 0.0, different if self.pair.gain < 0 else 1.0)

    @property
    def p_shown(self) -> float:
        """The p-value of the test that shows it; 0 without a test."""
        return (self.pair.p_better if self.is_strict else self.pair.p_equal) or 0.0


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
    pairs = _rank_pairs(case, tier)
    judged = _judge_tested(case, pairs).joined(_judge_untested(pairs))
    neighbours = [each for each in pairs if each.is_neighbour]
    reasons = judged.contradicted
    if not reasons and judged.open:
        reasons = (compared.PairsNotShown(judged.not_shown),)
    elif not reasons:
        reasons = (compared.PairsHold(len(neighbours)),)
    p_against, p_shown = _find_p(pairs, judged)
    first = pairs[0].pair
    reach = max(each.pair.reach or 0.0 for each in neighbours)
    judgement = Judgement(
        judged.agreement,
        (*reasons, rankings, *judged.reasons),
        ours=rankings.tau,
        p=p_against,
        p_shown=p_shown,
        tolerance=first.stated,
        tolerance_used=first.margin,
        detectable=reach or None,
    )
    if any(each.pair.why is not None for each in pairs):
        return judgement
    open_ = judged.open
    return left_open(
        judgement, [each.pair for each in open_], [each.limit for each in open_]
    )


@dataclass(frozen=True)
class JudgedPairs:
    """What is shown against a ranking, the neighbours that are not shown to be as claimed, and further reasons."""

    contradicted: tuple[Statement, ...]
    open: tuple[RankedPair, ...] = ()
    reasons: tuple[Statement, ...] = ()

    def joined(self, other: JudgedPairs) -> JudgedPairs:
        """Those of both."""
        return JudgedPairs(
            self.contradicted + other.contradicted,
            self.open + other.open,
            self.reasons + other.reasons,
        )

    @property
    def not_shown(self) -> tuple[str, ...]:
        """The pairs that are not shown, in words."""
        return tuple(each.words for each in self.open)

    @property
    def agreement(self) -> Agreement:
        """What the pairs say."""
        if self.contradicted:
            return Agreement.DIFFERS
        if not self.open:
            return Agreement.REPRODUCED
        return Agreement.OFF


def _judge_tested(case: AnyCase, pairs: Sequence[RankedPair]) -> JudgedPairs:
    """Of pairs with a test; where any is refuted nobody asks which are not shown."""
    tested = [each for each in pairs if each.pair.why is None]
    if contradicted := _contradictions(tested):
        return JudgedPairs((*contradicted, compared.Holm(len(tested), "pairs")))
    few = _few(case, tested) if tested else ()
    return JudgedPairs((), _open(tested), few)


def _judge_untested(pairs: Sequence[RankedPair]) -> JudgedPairs:
    """Of pairs without an error rate: the differences are what they are, against the margin."""
    untested = [each for each in pairs if each.pair.why is not None]
    words = {f"{each.first} and {each.second}": each.pair for each in untested}
    reasons = why_untested(words, beside=len(untested) < len(pairs))
    return JudgedPairs(_contradictions(untested), _open(untested), reasons)


def _contradictions(pairs: Sequence[RankedPair]) -> tuple[Statement, ...]:
    found = [each.contradiction for each in pairs]
    return tuple(contradiction for contradiction in found if contradiction is not None)


def _open(pairs: Sequence[RankedPair]) -> tuple[RankedPair, ...]:
    return tuple(each for each in pairs if each.is_neighbour and not each.is_shown)


def _find_p(
    pairs: Sequence[RankedPair], judged: JudgedPairs
) -> tuple[float | None, float | None]:
    """The smallest p against the ranking, after Holm (None where pairs alone contradict it that no test compares), and
    the largest that shows a pair of neighbours."""
    tested = [each for each in pairs if each.pair.why is None]
    if not tested:
        return None, None
    p_against: float | None = min(each.p_against for each in tested)
    if judged.contradicted and p_against is not None:
        p_against = p_against if p_against < pairs[0].pair.alpha else None
    p_shown = max(each.p_shown for each in pairs if each.is_neighbour)
    return p_against, 1.0 if judged.open else p_shown


def _rank_pairs(case: AnyCase, tier: Mapping[str, int]) -> list[RankedPair]:
    """Every pair in the order of the ranking, with p after Holm."""
    pairs = []
    for a, b in combinations(tier, 2):
        is_strict = tier[a] < tier[b]
        pairs.append(
            RankedPair(
                first=a,
                second=b,
                is_strict=is_strict,
                is_neighbour=abs(tier[a] - tier[b]) <= 1,
                pair=pair_of(case, a, b),
            )
        )
    different = holm_where_tested([each.pair.p for each in pairs])
    equal = holm_where_tested(
        [each.pair.p_equal if each.is_strict else None for each in pairs]
    )
    return [
        replace(each, p_different=p, p_equal=p_equal)
        for each, p, p_equal in zip(pairs, different, equal, strict=True)
    ]


def _few(case: AnyCase, pairs: Sequence[RankedPair]) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide of a ranking."""
    if not case.is_over_datasets:
        undecided = [each.pair.undecidable for each in pairs]
        return tuple(dict.fromkeys(one for one in undecided if one is not None))
    n, strict = len(case.units), [one.pair for one in pairs if one.is_strict]
    tied, one = not strict, case.is_one_sided  # equality is shown by one-sided tests
    few = out_of_reach(
        n,
        len(pairs),
        case.alpha,
        shown_one_sided=tied or one,
        one_sided=one and not tied,
    )
    equality = equality_in_reach(n, strict)
    return tuple(replace(each, equality=equality) for each in few)


def _compare_rankings(
    case: CaseOf[OrderClaim], tier: Mapping[str, int]
) -> compared.RankingsCompared:
    """The claimed ranking beside ours, and how well they agree."""
    ours, worse = _ours(case, tier)
    along = _kendall(tier, worse)
    claimed = written(case.claim.tiers)
    if along is None:
        return compared.RankingsCompared(claimed, ours, None, None, len(tier))
    return compared.RankingsCompared(
        claimed, ours, along.tau, along.p_greater, len(tier)
    )


def _ours(case: AnyCase, tier: Mapping[str, int]) -> tuple[str, np.ndarray]:
    """Our ranking in the same words, and what it goes by: the lower, the better.

    On one dataset by mean scores; over several by mean ranks.
    """
    over = case.is_over_datasets
    each = case.on_each if over else [case]
    table = np.array(
        [[one.scores(name).mean for name in tier] for one in each],
        dtype=float,
    )
    table = (
        np.array([table[unit].mean(axis=0) for unit in case.units]) if over else table
    )
    up = case.sign > 0
    worse = (
        rank_rows(table, higher_is_better=up).mean(axis=0)
        if len(table) > 1
        else table[0] * (-1 if up else 1)
    )
    worse = without_noise(worse)
    names = np.array(list(tier))
    return " > ".join(
        " = ".join(names[worse == value]) for value in np.unique(worse)
    ), worse


def _kendall(tier: Mapping[str, int], worse: np.ndarray) -> KendallTest | None:
    """Kendall's test of the claimed tiers and ours; None where either has only ties."""
    claimed = np.array(list(tier.values()), dtype=float)
    return (
        None
        if np.ptp(worse) == 0 or np.ptp(claimed) == 0
        else kendall_test(claimed, worse)
    )


def written(tiers: Iterable[Iterable[str]]) -> str:
    """
    >>> written([["boosting"], ["bagging", "forest"], ["tree"]])
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
