"""What one sample cannot show of an unstable family is seen where the table is split into two disjoint halves.

The halves are drawn anew M or J times; inside each the family is cross-validated, and the inner folds are averaged.
Source: Nadeau & Bengio (2003), Machine Learning 52, for the conservative z; Zeng et al. (2026), bioRxiv
2026.05.17.724301, for SHARP.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.bayes import Posterior
from bench.stats.intervals import SAME, Interval, checked_level, t_cdf, t_quantile

#: The largest correlation between repetitions that is tried: at one half the covariance is singular.
MOST_RHO = 0.499
#: How often the reach of an interval is doubled before it counts as infinite.
DOUBLINGS = 60


@dataclass(frozen=True)
class HalvesTest:
    """An estimate with its two-sided interval, and the test that the truth is `mu`.

    p_value is two-sided, p_greater one-sided for a truth above mu; `se` is the standard error under the hypothesis.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    p_greater: float
    statistic: float
    se: float


def conservative_z(
    estimate: float, halves: np.ndarray, *, mu: float = 0.0, level: float = 0.95
) -> HalvesTest:
    """The conservative z of Nadeau and Bengio (2003) around an estimate from the whole table.

    estimate: a score of one family, or the difference of two, from all rows; any metric, such as AUC. halves: (M, 2),
    M >= 1, the same from the two disjoint halves of each of M random splits. se^2 = sum_m (h_m1 - h_m2)^2 / (2 M),
    interval estimate +- z se. It is the variance on half the rows, so that it errs on the safe side. Of equal halves
    se is 0 and p is 1 where the estimate is mu, else 0. Raises ValueError for another shape or a NaN.

    >>> one = conservative_z(0.03, np.array([[0.05, 0.01], [0.02, 0.04]]))
    >>> round(one.se, 6), round(one.statistic, 6)   # sqrt((.0016 + .0004) / 4); .03 / .022361
    (0.022361, 1.341641)
    """
    pairs = _pairs(halves, least=1)
    checked_level(level)
    if not np.isfinite([estimate, mu]).all():
        raise ValueError(f"estimate {estimate} and mu {mu}: expected finite numbers")
    apart = pairs[:, 0] - pairs[:, 1]
    apart = np.where(np.abs(apart) <= SAME * np.abs(pairs).max(), 0.0, apart)
    se = float(np.sqrt((apart**2).sum() / (2 * len(pairs))))
    return _tested(
        float(estimate),
        _ratio(_away(estimate, mu), se),
        se,
        float(special.ndtri((1 + level) / 2)) * se,
    )


def sharp(halves: np.ndarray, *, mu: float = 0.0, level: float = 0.95) -> HalvesTest:
    """SHARP's score test that the mean is mu (Zeng et al. 2026), and the interval of the means that it does not reject.

    halves: (J, 2), J >= 2 repetitions: a family's score, or the difference of two, in either half, averaged over its
    inner folds. Model: variance v; the halves of one repetition are independent, values of different repetitions have
    the correlation rho. With s, t the sum and the difference of the halves, the likelihood at mu is that of
    Q1 = 2 J (mean - mu)^2, Q2 = sum (s - mean s)^2 / 2, Q3 = sum t^2 / 2 with eigenvalues 1 + 2 (J - 1) rho (once),
    1 - 2 rho (J - 1 times) and 1 (J times). v and rho in [0, .499] maximise it under the hypothesis (that is what makes
    it a score test; the Wald test rejects too often), then se^2 = v (1 / (2 J) + (J - 1) rho / J), normal.
    No p is below 2 Phi(-sqrt(2 J)), and the interval is infinite for a level that J cannot reach. Of J x 2 equal
    values the p is 1 where they are mu. Raises ValueError for another shape or a NaN.

    >>> one = sharp(np.array([[0.03, 0.01], [0.02, 0.02], [0.04, 0.0]]))
    >>> round(one.estimate, 6), round(one.statistic, 4), round(one.p_value, 4)
    (0.02, 1.6336, 0.1023)
    """
    pairs = _pairs(halves, least=2)
    checked_level(level)
    mean = float(pairs.mean())
    if float(np.ptp(pairs)) <= SAME * float(np.abs(pairs).max()):
        mean = float(pairs[0, 0])
        pairs = np.full_like(pairs, mean)
    away = _away(mean, mu)
    se = _score_se(pairs, away)
    return _tested(
        mean, _ratio(away, se), se, _reach(pairs, float(special.ndtri((1 + level) / 2)))
    )


def carried(
    estimate: float,
    halves: np.ndarray,
    *,
    se: float,
    mu: float = 0.0,
    level: float = 0.95,
) -> HalvesTest:
    """The test that a difference estimated on all rows is mu, and its interval: by SHARP, or where that says more, by
    conservative z with Student's t of J degrees.

    estimate: on all rows, which are more than a half has; halves: (J, 2), the same on the halves of each of J splits;
    se: the standard error over folds, below which that of conservative z never goes.

    SHARP fits the variance under its hypothesis. However large a difference is, J of ten rarely give a p below .001,
    and its reach at the level of many comparisons is without end. Conservative z has no such bound, and few real
    differences. Of equal families no more are called different by either than by SHARP alone (docs/history.md). The
    interval lies around the estimate, as far as the shorter of both reaches. SHARP's p is that of the halves where mu
    is 0, so that it may be small beside an interval that holds 0, and the reverse; another mu is held against the
    halves moved to the estimate. p is 1 where the mean of the halves lies on the other side of 0 than the estimate:
    then they show nothing.

    >>> pairs = np.array([[0.03, 0.01], [0.02, 0.02], [0.04, 0.0]])
    >>> round(carried(0.025, pairs, se=0.01).p_value, 4), round(carried(-0.025, pairs, se=0.01).p_value, 4)
    (0.1023, 1.0)
    """
    test, wide = (
        sharp(halves, level=level),
        max(se, conservative_z(estimate, halves).se),
    )
    away = _away(estimate, mu)
    if mu != 0:
        test = sharp(halves - halves.mean() + estimate, mu=mu, level=level)
    df, opposed = len(halves), mu == 0 and _away(test.estimate, 0.0) * away < 0
    above = t_cdf(-away / wide, df) if wide > 0 else 0.5
    p, greater = (
        min(test.p_value, 2 * min(above, 1 - above)),
        min(test.p_greater, above),
    )
    p, greater = (1.0, 0.5) if opposed else (p, greater)
    reach = min(
        test.high - test.estimate,
        t_quantile((1 + level) / 2, df) * wide if wide > 0 else np.inf,
    )
    return HalvesTest(
        estimate,
        estimate - reach,
        estimate + reach,
        p,
        greater,
        test.statistic,
        test.se,
    )


