"""How far the ranking would hold with other datasets: the bootstrap over datasets.

Source: Efron & Tibshirani (1993); Agarwal et al. (2021), NeurIPS, for the use on benchmarks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import checked_level
from bench.stats.noise import DECIMALS
from bench.stats.ranks import rank_rows, several


@dataclass(frozen=True)
class BootstrapRanks:
    """Mean ranks (k,) with percentile intervals; 1 is best.

    p_first (k,): share of resamples in which a family has the best mean rank, ties shared, so that they sum to 1.
    first: the family that ranks first in the table itself (several when they tie); p_stays: how often it, or one of
    them, still does.
    """

    mean_ranks: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    p_first: tuple[float, ...]
    first: tuple[int, ...]
    p_stays: float


def bootstrap_ranks(
    scores: np.ndarray,
    *,
    higher_is_better: bool,
    generator: np.random.Generator,
    draws: int = 10_000,
    level: float = 0.95,
) -> BootstrapRanks:
    """Mean ranks of k families over N datasets drawn with replacement.

    scores: (N, k), N >= 2, k >= 2, one mean score a cell. A resample is how often each dataset was drawn, a multinomial
    count, so its mean ranks are counts @ ranks / N. Descriptive where N is small: a handful of datasets resamples
    itself. Raises ValueError as `friedman` does, and for draws < 1 or a level outside (0, 1).
    """
    checked_level(level)
    if draws < 1:
        raise ValueError(f"draws = {draws}; at least one resample is needed")
    ranks = rank_rows(several(scores), higher_is_better=higher_is_better)
    n = len(ranks)
    means = np.round(
        generator.multinomial(n, np.full(n, 1 / n), size=draws) @ ranks / n, DECIMALS
    )
    best = means == means.min(axis=1, keepdims=True)
    own = np.round(ranks.mean(axis=0), DECIMALS)
    first = np.flatnonzero(own == own.min())
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return BootstrapRanks(
        tuple(ranks.mean(axis=0).tolist()),
        tuple(low.tolist()),
        tuple(high.tolist()),
        tuple((best / best.sum(axis=1, keepdims=True)).mean(axis=0).tolist()),
        tuple(first.tolist()),
        float(best[:, first].any(axis=1).mean()),
    )
