"""p-values of many tests at once: step-down adjustments that hold the family-wise error.

Source: Holm (1979); Shaffer (1986), static; both in García & Herrera (2008), JMLR 9.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from statistics import NormalDist

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """p-values of many tests, adjusted by Holm's procedure, which holds the family-wise error.

    Parameters
    ----------
    p : ndarray of shape (m,)
        The p-values.

    Returns
    -------
    ndarray of shape (m,)
        In the order given: the i-th smallest times (m - i + 1), never falling, at most 1.

    Raises
    ------
    ValueError
        For values that are no p-values.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = checked_p(p)
    return _step_down(values, np.arange(len(values), 0, -1))


def holm_where_tested(p: Sequence[float | None]) -> list[float | None]:
    """Holm's procedure over the p-values that there are.

    >>> holm_where_tested([0.01, None, 0.04])
    [0.02, None, 0.04]
    """
    adjusted = holm(np.array([one for one in p if one is not None])).tolist()
    return [None if one is None else adjusted.pop(0) for one in p]


def holm_exclusive(p: np.ndarray, groups: Sequence[Hashable]) -> np.ndarray:
    """Holm's procedure where of the hypotheses of one group at most one can be true.

    The i-th smallest is multiplied by the number of groups among those that are no smaller: so many can be true
    together.

    Parameters
    ----------
    p : ndarray of shape (m,)
        The p-values.
    groups : sequence of length m
        The group of each hypothesis.

    Returns
    -------
    ndarray of shape (m,)
        In the order given, never falling, at most 1.

    References
    ----------
    Shaffer (1986), Journal of the American Statistical Association 81, procedure S2.

    Examples
    --------
    >>> holm_exclusive(np.array([0.01, 0.04, 0.03]), ["a", "b", "a"]).round(2).tolist()
    [0.02, 0.06, 0.06]
    """
    values = checked_p(p)
    order = np.argsort(values, kind="stable")
    left = [len({groups[i] for i in order[first:]}) for first in range(len(values))]
    return _step_down(values, np.array(left))


def _step_down(p: np.ndarray, multipliers: np.ndarray) -> np.ndarray:
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * multipliers))
    return adjusted


def checked_p(p: np.ndarray, k: int | None = None) -> np.ndarray:
    """p as floats; raises ValueError unless it is a row of numbers from 0 to 1, as many as k families have pairs."""
    values = np.asarray(p, dtype=float)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p: expected one row of numbers from 0 to 1")
    if k is not None and len(values) != k * (k - 1) // 2:
        raise ValueError(
            f"p has {len(values)} values; {k} families have {k * (k - 1) // 2} pairs"
        )
    return values


def past_doubt(errs: float, nominal: float = 0.05) -> float:
    """The p below which a test holds its nominal level although equal families of a kind fool it in a share `errs`.

    z(nominal)^2 / z(errs), two-sided, taken as a p again: the statistic is too large by one factor, the one that turns
    the nominal level into `errs`. That one factor does tell what larger standard errors did in docs/history.md:
    28.5 % would fall to 13 % and 6 % with the common share counted twice and three times (seen: 14.5, 9.5), 11.8 % to
    2.7 % (seen: 2.7).

    >>> f"{past_doubt(0.285):.2g}, {past_doubt(0.118):.2g}, {past_doubt(0.05):.2g}"
    '0.00033, 0.014, 0.05'
    """
    normal = NormalDist()
    stated, seen = (
        normal.inv_cdf(1 - level / 2) for level in (nominal, max(errs, nominal))
    )
    return 2 * normal.cdf(-(stated**2) / seen)
