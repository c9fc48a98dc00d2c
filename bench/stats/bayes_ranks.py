"""Two families over many datasets, without a p-value: the Bayesian signed-rank test.

Source: Benavoli, Mangili, Corani, Zaffalon & Ruggeri (2014), ICML; Benavoli, Corani, Demšar & Zaffalon (2017), JMLR 18,
section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.stats.noise import kept_decimals, without_noise
from bench.stats.paired import differences

#: Draws made at once: bounds memory, changes no draw.
CHUNK = 10_000


@dataclass(frozen=True)
class SignedRankPosterior:
    """How often each region is the most probable one, over draws from the posterior; the three sum to 1.

    Attributes
    ----------
    p_less : float
        a is worse than b by more than the rope.
    p_rope : float
        They are practically equal; and draws without a largest region.
    p_greater : float
        a is better by more than the rope.
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
    """The Bayesian signed-rank test of a - b over datasets, with a region of practical equivalence.

    Parameters
    ----------
    a, b : ndarray of shape (N,)
        One score a dataset, in the same order; N is at least 2.
    rope : float
        The half-width of practical equivalence, at least 0, in the unit of the scores.
    generator : numpy.random.Generator
        What draws from the posterior.
    draws : int, default 50000
        How many draws.
    prior : float, default 0.5
        The strength of the prior, above 0.

    Returns
    -------
    SignedRankPosterior

    Raises
    ------
    ValueError
        For N < 2, unequal lengths, a NaN, a negative rope, a prior or draws not above 0.

    Notes
    -----
    With z_0 = 0 (the prior) and the differences z_1..z_N, weights w ~ Dirichlet(prior, 1, ..., 1): the probability of a
    region is the sum of w_i w_j over all i, j whose mean (z_i + z_j) / 2 lies in it; the rope is closed.
    Differences are rounded as everywhere (`bench.stats.noise`).

    References
    ----------
    Benavoli and others (2014), ICML.

    Examples
    --------
    >>> a, b = np.array([0.9, 0.8, 0.7, 0.8, 0.6]), np.array([0.8, 0.7, 0.65, 0.7, 0.55])
    >>> found = bayes_signed_rank(a, b, rope=0.01, generator=np.random.default_rng(0), draws=2000)
    >>> found.p_greater > 0.95
    True
    """
    if not 0 <= rope < float("inf") or not 0 < prior < float("inf") or draws < 1:
        raise ValueError(
            f"rope = {rope}, prior = {prior}, draws = {draws}: expected rope >= 0, the others above 0"
        )
    z = np.concatenate([[0.0], without_noise(differences(a, b)[0], a, b)])
    middle, edge = (z[:, None] + z[None, :]) / 2, rope + 10.0 ** -kept_decimals(rope)
    low, high = middle < -edge, middle > edge
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
        below, above = (
            less > np.maximum(rest, greater),
            greater > np.maximum(rest, less),
        )
        wins += [below.sum(), (~below & ~above).sum(), above.sum()]
    return SignedRankPosterior(*(wins / draws).tolist())


def _weights(
    alpha: np.ndarray, draws: int, generator: np.random.Generator
) -> Iterator[np.ndarray]:
    for start in range(0, draws, CHUNK):
        yield generator.dirichlet(alpha, size=min(CHUNK, draws - start))


def _running(weights: np.ndarray) -> np.ndarray:
    """(draws, N + 1) sums of the first 0, 1, ..., N weights."""
    return np.hstack([np.zeros((len(weights), 1)), np.cumsum(weights, axis=1)])
