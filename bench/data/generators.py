"""Synthetic tables whose truth is known: what the best possible rule would reach.

Each generator takes a numpy Generator, the number of rows and of columns, and gives (X (n, p) float64, y (n,)).

    name       p     truth                    source
    twonorm    20    Bayes error .0228        Breiman (1996), Bias, variance and arcing classifiers, TR 460, section 4
    threenorm  20    Bayes error .105         the same
    ringnorm   20    Bayes error .0150        the same (which prints .013)
    waveform   21    Bayes error .133         the same (.132); Breiman, Friedman, Olshen, Stone (1984), CART, section
                                              2.6.2 (.14)
    friedman1  10    noise sd 1               Friedman (1991), Annals of Statistics 19, section 4.3; Breiman (1996),
    friedman2  4     noise sd 125             Bagging predictors, Machine Learning 24, section 3: sd chosen so that
    friedman3  4     noise sd .1              signal to noise is 3 to 1
    noise      any   Bayes error .5           columns that say nothing of two classes of equal size: Hastie, Tibshirani,
                                              Friedman (2009), Elements of Statistical Learning, section 7.10.2
    screened_  any   Bayes error .5           the same, the wrong way: of 50 columns of noise the one that looks best on
    noise                                     all rows is kept

twonorm: Phi(-2), since the two means lie 4 standard deviations apart. ringnorm: the best rule is a sphere, so its two
errors are non-central chi-squared. threenorm and waveform: simulated with the true densities. The tests do so again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

_Drawn = tuple[np.ndarray, np.ndarray]

#: How many columns of noise `screened_noise` chooses each of its own from: 100 of 5000 in its source.
SCREENED = 50


@dataclass(frozen=True)
class Generator:
    """`columns` by default; `free` when another number may be asked for. `bayes_error` for two or more classes:
    what no model can undercut on average on new rows. `own_rows`: the columns depend on the very rows that are drawn,
    so that further rows of the same columns cannot be."""

    name: str
    draw: Callable[[np.random.Generator, int, int], _Drawn]
    columns: int
    task: Literal["classification", "regression"]
    free: bool = False
    least: int = 1
    bayes_error: float | None = None
    own_rows: bool = False


def twonorm(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Two unit normals around (a, ..., a) and (-a, ..., -a), a = 2 / sqrt(p)."""
    y = rng.integers(0, 2, n)
    return rng.standard_normal((n, p)) + np.where(y == 0, 1.0, -1.0)[
        :, None
    ] * 2 / np.sqrt(p), y


def threenorm(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Class 1: unit normals around (a, ..., a) or (-a, ..., -a), half each; class 2: around (a, -a, a, ...)."""
    y, side = rng.integers(0, 2, n), rng.integers(0, 2, n) * 2.0 - 1
    alternating = np.where(np.arange(p) % 2 == 0, 1.0, -1.0)
    centre = np.where((y == 0)[:, None], side[:, None] * np.ones(p), alternating)
    return rng.standard_normal((n, p)) + centre * 2 / np.sqrt(p), y


def ringnorm(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Class 1: normal around 0 with covariance 4 I; class 2: unit normal around (a, ..., a), a = 1 / sqrt(p)."""
    y, z = rng.integers(0, 2, n), rng.standard_normal((n, p))
    return np.where((y == 0)[:, None], 2 * z, z + 1 / np.sqrt(p)), y


def waveform(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Random mixtures of two of three triangular waves over 21 points, plus unit noise; further columns are noise."""
    i = np.arange(1, 22)
    first = np.maximum(6 - np.abs(i - 11), 0)
    second, third = np.maximum(6 - np.abs(i - 15), 0), np.maximum(6 - np.abs(i - 7), 0)
    a = np.array([first, first, second])
    b = np.array([second, third, third])
    y, u = rng.integers(0, 3, n), rng.random((n, 1))
    x = rng.standard_normal((n, p))
    x[:, :21] += u * a[y] + (1 - u) * b[y]
    return x, y


def friedman1(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """10 sin(pi x1 x2) + 20 (x3 - .5)^2 + 10 x4 + 5 x5 + N(0, 1); x uniform, columns after the fifth say nothing."""
    x = rng.random((n, p))
    signal = (
        10 * np.sin(np.pi * x[:, 0] * x[:, 1])
        + 20 * (x[:, 2] - 0.5) ** 2
        + 10 * x[:, 3]
        + 5 * x[:, 4]
    )
    return x, signal + rng.standard_normal(n)


def _impedance(rng: np.random.Generator, n: int) -> np.ndarray:
    low = np.array([0, 40 * np.pi, 0, 1])
    high = np.array([100, 560 * np.pi, 1, 11])
    result: np.ndarray = low + (high - low) * rng.random((n, 4))
    return result


def friedman2(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """sqrt(x1^2 + (x2 x3 - 1 / (x2 x4))^2) + N(0, 125^2): the impedance of a circuit."""
    x = _impedance(rng, n)
    reactance = x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])
    return x, np.hypot(x[:, 0], reactance) + 125 * rng.standard_normal(n)


def friedman3(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """arctan((x2 x3 - 1 / (x2 x4)) / x1) + N(0, .1^2): the phase of the same circuit."""
    x = _impedance(rng, n)
    reactance = x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])
    return x, np.arctan2(reactance, x[:, 0]) + 0.1 * rng.standard_normal(n)


def noise(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Unit normals, and two classes of equal size (the first has one more when n is odd) in random order."""
    return rng.standard_normal((n, p)), rng.permutation(np.arange(n) % 2)


def screened_noise(rng: np.random.Generator, n: int, p: int) -> _Drawn:
    """Of 50 p columns of `noise`, the p with the largest absolute correlation with the class over all n rows.

    They stay in the order in which they were drawn. No fold of a later cross-validation can undo that all rows, its
    test rows too, had a say in the choice: its errors are far below .5, the error of any rule on new rows.
    """
    x, y = noise(rng, n, SCREENED * p)
    centred, side = x - x.mean(axis=0), y - y.mean()
    r = np.abs(side @ centred) / np.sqrt((centred**2).sum(axis=0))
    return x[:, np.sort(np.argsort(-r, kind="stable")[:p])], y


_ALL = (
    Generator("twonorm", twonorm, 20, "classification", bayes_error=0.02275),
    Generator("threenorm", threenorm, 20, "classification", bayes_error=0.105),
    Generator("ringnorm", ringnorm, 20, "classification", bayes_error=0.01497),
    Generator(
        "waveform",
        waveform,
        21,
        "classification",
        free=True,
        least=21,
        bayes_error=0.133,
    ),
    Generator("friedman1", friedman1, 10, "regression", free=True, least=5),
    Generator("friedman2", friedman2, 4, "regression"),
    Generator("friedman3", friedman3, 4, "regression"),
    Generator("noise", noise, 20, "classification", free=True, bayes_error=0.5),
    Generator(
        "screened_noise",
        screened_noise,
        100,
        "classification",
        free=True,
        bayes_error=0.5,
        own_rows=True,
    ),
)
GENERATORS = {generator.name: generator for generator in _ALL}
