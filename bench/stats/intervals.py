"""Intervals of one mean, and the t distribution as the other modules use it.

Source: Nadeau & Bengio (2003), Machine Learning 52, and Bouckaert & Frank (2004), PAKDD, for repeated cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.stats import special
from bench.stats.noise import DECIMALS, kept_decimals

#: Values nearer to each other than this share of their size are equal: 0.81 - 0.71 is not 0.72 - 0.62 in floats.
SAME = 1e-12


@dataclass(frozen=True)
class Interval:
    """A mean with its two-sided interval, in the unit of the values.

    Attributes
    ----------
    estimate, low, high : float
        The mean and its interval.
    se, df : float
        Its standard error, and on how many degrees of freedom.
    """

    estimate: float
    low: float
    high: float
    se: float
    df: float


def corrected_mean(
    scores: np.ndarray,
    *,
    test_train_ratio: float,
    level: float = 0.95,
    mix_variance: float = 0.0,
) -> Interval:
    """The mean of fold scores with the interval of Nadeau and Bengio.

    Parameters
    ----------
    scores : ndarray of shape (J,)
        Scores of one model on one dataset, all repeats and folds; J is at least 2.
    test_train_ratio : float
        Test rows over training rows, averaged over folds: 1 / (K - 1) for K-fold cross-validation. With 0 it is the
        plain t interval of independent values.
    level : float, default 0.95
        The level of the interval.
    mix_variance : float, default 0.0
        Added to se^2: `class_mix` of the rows' losses where folds are stratified.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        For fewer than two values, a NaN, a negative ratio or a negative variance.

    Notes
    -----
    se = s sqrt(1/J + n_test/n_train) on J - 1 degrees of freedom.

    References
    ----------
    Nadeau & Bengio (2003), Machine Learning 52.

    Examples
    --------
    >>> one = corrected_mean(np.array([0.8, 0.9]), test_train_ratio=0.5)
    >>> round(one.estimate, 6), round(one.se, 6)   # s = 0.0707107, s * sqrt(1/2 + 1/2)
    (0.85, 0.070711)
    """
    values = finite(scores, "scores")
    checked_ratio(test_train_ratio)
    checked_level(level)
    mean, sd, count = float(values.mean()), spread(values, values), len(values)
    se = with_mix(sd * float(np.sqrt(1 / count + test_train_ratio)), mix_variance)
    half = t_quantile((1 + level) / 2, count - 1) * se
    return Interval(mean, mean - half, mean + half, se, count - 1)


def logit_interval(one: Interval) -> Interval:
    """The same interval on the logit scale, for an area under the ROC curve: it leans away from the nearer of 0 and 1.

    With p the estimate and h half the interval: logit p +- h / (p (1 - p)), turned back. Few rows of a class make the
    distribution of the area skewed, and its standard error small where the estimate is too large: a symmetric interval
    then misses on one side (Qin & Hotilovac 2008, Statistical Methods in Medical Research 17). An estimate that does
    not lie between 0 and 1 keeps its interval.

    >>> one = logit_interval(Interval(0.9, 0.83, 0.97, 0.03, 99))   # 2.1972 +- .07 / .09
    >>> round(one.low, 4), round(one.high, 4)
    (0.8053, 0.9514)
    """
    p, half = one.estimate, (one.high - one.low) / 2
    if not 0 < p < 1:
        return one
    centre, reach = float(special.logit(p)), half / (p * (1 - p))
    return replace(
        one,
        low=float(special.expit(centre - reach)),
        high=float(special.expit(centre + reach)),
    )


def class_mix(losses: np.ndarray, classes: np.ndarray) -> float:
    """The variance of a mean over n rows that comes from how many rows of each class a sample happens to hold.

    losses: (n,), n >= 2, one a row (the mean over repeats); of two families, a row's loss of one less that of the
    other. classes: (n,) labels. sum_c pi_c (e_c - e)^2 / n, e_c the mean of class c and pi_c its share: the part of the
    variance between classes, which stratified folds, all of one mix, cannot show (Cochran 1977, Sampling Techniques,
    chapter 5). It is to be added to Nadeau and Bengio's variance.

    It is for means of rows: accuracy, log-loss, Brier score. Of another score it takes each row's influence as the
    loss. The influences on an area under the ROC curve average 0 in each class, since an area is expected alike with
    any mix: there, and for balanced accuracy, nothing is to be added. Raises ValueError for shapes that differ, a NaN.

    >>> class_mix(np.array([0.0, 0, 0, 1]), np.array(["a", "a", "b", "b"]))   # (.5 * .25^2 + .5 * .25^2) / 4
    0.015625
    """
    values = finite(losses, "losses")
    _, member, count = np.unique(
        np.asarray(classes), return_inverse=True, return_counts=True
    )
    if len(member) != len(values):
        raise ValueError(
            f"{len(values)} losses and {len(member)} classes; one class a row was expected"
        )
    means = np.bincount(member, weights=values) / count
    if (
        round(float(np.ptp(means)), min(kept_decimals(values), DECIMALS)) == 0
    ):  # equal but for float noise
        return 0.0
    return float(count @ (means - values.mean()) ** 2) / len(values) ** 2


def hidden_mix(tests: np.ndarray, rows: np.ndarray, classes: np.ndarray) -> float:
    """The part of the class mix that test sets do not show, from 0 to 1, by how alike their shares of classes are.

    tests, rows, classes: (T,) labels of a test set, of a row and of its class, for each row of each test set. 1 - X^2
    / E, at least 0: X^2 is Pearson's statistic of the test sets against the shares of classes in all n different rows,
    and E = sum_j (C - 1)(n - n_j) / (n - 1) its mean for test sets of n_j rows drawn regardless of the C classes, whose
    spread shows the whole mix. That of stratified ones is near 0: they show nothing of it. 1 where E is 0: for one
    class, or one test set of all rows. Raises ValueError for shapes that differ.

    >>> rows, classes = np.arange(4), np.array(["a", "a", "b", "b"])
    >>> hidden_mix(np.array([0, 1, 0, 1]), rows, classes), hidden_mix(np.array([0, 0, 1, 1]), rows, classes)
    (1.0, 0.0)
    """
    if not len(tests) == len(rows) == len(classes):
        raise ValueError(
            f"{len(tests)} test sets, {len(rows)} rows, {len(classes)} classes; one of each was expected"
        )
    first = np.unique(rows, return_index=True)[1]
    (sets, test), (names, label) = (
        np.unique(one, return_inverse=True) for one in (tests, classes)
    )
    count, shares = (
        np.zeros((len(sets), len(names))),
        np.bincount(label[first], minlength=len(names)) / len(first),
    )
    np.add.at(count, (test, label), 1)
    sizes = count.sum(axis=1)
    regardless = (
        (len(names) - 1) * float((len(first) - sizes).sum()) / max(len(first) - 1, 1)
    )
    if regardless <= 0:
        return 1.0
    expected = np.outer(sizes, shares)
    return max(0.0, 1 - float(((count - expected) ** 2 / expected).sum()) / regardless)


def with_mix(se: float, mix_variance: float) -> float:
    """A standard error with the variance of the class mix added; raises ValueError where that is negative."""
    if not 0 <= mix_variance < float("inf"):
        raise ValueError(
            f"mix_variance is {mix_variance}; a variance is a number from 0"
        )
    return float(np.hypot(se, np.sqrt(mix_variance))) if mix_variance else se


def welch_half(
    one: tuple[float, float], other: tuple[float, float], level: float = 0.95
) -> float:
    """Half the two-sided interval of the difference of two independent means, each a standard error and its degrees of
    freedom (which may be infinite): Welch (1947), Biometrika 34, with Satterthwaite's degrees. Means that are
    correlated in the same direction, as those of the same rows are, make it too wide rather than too narrow.

    >>> round(welch_half((0.3, 4), (0.4, 4), 0.95), 4)   # se 0.5, df 0.25^2 / (0.3^4 / 4 + 0.4^4 / 4) = 7.4184
    1.1689
    """
    checked_level(level)
    se, df = welch(one, other)
    return t_quantile((1 + level) / 2, df) * se if se else 0.0


def welch(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The standard error of the difference of two independent means, and its degrees of freedom (`welch_half`).

    >>> se, df = welch((0.3, 4), (0.4, 4))
    >>> round(se, 4), round(df, 4)
    (0.5, 7.4184)
    """
    variances = np.array([one[0] ** 2, other[0] ** 2])
    total = float(variances.sum())
    lost = float((variances**2 / np.array([one[1], other[1]])).sum())
    return total**0.5, total**2 / lost if lost > 0 else np.inf


