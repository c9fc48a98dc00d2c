"""Three probabilities instead of one p-value: worse, practically the same, better.

Source: Corani & Benavoli (2015), Machine Learning 100; Benavoli et al. (2017), JMLR 18.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import checked_ratio, t_cdf, with_mix
from bench.stats.noise import kept_decimals
from bench.stats.paired import differences


@dataclass(frozen=True)
class Posterior:
    """Where a true difference a - b lies, in probabilities that sum to 1.

    Attributes
    ----------
    p_less, p_rope, p_greater : float
        The probability that it is below -rope, within the rope, above it.
    """

    p_less: float
    p_rope: float
    p_greater: float


def correlated_t(
    a: np.ndarray,
    b: np.ndarray,
    *,
    test_train_ratio: float,
    rope: float,
    mix_variance: float = 0.0,
) -> Posterior:
    """The Bayesian correlated t test of the mean difference a - b.

    Parameters
    ----------
    a, b : ndarray of shape (J,)
        Scores of two models on the same J folds, in the same order; J is at least 2.
    test_train_ratio : float
        Test rows over training rows of a fold: 1 / (K - 1) for K-fold cross-validation.
    rope : float
        The half-width of practical equivalence, at least 0, in the unit of the scores.
    mix_variance : float, default 0.0
        Added to scale^2, as `corrected_t` adds it.

    Returns
    -------
    Posterior
        Without spread all mass is on the difference itself.

    Raises
    ------
    ValueError
        As `corrected_t` does, and for a negative rope.

    Notes
    -----
    The posterior is Student's t on J - 1 degrees, located at the mean difference, with scale^2 = s^2 (1/J +
    rho/(1-rho)), rho = n_test/n, so that rho/(1-rho) = n_test/n_train.

    References
    ----------
    Corani & Benavoli (2015), Machine Learning 100.

    Examples
    --------
    >>> a, b = np.array([0.81, 0.84, 0.80, 0.83, 0.85]), np.array([0.79, 0.80, 0.80, 0.81, 0.80])
    >>> found = correlated_t(a, b, test_train_ratio=1 / 4, rope=0.01)
    >>> round(found.p_rope, 2), round(found.p_greater, 2)
    (0.12, 0.86)
    """
    d, sd = differences(a, b)
    checked_ratio(test_train_ratio)
    if not 0 <= rope < float("inf"):
        raise ValueError(f"rope is {rope}; expected a number from 0")
    mean, df = float(d.mean()), len(d) - 1
    scale = with_mix(sd * float(np.sqrt(1 / len(d) + test_train_ratio)), mix_variance)
    if scale == 0:
        mean = float(np.round(mean, kept_decimals(a, b)))
        less, greater = float(mean < -rope), float(mean > rope)
    else:
        less, greater = (
            t_cdf((-rope - mean) / scale, df),
            t_cdf((mean - rope) / scale, df),
        )
    return Posterior(less, max(0.0, 1 - less - greater), greater)
