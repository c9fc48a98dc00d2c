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
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims._noise import (
    Noise,
    drawn_anew,
    drawn_sd,
    repeats_of,
)
from bench.claims._pairs import (
    Pair,
    left_open,
    pair_of,
    why_untested,
)
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import (
    ClaimKind,
    Problems,
    check_among,
    check_own_tolerance,
    has_one_dataset,
)
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import Shape
from bench.claims.targets import Printed, lie_within
from bench.contrasts import ErrorGrowth
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, fixed
from bench.scores.design import is_baseline, tolerance_of
from bench.stats.adjust import holm
from bench.stats.noise import apart
from bench.stats.paired import ENOUGH_EQUAL
from bench.stats.ranks import rank_rows
from bench.study import Study
from bench.study.claims import Claim, OfFamily, OverDatasets, PrintedNumber
from bench.study.fields import Text
from bench.text import chance
from bench.text.claim_problems import Outside
from bench.text.compared import Holm, RankLeft, TiesWithin
from bench.text.unjudged import NoRival, NoTolerance, RankOfOthers


class RankClaim(OfFamily, OverDatasets):
    """The rank of a family, 1 being the best, or its mean rank over datasets."""

    kind: Literal["rank"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    among: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The families that the paper compared; unless named, all of the study but guesses without
    features. Example: `[lda, qda]`."""


class NotAmong(
    Statement, code="problem.claim.rank.not_among", says="{family} is not among them"
):
    family: str


RankHasNoUnit = fixed("problem.claim.rank.unit", "a rank has none")


WholeHasNone = fixed(
    "problem.claim.rank.tolerance", "a rank on one dataset is whole and has none"
)


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


def judge(case: CaseOf[RankClaim]) -> Judgement:
    """The mean rank, or the place on one dataset, against the printed one."""
    claim = case.claim
    ranked = case.ranked
    if len(ranked) < 2:
        raise NotTestableError(NoRival())
    if case.is_over_datasets:
        if any(one.is_external for one in case.on_each):
            raise NotTestableError(RankOfOthers())
        return _mean_rank(case, ranked)
    if float(claim.value) != int(
        float(claim.value)
    ):  # of a table that turned out to hold one dataset alone
        raise NotTestableError(NotWhole(claim.value))
    return _place(case, ranked)


def _mean_rank(case: AnyCase, ranked: list[str]) -> Judgement:
    claim = case.claim
    assert claim.value is not None
    printed, (mean, noise) = (
        Printed.of_claim(claim),
        _ranked_anew(case, ranked),
    )
    tolerance = claim.tolerance
    if tolerance is None:
        if not noise.chance_free:
            raise NotTestableError(NoTolerance("mean ranks"))
        tolerance = Printed.of(claim.value).half
    judgement = lie_within(apart(mean, printed.value), noise, tolerance, printed.half)
    return replace(judgement, ours=mean)


def _ranked_anew(case: AnyCase, ranked: list[str]) -> tuple[float, Noise]:
    """The family's mean rank, and its noise from the mean ranks of our repeats, or of blocks of as many as the paper
    averaged where two or more fit. A dataset on which nothing is drawn has the same means in each ranking.

    The paper ranked means over its repeats: the mean rank is that of blocks as large, of all repeats where the paper
    has as many or more, where the number has no error of its own, or where no chance is involved.
    """
    claim = case.claim
    each = case.on_each
    means = [
        [one.repeat_means(one.scores(family)) for family in ranked] for one in each
    ]
    drawn = [drawn_anew(one, *ranked) for one in each]
    still = [isinstance(one, Noise) for one in drawn]
    fewest = min(
        (len(row[0]) for row, known in zip(means, still, strict=True) if not known),
        default=1,
    )
    place, up = ranked.index(claim.family or ""), case.sign > 0

    def table_of(start: int, end: int | None) -> np.ndarray:
        table = np.array(
            [
                [values.mean() if known else values[start:end].mean() for values in row]
                for row, known in zip(means, still, strict=True)
            ]
        )
        return np.array([table[unit].mean(axis=0) for unit in case.units])

    def rank_in(table: np.ndarray) -> float:
        return float(rank_rows(table, higher_is_better=up)[:, place].mean())

    def mean_ranks(block: int) -> np.ndarray:
        starts = range(0, fewest // block * block, block)
        return np.array([rank_in(table_of(start, start + block)) for start in starts])

    # Of a number without an error each ranking of ours counts.
    published = claim.runs or 1
    draws = mean_ranks(published if fewest // published >= 2 else 1)
    noise = _noise(
        claim,
        draws,
        len(ranked),
        fewest,
        _of_all(drawn, claim.splits),
        _Units.of(case, still),
    )
    whole = noise.chance_free or claim.without_error or published >= fewest
    return rank_in(table_of(0, None)) if whole else float(
        mean_ranks(published).mean()
    ), noise


@dataclass(frozen=True)
class _Units:
    """How many datasets there are, forms of one table being one, and on how many of them something is drawn."""

    datasets: int
    drawn: int

    @classmethod
    def of(cls, case: AnyCase, still: Sequence[bool]) -> _Units:
        units = case.units
        return cls(
            len(units), sum(not all(still[place] for place in unit) for unit in units)
        )


def _noise(
    claim: Claim,
    draws: np.ndarray,
    families: int,
    repeats: int,
    differs: Noise | chance.Differs,
    units: _Units,
) -> Noise:
    """What the draw of the splits does to a mean rank: SE = s sqrt(1/r_p + 1/r), s the spread of r mean ranks."""
    if isinstance(differs, Noise):
        return differs
    count, published = len(draws), repeats_of(claim)
    if count < 2:
        return Noise.unknown(chance.OneRanking())
    sd, made = (
        drawn_sd(draws),
        chance.Rankings(count, families, units.datasets, differs),
    )
    if sd == 0 and count * units.drawn < ENOUGH_EQUAL:
        agree = chance.DrawsAgree(count, "mean ranks")
        return Noise.of_equal_draws(count, count - 1, made, agree)
    if claim.without_error or repeats < 2 * published:
        alike = ErrorGrowth(repeats=repeats, sd=sd, fixed=sd**2 / published)
        return Noise.of_repeats(alike, made, estimated_from=count)
    blocks = repeats // published
    drawn = ErrorGrowth(repeats=repeats, sd=sd * published**0.5, fixed=sd**2)
    return Noise(
        sd * (1 + 1 / blocks) ** 0.5,
        blocks - 1,
        (made,),
        growth=drawn,
        estimated_from=count,
    )


def _of_all(
    each: Sequence[Noise | chance.Differs], splits: str
) -> Noise | chance.Differs:
    """What was drawn anew behind mean ranks on any of their datasets; or the noise, where nothing was, and where one of
    them does not show what it does."""
    if splits == "other_sample":
        return Noise.unknown(chance.RankErrorUnknown())
    if unknown := [one for one in each if isinstance(one, Noise) and one.se is None]:
        return unknown[0]
    if drawn := {one for one in each if not isinstance(one, Noise)}:
        return drawn.pop() if len(drawn) == 1 else "splits"
    return Noise.without_chance(
        chance.SameSplits() if splits == "same" else chance.NothingDrawn(None)
    )


@dataclass(frozen=True)
class Left:
    """The ranks that are left on one dataset."""

    sure: tuple[
        int, int
    ]  # the first and last rank that Holm leaves: a claim of another one is contradicted
    likely: tuple[
        int, int
    ]  # the same without correction: a claim is reproduced where it is the only one left
    reasons: tuple[Statement, ...]
    p: float | None = None
    p_shown: float | None = None
    unknown: bool = False  # whether a pair without a test is open


def _place(case: AnyCase, ranked: list[str]) -> Judgement:
    """The place on one dataset by the pairs with every other family."""
    claim = case.claim
    assert claim.value is not None
    others = [family for family in ranked if family != claim.family]
    # A tolerance of ranks is none of the metric.
    bare = CaseOf(claim.model_copy(update={"tolerance": None}), case.evidence)
    pairs = [pair_of(bare, claim.family, family) for family in others]
    gains = np.array([pair.gain for pair in pairs])
    ours = float(1 + (gains < 0).sum() + (gains == 0).sum() / 2)
    claimed = int(float(claim.value))
    left = _left(pairs, gains, claimed)
    words = {
        f"{claim.family} and {rival}": pair
        for rival, pair in zip(others, pairs, strict=True)
    }
    reasons = why_untested(words, beside=any(pair.why is None for pair in pairs))
    low, high = left.sure
    below, above = float(low - claimed), float(high - claimed)
    agreement, is_left = _agreement(left, claimed)
    judgement = Judgement(
        agreement,
        (
            RankLeft(is_left, low, high, len(ranked)),
            *dict.fromkeys((*left.reasons, *reasons)),
        ),
        ours=ours,
        difference=ours - claimed,
        p=left.p,
        p_shown=left.p_shown,
        low=below,
        high=above,
        low_refute=below,
        high_refute=above,
    )
    if left.unknown:
        return judgement
    undecided = [pair for pair in pairs if pair.p is not None and pair.p >= pair.alpha]
    return left_open(judgement, undecided, ["zero"] * len(undecided))


def _agreement(
    left: Left, claimed: int
) -> tuple[Agreement, Literal["holds", "outside", "open"]]:
    """What the ranks that are left say of the claimed one."""
    if left.likely == (claimed, claimed):
        return Agreement.REPRODUCED, "holds"
    if not left.sure[0] <= claimed <= left.sure[1]:
        return Agreement.DIFFERS, "outside"
    return Agreement.OFF, "open"


def _left(pairs: Sequence[Pair], gains: np.ndarray, claimed: int) -> Left:
    """The ranks that tests leave. Pairs that have no error rate differ for sure where they do by more than the margin
    and this may refute, and likely where it may support."""
    why = [pair.why for pair in pairs]
    tested = np.array([one is None for one in why])
    further = np.array([pair.is_beyond for pair in pairs])
    refute = np.array([one is not None and one.refutes for one in why])
    support = np.array([one is not None and one.supports for one in why])
    p = np.array([1.0 if pair.p is None else pair.p for pair in pairs])
    adjusted, uncorrected = (
        np.where(refute & further, 0.0, p),
        np.where(support & further, 0.0, p),
    )
    adjusted[tested] = holm(p[tested])
    sure, likely = (
        _between(gains, one < pairs[0].alpha) for one in (adjusted, uncorrected)
    )
    if not tested.any():
        return Left(sure, likely, (TiesWithin(pairs[0].margin),))
    shown = float(uncorrected.max()) if 1 + (gains < 0).sum() == claimed else 1.0
    outside = _p_outside(gains, adjusted, claimed)
    alone = not tested.all() and outside == 0  # what no test compares contradicts it
    reasons = Holm(int(tested.sum()), "others"), *_undecidable(pairs)
    unknown = not bool((tested | (support & further)).all())
    return Left(sure, likely, reasons, None if alone else outside, shown, unknown)


def _undecidable(pairs: Sequence[Pair]) -> tuple[Statement, ...]:
    why = [pair.undecidable for pair in pairs]
    return tuple(dict.fromkeys(one for one in why if one is not None))


def _between(gains: np.ndarray, different: np.ndarray) -> tuple[int, int]:
    """The ranks that remain when these differences are significant."""
    return 1 + int((different & (gains < 0)).sum()), len(gains) + 1 - int(
        (different & (gains > 0)).sum()
    )


def _p_outside(gains: np.ndarray, adjusted: np.ndarray, claimed: int) -> float:
    """The smallest level at which so many pairs are significant that the claimed rank is none of those that remain."""
    ahead, behind = np.sort(adjusted[gains < 0]), np.sort(adjusted[gains > 0])
    places = ((ahead, claimed - 1), (behind, len(gains) + 1 - claimed))
    if min(place for _, place in places) < 0:  # no such rank
        return 0.0
    return min(
        (float(ps[place]) for ps, place in places if place < len(ps)), default=1.0
    )


def check(claim: RankClaim, study: Study) -> Problems:
    """Ranks run from 1 to the number of families, and have no tolerance of a metric."""
    yield from check_among(claim)
    if claim.family is not None and claim.among and claim.family not in claim.among:
        yield ("among",), NotAmong(claim.family)
    if claim.unit is not None:
        yield ("unit",), RankHasNoUnit()
    over = claim.dataset is None and not has_one_dataset(study)
    if not over:
        yield from _tolerance_of_place(claim, study)
    tried = [
        name
        for name in study.families or ()
        if name == claim.family or not is_baseline(study, name)
    ]
    families = len(claim.among or tried)  # 0 where that is not known
    if (wrong := _wrong_value(claim, families, over)) is not None:
        yield ("value",), wrong
    if over:
        yield from _check_over(claim, study, families)


def _check_over(claim: RankClaim, study: Study, families: int) -> Problems:
    """A mean rank is of what is fitted here, and has a tolerance: nothing refutes one within a whole rank, or within
    half of what the families can differ by."""
    if not study.fits and len(study.datasets) > 1:
        yield ("kind",), RankOfOthers()
    elif study.fits or claim.tolerance is not None:
        yield from check_own_tolerance(
            claim, min(1.0, (families - 1) / 2) if families > 1 else 1.0
        )


def _tolerance_of_place(claim: RankClaim, study: Study) -> Problems:
    metric = claim.metric or study.metrics.primary
    if claim.dataset is not None and claim.tolerance is not None:
        yield ("tolerance",), WholeHasNone()
    elif (
        claim.not_attempted is None
        and metric in METRICS
        and tolerance_of(study, metric).value is None
    ):
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
    Shape(number="rank", subject="rivals", decided_by="tests"),
    check=check,
)
