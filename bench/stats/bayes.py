"""Three probabilities instead of one p-value: worse, practically the same, better.

Source: Corani & Benavoli (2015), Machine Learning 100; Benavoli et al. (2017), JMLR 18.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import checked_ratio, t_cdf
from bench.stats.paired import differences


@dataclass(frozen=True)
class Posterior:
    """P(a - b < -rope), P(|a - b| <= rope), P(a - b > rope): they sum to 1."""

    p_less: float
    p_rope: float
    p_greater: float


def correlated_t(a: np.ndarray, b: np.ndarray, *, test_train_ratio: float, rope: float) -> Posterior:
    """The Bayesian correlated t test of the mean difference a - b.

    a, b: (J,), J >= 2, scores on the same folds; `rope` >= 0 is the half-width of practical equivalence, in their unit.
    The posterior is Student's t on J - 1 degrees, located at the mean difference, with scale^2 = s^2 (1/J +
    rho/(1-rho)), rho = n_test/n, so that rho/(1-rho) = n_test/n_train. Without spread all mass is on the difference
    itself. Raises ValueError as `corrected_t` does, and for a negative rope.
    """
    d, sd = differences(a, b)
    checked_ratio(test_train_ratio)
    if not 0 <= rope < float("inf"):
        raise ValueError(f"rope is {rope}; expected a number from 0")
    mean, df = float(d.mean()), len(d) - 1
    scale = sd * float(np.sqrt(1 / len(d) + test_train_ratio))
    if scale == 0:
        mean = float(np.round(mean, 12))
        less, greater = float(mean < -rope), float(mean > rope)
    else:
        less, greater = t_cdf((-rope - mean) / scale, df), t_cdf((mean - rope) / scale, df)
    return Posterior(less, max(0.0, 1 - less - greater), greater)
