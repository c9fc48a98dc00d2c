"""Two families on the same test rows, each row predicted once by one held-out fit: McNemar and DeLong.

Never on predictions pooled over folds or repeats: rows predicted by different fits are no independent sample, and the
areas of pooled scores are biased.
Source: McNemar (1947), Dietterich (1998); Tango (1998), Statistics in Medicine 17, for the interval; DeLong, DeLong &
Clarke-Pearson (1988), by the midranks of Sun & Xu (2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level
from bench.stats.ranks import midranks


@dataclass(frozen=True)
class McNemar:
    """Two models on the same test rows.

    Attributes
    ----------
    only_a, only_b, n : int
        Rows that only a, only b got right, of n rows.
    difference : float
        Of the accuracies, a - b.
    p_value : float
        Two-sided.
    """

    only_a: int
    only_b: int
    n: int
    difference: float
    p_value: float


@dataclass(frozen=True)
class DeLong:
    """Areas under the ROC curve of two scores on the same rows.

    Attributes
    ----------
    auc_a, auc_b, difference : float
        The two areas, and a - b.
    low, high : float
        The normal interval of the difference.
    p_value, statistic, se : float
        Two-sided p, z, and the standard error of the difference.
    """

    auc_a: float
    auc_b: float
    difference: float
    low: float
    high: float
    p_value: float
    statistic: float
    se: float


def mcnemar(a_right: np.ndarray, b_right: np.ndarray) -> McNemar:
    """McNemar's exact test that two models are right equally often.

    Parameters
    ----------
    a_right, b_right : ndarray of bool of shape (n,)
        Whether each model's label of a test row was right; the same rows in the same order.

    Returns
    -------
    McNemar

    Raises
    ------
    ValueError
        Unless both are equally long vectors of booleans.

    Notes
    -----
    Of the m = only_a + only_b rows on which they differ, only_a is Binomial(m, 1/2): p = 2 P(X <= min), at most 1;
    where m is 0, p is 1.

    References
    ----------
    McNemar (1947), Psychometrika 12.

    Examples
    --------
    >>> one = mcnemar(np.array([True] * 5 + [False]), np.array([False] * 5 + [True]))
    >>> round(one.p_value, 6)   # 2 (1 + 6) / 2^6
    0.21875
    """
    a, b = np.asarray(a_right), np.asarray(b_right)
    if (
        a.dtype != bool
        or b.dtype != bool
        or a.ndim != 1
        or a.shape != b.shape
        or not len(a)
    ):
        raise ValueError(
            f"a_right {a.dtype}{a.shape} and b_right {b.dtype}{b.shape}: booleans of the same rows expected"
        )
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    least, m = min(only_a, only_b), only_a + only_b
    p = min(1.0, 2 * float(special.bdtr(least, m, 0.5)))
    return McNemar(only_a, only_b, len(a), (only_a - only_b) / len(a), p)


def accuracy_difference(
    only_a: int, only_b: int, n: int, *, level: float = 0.95
) -> tuple[float, float]:
    """Tango's score interval of the difference of accuracies a - b on one test set of n rows.

    only_a, only_b: rows that only a, only b got right. It holds the differences D that the score test does not reject:
    z(D) = (only_a - only_b - n D) / sqrt(n (2 q + D (1 - D))), q the most likely share of rows that only b gets right
    given D, which solves 2 n q^2 + ((2 n - only_a + only_b) D - only_a - only_b) q - only_b D (1 - D) = 0 (Tango 1998).
    At D = 0 it is McNemar's test without continuity correction. It is not the conditional interval that would belong to
    the exact test: given the rows on which they differ, the difference hardly varies where one family wins nearly all
    of them, and that interval covers too seldom (Newcombe 1998, Statistics in Medicine 17). Raises ValueError for
    counts that are no rows of n.

    >>> low, high = accuracy_difference(1, 7, 21)
    >>> round(low, 3), round(high, 3)   # as `scoreci.mp` of the R package PropCIs has it
    (-0.517, -0.026)
    """
    from scipy.optimize import brentq  # slow to import

    checked_level(level)
    if min(only_a, only_b) < 0 or n < 1 or only_a + only_b > n:
        raise ValueError(
            f"{only_a} and {only_b} of {n} rows: expected counts that are together at most the rows"
        )
    z, seen = float(special.ndtri((1 + level) / 2)), (only_a - only_b) / n

    def excess(d: float) -> float:
        return abs(tango_z(only_a, only_b, n, d)) - z

    low = -1.0 if seen == -1 else float(brentq(excess, -1.0, seen, xtol=1e-12))
    high = 1.0 if seen == 1 else float(brentq(excess, seen, 1.0, xtol=1e-12))
    return low, high


def delong(
    truth: np.ndarray, a: np.ndarray, b: np.ndarray, *, level: float = 0.95
) -> DeLong:
    """DeLong's test of two areas under the ROC curve on the same rows.

    Parameters
    ----------
    truth : ndarray of bool of shape (n,)
        True is the positive class.
    a, b : ndarray of shape (n,)
        Scores; higher is more positive.
    level : float, default 0.95
        The level of the interval.

    Returns
    -------
    DeLong
        Equal areas without any spread give p 1.

    Raises
    ------
    ValueError
        For shapes that differ, a NaN, fewer than two rows of a class, and for areas that differ while the variance is 0
        (perfect against constant scores): there the test says nothing.

    Notes
    -----
    For a positive row v is the share of negatives that it is above (ties one half), for a negative row the share of
    positives above it; the covariance of the areas is cov(v of positives) / n_pos + cov(v of negatives) / n_neg,
    z = (A_a - A_b) / se.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44.

    Examples
    --------
    >>> truth = np.array([True, True, True, False, False])
    >>> one = delong(truth, np.array([5.0, 4, 2, 3, 1]), np.array([1.0, 4, 2, 3, 5]))
    >>> round(one.auc_a, 6), round(one.auc_b, 6)   # pairs in the right order: 5 of 6; 1 of 6
    (0.833333, 0.166667)
    """
    truth = np.asarray(truth)
    scores = np.array([a, b], dtype=float)
    if (
        truth.dtype != bool
        or truth.ndim != 1
        or scores.shape != (2, len(truth))
        or not np.isfinite(scores).all()
    ):
        raise ValueError(
            f"truth {truth.dtype}{truth.shape}, scores {scores.shape}: booleans and finite scores of the rows expected"
        )
    if min(truth.sum(), (~truth).sum()) < 2:
        raise ValueError(
            f"{truth.sum()} positive and {(~truth).sum()} negative rows; DeLong needs two of each"
        )
    checked_level(level)
    (area_a, area_b), covariance = _areas(truth, scores)
    difference = area_a - area_b
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    se = float(np.sqrt(variance)) if variance > 1e-18 else 0.0
    if se == 0 and abs(difference) > 1e-12:
        raise ValueError(
            f"areas {area_a:.6g} and {area_b:.6g} differ without any variance: DeLong's test does not exist"
        )
    z = difference / se if se else 0.0
    half = float(special.ndtri((1 + level) / 2)) * se
    p = min(1.0, 2 * float(special.ndtr(-abs(z))))
    return DeLong(
        area_a, area_b, difference, difference - half, difference + half, p, z, se
    )


def tango_z(only_a: int, only_b: int, n: int, d: float) -> float:
    """Tango's score statistic of the difference d, infinite where d is impossible."""
    away = only_a - only_b - n * d
    b, c = (2 * n - only_a + only_b) * d - only_a - only_b, -only_b * d * (1 - d)
    root = float(np.sqrt(max(0.0, b * b - 8 * n * c)))
    # The root without cancellation: of the two forms the one that adds.
    q = (root - b) / (4 * n) if b < 0 else -2 * c / (root + b) if root + b else 0.0
    variance = n * (2 * q + d * (1 - d))
    if variance <= 1e-300:
        return 0.0 if away == 0 else float(np.copysign(np.inf, away))
    return away / float(np.sqrt(variance))


def _areas(truth: np.ndarray, scores: np.ndarray) -> tuple[list[float], np.ndarray]:
    """The two areas and their 2 x 2 covariance: a midrank among all less that in its class counts the other class."""
    n_pos, n_neg = int(truth.sum()), int((~truth).sum())
    among = np.array([midranks(row) for row in scores])
    above = np.array(
        [
            (r[truth] - midranks(row[truth])) / n_neg
            for r, row in zip(among, scores, strict=True)
        ]
    )
    below = np.array(
        [
            1 - (r[~truth] - midranks(row[~truth])) / n_pos
            for r, row in zip(among, scores, strict=True)
        ]
    )
    return above.mean(axis=1).tolist(), np.cov(above) / n_pos + np.cov(below) / n_neg
