"""A printed statistic over many datasets.

`family` and `against` say whose it is where it is of one family or of a pair; `level` says at which level a critical
value was printed. Of a paper's own table it is arithmetic, and must agree to a unit of the last printed decimal or the
claim's tolerance: a table of one score a family and dataset, or one of which the claim says `splits: same`. There equal
values may have any order, and the statistic is what it may be from the least to the most. Of all other scores, fitted
here or external, it has no error theory: it can be reproduced, but not refuted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field, Strict

from bench.claims._noise import Noise
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC
from bench.claims.targets import Printed, lie_within
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import level_of
from bench.scores.series import MeanTable, mean_table
from bench.stats.adjust import bergmann_hommel, holm, shaffer
from bench.stats.bradley_terry import Strengths, bradley_terry, count_wins
from bench.stats.noise import apart, kept_decimals
from bench.stats.ranks import (
    Friedman,
    critical_difference,
    critical_difference_to_one,
    f_critical,
    friedman,
    mean_rank_z,
    nemenyi,
    rank_se,
)
from bench.stats.shares import SignTest, sign_test
from bench.stats.signed_ranks import (
    SignedRank,
    normal_z,
    signed_rank,
)
from bench.study import Study
from bench.study.claims import Claim, PrintedNumber
from bench.study.fields import Text
from bench.text import chance, unjudged
from bench.text.claim_problems import Outside
from bench.text.problems import UnknownWord


@dataclass(frozen=True, eq=False)
class Asked:
    """What a statistic is computed from: the means of families over datasets, and whom the claim asks about.

    units: of the last decimal of printed scores, by dataset; turn: 1 where higher is better, else -1; alpha: 1 - level.
    """

    means: MeanTable
    units: Mapping[str, float]
    turn: int
    alpha: float
    family: str | None
    against: str | None

    @property
    def table(self) -> MeanTable:
        return self.means.complete

    @property
    def n(self) -> int:
        return len(self.table.datasets)

    @property
    def k(self) -> int:
        return len(self.means.families)

    @property
    def friedman(self) -> Friedman:
        return friedman(self.table.value * self.turn, higher_is_better=True)

    @property
    def rank(self) -> float:
        return self.friedman.mean_ranks[self.means.families.index(str(self.family))]

    @property
    def z(self) -> float:
        """Of mean ranks; positive where the family has the better one."""
        better = self.means.families.index(
            str(self.family)
        ) > self.means.families.index(str(self.against))
        return self.among(
            mean_rank_z(np.array(self.friedman.mean_ranks), self.n)[0]
        ) * (1 if better else -1)

    @property
    def p(self) -> np.ndarray:
        """The normal p-value of z of every pair, not adjusted."""
        return mean_rank_z(np.array(self.friedman.mean_ranks), self.n)[1]

    def among(self, pairs: np.ndarray) -> float:
        """The claim's own pair among values in the order of itertools.combinations."""
        wanted = {self.family, self.against}
        places = list(combinations(self.means.families, 2))
        return float(
            pairs[next(i for i, pair in enumerate(places) if set(pair) == wanted)]
        )

    def to_one(self, adjust: Callable[[np.ndarray], np.ndarray]) -> float:
        """The claim's p among the k - 1 that compare every family with `against`."""
        others = [family for family in self.means.families if family != self.against]
        p = dict(zip(combinations(self.means.families, 2), self.p, strict=True))
        against = [
            p.get((family, str(self.against)), p.get((str(self.against), family)))
            for family in others
        ]
        return float(adjust(np.array(against))[others.index(str(self.family))])

    def pair(
        self, family: str | None, against: str | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Two families on the datasets where both have a mean, turned so that higher is better."""
        a, b = (self.means.of([str(family), str(against)]).value * self.turn).T
        return a, b

    def orders(self) -> Iterator[Asked]:
        """The same question where equal values have another order: of models that went up and down by what is not
        known of a mean, the claim's own family first and last, the others by their mean ranks or against them."""
        k = len(self.means.families)
        step = np.array([self._unknown(row) for row in range(len(self.means.value))])
        places = np.argsort(np.argsort(self.friedman.mean_ranks))
        by_rank = 0.8 * (1 - 2 * places / (k - 1))
        for others in (np.zeros(k), by_rank, -by_rank):
            for own in (-1.0, -0.5, 0.5, 1.0):
                lift = others.copy()
                for family, sign in ((self.family, own), (self.against, -own)):
                    if family is not None:
                        lift[self.means.families.index(family)] = sign
                value = self.means.value + self.turn * np.outer(step, lift)
                yield replace(self, means=replace(self.means, value=value))

    def _unknown(self, row: int) -> float:
        """How far a mean of a dataset may lie from what it was: half of its last printed decimal, or float noise."""
        unit = self.units.get(self.means.datasets[row])
        if unit is not None:
            return 0.49 * unit
        size = np.nanmax(np.abs(self.means.value[row]))
        return self.k * 10.0 ** -kept_decimals(size)

    def of_strengths(self, of: Callable[[Strengths, int, int], float]) -> float:
        """A number of the claim's own pair by the Bradley-Terry model of all families."""
        wins = count_wins(self.table.value * self.turn)
        strengths = bradley_terry(wins, generator=np.random.default_rng(0))
        places = [
            self.means.families.index(str(name)) for name in (self.family, self.against)
        ]
        return of(strengths, *places)

    @property
    def signed(self) -> SignedRank:
        return signed_rank(*self.pair(self.family, self.against))

    @property
    def signs(self) -> SignTest:
        return sign_test(*self.pair(self.family, self.against))

    @property
    def signed_holm(self) -> float:
        p = [
            signed_rank(*self.pair(*pair)).p_value
            for pair in combinations(self.means.families, 2)
        ]
        return self.among(holm(np.array(p)))


@dataclass(frozen=True)
class Statistic:
    """A statistic that a paper may print: what it is, whose it is (`of`: fields of the claim), and how it is computed.

    families: the fewest that it needs; `level`: it depends on one; `alone`: it does not depend on the other families;
    `of_sizes`: it rests on the numbers of datasets and families alone; `whole`: it is a count, which was not rounded;
    `signed`: it may be below 0; `convention`: its sign means nothing, since books differ in it; `least`, `most`: what
    it can be, of N datasets and k families.
    """

    title: str
    compute: Callable[[Asked], float]
    of: tuple[str, ...] = ()
    families: int = 2
    level: bool = False
    alone: bool = False
    of_sizes: bool = False
    whole: bool = False
    signed: bool = False
    convention: bool = False
    least: float = 0.0
    most: Callable[[int, int], float] | None = None


_ONE, _PAIR = ("family",), ("family", "against")


def _signed(
    title: str,
    compute: Callable[[Asked], float],
    most: Callable[[int, int], float] | None = None,
) -> Statistic:
    """Of the signed ranks of two families."""
    return Statistic(title, compute, of=_PAIR, alone=True, most=most)


def _count(title: str, compute: Callable[[Asked], float]) -> Statistic:
    """A count of datasets of two families."""
    return Statistic(title, compute, of=_PAIR, alone=True, most=_datasets, whole=True)


def _largest_chi2(n: int, k: int) -> float:
    """Of the case that all datasets rank the families equally."""
    return n * (k - 1)


def _rank_sum(n: int, k: int) -> float:
    return n * (n + 1) / 2


def _datasets(n: int, k: int) -> float:
    return n


#: The statistics that can be claimed. Those of a pair are positive, or count, for the family; p are two-sided.
STATISTICS: dict[str, Statistic] = {
    "friedman_chi2": Statistic("Friedman's chi-square, no tie correction", lambda a: a.friedman.chi2, families=3,
                               most=_largest_chi2),
    "friedman_chi2_tie_corrected": Statistic(
        "Friedman's chi-square, corrected for ties", lambda a: a.friedman.chi2_tie_corrected, families=3,
        most=_largest_chi2,
    ),
    "friedman_chi2_p": Statistic("p of Friedman's chi-square", lambda a: a.friedman.p_chi2, families=3),
    "friedman_f": Statistic("Iman and Davenport's F", lambda a: a.friedman.f, families=3),
    "friedman_f_p": Statistic("p of Iman and Davenport's F", lambda a: a.friedman.p_f, families=3),
    "friedman_f_critical": Statistic(
        "critical value of F", lambda a: f_critical(a.k, a.n, a.alpha), level=True, of_sizes=True
    ),
    "mean_rank": Statistic(
        "mean rank", lambda a: a.rank, of=_ONE, least=1.0, most=lambda n, k: k
    ),
    "rank_se": Statistic(
        "standard error of a difference of mean ranks", lambda a: rank_se(a.k, a.n), of_sizes=True
    ),
    "critical_difference": Statistic(
        "Nemenyi's critical difference", lambda a: critical_difference(a.k, a.n, a.alpha), level=True, of_sizes=True
    ),
    "critical_difference_to_one": Statistic(
        "Bonferroni and Dunn's critical difference to one model",
        lambda a: critical_difference_to_one(a.k, a.n, a.alpha), level=True, of_sizes=True,
    ),
    "nemenyi_q": Statistic(
        "Nemenyi's q: the critical difference in standard errors",
        lambda a: critical_difference(a.k, a.n, a.alpha) / rank_se(a.k, a.n), level=True, of_sizes=True,
    ),
    "bonferroni_dunn_q": Statistic(
        "Bonferroni and Dunn's q",
        lambda a: critical_difference_to_one(a.k, a.n, a.alpha) / rank_se(a.k, a.n), level=True, of_sizes=True,
    ),
    "mean_rank_z": Statistic("z of two mean ranks", lambda a: a.z, of=_PAIR, signed=True),
    "mean_rank_p": Statistic("p of two mean ranks, not adjusted", lambda a: a.among(a.p), of=_PAIR),
    "nemenyi_p": Statistic(
        "p after Nemenyi", lambda a: a.among(nemenyi(np.array(a.friedman.mean_ranks), a.n)), of=_PAIR
    ),
    "bonferroni_p": Statistic(
        "p of z times the number of pairs, which some tables head Nemenyi",
        lambda a: a.among(np.minimum(1.0, len(a.p) * a.p)), of=_PAIR,
    ),
    "holm_p": Statistic("p of z after Holm, all pairs", lambda a: a.among(holm(a.p)), of=_PAIR),
    "shaffer_p": Statistic("p of z after Shaffer", lambda a: a.among(shaffer(a.p, a.k)), of=_PAIR),
    "bergmann_hommel_p": Statistic(
        "p of z after Bergmann and Hommel", lambda a: a.among(bergmann_hommel(a.p, a.k)), of=_PAIR
    ),
    "holm_to_one_p": Statistic("p of z after Holm, all models against one", lambda a: a.to_one(holm), of=_PAIR),
    "bonferroni_dunn_p": Statistic(
        "p of z after Bonferroni, all models against one",
        lambda a: a.to_one(lambda p: np.minimum(1.0, len(p) * p)), of=_PAIR,
    ),
    "signed_rank_t": _signed(
        "Wilcoxon's T, the smaller rank sum", lambda a: a.signed.statistic, lambda n, k: _rank_sum(n, k) / 2
    ),
    "signed_rank_plus": _signed(
        "rank sum of the datasets that the model wins", lambda a: a.signed.r_plus, _rank_sum
    ),
    "signed_rank_minus": _signed(
        "rank sum of the datasets that the model loses", lambda a: a.signed.r_minus, _rank_sum
    ),
    "signed_rank_p": _signed("p of signed ranks, all sign patterns", lambda a: a.signed.p_value),
    "signed_rank_z": Statistic(
        "z of T, whose sign is a convention", lambda a: normal_z(a.signed.statistic, a.signed.n)[0],
        of=_PAIR, alone=True, signed=True, convention=True,
    ),
    "signed_rank_normal_p": _signed(
        "p of the z of T", lambda a: normal_z(a.signed.statistic, a.signed.n)[1]
    ),
    "signed_rank_holm_p": Statistic(
        "p of signed ranks after Holm, all pairs", lambda a: a.signed_holm, of=_PAIR
    ),
    "sign_test_p": Statistic("p of the sign test, ties split", lambda a: a.signs.p_value, of=_PAIR, alone=True),
    "wins": _count("datasets on which the model is better", lambda a: float(a.signs.wins)),
    "ties": _count("datasets on which both are equal", lambda a: float(a.signs.ties)),
    "losses": _count("datasets on which the model is worse", lambda a: float(a.signs.losses)),
    "win_chance": Statistic(
        "chance of a win on a further dataset, Bayesian Bradley-Terry", lambda a: a.of_strengths(Strengths.chance),
        of=_PAIR,
    ),
    "win_chance_above_half": Statistic(
        "posterior probability of a win chance above a half", lambda a: a.of_strengths(Strengths.chance_of_better),
        of=_PAIR,
    ),
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


class StatisticHasNoUnit(Statement, code="problem.claim.statistic.unit"):
    """A statistic with a unit; `fraction`: of a p-value, the same as a fraction, or nothing."""

    p: bool
    fraction: str

    def sentence(self) -> str:
        hint = f"; write the p as a fraction{f', {self.fraction}' if self.fraction else ''}"
        return f"a statistic has none{hint if self.p else ''}"


def judge(case: CaseOf[StatisticClaim]) -> Judgement:
    """The statistic of the mean scores over all datasets, beside the printed one.

    It rests on every family and dataset (of a pair: on both families): with one failed cell, or one missing run, it is
    another statistic, whatever replaces it.
    """
    claim, evidence = case.claim, case.evidence
    statistic, asked = STATISTICS[claim.statistic], _asked(case)
    ours = _computed(statistic, asked, claim)
    datasets = len({evidence.origin.get(name, name) for name in evidence.datasets})
    too_large = beyond(
        claim, datasets, len(evidence.study.families or asked.means.families)
    )
    if too_large is not None and claim.splits != "other_sample":
        raise NotTestableError(too_large)
    papers = case.is_papers(evidence.datasets)
    made = _made(evidence, asked, papers, statistic)
    judgement = _settle(claim, statistic, asked, ours, made, papers)
    certain = papers or _without_chance(case, asked)
    if judgement.agreement == Agreement.EXACT and not certain:
        judgement = judgement.not_exact(chance.OtherSplitsPossible())
    return judgement


def _settle(
    claim: StatisticClaim,
    statistic: Statistic,
    asked: Asked,
    ours: float,
    made: tuple[Statement, ...],
    papers: bool,
) -> Judgement:
    """Exact within half a printed unit, reproduced within the tolerance: of arithmetic nothing else is open. Of a
    paper's own table ours is the value that lies nearest to the printed one over the orders of equal values."""
    printed = Printed.of(claim.value)
    half = 0.0 if statistic.whole else printed.half
    tolerance = claim.tolerance or 2 * half
    if statistic.convention:
        ours = math.copysign(ours, printed.value)
    least = most = ours
    far = abs(apart(ours, printed.value)) > max(half, tolerance)
    if papers and far and not statistic.of_sizes:
        least, most = _span(statistic, asked, ours)
    nearest = min(max(printed.value, least), most) if least < most else ours
    difference = apart(nearest, printed.value)
    noise = Noise(0.0, float("inf"), made, chance_free=True, cannot_refute=not papers)
    near = 0.0 if abs(difference) <= half else difference
    judgement = lie_within(near, noise, tolerance, 0.0)
    judgement = replace(judgement, ours=nearest, difference=difference)
    if least == most:
        return judgement
    return _say_order(judgement, made, chance.AnyOrder(least, most))


def _say_order(
    judgement: Judgement, made: tuple[Statement, ...], order: chance.AnyOrder
) -> Judgement:
    """A number that one order of equal values gives is reproduced: the scores do not show that order."""
    if judgement.agreement != Agreement.EXACT:
        return judgement.followed_by(order)
    return replace(judgement, agreement=Agreement.REPRODUCED, reasons=(order, *made))


def _span(statistic: Statistic, asked: Asked, ours: float) -> tuple[float, float]:
    """The least and the most that a statistic is over the orders of equal values."""
    values = [ours]
    for other in asked.orders():
        value = statistic.compute(other)
        if statistic.convention:
            value = math.copysign(value, ours)
        if math.isfinite(value):
            values.append(value)
    return min(values), max(values)


def _computed(statistic: Statistic, asked: Asked, claim: StatisticClaim) -> float:
    """Our value of the claim's statistic."""
    try:
        ours = statistic.compute(asked)
    except ValueError as error:
        undefined = unjudged.StatisticUndefined(claim.statistic, str(error))
        raise NotTestableError(undefined) from error
    if not np.isfinite(ours):
        raise NotTestableError(unjudged.StatisticInfinite(claim.statistic))
    return ours


def _made(
    evidence: ClaimEvidence, asked: Asked, papers: bool, statistic: Statistic
) -> tuple[Statement, ...]:
    """What the statistic was computed from."""
    made: Statement
    if papers:
        made = chance.Arithmetic(
            "table" if evidence.are_printed(evidence.datasets) else "scores"
        )
    elif statistic.of_sizes:
        made = chance.CountsAlone(asked.n, asked.k)
    else:
        made = chance.StatisticErrorUnknown(
            "fitted" if evidence.study.fits else "external"
        )
    return (made, chance.SignIgnored()) if statistic.convention else (made,)


def _without_chance(case: AnyCase, asked: Asked) -> bool:
    """Whether equality to the printed decimals means something: the same splits, or nothing that is drawn.

    What rests on the numbers of datasets and families alone knows no chance.
    """
    claim = case.claim
    if STATISTICS[str(claim.statistic)].of_sizes:
        return True
    if claim.splits != "unknown":
        return claim.splits == "same"
    each = [case.on(name) for name in asked.table.datasets]
    return all(
        not one.draws_chance and one.without_seed(*asked.means.families) for one in each
    )


def beyond(claim: Claim, n: int, k: int) -> unjudged.StatisticTooLarge | None:
    """Why the printed number cannot be one of n datasets and k families; None where it can, rounding granted."""
    statistic, printed = STATISTICS[str(claim.statistic)], Printed.of(str(claim.value))
    most = statistic.most(n, k) if statistic.most is not None else math.inf
    if printed.value - printed.half <= most:
        return None
    return unjudged.StatisticTooLarge(
        str(claim.statistic), str(claim.value), most, n, None if statistic.alone else k
    )


def _asked(case: AnyCase) -> Asked:
    """The means of the claim's metric; `NotTestableError` where cells failed, runs are missing, or there are too few of
    anything."""
    claim = case.claim
    statistic = STATISTICS[str(claim.statistic)]
    metric, whose = case.metric, [claim.family, claim.against]
    cells = (
        _estimates(case).select("dataset", "family", "mean", "fallbacks").iter_rows()
    )
    means = printed = mean_table(cells).by_origin(case.evidence.origin)
    for name in whose[: len(statistic.of)]:
        if means.families and name not in means.families:
            raise NotTestableError(
                unjudged.FamilyWithoutMetric(str(name), metric, tuple(means.families))
            )
    if statistic.alone and means.families:
        means = means.of([str(name) for name in whose])
    if len(means.families) < statistic.families or len(means.complete.datasets) < 2:
        raise NotTestableError(
            unjudged.StatisticTooFew(str(claim.statistic), statistic.families)
        )
    for dataset, name in printed.gaps(means.families):
        raise NotTestableError(unjudged.NoScores(metric, name, dataset, claim.side))
    level = claim.level if claim.level is not None else level_of(case.evidence.study)
    return Asked(
        means,
        case.printed_units,
        METRICS[metric].sign,
        round(1 - level, 12),
        claim.family,
        claim.against,
    )


def _estimates(case: AnyCase) -> pl.DataFrame:
    """The estimates of the claim's metric on the study's own datasets; `NotTestableError` where some that count rest on
    failed cells or lack runs.
    """
    claim = case.claim
    metric, whose = case.metric, [claim.family, claim.against]
    used = pl.col("dataset").is_in(case.evidence.datasets)
    alone = STATISTICS[str(claim.statistic)].alone
    if cells := len(
        case.evidence.failed.filter(
            used & pl.col("family").is_in(whose) if alone else used
        )
    ):
        raise NotTestableError(
            unjudged.StatisticFailedCells(str(claim.statistic), cells)
        )
    families = whose if alone else {family for _, family, _ in case.evidence.lacking}
    case.need(
        {
            (dataset, str(one), metric)
            for dataset in case.evidence.datasets
            for one in families
        },
    )
    return case.evidence.estimates.filter(used, metric=metric)


def check(claim: StatisticClaim, study: Study) -> Problems:
    """A statistic that is not known, one of a family or a pair without it, and a number that it cannot be."""
    if claim.statistic not in STATISTICS:
        yield (
            ("statistic",),
            UnknownWord("", claim.statistic, tuple(STATISTICS), "statistics"),
        )
        return
    statistic = STATISTICS[claim.statistic]
    for field in statistic.of:
        if getattr(claim, field) is None:
            yield (field,), Whose(claim.statistic)
    if claim.level is not None and not statistic.level:
        yield ("level",), Idle(claim.statistic)
    if claim.unit is not None:
        fraction = (
            f'"{Decimal(claim.value).scaleb(-2)}"' if claim.unit == "percent" else ""
        )
        yield ("unit",), StatisticHasNoUnit(claim.statistic.endswith("_p"), fraction)
    elif (wrong := _impossible(claim, statistic, study)) is not None:
        yield ("value",), wrong


def _impossible(
    claim: StatisticClaim, statistic: Statistic, study: Study
) -> Statement | None:
    """Why the printed number can be no such statistic."""
    printed, is_p = Printed.of(claim.value), claim.statistic.endswith("_p")
    too_small = not statistic.signed and printed.value + printed.half < statistic.least
    if (is_p and not 0 <= printed.value <= 1) or too_small:
        return Outside(
            claim.value, claim.statistic, statistic.least, 1 if is_p else None
        )
    fitted = (
        all(spec.external is None for spec in study.datasets.values())
        and study.families is not None
    )
    if not fitted or claim.not_attempted is not None:
        return None
    return beyond(claim, len(study.datasets), len(study.families or ()))


STATISTIC = ClaimKind(
    "statistic",
    "a statistic over datasets",
    StatisticClaim,
    '{kind: statistic, statistic: friedman_f, metric: accuracy, value: "3.69"}',
    judge,
    ARITHMETIC,
    check=check,
)
