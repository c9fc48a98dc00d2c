"""A printed statistic over many datasets.

`family` and `against` say whose it is where it is of one family or of a pair; `level` says at which level a critical
value was printed. Of a paper's own table of scores it is arithmetic, and must agree to the printed decimals or the
claim's tolerance. Of scores fitted here it has no error theory: it can be reproduced, but not refuted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl

from bench.claims._rules import Noise, Printed, settle
from bench.claims.claim import Answer, ClaimKind, Evidence, NotTestableError
from bench.errors import nearest
from bench.metrics import METRICS
from bench.series import MeanTable, mean_table
from bench.stats.adjust import bergmann_hommel, holm, shaffer
from bench.stats.ranks import (
    DECIMALS,
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
from bench.stats.signed_ranks import SignedRank, normal_z, signed_rank
from bench.study import Claim, Study
from bench.yardstick import level_of


@dataclass(frozen=True, eq=False)
class Asked:
    """What a statistic is computed from: the means of families over datasets, and whom the claim asks about.

    turn: 1 where higher is better, else -1; alpha: 1 - level.
    """

    means: MeanTable
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
        better = self.means.families.index(str(self.family)) > self.means.families.index(str(self.against))
        return self.among(mean_rank_z(np.array(self.friedman.mean_ranks), self.n)[0]) * (1 if better else -1)

    @property
    def p(self) -> np.ndarray:
        """The normal p-value of z of every pair, not adjusted."""
        return mean_rank_z(np.array(self.friedman.mean_ranks), self.n)[1]

    def among(self, pairs: np.ndarray) -> float:
        """The claim's own pair among values in the order of itertools.combinations."""
        wanted = {self.family, self.against}
        places = list(combinations(self.means.families, 2))
        return float(pairs[next(i for i, pair in enumerate(places) if set(pair) == wanted)])

    def to_one(self, adjust: Callable[[np.ndarray], np.ndarray]) -> float:
        """The claim's p among the k - 1 that compare every family with `against`."""
        others = [family for family in self.means.families if family != self.against]
        p = dict(zip(combinations(self.means.families, 2), self.p, strict=True))
        against = [p.get((family, str(self.against)), p.get((str(self.against), family))) for family in others]
        return float(adjust(np.array(against))[others.index(str(self.family))])

    def pair(self, family: str | None, against: str | None) -> tuple[np.ndarray, np.ndarray]:
        """Two families on the datasets where both have a mean, turned so that higher is better."""
        a, b = (self.means.of([str(family), str(against)]).value * self.turn).T
        return a, b

    @property
    def signed(self) -> SignedRank:
        return signed_rank(*self.pair(self.family, self.against))

    @property
    def signs(self) -> SignTest:
        return sign_test(*self.pair(self.family, self.against))

    @property
    def signed_holm(self) -> float:
        p = [signed_rank(*self.pair(*pair)).p_value for pair in combinations(self.means.families, 2)]
        return self.among(holm(np.array(p)))


@dataclass(frozen=True)
class Statistic:
    """A statistic that a paper may print: what it is, whose it is (`of`: fields of the claim), and how it is computed.

    families: the fewest that it needs; `level`: it depends on one; `alone`: the other families have no say in it;
    `ordered`: equal scores in a printed table may hide what it stands on.
    """

    title: str
    compute: Callable[[Asked], float]
    of: tuple[str, ...] = ()
    families: int = 2
    level: bool = False
    alone: bool = False
    ordered: bool = True


_ONE, _PAIR = ("family",), ("family", "against")


def _alone(title: str, compute: Callable[[Asked], float]) -> Statistic:
    return Statistic(title, compute, of=_PAIR, alone=True)


