"""Where the number lies that one more run of the same protocol would print, and what choosing the best does to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level, finite
from bench.stats.noise import kept_decimals


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

    def holds(self, x: float) -> bool:
        """Whether x lies in the interval, ends included, but for float noise."""
        decimals = kept_decimals(self.low, self.high, x)
        return (
            round(self.low, decimals)
            <= round(x, decimals)
            <= round(self.high, decimals)
        )

    def beyond(self, x: float) -> float:
        """Two-sided share of further numbers that round to something as far out as x. Within rounding it is 1."""
        distance = max(0.0, abs(x - self.middle) - self.half_unit)
        if self.scale == 0:
            return 1.0 if distance == 0 else 0.0
        return float(2 * special.stdtr(self.df, -distance / self.scale))


def next_number(
    runs: np.ndarray,
    *,
    averaged_over: int = 1,
    half_unit: float = 0.0,
    level: float = 0.95,
    best_of: int = 1,
) -> Prediction:
    """The prediction interval of a mean of `averaged_over` further runs, from these.

    runs: (r,), r >= 2, one number a run, independent given the data and normal. Half-width t_{r-1} s sqrt(1/m + 1/r)
    for a mean of m further runs (Hahn & Meeker 1991, Statistical Intervals, section 4.8), plus half a unit of the last
    printed decimal. `best_of` k: the largest of k such numbers (`largest`); give -runs where smaller is better. Its
    middle is the median. Raises ValueError for fewer than two runs or a NaN.

    >>> one = next_number(np.array([0.8, 0.9]))        # mean .85, s .0707, t_{1, .975} = 12.706, sqrt(1 + 1/2)
    >>> round(one.middle, 6), round(one.high - one.middle, 4)
    (0.85, 1.1004)
    """
    values = finite(runs, "runs")
    checked_level(level)
    if averaged_over < 1 or best_of < 1:
        raise ValueError("averaged_over and best_of count from 1")
    r, mean = len(values), float(values.mean())
    spread = float(values.std(ddof=1))
    spread = 0.0 if np.ptp(values) <= 1e-12 * float(np.abs(values).max()) else spread
    tail = (1 - level) / 2
    low, middle, high = (
        mean + spread * largest(q, r, averaged_over, best_of)
        for q in (tail, 0.5, 1 - tail)
    )
    scale = spread * float(np.sqrt(1 / averaged_over + 1 / r))
    return Prediction(
        mean if best_of == 1 else middle,
        low - half_unit,
        high + half_unit,
        scale,
        r - 1,
        half_unit,
    )


@lru_cache(maxsize=1024)
def largest(q: float, r: int, m: int = 1, k: int = 1) -> float:
    """The q quantile of the largest of k further means of m runs, in spreads of r runs from their mean.

    (M / sqrt(m) - Z / sqrt(r)) / sqrt(W / (r - 1)): M the largest of k standard normal numbers, Z one, W chi-squared on
    r - 1 degrees, independent. All k are measured from the same mean and spread, so they are not independent: powers of
    Student's distribution would make the interval start too high and end far too high. For k = 1 it is
    t_{r-1, q} sqrt(1/m + 1/r); else it is found by quadrature over Z and W.

    >>> round(largest(0.975, 2), 4)                       # 12.7062 sqrt(3 / 2)
    15.5619
    """
    alone = float(np.sqrt(1 / m + 1 / r))
    least, most = (
        float(special.stdtrit(r - 1, at)) * alone for at in (q, 1 - (1 - q) / k)
    )
    if k == 1:
        return least
    from scipy.optimize import brentq  # slow to import

    z, z_weight = special.roots_hermitenorm(64)
    log_spread = np.linspace(
        -12, 3, 600
    )  # of sqrt(W / (r - 1)): smooth and 0 at both ends, so that equal steps do
    density = np.exp((r - 1) * (log_spread - np.exp(2 * log_spread) / 2 + 1 / 2))
    weight = np.outer(z_weight / z_weight.sum(), density / density.sum())
    spread = np.exp(log_spread)

    def excess(c: float) -> float:
        within = special.ndtr(
            np.sqrt(m) * (c * spread[None, :] + z[:, None] / np.sqrt(r))
        )
        return float((weight * within**k).sum()) - q

    # One of the k alone lies no higher; by Bonferroni's bound the largest lies no higher than `most`.
    return (
        float(brentq(excess, least, most)) if excess(least) < 0 < excess(most) else most
    )


def expected_max(k: int) -> float:
    """The mean of the largest of k independent standard normals: how many standard errors the best of k is too good.

    The integral of x k phi(x) Phi(x)^(k-1) by the trapezoid rule, which for so smooth and short-tailed an integrand is
    exact to the last digits (order statistics, Tippett 1925). To be printed beside a published "best of k", never
    subtracted. Raises ValueError below 1.

    >>> round(expected_max(2), 12)   # 1 / sqrt(pi)
    0.564189583548
    """
    if k < 1:
        raise ValueError(f"k = {k}: the best of fewer than one number does not exist")
    x = np.arange(-40, 40, 1 / 64)
    density = (
        np.log(k) - x**2 / 2 - np.log(2 * np.pi) / 2 + (k - 1) * special.log_ndtr(x)
    )
    return float((x * np.exp(density)).sum() / 64) if k > 1 else 0.0
