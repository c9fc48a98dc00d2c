"""How probably one of several models beats another on a further dataset: a Bayesian Bradley-Terry model of wins.

Model i has a strength b_i ~ N(0, σ²) with σ ~ LogNormal(0, s²); it beats model j on a dataset with probability
1 / (1 + exp(b_j - b_i)). Source: Wainer (2023), JMLR 24, whose package samples the same posterior by Monte Carlo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.stats import special

#: Degrees of freedom of the proposal, whose tails must be those of the posterior or heavier.
TAIL = 10
#: The scale of the lognormal prior of σ.
SCALE = 0.5
#: The ranges of log σ; those are left out whose log probability is so much below that of the likeliest; the most steps
#: of Newton's method to the mode in one range, from that in the range before.
WIDTH, LEAST, STEPS = 0.05, 25, 50


@dataclass(frozen=True, eq=False)
class Strengths:
    """Strengths from the posterior: value (draws, k), and the weight of each draw, which sum to 1."""

    value: np.ndarray
    weight: np.ndarray

    def chance(self, a: int, b: int) -> np.ndarray:
        """The probability that model a beats model b, draw by draw."""
        p: np.ndarray = special.expit(self.value[:, a] - self.value[:, b])
        return p


@dataclass(frozen=True)
class Chance:
    """A posterior of a probability."""

    mean: float
    #: low, high: the shortest interval with the probability of the call
    low: float
    high: float
    above: float  # the posterior probability of more than a half
    rope: float  # that of a half, give or take the rope


def bradley_terry(
    wins: np.ndarray,
    *,
    generator: np.random.Generator,
    draws: int = 100_000,
) -> Strengths:
    """The posterior of the strengths of k models, by importance sampling around its mode for each σ.

    wins: (k, k), on how many datasets the model of the row beats that of the column.

    >>> import numpy as np
    >>> found = bradley_terry(np.array([[0, 15], [5, 0]]), generator=np.random.default_rng(0), draws=20_000)
    >>> round(summary(found.chance(0, 1), found.weight).mean, 1)
    0.7
    """
    k, cells = len(wins), _cells(wins)
    share = np.exp([cell.log_mass for cell in cells])
    share /= share.sum()
    sizes = generator.multinomial(draws, share)
    log_sigma = np.repeat([cell.log_sigma for cell in cells], sizes) + WIDTH * (
        generator.random(draws) - 0.5
    )
    normal, chi2 = (
        generator.standard_normal((draws, k)),
        generator.chisquare(TAIL, draws) / TAIL,
    )
    steps = np.split(normal / np.sqrt(chi2)[:, None], np.cumsum(sizes)[:-1])
    b = np.concatenate(
        [
            cell.mode + step @ cell.root.T
            for cell, step in zip(cells, steps, strict=True)
        ]
    )
    # A draw has its cell's share, and in it a t distribution around the mode.
    log_share = np.log(share) - [np.linalg.slogdet(cell.root)[1] for cell in cells]
    log_proposal = np.repeat(log_share, sizes) - (TAIL + k) / 2 * np.log1p(
        (normal**2).sum(axis=1) / chi2 / TAIL
    )
    log_weight = _log_density(wins, log_sigma, b) - log_proposal
    weight = np.exp(log_weight - log_weight.max())
    return Strengths(b, weight / weight.sum())


@dataclass(frozen=True, eq=False)
class _Cell:
    """A small range of log σ: its middle, the log of its posterior probability but for a constant (Laplace), and given
    that σ the mode of the strengths and a root of their covariance."""

    log_sigma: float
    log_mass: float
    mode: np.ndarray
    root: np.ndarray


def _cells(wins: np.ndarray) -> list[_Cell]:
    """All ranges of log σ that a posterior can reach, from the smallest, whose mode is near zero.

    The strengths and σ have a joint mode too, but where many models are compared it is far from their posterior.
    """
    n, k = wins + wins.T, len(wins)
    low, high = (
        -5 * SCALE - np.log1p(n.sum(axis=1).max()) / 2,
        5 * SCALE + np.log1p(np.log1p(n.max())),
    )
    made, b = list[_Cell](), np.zeros(k)
    for log_sigma in np.arange(low, high, WIDTH):
        for _ in range(STEPS):
            p = special.expit(b[:, None] - b)
            information = n * p * (1 - p)
            hessian = (
                np.diag(information.sum(axis=1) + np.exp(-2 * log_sigma)) - information
            )
            step = np.linalg.solve(
                hessian,
                wins.sum(axis=1) - (n * p).sum(axis=1) - b * np.exp(-2 * log_sigma),
            )
            far = float(np.abs(step).max())
            b = b + step / max(far, 1)
            if far < 1e-9:
                break
        root = np.linalg.inv(np.linalg.cholesky(hessian)).T
        log_mass = (
            _log_density(wins, np.array([log_sigma]), b[None])[0]
            + np.linalg.slogdet(root)[1]
        )
        made.append(_Cell(log_sigma, log_mass, b, root))
    most = max(cell.log_mass for cell in made)
    return [
        replace(cell, log_mass=cell.log_mass - most)
        for cell in made
        if cell.log_mass > most - LEAST
    ]


def _log_density(wins: np.ndarray, log_sigma: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of log σ and the strengths, draw by draw, but for a constant."""
    fit = np.zeros(len(b))
    for i, j in zip(*np.nonzero(wins), strict=True):
        fit -= wins[i, j] * np.logaddexp(0, b[:, j] - b[:, i])
    prior = (
        -0.5 * (b**2).sum(axis=1) * np.exp(-2 * log_sigma)
        - b.shape[1] * log_sigma
        - 0.5 * (log_sigma / SCALE) ** 2
    )
    found: np.ndarray = fit + prior
    return found


def summary(
    chance: np.ndarray, weight: np.ndarray, *, level: float = 0.89, rope: float = 0.05
) -> Chance:
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
    return Chance(
        float(p @ w),
        float(p[best]),
        float(p[ends[best]]),
        float(w[p > 0.5].sum()),
        float(w[near].sum()),
    )