def sharp_chances(halves: np.ndarray, rope: float) -> Posterior:
    """How probable a true difference below, inside and above the ROPE is: SHARP's confidence distribution.

    >>> chances = sharp_chances(np.array([[0.03, 0.01], [0.02, 0.02], [0.04, 0.0]]), 0.01)
    >>> round(chances.p_greater, 3)
    0.841
    """
    less, greater = (
        1 - sharp(-halves, mu=rope).p_greater,
        1 - sharp(halves, mu=rope).p_greater,
    )
    return Posterior(less, max(0.0, 1 - less - greater), greater)


def wider(one: Interval, halves: HalvesTest) -> Interval:
    """The wider of two intervals of one estimate, for scores of unstable families: Nadeau and Bengio's or the halves'.

    >>> wider(Interval(0.8, 0.7, 0.9, 0.05, 9), HalvesTest(0.8, 0.75, 0.85, 0.0, 0.0, 32.0, 0.025)).low
    0.7
    """
    if one.high - one.low >= halves.high - halves.low:
        return one
    return Interval(halves.estimate, halves.low, halves.high, halves.se, float("inf"))


def _score_se(pairs: np.ndarray, away: float) -> float:
    """The standard error of the mean where v and rho are fitted with the truth held `away` from the mean."""
    count = len(pairs)
    s, t = pairs.sum(axis=1), pairs[:, 0] - pairs[:, 1]
    q1, q2, q3 = (
        2 * count * away**2,
        float(((s - s.mean()) ** 2).sum()) / 2,
        float((t**2).sum()) / 2,
    )
    scale = q1 + q2 + q3
    if scale == 0:
        return 0.0
    q1, q2, q3 = q1 / scale, q2 / scale, q3 / scale
    # The deviance 2 J log(q1 / first + q2 / second + q3) + log first + (J - 1) log second, with the eigenvalues first =
    # 1 + 2 (J - 1) rho and second = 1 - 2 rho, turns only at roots of the cubic
    # q2 first^2 - (J - 1) (q1 second^2 + rho (q1 second + q2 first + q3 first second)).
    a = count - 1
    cubic = [
        4 * a**2 * q3,
        2 * a * (a * q2 - q1 - (a - 1) * q3),
        a * (3 * q1 + 3 * q2 - q3),
        q2 - a * q1,
    ]
    tried = np.concatenate([[0.0, MOST_RHO], np.roots(cubic).real.clip(0.0, MOST_RHO)])
    first, second = 1 + 2 * a * tried, 1 - 2 * tried
    squares = q1 / first + q2 / second + q3
    best = int(
        np.argmin(2 * count * np.log(squares) + np.log(first) + a * np.log(second))
    )
    return float(np.sqrt(scale * squares[best] * first[best])) / (2 * count)


def _reach(pairs: np.ndarray, z: float) -> float:
    """Half the interval: the first distance from the mean that the test rejects on either side alike."""

    def excess(away: float) -> float:
        return _ratio(away, _score_se(pairs, away)) - z

    from scipy.optimize import brentq  # slow to import

    if np.ptp(pairs) == 0:
        return 0.0 if np.sqrt(2 * len(pairs)) > z else float("inf")
    apart = float(np.sqrt(((pairs[:, 0] - pairs[:, 1]) ** 2).mean()))
    step = (apart or float(pairs.std())) / float(2 * np.sqrt(len(pairs)))
    near = 0.0
    for _ in range(DOUBLINGS):
        if excess(near + step) > 0:
            return float(brentq(excess, near, near + step, xtol=1e-300, rtol=1e-10))
        near, step = near + step, step * 2
    return float("inf")


def _tested(estimate: float, z: float, se: float, half: float) -> HalvesTest:
    p, greater = min(1.0, 2 * float(special.ndtr(-abs(z)))), float(special.ndtr(-z))
    return HalvesTest(estimate, estimate - half, estimate + half, p, greater, z, se)


def _away(estimate: float, mu: float) -> float:
    """The distance of the hypothesis, 0 where it is but float noise."""
    away = float(estimate - mu)
    return away if abs(away) > SAME * max(abs(estimate), abs(mu)) else 0.0


def _ratio(away: float, se: float) -> float:
    if se == 0:
        return 0.0 if away == 0 else float(np.copysign(np.inf, away))
    return away / se


def _pairs(halves: np.ndarray, least: int) -> np.ndarray:
    pairs = np.asarray(halves, dtype=float)
    if (
        pairs.ndim != 2
        or pairs.shape[1] != 2
        or len(pairs) < least
        or not np.isfinite(pairs).all()
    ):
        raise ValueError(
            f"halves of shape {pairs.shape}: expected finite numbers, (at least {least}, 2)"
        )
    return pairs
