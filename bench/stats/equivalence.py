"""Practical equivalence: two one-sided tests. "Not significantly different" is never evidence of equality.

Source: Schuirmann (1987); Lakens (2017). The standard error is that of Nadeau & Bengio (2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import t_cdf
from bench.stats.paired import corrected_t


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests of a difference a - b, in the unit of the scores.

    Attributes
    ----------
    p_value : float
        The larger of the two p-values: below alpha, the difference lies within the margins.
    p_low, p_high : float
        Of a - b <= -margin, and of a - b >= margin.
    difference : float
        The mean of a - b.
    low, high : float
        The 90 % interval of the difference; it lies within the margins exactly when p_value < .05.
    """

    p_value: float
    p_low: float
    p_high: float
    difference: float
    low: float
    high: float


def tost(
    a: np.ndarray,
    b: np.ndarray,
    *,
    margin: float,
    test_train_ratio: float,
    mix_variance: float = 0.0,
) -> Equivalence:
    """Two one-sided tests that the mean difference lies within (-margin, margin).

    Parameters
    ----------
    a, b : ndarray of shape (J,)
        Scores of two models on the same J folds, in the same order; J is at least 2.
    test_train_ratio : float
        Test rows over training rows of a fold: 1 / (K - 1) for K-fold cross-validation.
    margin : float
        What counts as equivalent: above 0, in the unit of the scores.
    mix_variance : float, default 0.0
        As for `corrected_t`.

    Returns
    -------
    Equivalence

    Raises
    ------
    ValueError
        As `corrected_t` does, and for a margin that is not above 0.

    References
    ----------
    Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15, with the variance of Nadeau & Bengio (2003).

    Examples
    --------
    >>> a, b = np.array([0.81, 0.84, 0.80, 0.83, 0.85]), np.array([0.81, 0.83, 0.81, 0.83, 0.84])
    >>> tost(a, b, margin=0.02, test_train_ratio=1 / 4).p_value < 0.05
    True
    """
    if not 0 < margin < float("inf"):
        raise ValueError(f"margin is {margin}; expected a number above 0")
    test = corrected_t(
        a, b, test_train_ratio=test_train_ratio, level=0.90, mix_variance=mix_variance
    )
    p_low, p_high = one_sided(test.difference, test.se, test.df, margin)
    return Equivalence(
        float(np.maximum(p_low, p_high)),
        p_low,
        p_high,
        test.difference,
        test.low,
        test.high,
    )


def one_sided(
    difference: float, se: float, df: float, margin: float
) -> tuple[float, float]:
    """The p-values of a difference of at most -margin, and of at least margin.

    >>> [round(p, 3) for p in one_sided(0.0, 0.01, 10.0, 0.02)]
    [0.037, 0.037]
    """
    if se == 0:
        return float(difference <= -margin), float(difference >= margin)
    return t_cdf(-(difference + margin) / se, df), t_cdf((difference - margin) / se, df)
