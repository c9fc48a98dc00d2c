"""Whether two sets of rows can be told apart by any of their columns: the largest of many statistics, permuted.

Source: Westfall & Young (1993) for the largest statistic; Wilcoxon (1945) and Mood's (1954) scores of place and spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.permutation import permutation_p
from bench.stats.ranks import midranks


@dataclass(frozen=True)
class TwoSampleTest:
    """The largest standardised difference, the p-value over all columns, and each column's own share of chance (p,)."""

    largest: float
    p_value: float
    p_of_column: np.ndarray


def place_and_spread(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores of (n, p) numbers: ranks, distances of ranks from the middle, and whether a value is missing; and the
    column that each score is of. Missing values take the middle rank. Scores that do not vary are left out."""
    ranks = (
        np.array([midranks(column) for column in np.where(np.isnan(X), np.inf, X).T])
        .reshape(X.T.shape)
        .T
    )
    missing = np.isnan(X)
    there = (~missing).sum(axis=0)
    middle = (there + 1) / 2
    place = np.where(missing, 0.0, ranks - middle)
    spread = np.where(
        missing, 0.0, np.abs(place) - np.abs(place).sum(axis=0) / np.maximum(there, 1)
    )
    scores, column = (
        np.hstack([place, spread, missing]),
        np.tile(np.arange(X.shape[1]), 3),
    )
    vary = np.ptp(scores, axis=0) > 0
    return scores[:, vary], column[vary]


def apart(
    scores: np.ndarray,
    second: np.ndarray,
    units: np.ndarray,
    *,
    permutations: int = 999,
    seed: int,
) -> TwoSampleTest | None:
    """Largest |difference of means| / standard error under permutation, over the columns of (n, q) scores.

    second: (n,) booleans, which of the two sets a row is of. units: (n,) labels; rows of one unit (a group) lie in one
    set and are permuted together: whole units change sides. None when one set has no unit, or nothing varies.
    """
    _, unit = np.unique(units, return_inverse=True)
    sizes = np.bincount(unit).astype(float)
    sides = np.bincount(unit, weights=second) / sizes
    deviation = scores.std(axis=0)
    vary = deviation > 0
    if not vary.any() or len(sizes) < 4 or sides.min() == sides.max():
        return None
    centred = (scores - scores.mean(axis=0)) / np.where(vary, deviation, 1.0)
    sums = np.zeros((len(sizes), scores.shape[1]))
    np.add.at(sums, unit, centred)
    rng = np.random.default_rng(seed)
    orders = np.stack([sides, *(rng.permutation(sides) for _ in range(permutations))])
    here = orders @ sizes
    # A set's mean of each score less the other's; whole units change the sizes of the sets too.
    total = sums.sum(axis=0)
    inside = orders @ sums
    means = inside / here[:, None] - (total - inside) / (sizes.sum() - here)[:, None]
    error = np.sqrt((means**2).mean(axis=0))
    statistics = np.abs(means) / np.where(error > 0, error, 1.0)
    largest = statistics.max(axis=1)
    noise = 1e-9
    own = (statistics[1:] >= statistics[0] - noise).sum(axis=0)
    p = permutation_p(int((largest[1:] >= largest[0] - noise).sum()), permutations)
    return TwoSampleTest(float(largest[0]), p, (own + 1) / (permutations + 1))