#: The statistics that can be claimed. Those of a pair are positive, or count, for the family; p are two-sided.
STATISTICS: dict[str, Statistic] = {
    "friedman_chi2": Statistic("Friedman's chi-square, no tie correction", lambda a: a.friedman.chi2, families=3),
    "friedman_chi2_tie_corrected": Statistic(
        "Friedman's chi-square, corrected for ties", lambda a: a.friedman.chi2_tie_corrected, families=3
    ),
    "friedman_chi2_p": Statistic("p of Friedman's chi-square", lambda a: a.friedman.p_chi2, families=3),
    "friedman_f": Statistic("Iman and Davenport's F", lambda a: a.friedman.f, families=3),
    "friedman_f_p": Statistic("p of Iman and Davenport's F", lambda a: a.friedman.p_f, families=3),
    "friedman_f_critical": Statistic(
        "what F must exceed", lambda a: f_critical(a.k, a.n, a.alpha), level=True, ordered=False
    ),
    "mean_rank": Statistic("mean rank, 1 is best", lambda a: a.rank, of=_ONE),
    "rank_se": Statistic(
        "standard error of a difference of mean ranks", lambda a: rank_se(a.k, a.n), ordered=False
    ),
    "critical_difference": Statistic(
        "Nemenyi's critical difference", lambda a: critical_difference(a.k, a.n, a.alpha), level=True, ordered=False
    ),
    "critical_difference_to_one": Statistic(
        "Bonferroni and Dunn's critical difference to one family",
        lambda a: critical_difference_to_one(a.k, a.n, a.alpha), level=True, ordered=False,
    ),
    "nemenyi_q": Statistic(
        "Nemenyi's q: the critical difference in standard errors",
        lambda a: critical_difference(a.k, a.n, a.alpha) / rank_se(a.k, a.n), level=True, ordered=False,
    ),
    "bonferroni_dunn_q": Statistic(
        "Bonferroni and Dunn's q",
        lambda a: critical_difference_to_one(a.k, a.n, a.alpha) / rank_se(a.k, a.n), level=True, ordered=False,
    ),
    "mean_rank_z": Statistic("z of two mean ranks", lambda a: a.z, of=_PAIR),
    "mean_rank_p": Statistic("p of that z, not adjusted", lambda a: a.among(a.p), of=_PAIR),
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
    "holm_to_one_p": Statistic("p of z after Holm, all families against one", lambda a: a.to_one(holm), of=_PAIR),
    "bonferroni_dunn_p": Statistic(
        "p of z after Bonferroni, all families against one",
        lambda a: a.to_one(lambda p: np.minimum(1.0, len(p) * p)), of=_PAIR,
    ),
    "signed_rank_t": _alone("Wilcoxon's T, the smaller rank sum", lambda a: a.signed.statistic),
    "signed_rank_plus": _alone("rank sum of what the family wins", lambda a: a.signed.r_plus),
    "signed_rank_minus": _alone("rank sum of what the family loses", lambda a: a.signed.r_minus),
    "signed_rank_p": _alone("p of signed ranks, all sign patterns", lambda a: a.signed.p_value),
    "signed_rank_z": _alone(
        "z of T as textbooks have it", lambda a: normal_z(a.signed.statistic, a.signed.n)[0]
    ),
    "signed_rank_normal_p": _alone(
        "p of that z", lambda a: normal_z(a.signed.statistic, a.signed.n)[1]
    ),
    "signed_rank_holm_p": Statistic("p of signed ranks after Holm, all pairs", lambda a: a.signed_holm, of=_PAIR),
    "sign_test_p": _alone("p of the sign test, ties split", lambda a: a.signs.p_value),
    "wins": _alone("datasets on which the family is better", lambda a: float(a.signs.wins)),
    "ties": _alone("datasets on which both are equal", lambda a: float(a.signs.ties)),
    "losses": _alone("datasets on which the family is worse", lambda a: float(a.signs.losses)),
}  # fmt: skip


