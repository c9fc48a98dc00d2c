"""A printed statistic over many datasets.

`family` and `against` say whose it is where it is of one family or of a pair; `level` says at which level a critical
value was printed. Of a paper's own table it is arithmetic, and must agree to a unit of the last printed decimal or the
claim's tolerance: a table of one score a family and dataset, or one of which the claim says `splits: same`. There equal
values may have any order, and the statistic is what it may be from the least to the most. Of all other scores, fitted
here or external, it has no error theory: it can be reproduced, but not refuted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field, Strict

from bench.claims._noise import Noise
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC
from bench.claims.targets import Printed, lie_within
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement, fixed
from bench.scores.design import level_of
from bench.scores.series import MeanTable, mean_table
from bench.stats import ranks, special
from bench.stats.bradley_terry import Strengths, bradley_terry, count_wins
from bench.stats.noise import apart, kept_decimals
from bench.stats.shares import sign_test
from bench.stats.signed_ranks import SignedRank, signed_rank
from bench.study import Study
from bench.study.claims import Claim
from bench.study.fields import Text
from bench.study.gone import find_gone
from bench.study.printed_numbers import PrintedNumber
from bench.text import chance, unjudged
from bench.text.claim_problems import Outside
from bench.text.problems import UnknownWord


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Mean scores of families over datasets, and whom a claim asks about.

    values : of N datasets and k families, turned so that higher is better; families: their names; unknown (N,): how far
    a mean of a dataset may lie from what it was; own: the family and its rival, as far as the claim names them;
    alpha: 1 - level.
    """

    values: np.ndarray
    families: tuple[str, ...]
    unknown: np.ndarray
    own: tuple[str, ...]
    alpha: float

    @property
    def size(self) -> tuple[int, int]:
        """k and N."""
        n, k = self.values.shape
        return k, n

    @cached_property
    def friedman(self) -> ranks.Friedman:
        return ranks.friedman(self.values, higher_is_better=True)

    @property
    def places(self) -> list[int]:
        return [self.families.index(name) for name in self.own]

    @property
    def mean_rank(self) -> float:
        return self.friedman.mean_ranks[self.places[0]]

    @property
    def z(self) -> float:
        """Of mean ranks; positive where the family has the better one."""
        mine, other = (self.friedman.mean_ranks[place] for place in self.places)
        return (other - mine) / ranks.rank_se(*self.size)

    @property
    def pair(self) -> np.ndarray:
        """The scores of the family, and those of its rival."""
        scores: np.ndarray = self.values[:, self.places].T
        return scores

    @property
    def signed(self) -> SignedRank:
        return signed_rank(*self.pair)

    def of_strengths(self, of: Callable[[Strengths, int, int], float]) -> float:
        """A number of the pair by the Bradley-Terry model of all families."""
        generator = np.random.default_rng(0)
        strengths = bradley_terry(count_wins(self.values), generator=generator)
        return of(strengths, *self.places)

    def reorder(self) -> Iterator[ScoreTable]:
        """The table where equal values have another order: of models that went up and down by what is not known of a
        mean, the claim's own family first and last, the others by their mean ranks or against them."""
        k, _ = self.size
        places = np.argsort(np.argsort(self.friedman.mean_ranks))
        by_rank = 0.8 * (1 - 2 * places / (k - 1))
        for others in (np.zeros(k), by_rank, -by_rank):
            for lift in (-1.0, -0.5, 0.5, 1.0):
                lifts = others.copy()
                lifts[self.places] = (lift, -lift)[: len(self.own)]
                yield replace(self, values=self.values + np.outer(self.unknown, lifts))


@dataclass(frozen=True)
class Statistic:
    """A statistic that a paper may print: what it is, how it is computed, and whose it is (`of`: fields of the claim).

    families: the fewest that it needs; `level`: it depends on one; `alone`: it does not depend on the other families;
    `of_sizes`: it rests on the numbers of datasets and families alone; `whole`: it is a count, which was not rounded;
    `least`, `most`: what it can be, of N datasets and k families.
    """

    title: str
    compute: Callable[[ScoreTable], float]
    of: tuple[str, ...] = ()
    families: int = 2
    level: bool = False
    alone: bool = False
    of_sizes: bool = False
    whole: bool = False
    least: float = 0.0
    most: Callable[[int, int], float] = lambda n, k: math.inf


_ONE, _PAIR = ("family",), ("family", "against")


