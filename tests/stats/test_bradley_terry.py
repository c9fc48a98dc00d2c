"""The Bayesian Bradley-Terry model against published posteriors, and against an integral."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.special import expit

from bench.stats.bradley_terry import bradley_terry, summary

#: Of the README of Wainer's package: wins (ties spread, an odd one to both); mean, width, above, rope of posteriors.
MODELS = ("lgbm", "svm", "rf", "dt", "knn")
WINS = {"lgbm svm": (12, 8), "lgbm rf": (11, 10), "lgbm dt": (18, 2), "lgbm knn": (13, 7), "svm rf": (7, 13),
        "svm dt": (14, 7), "svm knn": (13, 7), "rf dt": (15, 5), "rf knn": (13, 7), "dt knn": (7, 13)}  # fmt: skip
PUBLISHED = {
    "lgbm rf": (0.53, 0.22, 0.66, 0.49), "lgbm svm": (0.62, 0.21, 0.96, 0.16), "lgbm knn": (0.68, 0.19, 1.00, 0.02),
    "lgbm dt": (0.79, 0.16, 1.00, 0.00), "rf svm": (0.59, 0.22, 0.90, 0.26), "rf knn": (0.66, 0.20, 0.99, 0.05),
    "rf dt": (0.77, 0.17, 1.00, 0.00), "svm knn": (0.57, 0.22, 0.85, 0.33), "svm dt": (0.69, 0.20, 1.00, 0.02),
    "knn dt": (0.63, 0.22, 0.97, 0.11),
}  # fmt: skip


def test_published_posteriors() -> None:
    wins = np.zeros((5, 5))
    for pair, counts in WINS.items():
        a, b = map(MODELS.index, pair.split())
        wins[a, b], wins[b, a] = counts
    found = bradley_terry(wins, generator=np.random.default_rng(0))
    for pair, printed in PUBLISHED.items():
        one = summary(found.chance(*map(MODELS.index, pair.split())), found.weight)
        # Printed to two decimals from 4,000 draws: three standard errors of a share are .024.
        assert (one.mean, one.high - one.low, one.above, one.rope) == pytest.approx(
            printed, abs=0.015
        ), pair


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
    assert summary(found.chance(0, 1), found.weight).mean == pytest.approx(
        mean, abs=0.002
    )


def test_equal_models_are_equal() -> None:
    wins = np.full((3, 3), 5.0)
    found = bradley_terry(wins, generator=np.random.default_rng(2), draws=50_000)
    one = summary(found.chance(0, 2), found.weight)
    assert (one.mean, one.above) == pytest.approx((0.5, 0.5), abs=0.01)


#: Of 20 models that win by turns: mean, low and high of three chances, by two runs of Metropolis' algorithm of 25,000
#: steps, which differ by up to .007.
METROPOLIS = {
    (0, 1): (0.506, 0.448, 0.567),
    (0, 19): (0.496, 0.435, 0.553),
    (5, 12): (0.501, 0.442, 0.560),
}


def test_many_models() -> None:
    """Where they are many, most draws count: the joint mode of strengths and their spread is far from the posterior."""
    i, j = np.indices((20, 20))
    wins = np.triu((i * 7 + j * 3) % 11, 1).astype(float)
    wins += np.triu(10 - wins, 1).T
    found = bradley_terry(wins, generator=np.random.default_rng(0), draws=20_000)
    assert 1 / (found.weight**2).sum() > 10_000
    for pair, expected in METROPOLIS.items():
        one = summary(found.chance(*pair), found.weight)
        assert (one.mean, one.low, one.high) == pytest.approx(expected, abs=0.01), pair


def test_models_that_always_win() -> None:
    """The strengths grow as far as their spread allows."""
    wins = np.triu(np.full((5, 5), 20.0), 1)
    found = bradley_terry(wins, generator=np.random.default_rng(0), draws=20_000)
    chances = [summary(found.chance(one, one + 1), found.weight) for one in range(4)]
    assert all(0.95 < chance.mean < 1 and chance.above > 0.999 for chance in chances)
