"""Families over many datasets: the dataset is the unit, one mean score a family and dataset.

A pair is compared on the datasets where both have a mean, and by tests that look at the two alone: what they say does
not change when a third family joins, but for Holm's correction. Ranks and Friedman's test need every family.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from bench.core.frames import SIGNED_RANK
from bench.core.metrics import METRICS
from bench.scores.design import level_of, rope_of
from bench.scores.series import MeanTable
from bench.stats.adjust import holm, shaffer
from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.bootstrap import bootstrap_ranks
from bench.stats.ranks import critical_difference, critical_difference_to_one, friedman, mean_rank_z, nemenyi
from bench.stats.shares import sign_test, win_tie_loss
from bench.stats.signed_ranks import EXACT_LIMIT, decidable, shift, signed_rank, smallest_p
from bench.study import Study

Row = dict[str, Any]
#: Draws of a posterior: its Monte Carlo error is at most half a percent point, and pages print whole ones.
DRAWS = 10_000


def over_datasets(study: Study, means: MeanTable, metric: str) -> list[Row]:
    """All rows of one metric over datasets; none with fewer than two datasets or families."""
    table = means.complete
    if len(means.datasets) < 2 or len(means.families) < 2:
        return []
    rows = _pairs(study, means, metric)
    if len(table.datasets) < 2:
        return rows
    marked = {"metric": metric, "fallbacks": int(table.fallbacks.sum())}
    found = _ranks(study, table, metric) + (_all_families(study, table, metric) if len(table.families) > 2 else [])
    return [row | marked for row in found] + rows


def _ranks(study: Study, table: MeanTable, metric: str) -> list[Row]:
    """Mean ranks with their intervals, who is first how surely, and whether so many datasets can decide at all."""
    one = bootstrap_ranks(
        table.value,
        higher_is_better=METRICS[metric].higher_is_better,
        generator=_generator(study.id, "bootstrap", metric),
        level=level_of(study),
    )
    design = decidable(len(table.datasets), len(table.families), alpha=_alpha(study))
    rows: list[Row] = []
    for i, family in enumerate(table.families):
        rank = {"estimate": one.mean_ranks[i], "low": one.low[i], "high": one.high[i]}
        rows.append({"family": family, "test": "mean_rank"} | rank)
        rows.append({"family": family, "test": "first", "estimate": one.p_first[i]})
    rows += [{"family": table.families[i], "test": "stays_first", "estimate": one.p_stays} for i in one.first]
    least = {"p": design.smallest_p, "p_adjusted": design.smallest_adjusted}
    rows.append({"test": "datasets", "estimate": float(design.n)} | least)
    rows.append({"test": "datasets_needed", "estimate": float(design.needed)})
    return rows


def _all_families(study: Study, table: MeanTable, metric: str) -> list[Row]:
    """Friedman's test, and what rests on mean ranks of all families: for papers that use it, not for claims on pairs.

    What mean ranks say of two families depends on the others (Benavoli, Corani & Mangili 2016).
    """
    n, k = table.value.shape
    answer, alpha = friedman(table.value, higher_is_better=METRICS[metric].higher_is_better), _alpha(study)
    # F is infinite when every dataset ranks the families alike; a frame holds no infinity.
    f = answer.f if np.isfinite(answer.f) else None
    rows: list[Row] = [
        {"test": "friedman_chi2", "estimate": answer.chi2, "p": answer.p_chi2},
        {"test": "friedman_chi2_tie_corrected", "estimate": answer.chi2_tie_corrected},
        {"test": "friedman_f", "estimate": f, "p": answer.p_f},
        {"test": "critical_difference", "estimate": critical_difference(k, n, alpha)},
        {"test": "critical_difference_to_one", "estimate": critical_difference_to_one(k, n, alpha)},
    ]
    ranks = np.array(answer.mean_ranks)
    z, p = mean_rank_z(ranks, n)
    tests = zip(combinations(range(k), 2), z, p, nemenyi(ranks, n), shaffer(p, k), strict=True)
    for (i, j), one, plain, adjusted, stepwise in tests:
        key = {"family": table.families[i], "against": table.families[j], "p": float(plain)}
        rows.append(key | {"test": "nemenyi", "estimate": float(ranks[i] - ranks[j]), "p_adjusted": float(adjusted)})
        rows.append(key | {"test": "shaffer", "estimate": float(one), "p_adjusted": float(stepwise)})
    return rows


def _pairs(study: Study, means: MeanTable, metric: str) -> list[Row]:
    """Every pair on its own datasets; p adjusted by Holm over all pairs."""
    pairs = [means.of(names) for names in combinations(means.families, 2)]
    found = [row for pair in pairs if len(pair.datasets) > 1 for row in _pair(study, pair, metric)]
    for tests in (SIGNED_RANK, ("sign_test",)):
        tested = [row for row in found if row["test"] in tests]
        for row, adjusted in zip(tested, holm(np.array([row["p"] for row in tested])), strict=True):
            row["p_adjusted"] = float(adjusted)
    designs = [row for row in found if row["test"] == "datasets"]
    for row in designs:
        row["p_adjusted"] = min(1.0, len(designs) * row["p"])
    return found


def _pair(study: Study, pair: MeanTable, metric: str) -> list[Row]:
    """Family minus against: signed ranks, their Bayesian counterpart, wins and losses, signs, and how many datasets."""
    family, against = pair.families
    a, b = pair.value.T
    key = {"family": family, "against": against, "metric": metric, "fallbacks": int(pair.fallbacks.sum())}
    ranks, signs, rope = signed_rank(a, b), sign_test(a, b), rope_of(study, metric)
    wins = win_tie_loss(a, b, margin=rope or 0.0, level=level_of(study))
    moved, n = shift(a, b, level=level_of(study)), len(pair.datasets)
    rows: list[Row] = [
        {
            "test": SIGNED_RANK[ranks.n - ranks.zeros > EXACT_LIMIT],
            "estimate": moved.estimate, "low": moved.low, "high": moved.high, "p": ranks.p_value,
        },
        {"test": "sign_test", "estimate": float(signs.wins), "p": signs.p_value},
        {
            "test": "win_tie_loss", "estimate": wins.share, "low": wins.low, "high": wins.high,
            "p_less": wins.losses / n, "p_rope": wins.ties / n, "p_greater": wins.wins / n,
        },
        {"test": "datasets", "estimate": float(n), "p": smallest_p(n)},
    ]  # fmt: skip
    if rope is not None:
        generator = _generator(study.id, "bayes_signed_rank", metric, family, against)
        chances = bayes_signed_rank(a, b, rope=rope, generator=generator, draws=DRAWS)
        p = {"p_less": chances.p_less, "p_rope": chances.p_rope, "p_greater": chances.p_greater}
        rows.append({"test": "bayes_signed_rank"} | p)
    return [key | row for row in rows]


def _alpha(study: Study) -> float:
    return round(1 - level_of(study), 12)


def _generator(*names: str) -> np.random.Generator:
    """Draws that depend on names alone, never on order: another family changes none of a pair's."""
    return np.random.default_rng(list("\x1f".join(names).encode()))
