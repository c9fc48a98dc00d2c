"""Friedman's test without an approximation: every order of the families within every dataset is equally likely.

Source: Friedman (1937), Journal of the American Statistical Association 32; Hollander, Wolfe & Chicken (2014), ch. 7.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, permutations
from math import factorial, prod

import numpy as np

#: So many steps from a vector of rank sums to the next are looked at, which takes less than a second.
MOST_STEPS = 2_000_000


def exact_p(ranks: np.ndarray, most_steps: int = MOST_STEPS) -> float | None:
    """P(the rank sums spread at least as much) over all orders of the ranks within rows; None where these are too many.

    ranks: (N, k), ranks within rows with ties as mid-ranks. The statistic is the sum of squares of the k rank sums, of
    which chi-square and F are growing functions once the ties are given. Row by row the vectors of rank sums are
    counted, each in falling order, since the families are exchangeable. None where more than `most_steps` steps would
    be taken.

    >>> exact_p(np.array([[1.0, 2, 3], [1, 2, 3], [1, 2, 3]])) == 6 / 216
    True
    """
    doubled = np.rint(2 * np.asarray(ranks, dtype=float)).astype(np.int64)
    rows = sorted(
        (tuple(sorted(row)) for row in doubled.tolist()),
        key=lambda row: (-_orders(row), row),
    )
    null = _null(tuple(rows), most_steps)
    if null is None:
        return None
    squares, chances = null
    return min(
        1.0, float(chances[squares >= int((doubled.sum(axis=0) ** 2).sum())].sum())
    )


@lru_cache(maxsize=64)
def _null(
    rows: tuple[tuple[int, ...], ...], most_steps: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """The values of the statistic and their chances; rows are doubled ranks, so that mid-ranks are whole numbers."""
    k, base, left = len(rows[0]), sum(row[-1] for row in rows) + 1, most_steps
    if base**k >= 2**63 or sum(_orders(row) for row in rows[1:]) > most_steps:
        return None
    places = base ** np.arange(k, dtype=np.int64)
    sums: np.ndarray = np.array([rows[0]], dtype=np.int64)
    chances: np.ndarray = np.ones(1)
    for row in rows[1:]:
        count = _orders(row)
        left -= len(sums) * count
        if left < 0:
            return None
        orders = np.array(list(dict.fromkeys(permutations(row))), dtype=np.int64)
        reached = np.sort((sums[:, None, :] + orders).reshape(-1, k), axis=1)
        _, first, which = np.unique(
            reached @ places, return_index=True, return_inverse=True
        )
        chances = np.bincount(which, weights=np.repeat(chances / count, count))
        sums = reached[first]
    return (sums**2).sum(axis=1), chances


def _orders(row: tuple[int, ...]) -> int:
    """The number of different orders of a row, its values sorted."""
    return factorial(len(row)) // prod(
        factorial(len(list(same))) for _, same in groupby(row)
    )
