"""A whole ranking, best first, "boosting > bagging > tree", ties with "="; on one dataset, or over all.

The order is established (`direction_reproduced`: it has no sizes) where every family beats each of the next tier at
the study's level, uncorrected (the claim is false as soon as one pair is), and the tied ones are practically equal. It
differs where, after Holm over all pairs, some are reversed, tied ones lie apart, or ranked ones are practically equal.
Else it is consistent where Kendall's tau-b of the claimed ranking and ours is positive, and unclear where it is not:
tau decides nothing, since families that are alike change places together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import (
    Limit,
    Standing,
    WithoutErrorRate,
    equality_in_reach,
    left_open,
    one_sided,
    out_of_reach,
    standing,
    why_untested,
    without_error_rate,
)
from bench.claims.claim import ClaimEvidence, ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.scores.design import alpha_of
from bench.stats.adjust import holm
from bench.stats.agreement import KendallTest, kendall_test
from bench.stats.noise import without_noise
from bench.stats.ranks import rank_rows
from bench.study import Study
from bench.study.claims import Claim, OverDatasets
from bench.study.fields import Text
from bench.text import compared
from bench.text.problems import Twice, UnknownWord

_Pair = tuple[str, str]


@dataclass(frozen=True)
class RankedPairs:
    """The pairs of a ranking: the tier of each family, 0 is best, and the difference of each pair here."""

    tier: Mapping[str, int]  # the claimed tier by family
    standings: Mapping[
        _Pair, Standing
    ]  # the first family of a pair against the second, in the order of the ranking

    def is_strict(self, pair: _Pair) -> bool:
        """Whether the first family is claimed to be better, not equal."""
        return self.tier[pair[0]] < self.tier[pair[1]]

    def words(self, pair: _Pair) -> str:
        """The pair as the ranking has it: `a > b`, `a = b`."""
        return f"{pair[0]} {'>' if self.is_strict(pair) else '='} {pair[1]}"

    @property
    def neighbours(self) -> list[_Pair]:
        """The pairs of one tier, or of two that follow each other: they show the ranking."""
        return [
            pair
            for pair in self.standings
            if abs(self.tier[pair[0]] - self.tier[pair[1]]) <= 1
        ]

    @cached_property
    def p_different(self) -> dict[_Pair, float]:
        """The p-value of each difference, after Holm over all pairs."""
        p = holm(np.array([one.p for one in self.standings.values()]))
        return dict(zip(self.standings, p.tolist(), strict=True))

    @cached_property
    def p_equal(self) -> dict[_Pair, float]:
        """The p-value of the equivalence of each pair that is claimed to differ, after Holm over these."""
        strict = [pair for pair in self.standings if self.is_strict(pair)]
        p = holm(np.array([self.standings[pair].p_equivalent for pair in strict]))
        return dict(zip(strict, p.tolist(), strict=True))

    def parted(self) -> tuple[RankedPairs, RankedPairs]:
        """The pairs that are tested, and those that have no error rate."""
        tested = {
            pair: one for pair, one in self.standings.items() if one.p is not None
        }
        others = {pair: one for pair, one in self.standings.items() if one.p is None}
        return replace(self, standings=tested), replace(self, standings=others)

    def contradicted(self) -> tuple[compared.PairContradicted, ...]:
        """What tests show against the ranking, after Holm."""
        found = (self._contradiction(pair) for pair in self.standings)
        return tuple(one for one in found if one is not None)

    def _contradiction(self, pair: _Pair) -> compared.PairContradicted | None:
        one, words = self.standings[pair], self.words(pair)
        different = self.p_different[pair] < one.alpha
        if not self.is_strict(pair):
            return (
                compared.PairContradicted(words, "apart", one.margin)
                if different and one.apart
                else None
            )
        if self.p_equal[pair] < one.alpha:
            return compared.PairContradicted(words, "equal", one.margin)
        return (
            compared.PairContradicted(words, "reversed", one.margin)
            if different and one.improvement < 0
            else None
        )

    def not_shown(self) -> tuple[str, ...]:
        """The neighbours that no test shows as they are ranked, without correction."""
        return tuple(
            self.words(pair)
            for pair in self.neighbours
            if not self._found(pair) or self._ranked_equal(pair)
        )

    def _found(self, pair: _Pair) -> bool:
        one = self.standings[pair]
        return one.better if self.is_strict(pair) else one.equivalent

    def _ranked_equal(self, pair: _Pair) -> bool:
        return self.is_strict(pair) and self.standings[pair].equivalent


@dataclass(frozen=True)
class JudgedPairs:
    """The pairs that are contradicted, the neighbours that are not shown, and further reasons."""

    contradicted: tuple[Statement, ...]
    not_shown: tuple[str, ...]
    reasons: tuple[Statement, ...] = ()

    def joined(self, other: JudgedPairs) -> JudgedPairs:
        """Those of both."""
        contradicted = (*self.contradicted, *other.contradicted)
        return JudgedPairs(
            contradicted,
            (*self.not_shown, *other.not_shown),
            (*self.reasons, *other.reasons),
        )


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


def judge(claim: OrderClaim, evidence: ClaimEvidence) -> Judgement:
    """The judgement on the ranking: what a test shows against it, else how its order agrees with ours."""
    tier = {name: place for place, names in enumerate(claim.tiers) for name in names}
    pairs = RankedPairs(
        tier, {pair: standing(claim, evidence, *pair) for pair in combinations(tier, 2)}
    )
    ours, worse = _ours(claim, evidence, tier)
    along = _kendall(tier, worse)
    tau, p = (None, None) if along is None else (along.tau, along.p_greater)
    rankings = compared.RankingsCompared(written(claim.tiers), ours, tau, p, len(tier))
    first = next(iter(pairs.standings.values()))
    tested, others = pairs.parted()
    judged = _tested(claim, evidence, tested).joined(
        _untested(claim, evidence, others, beside=bool(tested.standings))
    )
    agreement = _agreement(judged, tau)
    reasons = judged.contradicted or (
        (compared.PairsNotShown(judged.not_shown),)
        if judged.not_shown
        else (compared.PairsHold(len(pairs.neighbours)),)
    )
    refuted, shown = (
        (_p(tested, judged), _p_shown(tested, judged))
        if tested.standings
        else (None, None)
    )
    judgement = Judgement(
        agreement, (*reasons, rankings, *judged.reasons), ours=tau, p=refuted, p_shown=shown,
        tolerance=first.margin if first.stated is None else first.stated, tolerance_used=first.margin,
        detectable=max((pairs.standings[pair].reach or 0.0 for pair in pairs.neighbours), default=0.0) or None,
    )  # fmt: skip
    return _with_open_pairs(judgement, pairs)


def _agreement(judged: JudgedPairs, tau: float | None) -> Agreement:
    """What the pairs say, and of an open ranking tau; an order has no sizes, so that its direction is all there is."""
    if judged.contradicted:
        return Agreement.DIFFERS
    if not judged.not_shown:
        return Agreement.DIRECTION_REPRODUCED
    return Agreement.CONSISTENT if tau is not None and tau > 0 else Agreement.UNCLEAR


def _tested(claim: Claim, evidence: ClaimEvidence, pairs: RankedPairs) -> JudgedPairs:
    """What is contradicted after Holm, which pairs are not shown without it, and what few datasets cannot decide."""
    if not pairs.standings:
        return JudgedPairs((), ())
    contradicted = pairs.contradicted()
    if contradicted:
        return JudgedPairs(
            (*contradicted, compared.Holm(len(pairs.standings), "pairs")), ()
        )
    return JudgedPairs((), pairs.not_shown(), _few(claim, evidence, pairs))


def _with_open_pairs(judgement: Judgement, pairs: RankedPairs) -> Judgement:
    """The judgement with what would show the pairs that are not shown as they are ranked."""
    standings = pairs.standings
    if any(one.p is None for one in standings.values()):
        return judgement
    open_ = set(pairs.not_shown())
    left = [pair for pair in pairs.neighbours if pairs.words(pair) in open_]
    limits: list[Limit] = [
        "either" if pairs.is_strict(pair) else "margin" for pair in left
    ]
    return left_open(judgement, [standings[pair] for pair in left], limits)


def _few(
    claim: Claim, evidence: ClaimEvidence, pairs: RankedPairs
) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide of a ranking."""
    if not evidence.over(claim):
        undecided = (
            one.undecidable
            for one in pairs.standings.values()
            if one.undecidable is not None
        )
        return tuple(dict.fromkeys(undecided))
    n, alpha = len(evidence.units(claim)), alpha_of(evidence.study)
    tied = not any(
        map(pairs.is_strict, pairs.standings)
    )  # equality is shown by one-sided tests
    one = one_sided(claim)
    few = out_of_reach(
        n,
        len(pairs.standings),
        alpha,
        shown_one_sided=tied or one,
        one_sided=one and not tied,
    )
    equality = equality_in_reach(
        n, [pair for name, pair in pairs.standings.items() if pairs.is_strict(name)]
    )
    return tuple(replace(each, equality=equality) for each in few)


