"""Float noise: how far apart two numbers can be that ought to be equal.

That of a score, or of a spread, is relative to the scores that it was computed from; that of a difference to the larger
of the two that were subtracted. A third model has no part in it: it may have diverged, or be exact.
"""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np

#: Decimals to which scores are rounded before they are compared, so that float noise makes no order.
DECIMALS = 9
#: Sizes of which so many decimals are right as they are; beyond them the decimals follow the size.
_LEAST, _MOST = 1e-3, 1e4
#: More decimals no float has.
_ALL = 300


def kept_decimals(*sizes: float | np.ndarray) -> int:
    """How many decimals of a number that was computed from others of these sizes are no float noise, for `round`.

    Scores of any unit come here: an error of 1e-7 needs more decimals than an accuracy, one of 1e6 fewer. `sizes`: the
    scores of one model, or of the two that are compared, and the number itself; the largest counts. What was computed
    from zeros alone has no noise.

    >>> kept_decimals(0.9), kept_decimals(54.3, 0.1), kept_decimals(2.5e-7), kept_decimals(3e6)
    (9, 9, 16, 3)
    >>> round(2.5e-7 - 2.4e-7, kept_decimals(2.5e-7)) > 0
    True
    """
    every = (
        np.abs(np.concatenate([np.ravel(one) for one in sizes]))
        if sizes
        else np.empty(0)
    )
    known = every[np.isfinite(every)]
    return _decimals(float(known.max()) if known.size else 0.0)


def _decimals(size: float) -> int:
    if _LEAST <= size < _MOST:
        return DECIMALS
    return min(DECIMALS - floor(log10(size)), _ALL) if 0 < size < float("inf") else _ALL


def is_noise(difference: float, of: float) -> bool:
    """Whether a difference from a number is float noise of it, whatever its unit: below the ninth digit.

    >>> is_noise(-2.6e-9, 20.0), is_noise(1e-6, 20.0), is_noise(2e-10, 2.5e-7)
    (True, False, False)
    """
    return abs(difference) < 10.0**-DECIMALS * abs(of)


def apart(value: float, other: float) -> float:
    """value - other, 0 where that is float noise of the value.

    >>> apart(19.9999999974, 20.0), round(apart(20.1, 20.0), 9)
    (0.0, 0.1)
    """
    difference = value - other
    return 0.0 if is_noise(difference, value) else difference


def without_noise(values: np.ndarray, *of: np.ndarray) -> np.ndarray:
    """(n,) numbers, each rounded by the size of its own scores; of: (n,), the scores that it was computed from, unless
    it is one.

    Several models or datasets have no common size of their errors.

    >>> a, b = np.array([0.3, 2e-7, 4e6]), np.array([0.1, 1e-7, 1e6])
    >>> without_noise(a - b, a, b).tolist()
    [0.2, 1e-07, 3000000.0]
    >>> without_noise(np.array([0.1 + 0.2, 3e12])).tolist()
    [0.3, 3000000000000.0]
    """
    sizes = np.abs(of or (values,)).max(axis=0)
    each = zip(np.asarray(values, dtype=float).tolist(), sizes.tolist(), strict=True)
    return np.array(
        [
            round(value, _decimals(size)) if isfinite(value) else value
            for value, size in each
        ]
    )
