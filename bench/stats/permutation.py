"""Permutation tests: exact at every size, whatever the distribution, where the null says that an order is arbitrary.

Source: Fisher (1935); Phipson & Smyth (2010) for the p-value; Ojala & Garriga (2010); Westfall & Young (1993) for the
largest of many statistics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Permuted:
    """A statistic, its mean over permutations, and the share of orders (the seen one counts) that are as extreme."""

    statistic: float
    usual: float
    p_value: float


def permutation_p(at_least_as_good: int, permutations: int) -> float:
    """(b + 1) / (m + 1): b of m permuted datasets scored at least as well as the real one; the real one counts.

    Never 0. Raises ValueError unless 0 <= b <= m and m >= 1.

    >>> permutation_p(0, 99), permutation_p(4, 99)
    (0.01, 0.05)
    """
    if permutations < 1 or not 0 <= at_least_as_good <= permutations:
        raise ValueError(
            f"{at_least_as_good} of {permutations} permutations: expected 0 <= b <= m and m >= 1"
        )
    return (at_least_as_good + 1) / (permutations + 1)


def permutation_test(
    statistic: Callable[[np.ndarray], float],
    strata: np.ndarray,
    *,
    permutations: int = 999,
    seed: int,
) -> Permuted:
    """How unusually large `statistic(order)` is for the order as it stands, among orders shuffled within strata.

    statistic: of an (n,) array of positions, 0 .. n - 1 for the order as it stands. strata: (n,) labels; a position
    stays in its stratum. Values equal but for float noise count as equal, against the finding.
    """
    rng, n = np.random.default_rng(seed), len(strata)
    label = np.unique(strata, return_inverse=True)[1]
    seen = float(statistic(np.arange(n)))
    values = np.array(
        [statistic(shuffled_within(label, rng)) for _ in range(permutations)],
        dtype=float,
    )
    noise = 1e-9 * max(1.0, abs(seen))
    return Permuted(
        seen,
        float(values.mean()),
        permutation_p(int((values >= seen - noise).sum()), permutations),
    )


def shuffled_within(label: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) positions, shuffled among those of equal label; label (n,) whole numbers."""
    order = np.empty(len(label), dtype=np.int64)
    order[np.argsort(label, kind="stable")] = np.argsort(label + rng.random(len(label)))
    return order