def _find_f_critical(table: ScoreTable) -> float:
    return ranks.f_critical(*table.size, table.alpha)


def _find_nemenyi(table: ScoreTable) -> float:
    return ranks.critical_difference(*table.size, table.alpha)


def _find_dunn(table: ScoreTable) -> float:
    return ranks.critical_difference_to_one(*table.size, table.alpha)


#: The statistics that can be claimed. Those of a pair are positive, or count, for the family; p are two-sided.
STATISTICS: dict[str, Statistic] = {
    "friedman_chi2": Statistic("Friedman's chi-square, no tie correction", lambda t: t.friedman.chi2, families=3,
                               most=lambda n, k: n * (k - 1)),
    "friedman_f": Statistic("Iman and Davenport's F", lambda t: t.friedman.f, families=3),
    "friedman_f_critical": Statistic("critical value of F", _find_f_critical, level=True, of_sizes=True),
    "mean_rank": Statistic("mean rank", lambda t: t.mean_rank, _ONE, least=1.0, most=lambda n, k: k),
    "rank_se": Statistic("standard error of a difference of mean ranks", lambda t: ranks.rank_se(*t.size), of_sizes=True),
    "critical_difference": Statistic("Nemenyi's critical difference", _find_nemenyi, level=True, of_sizes=True),
    "critical_difference_to_one": Statistic("Bonferroni and Dunn's critical difference to one model", _find_dunn,
                                            level=True, of_sizes=True),
    "nemenyi_q": Statistic("Nemenyi's q: the critical difference in standard errors",
                           lambda t: _find_nemenyi(t) / ranks.rank_se(*t.size), level=True, of_sizes=True),
    "bonferroni_dunn_q": Statistic("Bonferroni and Dunn's q", lambda t: _find_dunn(t) / ranks.rank_se(*t.size),
                                   level=True, of_sizes=True),
    "mean_rank_z": Statistic("z of two mean ranks", lambda t: t.z, _PAIR, least=-math.inf),
    "mean_rank_p": Statistic("p of two mean ranks, not adjusted", lambda t: 2 * float(special.ndtr(-abs(t.z))), _PAIR,
                             most=lambda n, k: 1.0),
    "signed_rank_t": Statistic("Wilcoxon's T, the smaller rank sum", lambda t: t.signed.statistic, _PAIR, alone=True,
                               most=lambda n, k: n * (n + 1) / 4),
    "signed_rank_plus": Statistic("rank sum of the datasets that the model wins", lambda t: t.signed.r_plus, _PAIR,
                                  alone=True, most=lambda n, k: n * (n + 1) / 2),
    "signed_rank_minus": Statistic("rank sum of the datasets that the model loses", lambda t: t.signed.r_minus, _PAIR,
                                   alone=True, most=lambda n, k: n * (n + 1) / 2),
    "wins": Statistic("datasets on which the model is better", lambda t: sign_test(*t.pair).wins, _PAIR, alone=True,
                      whole=True, most=lambda n, k: n),
    "win_chance": Statistic("chance of a win on a further dataset, Bayesian Bradley-Terry",
                            lambda t: t.of_strengths(Strengths.chance), _PAIR, most=lambda n, k: 1.0),
    "win_chance_above_half": Statistic("posterior probability of a win chance above a half",
                                       lambda t: t.of_strengths(Strengths.chance_of_better), _PAIR,
                                       most=lambda n, k: 1.0),
}  # fmt: skip


class StatisticClaim(Claim):
    """A statistic over datasets, as printed."""

    kind: Literal["statistic"]
    """The kind of claim."""
    statistic: Text
    """Which statistic (`bench list statistics`). Example: `friedman_f`."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    family: Text | None = None
    """The family that it is of, where it is of one or of a pair. Example: `lda`."""
    against: Text | None = None
    """The other family, where it is of a pair. Example: `svm`."""
    level: Annotated[float, Strict(), Field(gt=0.5, lt=1)] | None = None
    """The level of a printed critical value; the study's, where it is null. Example: `0.95`."""


class Whose(
    Statement,
    code="problem.claim.statistic.whose",
    says="missing; whose {statistic} is claimed?",
):
    statistic: str


class Idle(
    Statement,
    code="problem.claim.statistic.idle",
    says="has no meaning for {statistic}",
):
    statistic: str


StatisticHasNoUnit = fixed("problem.claim.statistic.unit", "a statistic has none")


