"""Where the number lies that one more run of the same protocol would print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from bench.stats.intervals import checked_level, finite


@dataclass(frozen=True)
class Prediction:
    """The middle of what a further number of the same kind would be, and its interval, in the unit of the runs.

    beyond(x): how often such a number lies as far from the mean as x, or farther, on either side.
    """

    middle: float
    low: float
    high: float
    scale: float
    df: float
    half_unit: float

    def beyond(self, x: float) -> float:
        """Two-sided share of further numbers that round to something as far out as x. Within rounding it is 1."""
        distance = max(0.0, abs(x - self.middle) - self.half_unit)
        if self.scale == 0:
            return 1.0 if distance == 0 else 0.0
        return float(2 * stdtr(self.df, -distance / self.scale))


def next_number(
    runs: np.ndarray, *, averaged_over: int = 1, half_unit: float = 0.0, level: float = 0.95, best_of: int = 1
) -> Prediction:
    """The prediction interval of a mean of `averaged_over` further runs, from these.

    runs: (r,), r >= 2, one number a run, independent given the data. Half-width t_{r-1} s sqrt(1/m + 1/r) for a mean of
    m further runs (Hahn & Meeker 1991, Statistical Intervals, section 4.8), plus half a unit of the last printed
    decimal. `best_of` k: the largest of k such numbers, whose q quantile is the q^(1/k) quantile of one; give -runs
    where smaller is better. Raises ValueError for fewer than two runs or a NaN.

    >>> one = next_number(np.array([0.8, 0.9]))        # mean .85, s .0707, t_{1, .975} = 12.706, sqrt(1 + 1/2)
    >>> round(one.middle, 6), round(one.high - one.middle, 4)
    (0.85, 1.1004)
    """
    values = finite(runs, "runs")
    checked_level(level)
    if averaged_over < 1 or best_of < 1:
        raise ValueError("averaged_over and best_of count from 1")
    r = len(values)
    scale = float(values.std(ddof=1)) * float(np.sqrt(1 / averaged_over + 1 / r))
    scale = 0.0 if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())) else scale
    tail = (1 - level) / 2
    mean = float(values.mean())
    low, middle, high = (mean + float(stdtrit(r - 1, q ** (1 / best_of))) * scale for q in (tail, 0.5, 1 - tail))
    return Prediction(mean if best_of == 1 else middle, low - half_unit, high + half_unit, scale, r - 1, half_unit)
