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
    """`p_low` tests a - b <= -margin, `p_high` tests a - b >= margin; `p_value` is the larger of the two.

    `low`, `high`: the 90 % interval of the difference; it lies within the margins exactly when p_value < .05.
    """

    p_value: float
    p_low: float
    p_high: float
    difference: float
    low: float
    high: float


def tost(
    a: np.ndarray, b: np.ndarray, *, margin: float, test_train_ratio: float, mix_variance: float = 0.0
) -> Equivalence:
    """Two one-sided tests that the mean difference lies within (-margin, margin).

    a, b: (J,), J >= 2, scores on the same folds, in the same order; `margin` > 0 in their unit; `mix_variance` as for
    `corrected_t`.
    Raises ValueError as `corrected_t` does, and for a margin that is not above 0.
    """
    if not 0 < margin < float("inf"):
        raise ValueError(f"margin is {margin}; expected a number above 0")
    test = corrected_t(a, b, test_train_ratio=test_train_ratio, level=0.90, mix_variance=mix_variance)
    if test.se == 0:
        p_low, p_high = float(test.difference <= -margin), float(test.difference >= margin)
    else:
        p_low = t_cdf(-(test.difference + margin) / test.se, test.df)
        p_high = t_cdf((test.difference - margin) / test.se, test.df)
    return Equivalence(float(np.maximum(p_low, p_high)), p_low, p_high, test.difference, test.low, test.high)