def judge(case: CaseOf[StatisticClaim]) -> Judgement:
    """The statistic of the mean scores over all datasets, beside the printed one.

    It rests on every family and dataset (of a pair: on both families): with one failed cell, or one missing run, it is
    another statistic, whatever replaces it.
    """
    claim, evidence = case.claim, case.evidence
    statistic, table = STATISTICS[claim.statistic], _read_table(case)
    ours = _compute(claim, table)
    datasets = len({evidence.origin.get(name, name) for name in evidence.datasets})
    families = len(evidence.study.families or table.families)
    too_large = beyond(claim, datasets, families)
    if too_large is not None and claim.splits != "other_sample":
        raise NotTestableError(too_large)
    papers = case.is_papers(evidence.datasets)
    judgement = _hold_against(claim, table, ours, _describe(case, table), papers=papers)
    certain = papers or statistic.of_sizes or _is_without_chance(case, table.families)
    if judgement.agreement == Agreement.EXACT and not certain:
        judgement = judgement.not_exact(chance.OtherSplitsPossible())
    return judgement


def _hold_against(
    claim: StatisticClaim,
    table: ScoreTable,
    ours: float,
    made: Statement,
    *,
    papers: bool,
) -> Judgement:
    """Exact within half a printed unit, reproduced within the tolerance: of arithmetic nothing else is open. Of a
    paper's own table ours is the value that lies nearest to the printed one over the orders of equal values; the scores
    do not show which order that is, so that it is never exact."""
    statistic, printed = STATISTICS[claim.statistic], Printed.of(claim.value)
    half = 0.0 if statistic.whole else printed.half
    tolerance = claim.tolerance or 2 * half
    least = most = nearest = ours
    far = abs(apart(ours, printed.value)) > max(half, tolerance)
    if papers and far and not statistic.of_sizes:
        values = [ours, *map(statistic.compute, table.reorder())]
        values = [value for value in values if math.isfinite(value)]
        least, most = min(values), max(values)
    if least < most:
        nearest = min(max(printed.value, least), most)
    difference = apart(nearest, printed.value)
    noise = Noise(0.0, math.inf, (made,), chance_free=True)
    near = 0.0 if abs(difference) <= half else difference
    judgement = lie_within(near, noise, tolerance, 0.0)
    judgement = replace(judgement, ours=nearest, difference=difference)
    if not papers:
        # Of other scores the error is not known: they refute nothing.
        judgement = replace(judgement, detectable=None)
        if judgement.agreement == Agreement.DIFFERS:
            return replace(judgement, agreement=Agreement.OFF, reasons=(made,))
    if least == most:
        return judgement
    order = chance.AnyOrder(least, most)
    if judgement.agreement != Agreement.EXACT:
        return judgement.followed_by(order)
    return replace(judgement, agreement=Agreement.REPRODUCED, reasons=(order, made))


def _compute(claim: StatisticClaim, table: ScoreTable) -> float:
    """Our value of the claim's statistic."""
    try:
        ours = float(STATISTICS[claim.statistic].compute(table))
    except ValueError as error:
        undefined = unjudged.StatisticUndefined(claim.statistic, str(error))
        raise NotTestableError(undefined) from error
    if not np.isfinite(ours):
        raise NotTestableError(unjudged.StatisticInfinite(claim.statistic))
    return ours


def _describe(case: CaseOf[StatisticClaim], table: ScoreTable) -> Statement:
    """What the statistic was computed from."""
    evidence = case.evidence
    if case.is_papers(evidence.datasets):
        printed = evidence.are_printed(evidence.datasets)
        return chance.Arithmetic("table" if printed else "scores")
    if STATISTICS[case.claim.statistic].of_sizes:
        families, datasets = table.size
        return chance.CountsAlone(datasets, families)
    return chance.StatisticErrorUnknown("fitted" if evidence.study.fits else "external")


def _is_without_chance(case: AnyCase, families: tuple[str, ...]) -> bool:
    """Whether equality to the printed decimals means something: the same splits, or nothing that is drawn."""
    if case.claim.splits != "unknown":
        return case.claim.splits == "same"
    each = [case.on(name) for name in case.evidence.datasets]
    return not any(one.draws_chance or not one.without_seed(*families) for one in each)


