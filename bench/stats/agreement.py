"""Two columns of numbers, published and ours: do they order alike?

Source: Kendall (1945).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Literal

import numpy as np

from bench.stats import special
from bench.stats.intervals import finite
from bench.stats.noise import without_noise

#: Without ties Kendall's p is exact up to so many pairs of numbers, with ties up to so many.
EXACT_UNTIED, EXACT_TIED = 100, 8


@dataclass(frozen=True)
class KendallTest:
    """Kendall's tau-b of n pairs; of unrelated orders p_greater is P(tau >= this one), p_value P(|tau| >= its size).

    method: `exact` counts all orders, `normal` is the normal approximation with the variance corrected for ties.
    """

    tau: float
    p_value: float
    p_greater: float
    n: int
    method: Literal["exact", "normal"]


def kendall_tau_b(x: np.ndarray, y: np.ndarray) -> float:
    """Kendall's tau-b of n pairs: (concordant - discordant) / sqrt(pairs untied in x * pairs untied in y).

    x, y: (n,), n >= 2, their float noise rounded off. Raises ValueError for unequal lengths, a NaN, and where all
    values of a side are equal: then there is no order to agree with.

    >>> round(kendall_tau_b(np.array([1, 2, 3, 3]), np.array([1, 3, 2, 4])), 6)   # (4 - 1) / sqrt(5 * 6)
    0.547723
    """
    x, y = _pairs(x, y)
    i, j = np.triu_indices(len(x), 1)
    dx, dy = np.sign(x[i] - x[j]), np.sign(y[i] - y[j])
    untied = float((dx != 0).sum()) * float((dy != 0).sum())
    if untied == 0:
        raise ValueError("x or y: all values are equal; no order exists to agree with")
    return float((dx * dy).sum() / np.sqrt(untied))


def kendall_test(x: np.ndarray, y: np.ndarray) -> KendallTest:
    """Do two columns order n things alike? Kendall's test of S = concordant - discordant pairs.

    x, y: (n,), n >= 2, as for `kendall_tau_b`. Under the null every order of y is equally likely beside x. Without ties
    and up to n = 100 the orders are counted by their inversions; with ties and up to n = 8 S of every permutation is
    taken; else z = S / sd(S), the variance being that of Kendall (1970), Rank Correlation Methods, chapter 4.
    Raises ValueError as `kendall_tau_b`. Two things have but two orders: p_greater is 1/2 at best.

    >>> one = kendall_test(np.array([1, 2, 3, 4]), np.array([10, 20, 30, 40]))
    >>> one.tau, round(one.p_greater, 6), round(one.p_value, 6)   # one of 4! orders, and its reverse
    (1.0, 0.041667, 0.083333)
    """
    tau = kendall_tau_b(x, y)
    x, y = _pairs(x, y)
    n = len(x)
    i, j = np.triu_indices(n, 1)
    of_x, of_y = np.sign(x[:, None] - x), np.sign(y[:, None] - y)
    s = int((of_x * of_y)[i, j].sum())
    tied = bool((of_x[i, j] == 0).any() or (of_y[i, j] == 0).any())
    if n > (EXACT_TIED if tied else EXACT_UNTIED):
        z = s / float(np.sqrt(_variance(x, y)))
        return KendallTest(
            tau,
            min(1.0, 2 * float(special.ndtr(-abs(z)))),
            float(special.ndtr(-z)),
            n,
            "normal",
        )
    if tied:
        orders = _permutations(n)
        values = (of_x[i, j] * of_y[orders[:, i], orders[:, j]]).sum(axis=1)
        chances = np.full(len(values), 1 / len(values))
    else:
        chances = _inversions(n)
        values = len(i) - 2 * np.arange(len(chances))
    both, greater = chances[np.abs(values) >= abs(s)].sum(), chances[values >= s].sum()
    return KendallTest(tau, min(1.0, float(both)), min(1.0, float(greater)), n, "exact")


def _inversions(n: int) -> np.ndarray:
    """(n (n - 1) / 2 + 1,) the chance of so many inversions in a random order of n things."""
    chances = np.ones(1)
    for m in range(2, n + 1):
        chances = np.convolve(chances, np.full(m, 1 / m))
    return chances


@lru_cache(maxsize=EXACT_TIED)
def _permutations(n: int) -> np.ndarray:
    return np.array(list(permutations(range(n))))


def _variance(x: np.ndarray, y: np.ndarray) -> float:
    """The variance of S over all orders, with ties."""
    n = len(x)
    t, u = (np.unique(one, return_counts=True)[1].astype(float) for one in (x, y))
    plain = (
        n * (n - 1) * (2 * n + 5)
        - sum(float((c * (c - 1) * (2 * c + 5)).sum()) for c in (t, u))
    ) / 18
    pairs = float((t * (t - 1)).sum() * (u * (u - 1)).sum()) / (2 * n * (n - 1))
    triples = float((t * (t - 1) * (t - 2)).sum() * (u * (u - 1) * (u - 2)).sum()) / (
        9 * n * (n - 1) * (n - 2)
    )
    return plain + pairs + triples


def _pairs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = finite(x, "x"), finite(y, "y")
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} values and y {len(y)}; pairs were expected")
    return without_noise(x), without_noise(y)
