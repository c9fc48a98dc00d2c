"""Two columns of numbers, published and ours: do they order alike, and are they equal?

Source: Kendall (1945); Lin (1989), Biometrics 45.
"""

from __future__ import annotations

import numpy as np

from bench.stats.intervals import finite
from bench.stats.ranks import DECIMALS


def kendall_tau_b(x: np.ndarray, y: np.ndarray, within: np.ndarray | None = None) -> float:
    """Kendall's tau-b of n pairs: (concordant - discordant) / sqrt(pairs untied in x * pairs untied in y).

    x, y: (n,), n >= 2, rounded to 9 decimals. within: (n,) labels: only pairs of one label are compared, so that what
    orders the labels (an easy dataset before a hard one) is no agreement. Raises ValueError for unequal
    lengths, a NaN, labels that no two values share, and where all values of a side are equal: then there is no order to
    agree with.

    >>> round(kendall_tau_b(np.array([1, 2, 3, 3]), np.array([1, 3, 2, 4])), 6)   # (4 - 1) / sqrt(5 * 6)
    0.547723
    >>> kendall_tau_b(np.array([1, 2, 8, 9]), np.array([2, 1, 9, 8]), np.array(["a", "a", "b", "b"]))
    -1.0
    """
    x, y = _pairs(x, y)
    i, j = np.triu_indices(len(x), 1)
    if within is not None:
        same = np.asarray(within)[i] == np.asarray(within)[j]
        i, j = i[same], j[same]
        if not len(i):
            raise ValueError("within: no two values share a label; no pair is left to compare")
    dx, dy = np.sign(x[i] - x[j]), np.sign(y[i] - y[j])
    untied = float((dx != 0).sum()) * float((dy != 0).sum())
    if untied == 0:
        raise ValueError("x or y: all values are equal; no order exists to agree with")
    return float((dx * dy).sum() / np.sqrt(untied))


def concordance(x: np.ndarray, y: np.ndarray) -> float:
    """Lin's concordance: how near pairs lie to the line x = y; 1 only where they are equal.

    2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), variances with 1/n as Lin has them. x, y: (n,), n >= 2. Raises
    ValueError for unequal lengths, a NaN, and where all of x and y are one and the same value.

    >>> round(concordance(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])), 6)   # 2 (2/3) / (2/3 + 2/3 + 1)
    0.571429
    """
    x, y = _pairs(x, y)
    scale = float(x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    if scale == 0:
        raise ValueError("x and y are one constant; concordance is not defined")
    return float(2 * ((x - x.mean()) * (y - y.mean())).mean() / scale)


def _pairs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = finite(x, "x"), finite(y, "y")
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} values and y {len(y)}; pairs were expected")
    return np.round(x, DECIMALS), np.round(y, DECIMALS)
