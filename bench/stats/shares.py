"""Shares, such as wins over datasets.

Source: Demšar (2006), section 3.1.4 (sign test); Wilson (1927).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level
from bench.stats.noise import kept_decimals, without_noise
from bench.stats.paired import differences


@dataclass(frozen=True)
class SignTest:
    """Wins of a over b against a fair coin: two-sided p, and p_greater for a > b; n counts ties but an odd one."""

    wins: int
    ties: int
    losses: int
    n: int
    p_value: float
    p_greater: float


def wilson(share: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share of independent trials.

    Parameters
    ----------
    share : float
        The share, from 0 to 1.
    n : float
        How many trials; may be a fraction (an effective size).
    level : float, default 0.95
        The level of the interval.

    Returns
    -------
    tuple of float
        Its lower and upper end.

    References
    ----------
    Wilson (1927), JASA 22.

    Examples
    --------
    >>> low, high = wilson(0.5, 4)   # .5 -+ 1.96 sqrt(.25 / 4 + 3.8415 / 64) / (1 + 3.8415 / 4)
    >>> round(low, 4), round(high, 4)
    (0.15, 0.85)
    """
    checked_level(level)
    if not 0 <= share <= 1 or not 0 < n < float("inf"):
        raise ValueError(
            f"share = {share} of n = {n}: expected a share from 0 to 1 and n above 0"
        )
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = float(np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2)))) / (
        1 + z2 / n
    )
    # At 0 and 1 the end is exact; the sum above misses it by the last bit.
    return max(0.0, middle - half) if share else 0.0, min(
        1.0, middle + half
    ) if share < 1 else 1.0


def sign_test(a: np.ndarray, b: np.ndarray, *, margin: float = 0.0) -> SignTest:
    """The exact sign test over N >= 2 datasets. Ties as in Demšar: split evenly, an odd one left out.

    a, b: (N,), higher is better; a tie is a difference of at most `margin` (9 decimals). Raises ValueError for a
    negative margin. With no more than one tie and nothing else p is 1.

    >>> one = sign_test(np.array([1.0, 1, 1, 1, 1, 1]), np.array([0.0, 0, 0, 0, 0, 1]))
    >>> one.n, one.p_value   # five wins, the odd tie left out: 2 / 2^5
    (5, 0.0625)
    """
    wins, ties, losses = _counts(a, b, margin)
    n, up = wins + losses + 2 * (ties // 2), wins + ties // 2
    if n == 0:
        greater = less = 1.0
    else:
        greater, less = (
            float(special.bdtr(n - up, n, 0.5)),
            float(special.bdtr(up, n, 0.5)),
        )
    return SignTest(wins, ties, losses, n, min(1.0, 2 * min(greater, less)), greater)


def _counts(a: np.ndarray, b: np.ndarray, margin: float) -> tuple[int, int, int]:
    if not 0 <= margin < float("inf"):
        raise ValueError(f"margin is {margin}; expected a number from 0")
    d, edge = (
        without_noise(differences(a, b)[0], a, b),
        round(margin, kept_decimals(margin)),
    )
    wins, losses = int((d > edge).sum()), int((d < -edge).sum())
    return wins, len(d) - wins - losses, losses
