"""A whole ranking, best first, `[boosting, bagging, [forest, tree]]`, ties in a list; on one dataset, or over all.

Judged by its pairs, two-sided as `better` is. Reproduced when every family beats each of the next tier at the study's
level, uncorrected (the claim is false as soon as one pair is), and the tied ones are practically equal. Contradicted
when, after Holm over all pairs, some are the other way round, tied ones lie apart, or ranked ones are practically
equal. Else it is open, and Kendall's tau-b says how alike the two rankings are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from bench.claims._pairs import Standing, one_sided, standing, undecidable, without_error_rate
from bench.claims.claim import Answer, ClaimEvidence, ClaimKind, Found
from bench.core.outcomes import Statement
from bench.core.problems import Twice, UnknownWord
from bench.scores.design import level_of
from bench.stats.adjust import holm
from bench.stats.agreement import kendall_tau_b
from bench.stats.ranks import DECIMALS, rank_rows
from bench.study import Study
from bench.study.claims import Claim, OverDatasets
from bench.study.fields import Text

Pair = tuple[str, str]


class OrderClaim(OverDatasets):
    """A ranking of families."""

    kind: Literal["order"]
    order: Annotated[tuple[Text | Annotated[tuple[Text, ...], Field(min_length=2)], ...], Field(min_length=1)]
    """The families, best first; tied ones in a list of their own. Example: `[boosting, bagging, [forest, tree]]`."""

    @property
    def tiers(self) -> tuple[tuple[str, ...], ...]:
        """The families by tier, best first; tied ones share a tier."""
        return tuple((tier,) if isinstance(tier, str) else tier for tier in self.order)

    @property
    def families(self) -> tuple[str, ...]:
        """All families of the ranking, in its order."""
        return tuple(name for tier in self.tiers for name in tier)


class OrderCode(StrEnum):
    """What can be wrong with a claim of this kind alone."""

    ONE_FAMILY = "claim.order.one_family"


@dataclass(frozen=True)
class RanksOne(Statement):
    """A ranking of one family."""

    code: ClassVar[StrEnum] = OrderCode.ONE_FAMILY
    family: str

    def sentence(self) -> str:
        return f"ranks {self.family} alone; expected two families or more, best first: [a, b, [c, d]]"


def judge(claim: OrderClaim, evidence: ClaimEvidence) -> Answer:
    """All pairs of the ranking, then the ranking."""
    tier = {name: place for place, names in enumerate(claim.tiers) for name in names}
    found = {pair: standing(claim, evidence, *pair) for pair in combinations(tier, 2)}
    ours, tau = _ours(claim, evidence, tier)
    answer: Answer = {"ours": tau, "tolerance": next(iter(found.values())).margin}
    zero_variance = f"claimed: {written(claim.tiers)}; ours: {ours}" + (
        "" if tau is None else f"; Kendall's tau-b {tau:.2f}"
    )
    if any(one.p is None for one in found.values()):
        wrong, holds, why = _plain(claim, evidence, tier, found)
    else:
        wrong, holds, why = _tested(claim, evidence, tier, found)
        answer["p"] = _p(tier, found)
    if wrong:
        return answer | {"verdict": "not_reproduced", "reason": f"{'; '.join(wrong)}; {zero_variance}{why}"}
    shown = [pair for pair in found if abs(tier[pair[0]] - tier[pair[1]]) <= 1]
    if open_pairs := [pair for pair in shown if not holds(pair)]:
        said = f"not shown: {', '.join(_said(pair, tier) for pair in open_pairs)}"
        return answer | {"verdict": "inconclusive", "reason": f"{said}; {zero_variance}{why}"}
    return answer | {
        "verdict": "reproduced",
        "reason": f"each of {len(shown)} neighbouring pairs holds; {zero_variance}{why}",
    }


Judged = tuple[list[str], Callable[[Pair], bool], str]


def _tested(claim: Claim, evidence: ClaimEvidence, tier: Mapping[str, int], found: Mapping[Pair, Standing]) -> Judged:
    """What is wrong after Holm, which pairs hold without it, and what few datasets cannot say."""
    strict = [pair for pair in found if tier[pair[0]] < tier[pair[1]]]
    adjusted = dict(zip(found, holm(np.array([one.p for one in found.values()])), strict=True))
    equal = dict(zip(strict, holm(np.array([found[pair].p_equivalent for pair in strict])), strict=True))
    wrong = []
    for pair, one in found.items():
        told = adjusted[pair] < one.alpha
        if pair not in equal and told and one.apart:
            wrong.append(f"{_said(pair, tier)}, but they lie apart")
        elif pair in equal and equal[pair] < one.alpha:
            wrong.append(f"{_said(pair, tier)}, but they are equal within {one.margin:g}")
        elif pair in equal and told and one.improvement < 0:
            wrong.append(f"{_said(pair, tier)}, but it is the other way round")
    wrong += [f"Holm over {len(found)} pairs"] if wrong else []

    def holds(pair: Pair) -> bool:
        one = found[pair]
        return one.better and not one.equivalent if pair in equal else one.equivalent

    return wrong, holds, "" if wrong else _few(claim, evidence, found)


def _few(claim: Claim, evidence: ClaimEvidence, found: Mapping[Pair, Standing]) -> str:
    """What so few datasets, or a few draws that all agree, cannot say of a ranking."""
    if not evidence.over(claim):
        return "".join(f"; {why}" for why in dict.fromkeys(one.undecidable for one in found.values()) if why)
    n, k, alpha = (
        len(evidence.units(claim)),
        len({name for pair in found for name in pair}),
        1 - level_of(evidence.study),
    )
    few = undecidable(n, k, alpha, one_sided(claim))
    if few is None or undecidable(n, 2, alpha, one_sided(claim)):
        return f"; {few}" if few else ""
    # Each pair is supported uncorrected and contradicted after Holm: here the first is possible, the second is not.
    return (
        f"; {n} data sets can show a pair as claimed, but after Holm over {len(found)} pairs none the other way round"
    )


def _p(tier: Mapping[str, int], found: Mapping[Pair, Standing]) -> float:
    """The smallest p-value of what would contradict the ranking, after Holm as in `_tested`."""
    strict = [pair for pair in found if tier[pair[0]] < tier[pair[1]]]
    told = dict(zip(found, holm(np.array([one.p for one in found.values()])), strict=True))
    equal = dict(zip(strict, holm(np.array([found[pair].p_equivalent for pair in strict])), strict=True))
    against = [
        min(equal[pair], told[pair] if one.improvement < 0 else 1.0)
        if pair in equal
        else max(told[pair], one.p_apart or 0.0)
        for pair, one in found.items()
    ]
    return float(min(against))


def _plain(claim: Claim, evidence: ClaimEvidence, tier: Mapping[str, int], found: Mapping[Pair, Standing]) -> Judged:
    """Without an error rate the differences are what they are, against the margin."""
    why = {pair: without_error_rate(claim, evidence, *pair) for pair in found}

    def holds(pair: Pair) -> bool:
        one, (_, supports, _) = found[pair], why[pair]
        strict = tier[pair[0]] < tier[pair[1]]
        return supports and (one.improvement > one.margin if strict else abs(one.improvement) < one.margin)

    wrong = []
    for pair, one in found.items():
        strict = tier[pair[0]] < tier[pair[1]]
        if why[pair][2] and (one.improvement < -one.margin if strict else abs(one.improvement) >= one.margin):
            wrong.append(f"{_said(pair, tier)}, but {'it is the other way round' if strict else 'they lie apart'}")
    return wrong, holds, f"; {'; '.join(dict.fromkeys(sentence for sentence, _, _ in why.values()))}"


def _said(pair: Pair, tier: Mapping[str, int]) -> str:
    return f"{pair[0]} {'>' if tier[pair[0]] < tier[pair[1]] else '='} {pair[1]}"


def _ours(claim: Claim, evidence: ClaimEvidence, tier: Mapping[str, int]) -> tuple[str, float | None]:
    """Our ranking in the same words, and its tau-b with the claimed one; None where either has only ties.

    On one dataset by mean scores; over several by mean ranks.
    """
    each = evidence.on_each(claim) if evidence.over(claim) else [claim]
    table = np.array([[evidence.scores(one, name).mean for name in tier] for one in each], dtype=float)
    up = evidence.direction(claim) > 0
    worse = rank_rows(table, higher_is_better=up).mean(axis=0) if len(table) > 1 else table[0] * (-1 if up else 1)
    worse = np.round(worse, DECIMALS)
    names = np.array(list(tier))
    said = " > ".join(" = ".join(names[worse == value]) for value in np.unique(worse))
    claimed = np.array(list(tier.values()), dtype=float)
    if np.ptp(worse) == 0 or np.ptp(claimed) == 0:
        return said, None
    return said, kendall_tau_b(claimed, worse)


def written(tiers: Iterable[Iterable[str]]) -> str:
    """
    >>> written([["boosting"], ["bagging", "forest"], ["tree"]])
    'boosting > bagging = forest > tree'
    """
    return " > ".join(" = ".join(tier) for tier in tiers)


def check(claim: OrderClaim, study: Study) -> Found:
    """A ranking names at least two families of the study, each once."""
    names = claim.families
    if len(names) < 2:
        yield ("order",), RanksOne(names[0])
        return
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield ("order",), Twice(name)
    if study.families is not None:
        for name in dict.fromkeys(name for name in names if name not in study.families):
            yield ("order",), UnknownWord("", name, tuple(study.families), "families of the study")


ORDER = ClaimKind(
    "order",
    "a ranking of families",
    OrderClaim,
    "{kind: order, dataset: wine, order: [lda, qda], metric: accuracy}",
    judge,
    check=check,
)
