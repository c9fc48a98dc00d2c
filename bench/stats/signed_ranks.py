"""Two families over many datasets: Wilcoxon's signed ranks, and how many datasets it takes for them to decide anything.

The dataset is the unit: one mean difference each. Over folds of one dataset this test is not offered (see `paired`).
Source: Wilcoxon (1945); Demšar (2006), JMLR 7, section 3.1.3; Holm (1979).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level
from bench.stats.noise import without_noise
from bench.stats.paired import differences
from bench.stats.ranks import midranks

#: Up to here the counts of sign patterns, at most 2^50, are whole numbers in floats.
EXACT_LIMIT = 50


@dataclass(frozen=True)
class SignedRank:
    """Signed ranks of the differences a - b.

    Attributes
    ----------
    r_plus, r_minus : float
        Rank sums of positive and of negative differences, zeros split.
    statistic : float
        The smaller of them, T.
    p_value, p_greater : float
        Two-sided, and one-sided for a > b.
    n, zeros, dropped : int
        Ranked differences; how many of them are 0; 1 where an odd zero was left out.
    exact : bool
        Whether p is from all sign patterns, not from the normal distribution.
    """

    r_plus: float
    r_minus: float
    statistic: float
    p_value: float
    p_greater: float
    n: int
    zeros: int
    dropped: int
    exact: bool


@dataclass(frozen=True)
class Decidable:
    """Whether n datasets can tell any of `tests` pairs apart; `needed` is the fewest datasets that could."""

    can_decide: bool
    n: int
    tests: int
    smallest_p: float
    smallest_adjusted: float
    needed: int


def signed_rank(a: np.ndarray, b: np.ndarray) -> SignedRank:
    """Wilcoxon's signed-rank test of a - b over datasets.

    Parameters
    ----------
    a, b : ndarray of shape (N,)
        One score a dataset, in the same order; N is at least 2.

    Returns
    -------
    SignedRank

    Raises
    ------
    ValueError
        For N < 2, unequal lengths, a NaN.

    Notes
    -----
    Differences are rounded to 9 decimals, then |d| is ranked, ties sharing their mean rank. Zeros as in Demšar: an odd
    one is left out, the others are ranked with the rest and their ranks split evenly. Up to 50 differences p comes from
    all 2^m sign patterns of the m that are not zero, given the ranks as they are, ties and all; beyond from the normal
    distribution with the same mean and variance (sum of squared ranks / 4), without continuity correction. All zero: p
    is 1.

    References
    ----------
    Wilcoxon (1945), Biometrics Bulletin 1; Demšar (2006), JMLR 7.

    Examples
    --------
    >>> one = signed_rank(np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.array([0.8, 0.6, 0.4, 0.2, 0.55]))
    >>> one.r_plus, one.r_minus, one.p_value   # ranks of .1 .2 .3 .4 and -.05; {} and {1} reach T <= 1: 2 * 2 / 32
    (14.0, 1.0, 0.125)
    """
    d = without_noise(differences(a, b)[0], a, b)
    dropped = int((d == 0).sum() % 2)
    d = np.delete(d, np.flatnonzero(d == 0)[:dropped])
    ranks, moved = midranks(np.abs(d)), d != 0
    observed, half = float(ranks[d > 0].sum()), float(ranks[~moved].sum()) / 2
    p_greater, p_less = _tails(ranks[moved], observed)
    plus, minus = observed + half, float(ranks[d < 0].sum()) + half
    zeros, p = len(d) - int(moved.sum()), min(1.0, 2 * min(p_greater, p_less))
    exact = len(d) - zeros <= EXACT_LIMIT
    return SignedRank(
        plus, minus, min(plus, minus), p, p_greater, len(d), zeros, dropped, exact
    )


@dataclass(frozen=True)
class Shift:
    """By how much a lies above b (Hodges & Lehmann), with its interval; None where n is too small for one."""

    estimate: float
    low: float | None
    high: float | None


def shift(a: np.ndarray, b: np.ndarray, *, level: float = 0.95) -> Shift:
    """The difference of a and b that fits signed ranks: the median of all means of two differences, i <= j.

    a, b: (N,), N >= 2. Interval: the c-th least and greatest of these N (N + 1) / 2 means, c the largest count with
    P(T < c) <= (1 - level) / 2 under the null distribution without ties; nothing where even c = 1 is too many. It
    leaves 0 out exactly where `signed_rank` without ties or zeros rejects at that level. Source: Hodges & Lehmann
    (1963); Hollander, Wolfe & Chicken (2014), 3.3. Raises ValueError as `signed_rank`, and for a level outside (0, 1).

    >>> one = shift(np.array([0.4, 0.6, 0.7, 0.9, 1.2, 1.3]), np.zeros(6))
    >>> round(one.estimate, 9), one.low, one.high   # 2 / 64 <= .025 is false for c = 2: the least and the greatest
    (0.85, 0.4, 1.3)
    """
    checked_level(level)
    d = without_noise(differences(a, b)[0], a, b)
    i, j = np.triu_indices(len(d))
    means = np.sort((d[i] + d[j]) / 2)
    tail, ranks = (1 - level) / 2, np.arange(1, len(d) + 1, dtype=float)
    if len(d) <= EXACT_LIMIT:
        below = np.cumsum(sign_patterns(ranks)[::2]) / 2.0 ** len(d)
        count = int((below <= tail).sum())
    else:
        count = 1 + int(
            ranks.sum() / 2 + special.ndtri(tail) * np.sqrt((ranks**2).sum() / 4)
        )
    estimate = float(np.median(means))
    return (
        Shift(estimate, float(means[count - 1]), float(means[-count]))
        if count
        else Shift(estimate, None, None)
    )


def sign_patterns(ranks: np.ndarray) -> np.ndarray:
    """How many of the 2^m sign patterns of m <= 50 ranks give each sum of positive ranks 0, 1/2, 1, ..., sum of all.

    Ranks are whole or half; entry i counts the sum i / 2. One pass a rank: either it is added or not.

    >>> sign_patterns(np.array([1.0, 2.0])).tolist()   # sums 0, 1, 2, 3, once each
    [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    """
    doubled = np.round(2 * np.asarray(ranks, dtype=float)).astype(int)
    if len(doubled) > EXACT_LIMIT:
        raise ValueError(
            f"{len(doubled)} ranks: counts of sign patterns are exact for at most {EXACT_LIMIT}"
        )
    counts = np.zeros(int(doubled.sum()) + 1)
    counts[0] = 1
    for rank in doubled:
        counts[rank:] = counts[rank:] + counts[: len(counts) - rank]
    return counts


def smallest_p(n: int) -> float:
    """The least two-sided p that n differences, none zero, can give: 2^(1 - n), both one-sided patterns of 2^n.

    >>> smallest_p(5)
    0.0625
    """
    return min(1.0, 2.0 ** (1 - n))


def decidable(n: int, k: int, *, alpha: float = 0.05) -> Decidable:
    """Whether signed ranks over n datasets can tell any pair of k families apart after Holm at level alpha.

    Holm multiplies the smallest p by the number of tests, k (k - 1) / 2 pairs. Where even 2^(1 - n) times that is not
    below alpha no data whatever can reject: say that n datasets cannot decide, never that there is no difference.
    Raises ValueError for n < 1, k < 2, or alpha outside (0, 1).

    >>> decidable(8, 5).can_decide, decidable(8, 5).needed   # 10 * 2^-7 = .078, 10 * 2^-8 = .039
    (False, 9)
    """
    if n < 1 or k < 2 or not 0 < alpha < 1:
        raise ValueError(
            f"n = {n}, k = {k}, alpha = {alpha}: expected n >= 1, k >= 2 and alpha between 0 and 1"
        )
    tests = k * (k - 1) // 2
    needed = fewest(tests, alpha)
    return Decidable(
        n >= needed, n, tests, smallest_p(n), min(1.0, tests * smallest_p(n)), needed
    )


def fewest(tests: int, alpha: float) -> int:
    """The fewest datasets with which the smallest p of so many tests can be below alpha after Holm.

    >>> fewest(1, 0.05), fewest(3, 0.05)   # 2^-5 = .031, 3 * 2^-6 = .047
    (6, 7)
    """
    needed = 1
    while tests * smallest_p(needed) >= alpha:
        needed += 1
    return needed


def _tails(ranks: np.ndarray, observed: float) -> tuple[float, float]:
    """P(sum >= observed) and P(sum <= observed) over the signs of these ranks."""
    if len(ranks) <= EXACT_LIMIT:
        counts, place = sign_patterns(ranks), round(2 * observed)
        total = 2.0 ** len(ranks)
        return float(counts[place:].sum() / total), float(
            counts[: place + 1].sum() / total
        )
    z = (observed - ranks.sum() / 2) / np.sqrt((ranks**2).sum() / 4)
    return float(special.ndtr(-z)), float(special.ndtr(z))
