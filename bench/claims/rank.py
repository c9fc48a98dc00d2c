"""A family's printed rank: its mean rank over datasets, or its place on one, named or the study's only one. 1 is best.

The families ranked are those of `among`, else all of the study but guesses without features.

Over datasets: each of our repeats ranks the families anew, as the paper's one run of its protocol did, so the mean
ranks of the repeats are draws of what the paper printed, and their spread is its noise. On one dataset: the rank is
reproduced when at the study's level, uncorrected, just so many families beat it and it beats the rest; contradicted
when it lies outside the set that Holm leaves: 1 + those that beat it, to k - those that it beats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._noise import drawn_sd, equal_until, one_spread, repeats_of
from bench.claims._pairs import Standing, settling, standing, without_error_rate
from bench.claims._rules import Noise, Printed, settle_ranked
from bench.claims.claim import (
    ClaimEvidence,
    ClaimKind,
    NotTestableError,
    Problems,
    check_own_tolerance,
    has_one_dataset,
)
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, fixed
from bench.scores.design import tolerance_of
from bench.stats.adjust import holm
from bench.stats.noise import apart
from bench.stats.paired import ENOUGH_EQUAL
from bench.stats.ranks import rank_rows, with_ties
from bench.study import Study
from bench.study.claims import Claim, OfFamily, OverDatasets, PrintedNumber
from bench.study.fields import Text
from bench.text import chance
from bench.text.claim_problems import Outside
from bench.text.compared import Holm, RankLeft, TiesWithin
from bench.text.unjudged import NoRival, NoTolerance


class RankClaim(OfFamily, OverDatasets):
    """The rank of a family, 1 being the best, or its mean rank over datasets."""

    kind: Literal["rank"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; unless named, all of the study but guesses without
    features. Example: `[lda, qda]`."""


class NotAmong(Statement, code="problem.claim.rank.not_among", says="{family} is not among them"):
    family: str


RankHasNoUnit = fixed("problem.claim.rank.unit", "a rank has none")


WholeHasNone = fixed("problem.claim.rank.tolerance", "a rank on one dataset is whole and has none")


class ToleranceUndeclared(
    Statement,
    code="problem.claim.rank.no_tolerance",
    says="{metric} has no bounds, so say in the study's `tolerance` how close is close: models within it share a rank "
    "where no test is possible",
):
    """Models that differ by less share a rank, where nothing can be tested."""

    metric: str


class NotWhole(
    Statement,
    code="problem.claim.rank.not_whole",
    says="{value}; a rank on one dataset is whole, so claim a tie with `kind: order`",
):
    value: str


def judge(claim: RankClaim, evidence: ClaimEvidence) -> Judgement:
    """The mean rank, or the place on one dataset, against the printed one."""
    ranked = evidence.ranked(claim)
    if len(ranked) < 2:
        raise NotTestableError(NoRival())
    if evidence.over(claim):
        return _mean_rank(claim, evidence, ranked)
    if float(claim.value) != int(float(claim.value)):  # of a table that turned out to hold one dataset alone
        raise NotTestableError(NotWhole(claim.value))
    return _place(claim, evidence, ranked)


def _mean_rank(claim: Claim, evidence: ClaimEvidence, ranked: list[str]) -> Judgement:
    assert claim.value is not None
    printed, (mean, noise, hidden) = Printed.of_claim(claim), _ranked_anew(claim, evidence, ranked)
    tolerance = claim.tolerance
    if tolerance is None:
        if not noise.chance_free:
            raise NotTestableError(NoTolerance("mean ranks"))
        tolerance = Printed.of(claim.value).half
    judgement = settle_ranked(apart(mean, printed.value), noise, tolerance, printed.half, hidden=hidden)
    return replace(judgement, ours=mean)


