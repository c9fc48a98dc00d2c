"""The Bayesian Bradley-Terry model against published posteriors, and against an integral."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.special import expit

from bench.stats.bradley_terry import bradley_terry

#: Of the README of Wainer's package: wins (ties spread, an odd one to both); posterior mean, and mass above a half.
MODELS = ("lgbm", "svm", "rf", "dt", "knn")
WINS = {"lgbm svm": (12, 8), "lgbm rf": (11, 10), "lgbm dt": (18, 2), "lgbm knn": (13, 7), "svm rf": (7, 13),
        "svm dt": (14, 7), "svm knn": (13, 7), "rf dt": (15, 5), "rf knn": (13, 7), "dt knn": (7, 13)}  # fmt: skip
PUBLISHED = {
    "lgbm rf": (0.53, 0.66), "lgbm svm": (0.62, 0.96), "lgbm knn": (0.68, 1.00),
    "lgbm dt": (0.79, 1.00), "rf svm": (0.59, 0.90), "rf knn": (0.66, 0.99),
    "rf dt": (0.77, 1.00), "svm knn": (0.57, 0.85), "svm dt": (0.69, 1.00),
    "knn dt": (0.63, 0.97),
}  # fmt: skip


def test_published_posteriors() -> None:
    wins = np.zeros((5, 5))
    for pair, counts in WINS.items():
        a, b = map(MODELS.index, pair.split())
        wins[a, b], wins[b, a] = counts
    found = bradley_terry(wins, generator=np.random.default_rng(0))
    for pair, printed in PUBLISHED.items():
        places = [MODELS.index(model) for model in pair.split()]
        ours = found.chance(*places), found.chance_of_better(*places)
        # Printed to two decimals from 4,000 draws: three standard errors of a share are .024.
        assert ours == pytest.approx(printed, abs=0.015), pair


def test_two_models_by_integration() -> None:
    """The strengths' difference is N(0, 2σ²) before any win."""
    wins = np.array([[0.0, 9.0], [2.0, 0.0]])

    def density(d: float, log_sigma: float) -> float:
        variance = 2 * np.exp(2 * log_sigma)
        prior = (
            np.exp(-(d**2) / (2 * variance))
            / np.sqrt(variance)
            * np.exp(-(log_sigma**2) / (2 * 0.5**2))
        )
        return float(prior * expit(d) ** 9 * expit(-d) ** 2)

    area = dblquad(density, -4, 4, -15, 15, epsabs=1e-9)[0]
    mean = (
        dblquad(lambda d, s: expit(d) * density(d, s), -4, 4, -15, 15, epsabs=1e-9)[0]
        / area
    )
    found = bradley_terry(wins, generator=np.random.default_rng(1))
    assert found.chance(0, 1) == pytest.approx(mean, abs=0.002)


def test_equal_models_are_equal() -> None:
    wins = np.full((3, 3), 5.0)
    found = bradley_terry(wins, generator=np.random.default_rng(2), draws=50_000)
    ours = found.chance(0, 2), found.chance_of_better(0, 2)
    assert ours == pytest.approx((0.5, 0.5), abs=0.01)


#: Of 20 models that win by turns: three chances by two runs of Metropolis' algorithm of 25,000 steps, which differ by up
#: to .007.
METROPOLIS = {(0, 1): 0.506, (0, 19): 0.496, (5, 12): 0.501}


def test_many_models() -> None:
    """Where they are many, most draws count: the joint mode of strengths and their spread is far from the posterior."""
    i, j = np.indices((20, 20))
    wins = np.triu((i * 7 + j * 3) % 11, 1).astype(float)
    wins += np.triu(10 - wins, 1).T
    found = bradley_terry(wins, generator=np.random.default_rng(0), draws=20_000)
    assert 1 / (found.weight**2).sum() > 10_000
    for pair, expected in METROPOLIS.items():
        assert found.chance(*pair) == pytest.approx(expected, abs=0.01), pair


def test_models_that_always_win() -> None:
    """The strengths grow as far as their spread allows."""
    wins = np.triu(np.full((5, 5), 20.0), 1)
    found = bradley_terry(wins, generator=np.random.default_rng(0), draws=20_000)
    for model in range(4):
        assert 0.95 < found.chance(model, model + 1) < 1
        assert found.chance_of_better(model, model + 1) > 0.999