def welch_p(a: np.ndarray, b: np.ndarray) -> float:
    """The two-sided p of Welch's t for two independent samples of two scores or more; of samples that do not vary, 0 or
    1 as their means differ: Welch (1947), Biometrika 34.

    >>> round(welch_p(np.array([1.0, 2, 3]), np.array([3.0, 5, 7])), 4)   # t = -3 / sqrt(5 / 3), df 2.94
    0.1045
    """
    a, b = finite(a, "scores"), finite(b, "scores")
    parts = np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
    difference = round(float(a.mean() - b.mean()), kept_decimals(a, b))
    total = float(parts.sum())
    if total == 0:
        return float(difference == 0)
    df = total**2 / float((parts**2 / np.array([len(a) - 1, len(b) - 1])).sum())
    return 2 * t_cdf(-abs(difference) / total**0.5, df)


def clustered_half(means: np.ndarray, sizes: np.ndarray, level: float = 0.95) -> float:
    """Half the two-sided interval of a mean over rows that come in G independent clusters.

    means, sizes: (G,), G >= 2, each cluster's mean and its number of rows. The linearised variance of a ratio (Cochran
    1977, Sampling Techniques, 6.3), t with G - 1 degrees; of equal sizes the plain t interval of the means.

    >>> round(clustered_half(np.array([0.0, 1.0, 2.0]), np.array([5, 5, 5])), 4)   # 4.3027 * 1 / sqrt(3)
    2.4841
    """
    checked_level(level)
    count, rows = len(means), sizes.sum()
    beyond = sizes * (means - float(means @ sizes) / rows)
    se = float(np.sqrt(count / (count - 1) * (beyond**2).sum()) / rows)
    return t_quantile((1 + level) / 2, count - 1) * se