def judge(claim: Claim, evidence: Evidence) -> Answer:
    """The statistic of the comparisons' means over all datasets, beside the printed one.

    It stands on every family and dataset (of a pair: on both families): one failed cell, and it is another statistic,
    whatever stands in.
    """
    assert claim.value is not None and claim.statistic is not None
    statistic, asked = STATISTICS[claim.statistic], _asked(claim, evidence)
    try:
        ours = statistic.compute(asked)
    except ValueError as error:
        raise NotTestableError("missing", f"{claim.statistic} was not computed: {error}") from error
    if not np.isfinite(ours):
        raise NotTestableError("missing", f"{claim.statistic} is infinite: every dataset ranks the families alike")
    printed, given = Printed.of(claim.value), not evidence.study.fits
    said = "arithmetic on the paper's own table" if given else "of scores fitted here, whose error is not known"
    noise = Noise(0.0, float("inf"), said, chance_free=True, mute=not given)
    tolerance, difference = claim.tolerance or printed.half, ours - printed.value
    answer = settle(difference, noise, tolerance, printed.half)
    hidden = _hidden(asked) if given and statistic.ordered else 0
    if hidden and answer["verdict"] not in ("exact", "reproduced"):
        rows = f"{hidden} dataset{'s have' if hidden > 1 else ' has'}"
        said = f"{said}, in which {rows} equal values that need not be equal before rounding"
        answer = settle(difference, replace(noise, sentence=said, mute=True), tolerance, printed.half)
    return {"ours": ours} | answer


def _asked(claim: Claim, evidence: Evidence) -> Asked:
    """The means of the claim's metric; `NotTestableError` where cells failed or there are too few of anything."""
    statistic = STATISTICS[str(claim.statistic)]
    failed, metric, whose = evidence.failed(), evidence.metric(claim), [claim.family, claim.against]
    if statistic.alone:
        failed = failed.filter(pl.col("family").is_in(whose))
    if len(failed):
        raise NotTestableError("failed", f"{len(failed)} cells failed, and {claim.statistic} needs all of them")
    means = mean_table(evidence.comparisons.iter_rows(named=True), metric)
    for name in whose[: len(statistic.of)]:
        if means.families and name not in means.families:
            raise NotTestableError("missing", f"{name} has no {metric} here; {nearest(str(name), means.families)}")
    if statistic.alone and means.families:
        means = means.of([str(name) for name in whose])
    if len(means.families) < statistic.families or len(means.complete.datasets) < 2:
        needs = f"at least two datasets on which every family has a score, and {statistic.families} families"
        raise NotTestableError("missing", f"{claim.statistic} was not computed; it needs {needs}")
    level = claim.level if claim.level is not None else level_of(evidence.study)
    turn = 1 if METRICS[metric].higher_is_better else -1
    return Asked(means, turn, round(1 - level, 12), claim.family, claim.against)


def _hidden(asked: Asked) -> int:
    """On how many datasets two families have one printed value."""
    rows = np.round(asked.table.value, DECIMALS)
    return sum(len(np.unique(row)) < len(row) for row in rows)


def check(claim: Claim, study: Study) -> Iterator[str]:
    """The statistic is known, and says whose it is where it is of a family or a pair."""
    if claim.statistic is None:
        return
    if claim.statistic not in STATISTICS:
        yield f"statistic: unknown {claim.statistic}; {nearest(claim.statistic, STATISTICS)}"
        return
    statistic = STATISTICS[claim.statistic]
    for field in statistic.of:
        if getattr(claim, field) is None:
            yield f"{field}: missing; whose {claim.statistic} is claimed?"
    if claim.level is not None and not statistic.level:
        yield f"level: has no meaning for {claim.statistic}"


STATISTIC = ClaimKind(
    "statistic",
    "a statistic over datasets",
    ("statistic", "value"),
    judge,
    takes=("dataset", "family", "against", "level", "n"),
    value="own",
    example='{kind: statistic, statistic: friedman_chi2, metric: accuracy, value: "9.28"}',
    check=check,
)
