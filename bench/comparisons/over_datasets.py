"""Families over many datasets: the dataset is the unit, one mean score a family and dataset.

A pair is compared on the datasets where both have a mean, and by tests that look at the two alone: what they say does
not change when a third family joins, but for Holm's correction. Ranks and Friedman's test need every family.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from bench.contrasts import compare_over
from bench.core.comparisons import OmnibusRow, OverDatasetsRow, RankRow
from bench.core.metrics import METRICS
from bench.scores.design import alpha_of, level_of, rope_of
from bench.scores.series import MeanTable
from bench.stats.adjust import holm, shaffer
from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.bootstrap import bootstrap_ranks
from bench.stats.ranks import (
    critical_difference,
    critical_difference_to_one,
    friedman,
    mean_rank_z,
    nemenyi,
)
from bench.stats.shares import sign_test, win_tie_loss
from bench.stats.signed_ranks import decidable, signed_rank, smallest_p
from bench.study import Study

#: Draws of a posterior: its Monte Carlo error is at most half a percentage point, and pages print whole ones.
DRAWS = 10_000


@dataclass(frozen=True)
class DatasetsCompared:
    """What one metric says over datasets; `omnibus` is None where fewer than two datasets rank the families."""

    pairs: tuple[OverDatasetsRow, ...] = ()
    ranks: tuple[RankRow, ...] = ()
    omnibus: OmnibusRow | None = None


def over_datasets(study: Study, means: MeanTable, metric: str) -> DatasetsCompared:
    """Every pair, mean ranks and the tests of all families; empty with fewer than two datasets or families."""
    table = means.complete
    if len(means.datasets) < 2 or len(means.families) < 2:
        return DatasetsCompared()
    pairs = _pairs(study, means, metric)
    if len(table.datasets) < 2:
        return DatasetsCompared(tuple(pairs))
    many = len(table.families) > 2
    pairs = _with_rank_tests(pairs, table, metric) if many else pairs
    omnibus = _omnibus(study, table, metric)
    omnibus = _friedman(study, table, omnibus) if many else omnibus
    return DatasetsCompared(tuple(pairs), tuple(_ranks(study, table, metric)), omnibus)


def _ranks(study: Study, table: MeanTable, metric: str) -> list[RankRow]:
    """Mean ranks with their intervals, and who is first how surely."""
    drawn = bootstrap_ranks(
        table.value,
        higher_is_better=METRICS[metric].higher_is_better,
        generator=_generator(study.id, "bootstrap", metric),
        level=level_of(study),
    )
    fallbacks = int(table.fallbacks.sum())
    return [
        RankRow(
            family=family, metric=metric, mean_rank=drawn.mean_ranks[i], low=drawn.low[i], high=drawn.high[i],
            first=drawn.p_first[i], stays_first=drawn.p_stays if i in drawn.first else None, fallbacks=fallbacks,
        )
        for i, family in enumerate(table.families)
    ]  # fmt: skip


def _omnibus(study: Study, table: MeanTable, metric: str) -> OmnibusRow:
    """How many datasets rank the families, and whether so many can decide at all."""
    design = decidable(len(table.datasets), len(table.families), alpha=alpha_of(study))
    return OmnibusRow(
        metric=metric, datasets=design.n, datasets_needed=design.needed, least_p=design.smallest_p,
        least_p_adjusted=design.smallest_adjusted, fallbacks=int(table.fallbacks.sum()),
    )  # fmt: skip


def _friedman(study: Study, table: MeanTable, row: OmnibusRow) -> OmnibusRow:
    """The row with Friedman's test and the critical differences of mean ranks."""
    n, k = table.value.shape
    test = friedman(table.value, higher_is_better=METRICS[row.metric].higher_is_better)
    # F is infinite when every dataset ranks the families alike; a frame holds no infinity.
    return replace(
        row, friedman_chi2=test.chi2, friedman_chi2_p=test.p_chi2,
        friedman_chi2_tie_corrected=test.chi2_tie_corrected,
        friedman_f=test.f if np.isfinite(test.f) else None, friedman_f_p=test.p_f,
        friedman_p=test.p_value, friedman_null=test.null,
        critical_difference=critical_difference(k, n, alpha_of(study)),
        critical_difference_to_one=critical_difference_to_one(k, n, alpha_of(study)),
    )  # fmt: skip


