"""What a spread printed behind a mean may be: papers print several, and often do not say which.

Source: Altman & Bland (2005), British Medical Journal 331, on standard deviations and standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.stats.intervals import finite, t_quantile
from bench.stats.matches import rounded

SpreadKind = Literal["sd", "sd_n", "standard_error", "half_interval_t", "half_interval_normal"]


@dataclass(frozen=True)
class SpreadReading:
    """One spread of the scores, `value` in the unit of print: `percent` where it is 100 times that of the scores."""

    spread: SpreadKind
    percent: bool
    value: float


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


def readings(printed: str, scores: np.ndarray) -> tuple[SpreadReading, ...]:
    """Which spreads of our scores print the number to its decimals, as they are or times 100.

    printed: the text, so that its decimals are known; scores: (n,), n >= 2, of our folds or repeats. Several may:
    numbers of one digit tell little apart. None where none does. Raises ValueError for a text that is no number, fewer
    than two scores, a NaN.

    >>> [(one.spread, one.percent) for one in readings("2.0", np.array([0.92, 0.94, 0.96]))]
    [('sd', True)]
    """
    tried = [SpreadReading(name, percent, value * (100 if percent else 1)) for name, value in spreads(scores).items()
             for percent in (False, True)]  # fmt: skip
    return tuple(one for one in tried if rounded(printed, one.value))