def _ranked_anew(claim: Claim, evidence: ClaimEvidence, ranked: list[str]) -> tuple[float, Noise, int]:
    """The family's mean rank, its noise from the mean ranks of our repeats, or of blocks of as many as the paper
    averaged where two or more fit, and on how many datasets it ties with another in the paper's own numbers.

    The paper ranked means over its repeats: the mean rank is that of blocks as large, of all repeats where the paper
    has as many or more, where the number has no error of its own, or where no chance is involved.
    """
    means = [
        [evidence.repeat_means(one, evidence.scores(one, family)) for family in ranked]
        for one in evidence.on_each(claim)
    ]
    fewest = min(len(values) for row in means for values in row)
    place, up = ranked.index(claim.family or ""), evidence.direction(claim) > 0

    def table_of(start: int, block: int) -> np.ndarray:
        table = np.array([[values[start : start + block].mean() for values in row] for row in means])
        return np.array([table[unit].mean(axis=0) for unit in evidence.units(claim)])

    def mean_ranks(block: int) -> np.ndarray:
        tables = (table_of(start, block) for start in range(0, fewest // block * block, block))
        return np.array([float(rank_rows(table, higher_is_better=up)[:, place].mean()) for table in tables])

    published = claim.repeats or 1  # of a number without an error each ranking of ours counts
    draws = mean_ranks(published if fewest // published >= 2 else 1)
    noise = _noise(claim, evidence, draws, ranked, fewest)
    whole = noise.chance_free or claim.without_error
    ours = mean_ranks(fewest if whole else min(published, fewest))
    papers = any(isinstance(one, chance.Arithmetic) for one in noise.reasons)
    return float(ours.mean()), noise, with_ties(table_of(0, fewest), place) if papers else 0


def _noise(claim: Claim, evidence: ClaimEvidence, draws: np.ndarray, ranked: list[str], repeats: int) -> Noise:
    """What the draw of the splits does to a mean rank: SE = s sqrt(1/r_p + 1/r), s the spread of r mean ranks."""
    each, count, published = evidence.on_each(claim), len(draws), repeats_of(claim)
    if (free := _without_chance(claim, evidence, each, ranked)) is not None:
        return free
    if claim.splits == "other_sample":
        return Noise.unknown(chance.RankErrorUnknown())
    if count < 2:
        return Noise.unknown(chance.OneRanking())
    sd, made = drawn_sd(draws), chance.Rankings(count, len(ranked), len(each))
    of_blocks = sd if repeats >= 2 * published else sd / np.sqrt(published)

    def error(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        blocks = np.where(r < 2 * published, r, np.floor(r / published))
        one_each = sd * np.sqrt(1 / published + 1 / r)
        return np.where(r < 2 * published, one_each, of_blocks * np.sqrt(1 + 1 / blocks)), blocks - 1

    if sd == 0 and count * len(each) < ENOUGH_EQUAL:
        until, agree = (claim.repeats or 1) * ceil(ENOUGH_EQUAL / len(each)), chance.DrawsAgree(count, "mean ranks")
        return Noise.of_equal_draws(count, count - 1, made, agree, error=equal_until(until), repeats=repeats)
    alone = one_spread(sd, published, None)
    return Noise.of_repeats(alone if claim.without_error else error, repeats, made, estimated_from=count)


def _without_chance(
    claim: Claim, evidence: ClaimEvidence, each: Sequence[Claim], ranked: Sequence[str]
) -> Noise | None:
    """The noise of mean ranks that no draw changes, or none that was measured; None where splits or seeds do."""
    if not evidence.study.fits and (on := _arithmetic(claim, evidence, each)) is not None:
        return Noise.without_chance(on)
    if claim.splits != "same" and any(evidence.draws_chance(one) for one in each):
        return None
    if all(evidence.without_seed(one, *ranked) for one in each):
        return Noise.without_chance(chance.SameSplits() if claim.splits == "same" else chance.NothingDrawn(None))
    if any(evidence.setting(one).runs < 2 for one in each):
        fits = any(evidence.seed_unmeasured(one, *ranked).draws == "fit" for one in each)
        return Noise.unknown(chance.SeedNotMeasured("fit" if fits else "inner_folds"))
    return None


def _arithmetic(claim: Claim, evidence: ClaimEvidence, each: Sequence[Claim]) -> chance.Arithmetic | None:
    """What the mean rank follows from: the paper's own table, or external scores that are said to be the paper's."""
    if not any(evidence.setting(one).folds for one in each):
        return chance.Arithmetic("table")
    same = claim.splits == "same" and all(evidence.varies(one) != "seeds" for one in each)
    return chance.Arithmetic("scores") if same else None


@dataclass(frozen=True)
class Left:
    """The ranks that are left on one dataset."""

    sure: tuple[int, int]  # the first and last rank that Holm leaves: a claim of another one is contradicted
    likely: tuple[int, int]  # the same without correction: a claim is reproduced where it is the only one left
    supports: bool
    refutes: bool
    reasons: tuple[Statement, ...]
    p: float | None = None
    p_shown: float | None = None


def _place(claim: Claim, evidence: ClaimEvidence, ranked: list[str]) -> Judgement:
    """The place on one dataset by the pairs with every other family."""
    assert claim.value is not None
    others = [family for family in ranked if family != claim.family]
    bare = claim.model_copy(update={"tolerance": None})  # a tolerance of ranks is none of the metric
    pairs = [standing(bare, evidence, claim.family, family) for family in others]
    gains = np.array([pair.improvement for pair in pairs])
    ours = float(1 + (gains < 0).sum() + (gains == 0).sum() / 2)
    claimed = int(float(claim.value))
    if any(pair.p is None for pair in pairs):
        left = _untested(claim, evidence, ranked, pairs)
    else:
        left = _tested(pairs, gains, claimed)
    low, high = left.sure
    below, above = float(low - claimed), float(high - claimed)
    if left.supports and left.likely == (claimed, claimed):
        agreement, rank = Agreement.REPRODUCED, RankLeft("holds", low, high, len(ranked))
    elif left.refutes and not low <= claimed <= high:
        agreement, rank = Agreement.DIFFERS, RankLeft("outside", low, high, len(ranked))
    else:
        seen = left.p is not None and ours == claimed
        agreement = Agreement.CONSISTENT if seen else Agreement.UNCLEAR
        rank = RankLeft("open", low, high, len(ranked))
    return Judgement(
        agreement,
        (rank, *left.reasons),
        ours=ours,
        difference=ours - claimed,
        p=left.p,
        p_shown=left.p_shown,
        low=below,
        high=above,
        low_refute=below,
        high_refute=above,
        settle=() if agreement.decided else settling(pairs, partial(_decided, gains, claimed)),
    )


def _decided(gains: np.ndarray, claimed: int, pairs: Sequence[Standing]) -> bool:
    """Whether the tests leave the claimed rank alone, or not at all."""
    if any(pair.p is None for pair in pairs):
        return False
    left = _tested(pairs, gains, claimed)
    return left.likely == (claimed, claimed) or not left.sure[0] <= claimed <= left.sure[1]


def _tested(pairs: Sequence[Standing], gains: np.ndarray, claimed: int) -> Left:
    adjusted = holm(np.array([pair.p for pair in pairs]))
    sure = _between(gains, adjusted < pairs[0].alpha)
    likely = _between(gains, np.array([pair.better or pair.worse for pair in pairs]))
    undecided = dict.fromkeys(pair.undecidable for pair in pairs if pair.undecidable is not None)
    reasons = (Holm(len(pairs), "others"), *undecided)
    shown = max(pair.p or 0.0 for pair in pairs) if 1 + (gains < 0).sum() == claimed else 1.0
    return Left(sure, likely, True, True, reasons, _p_outside(gains, adjusted, claimed), shown)


def _untested(claim: Claim, evidence: ClaimEvidence, ranked: list[str], pairs: Sequence[Standing]) -> Left:
    why = without_error_rate(claim, evidence, *ranked)
    sure = (1 + sum(pair.behind for pair in pairs), len(ranked) - sum(pair.ahead for pair in pairs))
    return Left(sure, sure, why.supports, why.refutes, (TiesWithin(pairs[0].margin), *why.reasons))


def _between(gains: np.ndarray, different: np.ndarray) -> tuple[int, int]:
    """The ranks that remain when these differences are significant."""
    return 1 + int((different & (gains < 0)).sum()), len(gains) + 1 - int((different & (gains > 0)).sum())


def _p_outside(gains: np.ndarray, adjusted: np.ndarray, claimed: int) -> float:
    """The smallest level at which so many pairs are significant that the claimed rank is none of those that remain."""
    ahead, behind = np.sort(adjusted[gains < 0]), np.sort(adjusted[gains > 0])
    places = ((ahead, claimed - 1), (behind, len(gains) + 1 - claimed))
    if min(place for _, place in places) < 0:  # no such rank
        return 0.0
    return min((float(ps[place]) for ps, place in places if place < len(ps)), default=1.0)


def check(claim: RankClaim, study: Study) -> Problems:
    """Ranks run from 1 to the number of families, and have no tolerance of a metric."""
    if claim.family is not None and claim.among and claim.family not in claim.among:
        yield ("among",), NotAmong(claim.family)
    if claim.unit is not None:
        yield ("unit",), RankHasNoUnit()
    over = claim.dataset is None and not has_one_dataset(study)
    if not over:
        yield from _tolerance_of_place(claim, study)
    families = len(claim.among or study.compared)  # 0 where that is not known
    if (wrong := _wrong_value(claim, families, over)) is not None:
        yield ("value",), wrong
    if over and (study.fits or claim.tolerance is not None):
        # Nothing refutes a mean rank within a whole rank, or within half of what the families can differ by.
        yield from check_own_tolerance(claim, min(1.0, (families - 1) / 2) if families > 1 else 1.0)


def _tolerance_of_place(claim: RankClaim, study: Study) -> Problems:
    metric = claim.metric or study.metrics.primary
    if claim.dataset is not None and claim.tolerance is not None:
        yield ("tolerance",), WholeHasNone()
    elif claim.fidelity != "not_attempted" and metric in METRICS and tolerance_of(study, metric).value is None:
        yield ("metric",), ToleranceUndeclared(metric)


def _wrong_value(claim: RankClaim, families: int, over: bool) -> Statement | None:
    """Why the number can be no rank."""
    value = float(claim.value)
    if value < 1 or (families and value > families):
        return Outside(claim.value, claim.kind, 1, families or None)
    return None if over or value == int(value) else NotWhole(claim.value)


RANK = ClaimKind(
    "rank",
    "a family's rank, or mean rank over all datasets",
    RankClaim,
    '{kind: rank, dataset: wine, family: lda, metric: accuracy, value: "1"}',
    judge,
    value="own",
    check=check,
)