def beyond(claim: StatisticClaim, n: int, k: int) -> unjudged.StatisticTooLarge | None:
    """Why the printed number cannot be one of n datasets and k families; None where it can, rounding granted."""
    statistic, printed = STATISTICS[claim.statistic], Printed.of(claim.value)
    most = statistic.most(n, k)
    if printed.value - printed.half <= most:
        return None
    families = None if statistic.alone else k
    return unjudged.StatisticTooLarge(claim.statistic, claim.value, most, n, families)


def _read_table(case: CaseOf[StatisticClaim]) -> ScoreTable:
    """The means of the claim's metric; `NotTestableError` where cells failed, runs are missing, or there are too few of
    anything."""
    claim, study = case.claim, case.evidence.study
    statistic = STATISTICS[claim.statistic]
    own = tuple(str(getattr(claim, field)) for field in statistic.of)
    means = _read_means(case, own)
    for name in own:
        if means.families and name not in means.families:
            known = means.families
            raise NotTestableError(
                unjudged.FamilyWithoutMetric(name, case.metric, known)
            )
    families = own if statistic.alone and means.families else means.families
    whole = means.of(families)
    if len(families) < statistic.families or len(whole.datasets) < 2:
        few = unjudged.StatisticTooFew(claim.statistic, statistic.families)
        raise NotTestableError(few)
    for dataset, name in means.gaps(families):
        raise NotTestableError(
            unjudged.NoScores(case.metric, name, dataset, claim.side)
        )
    level = claim.level if claim.level is not None else level_of(study)
    return ScoreTable(
        values=whole.value * case.sign,
        families=families,
        unknown=_find_unknown(case, whole),
        own=own,
        alpha=round(1 - level, 12),
    )


def _find_unknown(case: AnyCase, means: MeanTable) -> np.ndarray:
    """By dataset half of its last printed decimal, or float noise."""
    unknown = []
    for dataset, row in zip(means.datasets, means.value, strict=True):
        unit = case.printed_units.get(dataset)
        noise = len(row) * 10.0 ** -kept_decimals(np.abs(row).max())
        unknown.append(noise if unit is None else 0.49 * unit)
    return np.array(unknown)


def _read_means(case: CaseOf[StatisticClaim], own: tuple[str, ...]) -> MeanTable:
    """The means on the study's own datasets; `NotTestableError` where some that count rest on failed cells or lack
    runs."""
    evidence, name = case.evidence, case.claim.statistic
    alone = STATISTICS[name].alone
    used = pl.col("dataset").is_in(evidence.datasets)
    counts = used & pl.col("family").is_in(own) if alone else used
    if cells := len(evidence.failed.filter(counts)):
        raise NotTestableError(unjudged.StatisticFailedCells(name, cells))
    families = own if alone else {family for _, family, _ in evidence.lacking}
    case.need({*product(evidence.datasets, families, [case.metric])})
    rows = evidence.estimates.filter(used, metric=case.metric)
    cells_of = rows.select("dataset", "family", "mean", "fallbacks").iter_rows()
    return mean_table(cells_of).by_origin(evidence.origin)


def check(claim: StatisticClaim, study: Study) -> Problems:
    """A statistic that is not known, one of a family or a pair without it, and a number that it cannot be."""
    if claim.statistic not in STATISTICS:
        known = UnknownWord("", claim.statistic, tuple(STATISTICS), "statistics")
        gone = find_gone(("claims",), "statistic", claim.statistic)
        yield ("statistic",), gone or known
        return
    statistic, printed = STATISTICS[claim.statistic], Printed.of(claim.value)
    for field in statistic.of:
        if getattr(claim, field) is None:
            yield (field,), Whose(claim.statistic)
    if claim.level is not None and not statistic.level:
        yield ("level",), Idle(claim.statistic)
    if claim.unit is not None:
        yield ("unit",), StatisticHasNoUnit()
    if printed.value + printed.half < statistic.least:
        least = statistic.least
        yield ("value",), Outside(claim.value, claim.statistic, least, None)
    fitted = all(spec.external is None for spec in study.datasets.values())
    if fitted and study.families and claim.not_attempted is None:
        too_large = beyond(claim, len(study.datasets), len(study.families))
        if too_large is not None:
            yield ("value",), too_large


STATISTIC = ClaimKind(
    "statistic",
    "a statistic over datasets",
    StatisticClaim,
    '{kind: statistic, statistic: friedman_f, metric: accuracy, value: "3.69"}',
    judge,
    ARITHMETIC,
    check=check,
)
