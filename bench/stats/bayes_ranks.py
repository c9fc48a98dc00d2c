"""Two families over many datasets, without a p-value: the Bayesian signed-rank test.

Source: Benavoli, Mangili, Corani, Zaffalon & Ruggeri (2014), ICML; Benavoli, Corani, Demšar & Zaffalon (2017), JMLR 18,
section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.stats.paired import differences
from bench.stats.ranks import DECIMALS

#: Draws made at once: bounds memory, changes no draw.
CHUNK = 10_000


@dataclass(frozen=True)
class SignedRankPosterior:
    """How often each region is the most probable one, over draws from the posterior; the three sum to 1.

    p_less: a is worse than b by more than the rope, p_rope: practically equal (and draws without a largest region),
    p_greater: better by more.
    """

    p_less: float
    p_rope: float
    p_greater: float


def bayes_signed_rank(
    a: np.ndarray,
    b: np.ndarray,
    *,
    rope: float,
    generator: np.random.Generator,
    draws: int = 50_000,
    prior: float = 0.5,
) -> SignedRankPosterior:
    """The Bayesian signed-rank test of a - b over N >= 2 datasets, with a region of practical equivalence.

    a, b: (N,), one score a dataset; `rope` >= 0 in their unit. With z_0 = 0 (the prior, of strength `prior` > 0) and
    the differences z_1..z_N, weights w ~ Dirichlet(prior, 1, ..., 1): the probability of a region is the sum of
    w_i w_j over all i, j whose mean (z_i + z_j) / 2 lies in it; the rope is closed. Means are rounded to 9 decimals.
    Raises ValueError for N < 2, unequal lengths, a NaN, a negative rope, a prior or draws not above 0.
    """
    if not 0 <= rope < float("inf") or not 0 < prior < float("inf") or draws < 1:
        raise ValueError(f"rope = {rope}, prior = {prior}, draws = {draws}: expected rope >= 0, the others above 0")
    z = np.concatenate([[0.0], differences(a, b)[0]])
    middle = np.round((z[:, None] + z[None, :]) / 2, DECIMALS)
    low, high = middle < -round(rope, DECIMALS), middle > round(rope, DECIMALS)
    alpha = np.concatenate([[prior], np.ones(len(z) - 1)])
    # With z in order the region of each z_i is the first so many z_j, or the last: running sums, in a fixed order of
    # adding, where a product of matrices would add as it likes.
    order = np.argsort(z, kind="stable")
    first, last = low[order].sum(axis=1), high[order].sum(axis=1)
    wins = np.zeros(3)
    for drawn in _weights(alpha, draws, generator):
        weights = drawn[:, order]
        less = (weights * _running(weights)[:, first]).sum(axis=1)
        greater = (weights * _running(weights[:, ::-1])[:, last]).sum(axis=1)
        rest = 1 - less - greater
        below, above = less > np.maximum(rest, greater), greater > np.maximum(rest, less)
        wins += [below.sum(), (~below & ~above).sum(), above.sum()]
    return SignedRankPosterior(*(wins / draws).tolist())


def _weights(alpha: np.ndarray, draws: int, generator: np.random.Generator) -> Iterator[np.ndarray]:
    for start in range(0, draws, CHUNK):
        yield generator.dirichlet(alpha, size=min(CHUNK, draws - start))


def _running(weights: np.ndarray) -> np.ndarray:
    """(draws, N + 1) sums of the first 0, 1, ..., N weights."""
    return np.hstack([np.zeros((len(weights), 1)), np.cumsum(weights, axis=1)])