def _p(pairs: RankedPairs, judged: JudgedPairs) -> float | None:
    """The smallest p-value of what would contradict the ranking, after Holm as in `_tested`; None where pairs alone do
    that no test compares."""
    smallest = min(
        min(
            pairs.p_equal[pair], pairs.p_different[pair] if one.improvement < 0 else 1.0
        )
        if pairs.is_strict(pair)
        else max(pairs.p_different[pair], one.p_apart or 0.0)
        for pair, one in pairs.standings.items()
    )
    alpha = next(iter(pairs.standings.values())).alpha
    return None if judged.contradicted and smallest >= alpha else smallest


def _p_shown(pairs: RankedPairs, judged: JudgedPairs) -> float:
    """The largest p-value of what shows the neighbours; 1 where some of them are not shown."""
    if judged.not_shown:
        return 1.0
    each = ((pair, pairs.standings[pair]) for pair in pairs.neighbours)
    return max(
        (one.p_better if pairs.is_strict(pair) else one.p_equivalent) or 0.0
        for pair, one in each
    )


def _untested(
    claim: Claim, evidence: ClaimEvidence, pairs: RankedPairs, *, beside: bool
) -> JudgedPairs:
    """Without an error rate the differences are what they are, against the margin; beside: others are tested."""
    why = {pair: without_error_rate(claim, evidence, *pair) for pair in pairs.standings}
    contradicted = tuple(
        compared.PairContradicted(
            pairs.words(pair),
            "reversed" if pairs.is_strict(pair) else "apart",
            one.margin,
        )
        for pair, one in pairs.standings.items()
        if why[pair].refutes and (one.behind if pairs.is_strict(pair) else one.outside)
    )
    not_shown = tuple(
        pairs.words(pair)
        for pair in pairs.neighbours
        if not _is_shown(pairs, pair, why[pair])
    )
    told = why_untested(
        {f"{a} and {b}": one for (a, b), one in why.items()}, beside=beside
    )
    return JudgedPairs(contradicted, not_shown, told)


def _is_shown(pairs: RankedPairs, pair: _Pair, why: WithoutErrorRate) -> bool:
    one = pairs.standings[pair]
    return why.supports and (one.ahead if pairs.is_strict(pair) else one.within)


def _ours(
    claim: Claim, evidence: ClaimEvidence, tier: Mapping[str, int]
) -> tuple[str, np.ndarray]:
    """Our ranking in the same words, and what it goes by: the lower, the better.

    On one dataset by mean scores; over several by mean ranks.
    """
    over = evidence.over(claim)
    each = evidence.on_each(claim) if over else [claim]
    table = np.array(
        [[evidence.scores(one, name).mean for name in tier] for one in each],
        dtype=float,
    )
    table = (
        np.array([table[unit].mean(axis=0) for unit in evidence.units(claim)])
        if over
        else table
    )
    up = evidence.direction(claim) > 0
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
    check=check,
)
