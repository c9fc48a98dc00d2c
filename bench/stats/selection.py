"""What choosing the best does to a number, and p-values from permutations.

Source: order statistics of the normal distribution (Tippett 1925); Phipson & Smyth (2010); Ojala & Garriga (2010).
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr


def expected_max(k: int) -> float:
    """The mean of the largest of k independent standard normals: how many standard errors the best of k is too good.

    The integral of x k phi(x) Phi(x)^(k-1) by the trapezoid rule, which for so smooth and short-tailed an integrand is
    exact to the last digits. To be printed beside a published "best of k", never subtracted. Raises ValueError below 1.

    >>> round(expected_max(2), 12)   # 1 / sqrt(pi)
    0.564189583548
    """
    if k < 1:
        raise ValueError(f"k = {k}: the best of fewer than one number does not exist")
    x = np.arange(-40, 40, 1 / 64)
    density = np.log(k) - x**2 / 2 - np.log(2 * np.pi) / 2 + (k - 1) * log_ndtr(x)
    return float((x * np.exp(density)).sum() / 64) if k > 1 else 0.0


def permutation_p(at_least_as_good: int, permutations: int) -> float:
    """(b + 1) / (m + 1): b of m permuted data sets scored at least as well as the real one; the real one counts.

    Never 0. Raises ValueError unless 0 <= b <= m and m >= 1.

    >>> permutation_p(0, 99), permutation_p(4, 99)
    (0.01, 0.05)
    """
    if permutations < 1 or not 0 <= at_least_as_good <= permutations:
        raise ValueError(f"{at_least_as_good} of {permutations} permutations: expected 0 <= b <= m and m >= 1")
    return (at_least_as_good + 1) / (permutations + 1)
