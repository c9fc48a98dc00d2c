"""Two families on the same folds: the corrected resampled t test.

Over folds of one dataset the plain paired t and the Wilcoxon test reject a true null about two times in three, because
training sets overlap; neither is offered here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import (
    checked_level,
    checked_ratio,
    finite,
    spread,
    t_cdf,
    t_quantile,
    with_mix,
)
from bench.stats.noise import kept_decimals

#: So many equal draws leave a chance of .05 that one in twenty would differ: 1 - .05^(1/59) = .05.
ENOUGH_EQUAL = 59


@dataclass(frozen=True)
class PairedTest:
    """The mean difference a - b, its interval and its p-values, in the unit of the scores.

    Attributes
    ----------
    difference : float
        The mean of a - b.
    low, high : float
        The two-sided interval of the difference.
    p_value, p_greater : float
        Two-sided, and one-sided for a > b.
    statistic, se, df : float
        Student's t, the standard error of the difference, the degrees of freedom.
    """

    difference: float
    low: float
    high: float
    p_value: float
    p_greater: float
    statistic: float
    se: float
    df: float


def corrected_t(
    a: np.ndarray,
    b: np.ndarray,
    *,
    test_train_ratio: float,
    level: float = 0.95,
    mix_variance: float = 0.0,
) -> PairedTest:
    """The corrected resampled t test of a - b.

    Parameters
    ----------
    a, b : ndarray of shape (J,)
        Scores of two models on the same J folds, in the same order; J is at least 2.
    test_train_ratio : float
        Test rows over training rows of a fold: 1 / (K - 1) for K-fold cross-validation.
        With 0 it is the plain paired t, right for independent pairs such as simulated draws.
    level : float, default 0.95
        The level of the interval.
    mix_variance : float, default 0.0
        Added to the variance of the difference: `intervals.class_mix` of the rows' differences in loss where folds are
        stratified.

    Returns
    -------
    PairedTest
        A constant difference has no spread: p is 1 when it is zero and 0 otherwise.

    Raises
    ------
    ValueError
        For fewer than two pairs, unequal lengths or a NaN.

    Notes
    -----
    t = d / (s sqrt(1/J + n_test/n_train)) on J - 1 degrees of freedom.

    References
    ----------
    Nadeau & Bengio (2003), Machine Learning 52; Bouckaert & Frank (2004), PAKDD, for repeated K-fold.

    Examples
    --------
    >>> test = corrected_t(np.array([0.8, 0.9, 0.7]), np.array([0.7, 0.6, 0.7]), test_train_ratio=0.5)
    >>> round(test.statistic, 6)   # d = (.1, .3, 0): .133333 / (.152753 * sqrt(1/3 + 1/2))
    0.956183
    """
    d, sd = differences(a, b)
    checked_ratio(test_train_ratio)
    checked_level(level)
    df, mean = len(d) - 1, float(d.mean())
    se = with_mix(sd * float(np.sqrt(1 / len(d) + test_train_ratio)), mix_variance)
    if se == 0:
        mean = float(np.round(mean, kept_decimals(a, b))) + 0.0
        t = 0.0 if mean == 0 else float(np.copysign(np.inf, mean))
    else:
        t = mean / se
    half = t_quantile((1 + level) / 2, df) * se
    return PairedTest(
        mean,
        mean - half,
        mean + half,
        min(1.0, 2 * t_cdf(-abs(t), df)),
        t_cdf(-t, df),
        t,
        se,
        df,
    )


def differences(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, float]:
    """a - b and its standard deviation; raises ValueError when they are no pairs of finite numbers."""
    a, b = finite(a, "a"), finite(b, "b")
    if len(a) != len(b):
        raise ValueError(
            f"a has {len(a)} values and b {len(b)}; pairs of the same folds were expected"
        )
    d = a - b
    return d, spread(d, np.concatenate([a, b]))
