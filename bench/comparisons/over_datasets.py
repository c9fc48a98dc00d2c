"""Families over many datasets: the dataset is the unit, one mean score a family and dataset.

A pair is compared on the datasets where both have a mean, and by tests that look at the two alone:
what they say does not change when a third family joins, but for Holm's correction. Ranks and
Friedman's test need every family.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from bench.contrasts import compare_over
from bench.core.comparisons import OmnibusRow, OverDatasetsRow, RankRow
from bench.core.metrics import METRICS
from bench.scores.design import level_of, rope_of
from bench.scores.series import MeanTable
from bench.stats.adjust import holm
from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.bootstrap import bootstrap_ranks
from bench.stats.ranks import friedman
from bench.stats.shares import sign_test
from bench.stats.signed_ranks import signed_rank, smallest_p
from bench.study import Study

#: Draws of a posterior: its Monte Carlo error is at most half a percentage point, and pages print
#: whole ones.
DRAWS = 10_000


@dataclass(frozen=True)
class DatasetsCompared:
    """What one metric says over datasets; omnibus is None where fewer than two rank the families."""

    pairs: tuple[OverDatasetsRow, ...] = ()
    ranks: tuple[RankRow, ...] = ()
    omnibus: OmnibusRow | None = None


def over_datasets(study: Study, means: MeanTable, metric: str) -> DatasetsCompared:
    """Every pair, mean ranks and Friedman's test; empty with fewer than two datasets or families."""
    if len(means.datasets) < 2 or len(means.families) < 2:
        return DatasetsCompared()
    pairs = tuple(_compare_pairs(study, means, metric))
    table = means.complete
    if len(table.datasets) < 2:
        return DatasetsCompared(pairs)
    ranks = tuple(_rank(study, table, metric))
    return DatasetsCompared(pairs, ranks, _test_ranks(table, metric))


def _rank(study: Study, table: MeanTable, metric: str) -> list[RankRow]:
    """Mean ranks with their intervals, and who is first how surely."""
    drawn = bootstrap_ranks(
        table.value,
        higher_is_better=METRICS[metric].higher_is_better,
        generator=_generator(study.id, "bootstrap", metric),
        level=level_of(study),
    )
    return [
        RankRow(
            family=family,
            metric=metric,
            mean_rank=drawn.mean_ranks[i],
            low=drawn.low[i],
            high=drawn.high[i],
            first=drawn.p_first[i],
            stays_first=drawn.p_stays if i in drawn.first else None,
            fallbacks=int(table.fallbacks.sum()),
        )
        for i, family in enumerate(table.families)
    ]


def _test_ranks(table: MeanTable, metric: str) -> OmnibusRow:
    """How many datasets rank the families, and Friedman's test of three families or more."""
    row = OmnibusRow(
        metric=metric,
        datasets=len(table.datasets),
        fallbacks=int(table.fallbacks.sum()),
    )
    if len(table.families) < 3:
        return row
    test = friedman(table.value, higher_is_better=METRICS[metric].higher_is_better)
    return replace(row, friedman_p=test.p_value, friedman_null=test.null)


def _compare_pairs(
    study: Study, means: MeanTable, metric: str
) -> list[OverDatasetsRow]:
    """Every pair on its own datasets; p adjusted by Holm over all pairs."""
    pairs = [means.of(names) for names in combinations(means.families, 2)]
    rows = [_compare(study, pair, metric) for pair in pairs if len(pair.datasets) > 1]
    adjusted = holm(np.array([row.p for row in rows]))
    least = holm(np.array([smallest_p(row.datasets) for row in rows]))
    return [
        replace(row, p_adjusted=float(p), least_p_adjusted=float(least_p))
        for row, p, least_p in zip(rows, adjusted, least, strict=True)
    ]


def _compare(study: Study, pair: MeanTable, metric: str) -> OverDatasetsRow:
    """Family minus against: signed ranks, their Bayesian counterpart, wins and losses."""
    family, against = pair.families
    first, second = pair.value.T
    rope = rope_of(study, metric)
    contrast, ranks = compare_over(first, second), signed_rank(first, second)
    low, high = contrast.interval(level_of(study)) or (None, None)
    signs = sign_test(first, second, margin=rope or 0.0)
    row = OverDatasetsRow(
        family=family,
        against=against,
        metric=metric,
        datasets=len(pair.datasets),
        difference=contrast.gain,
        low=low,
        high=high,
        exact=ranks.exact,
        p=ranks.p_value,
        below=signs.losses,
        within=signs.ties,
        above=signs.wins,
        fallbacks=int(pair.fallbacks.sum()),
    )
    if rope is None:
        return row
    chances = bayes_signed_rank(
        first,
        second,
        rope=rope,
        generator=_generator(study.id, "bayes_signed_rank", metric, family, against),
        draws=DRAWS,
    )
    return replace(
        row, p_less=chances.p_less, p_rope=chances.p_rope, p_greater=chances.p_greater
    )


def _generator(*names: str) -> np.random.Generator:
    """Draws that depend on names alone, never on order: another family changes none of a pair's."""
    return np.random.default_rng(list("\x1f".join(names).encode()))
