"""How probably one of several models beats another on a further dataset: a Bayesian Bradley-Terry model of wins.

Model i has a strength b_i ~ N(0, σ²) with σ ~ LogNormal(0, s²); it beats model j on a dataset with probability
1 / (1 + exp(b_j - b_i)). Source: Wainer (2023), JMLR 24, whose package samples the same posterior by Monte Carlo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.stats import special
from bench.stats.noise import without_noise

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

    def chance(self, a: int, b: int) -> float:
        """The posterior mean of the probability that model a beats model b on a further dataset."""
        p = special.expit(self.value[:, a] - self.value[:, b])
        return float(p @ self.weight)

    def chance_of_better(self, a: int, b: int) -> float:
        """The posterior probability that model a is the better one of two."""
        return float(self.weight[self.value[:, a] > self.value[:, b]].sum())


def count_wins(table: np.ndarray) -> np.ndarray:
    """(k, k): on how many rows of a table of k models that of the row beats that of the column, higher being better.

    Ties are spread over both models, an odd one to each.

    >>> import numpy as np
    >>> count_wins(np.array([[0.9, 0.8], [0.7, 0.7], [0.6, 0.9]])).tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    rows = np.array([without_noise(row, row) for row in table])
    gains = rows[:, :, None] - rows[:, None, :]
    ties = (gains == 0).sum(axis=0)
    np.fill_diagonal(ties, 0)
    wins: np.ndarray = (gains > 0).sum(axis=0) + np.ceil(ties / 2)
    return wins


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
    >>> round(found.chance(0, 1), 1)
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
