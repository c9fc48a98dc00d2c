"""What a spread printed behind a mean may be: papers print several, and often do not say which.

Source: Altman & Bland (2005), British Medical Journal 331, on standard deviations and standard errors.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from bench.stats.intervals import finite, t_quantile

SpreadKind = Literal[
    "sd", "sd_n", "standard_error", "half_interval_t", "half_interval_normal"
]


def spreads(scores: np.ndarray) -> dict[SpreadKind, float]:
    """Every spread of n scores that papers print behind a mean.

    sd with n - 1, sd with n, standard error sd / sqrt(n), half a 95 % interval by t and with 1.96.

    >>> [round(value, 3) for value in spreads(np.array([1.0, 2, 3])).values()]
    [1.0, 0.816, 0.577, 2.484, 1.132]
    """
    values = finite(scores, "scores")
    n, sd = len(values), float(values.std(ddof=1))
    error = sd / float(np.sqrt(n))
    return {
        "sd": sd,
        "sd_n": float(values.std()),
        "standard_error": error,
        "half_interval_t": t_quantile(0.975, n - 1) * error,
        "half_interval_normal": t_quantile(0.975, float("inf")) * error,
    }
