"""How probably one of several models beats another on a further dataset: a Bayesian Bradley-Terry model of wins.

Model i has a strength b_i ~ N(0, σ²) with σ ~ LogNormal(0, s²); it beats model j on a dataset with probability
1 / (1 + exp(b_j - b_i)). Source: Wainer (2023), JMLR 24, whose package samples the same posterior by Monte Carlo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

#: Degrees of freedom of the proposal, whose tails must be those of the posterior or heavier.
TAIL = 10


@dataclass(frozen=True, eq=False)
class Strengths:
    """Strengths from the posterior: value (draws, k), and the weight of each draw, which sum to 1."""

    value: np.ndarray
    weight: np.ndarray

    def chance(self, a: int, b: int) -> np.ndarray:
        """The probability that model a beats model b, draw by draw."""
        p: np.ndarray = expit(self.value[:, a] - self.value[:, b])
        return p


@dataclass(frozen=True)
class Chance:
    """A posterior of a probability.

    Attributes
    ----------
    mean : float
    low, high : float
        The shortest interval with the probability of the call.
    above : float
        The posterior probability of more than a half.
    rope : float
        That of a half, give or take the rope.
    """

    mean: float
    low: float
    high: float
    above: float
    rope: float


def bradley_terry(
    wins: np.ndarray, *, generator: np.random.Generator, draws: int = 100_000, scale: float = 0.5
) -> Strengths:
    """The posterior of the strengths of k models, by importance sampling around its mode.

    Parameters
    ----------
    wins : ndarray of shape (k, k)
        On how many datasets the model of the row beats that of the column.
    generator : numpy.random.Generator
    draws : int
    scale : float
        The scale s of the prior of σ.

    Returns
    -------
    Strengths

    Examples
    --------
    >>> import numpy as np
    >>> found = bradley_terry(np.array([[0, 15], [5, 0]]), generator=np.random.default_rng(0), draws=20_000)
    >>> round(summary(found.chance(0, 1), found.weight).mean, 1)
    0.7
    """
    k = len(wins)

    def log_density(at: np.ndarray) -> np.ndarray:
        """Of log σ and the strengths, but for a constant."""
        log_sigma, b = at[:, 0], at[:, 1:]
        fit = -(wins * np.logaddexp(0, b[:, None, :] - b[:, :, None])).sum(axis=(1, 2))
        prior = -0.5 * (b**2).sum(axis=1) * np.exp(-2 * log_sigma) - k * log_sigma - 0.5 * (log_sigma / scale) ** 2
        found: np.ndarray = fit + prior
        return found

    from scipy.optimize import minimize  # slow to import

    mode = minimize(lambda at: -log_density(at[None])[0], np.zeros(k + 1), method="BFGS")
    normal = generator.standard_normal((draws, k + 1))
    chi2 = generator.chisquare(TAIL, draws) / TAIL
    at = mode.x + normal @ np.linalg.cholesky(mode.hess_inv).T / np.sqrt(chi2)[:, None]
    log_proposal = -(TAIL + k + 1) / 2 * np.log1p((normal**2).sum(axis=1) / chi2 / TAIL)
    log_weight = log_density(at) - log_proposal
    weight = np.exp(log_weight - log_weight.max())
    return Strengths(at[:, 1:], weight / weight.sum())


def summary(chance: np.ndarray, weight: np.ndarray, *, level: float = 0.89, rope: float = 0.05) -> Chance:
    """What is said of a probability, from draws with weights that sum to 1.

    Examples
    --------
    >>> import numpy as np
    >>> found = summary(np.linspace(0, 1, 1001), np.full(1001, 1 / 1001), level=0.5)
    >>> round(found.mean, 2), round(found.high - found.low, 1), round(found.above, 2), round(found.rope, 2)
    (0.5, 0.5, 0.5, 0.1)
    """
    order = np.argsort(chance)
    p, w = chance[order], weight[order]
    upto = np.cumsum(w)
    ends = np.searchsorted(upto, upto - w + level)
    starts = np.flatnonzero(ends < len(p))
    best = starts[np.argmin(p[ends[starts]] - p[starts])]
    near = np.abs(p - 0.5) < rope
    return Chance(float(p @ w), float(p[best]), float(p[ends[best]]), float(w[p > 0.5].sum()), float(w[near].sum()))
