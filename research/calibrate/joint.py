"""Several published numbers about one thing, taken together: are all of them off, though none alone is past doubt?

Source: Student (1908) for the test; Vovk & Wang (2020), Biometrika 107, for p-values that depend on each other in any
way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.intervals import SAME, checked_level, t_cdf, t_quantile


@dataclass(frozen=True)
class CommonShift:
    """The mean difference ours - published over k numbers, its two-sided interval and p-value.

    `p_less`, `p_greater`: one-sided, for a shift below and above 0. `half` has been taken off the size of the
    difference before each p, and added to either side of the interval.
    """

    difference: float
    low: float
    high: float
    p_value: float
    p_less: float
    p_greater: float
    se: float
    df: int
    k: int


def common_shift(
    ours: np.ndarray,
    published: np.ndarray,
    *,
    repeats_published: int = 1,
    half: float = 0.0,
    level: float = 0.95,
) -> CommonShift:
    """Are k published numbers off by a common shift?

    ours: (r, k), r >= 2 repeats, say splits, of k scores in one unit; a row holds scores of one split, so that
    whatever they have in common is in its mean. published: (k,), each the mean of `repeats_published` such repeats.
    half: half a unit of the last printed decimal, the largest k can be off by rounding.
    d = mean(ours) - mean(published), se = s sqrt(1 / r_p + 1 / r), s the sd of the r row means, t with r - 1 degrees.

    One test of one mean: no covariance matrix is inverted, unlike in Hotelling's T^2, which with few repeats loses most
    of its power, and asks in what way they differ. If the paper drew its splits for each number anew its mean varies
    less than is assumed here where scores go together, and the test errs on the safe side. Raises ValueError for shapes
    that do not fit, a NaN, r < 2, r_p < 1, half < 0.

    >>> one = common_shift(np.array([[0.70, 0.74], [0.72, 0.76], [0.71, 0.75]]), np.array([0.77, 0.81]))
    >>> round(one.difference, 6), round(one.se, 6), one.df   # row means .72, .74, .73: sd .01, sqrt(1 + 1/3)
    (-0.06, 0.011547, 2)
    """
    table, numbers = np.asarray(ours, dtype=float), np.asarray(published, dtype=float)
    if (
        table.ndim != 2
        or len(table) < 2
        or numbers.shape != table.shape[1:]
        or not numbers.size
    ):
        raise ValueError(
            f"ours {table.shape} and published {numbers.shape}: expected (r >= 2, k) scores and k numbers"
        )
    if not (
        np.isfinite(table).all()
        and np.isfinite(numbers).all()
        and 0 <= half < float("inf")
    ):
        raise ValueError(
            f"ours, published or half = {half}: expected finite numbers, half from 0"
        )
    if repeats_published < 1:
        raise ValueError(
            f"repeats_published is {repeats_published}; a published number is of one repeat or more"
        )
    checked_level(level)
    r, df, means = len(table), len(table) - 1, table.mean(axis=1)
    noise = SAME * max(float(np.abs(table).max()), 1e-300)
    sd = 0.0 if float(np.ptp(means)) <= noise else float(means.std(ddof=1))
    se = sd * float(np.sqrt(1 / repeats_published + 1 / r))
    difference = float(means.mean() - numbers.mean())
    less, greater = (
        _one_sided(turn * difference - half, se, df, noise) for turn in (-1, 1)
    )
    reach = t_quantile((1 + level) / 2, df) * se + half
    p = min(1.0, 2 * min(less, greater))
    return CommonShift(
        difference,
        difference - reach,
        difference + reach,
        p,
        less,
        greater,
        se,
        df,
        table.shape[1],
    )


def merged_p(p: np.ndarray) -> float:
    """One p-value of k that depend on each other in any way: twice their mean, at most 1.

    p: (k,), k >= 1. Valid whatever their dependence (Vovk & Wang 2020, after Rüschendorf 1982), unlike the harmonic
    mean and Cauchy's combination, which are so only nearly or for small p. It is for evidence that is spread over all:
    k equal p give 2 p, Bonferroni's k p. Which of several numbers are off is asked of `bench.stats.adjust.holm`. To ask
    whether all are off in one direction give it one-sided p-values, of one direction that was stated beforehand.

    >>> round(merged_p(np.array([0.02, 0.03, 0.04])), 6)
    0.06
    """
    values = np.asarray(p, dtype=float)
    if values.ndim != 1 or not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p: expected one row of numbers from 0 to 1, at least one")
    return float(values[0]) if len(values) == 1 else min(1.0, 2 * float(values.mean()))


def _one_sided(excess: float, se: float, df: int, noise: float) -> float:
    if se == 0:
        return 0.0 if excess > noise else 1.0
    return t_cdf(-excess / se, df)