def t_quantile(q: float, df: float) -> float:
    """The q quantile of Student's t; df may be infinite (normal)."""
    return float(special.stdtrit(df, q))


def t_cdf(t: float, df: float) -> float:
    """P(T <= t) of Student's t."""
    return float(special.stdtr(df, t))


def finite(values: np.ndarray, what: str) -> np.ndarray:
    """The values as a float vector; raises ValueError for fewer than two, for a matrix, and for NaN or infinity."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"{what}: expected one row of values, got shape {array.shape}")
    if len(array) < 2:
        raise ValueError(
            f"{what}: {len(array)} value(s) have no spread; at least 2 are needed"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{what}: {int((~np.isfinite(array)).sum())} of {len(array)} values are not finite numbers"
        )
    return array


def spread(values: np.ndarray, scale: np.ndarray) -> float:
    """The standard deviation (n - 1) of `values`; exactly 0 where they differ by float noise of `scale` only."""
    noise = SAME * max(float(np.abs(scale).max()), 1e-300)
    return 0.0 if float(np.ptp(values)) <= noise else float(values.std(ddof=1))


def checked_ratio(test_train_ratio: float) -> None:
    if not 0 <= test_train_ratio < float("inf"):
        raise ValueError(
            f"test_train_ratio is {test_train_ratio}; n_test / n_train is a number from 0"
        )


def checked_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(
            f"level is {level}; expected a number between 0 and 1, such as 0.95"
        )