def _with_rank_tests(
    pairs: list[OverDatasetsRow], table: MeanTable, metric: str
) -> list[OverDatasetsRow]:
    """The rows with what rests on mean ranks of all families: for papers that use it, not for claims on pairs.

    What mean ranks say of two families depends on the others (Benavoli, Corani & Mangili 2016).
    """
    n, k = table.value.shape
    ranks = np.array(
        friedman(
            table.value, higher_is_better=METRICS[metric].higher_is_better
        ).mean_ranks
    )
    z, p = mean_rank_z(ranks, n)
    rows, places = (
        {(row.family, row.against): row for row in pairs},
        combinations(range(k), 2),
    )
    for (i, j), *numbers in zip(
        places, z, p, nemenyi(ranks, n), shaffer(p, k), strict=True
    ):
        names, (own_z, own_p, of_nemenyi, of_shaffer) = (
            (table.families[i], table.families[j]),
            map(float, numbers),
        )
        if names in rows:
            rows[names] = replace(
                rows[names], rank_difference=float(ranks[i] - ranks[j]), rank_z=own_z, rank_p=own_p,
                nemenyi_p=of_nemenyi, shaffer_p=of_shaffer,
            )  # fmt: skip
    return list(rows.values())


def _pairs(study: Study, means: MeanTable, metric: str) -> list[OverDatasetsRow]:
    """Every pair on its own datasets; p adjusted by Holm over all pairs."""
    pairs = [means.of(names) for names in combinations(means.families, 2)]
    rows = [_pair(study, pair, metric) for pair in pairs if len(pair.datasets) > 1]
    ranked, signed, least = (
        holm(np.array([getattr(row, p) for row in rows]))
        for p in ("p", "sign_p", "least_p")
    )
    return [
        replace(
            row,
            p_adjusted=float(p),
            sign_p_adjusted=float(sign_p),
            least_p_adjusted=float(least_p),
        )
        for row, p, sign_p, least_p in zip(rows, ranked, signed, least, strict=True)
    ]


def _pair(study: Study, pair: MeanTable, metric: str) -> OverDatasetsRow:
    """Family minus against: signed ranks, their Bayesian counterpart, wins and losses, signs, and how many datasets."""
    family, against = pair.families
    a, b = pair.value.T
    n, rope, level = len(pair.datasets), rope_of(study, metric), level_of(study)
    contrast, ranks, signs = compare_over(a, b), signed_rank(a, b), sign_test(a, b)
    low, high = contrast.interval(level) or (None, None)
    wins = win_tie_loss(a, b, margin=rope or 0.0, level=level)
    row = OverDatasetsRow(
        family=family,
        against=against,
        metric=metric,
        datasets=n,
        difference=contrast.gain,
        low=low,
        high=high,
        exact=ranks.exact,
        p=ranks.p_value,
        least_p=smallest_p(n),
        below=wins.losses,
        within=wins.ties,
        above=wins.wins,
        share_above=wins.share,
        share_low=wins.low,
        share_high=wins.high,
        sign_above=signs.wins,
        sign_p=signs.p_value,
        fallbacks=int(pair.fallbacks.sum()),
    )
    if rope is None:
        return row
    generator = _generator(study.id, "bayes_signed_rank", metric, family, against)
    chances = bayes_signed_rank(a, b, rope=rope, generator=generator, draws=DRAWS)
    return replace(
        row, p_less=chances.p_less, p_rope=chances.p_rope, p_greater=chances.p_greater
    )


def _generator(*names: str) -> np.random.Generator:
    """Draws that depend on names alone, never on order: another family changes none of a pair's."""
    return np.random.default_rng(list("\x1f".join(names).encode()))
