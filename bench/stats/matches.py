"""Printed numbers against ours, digit by digit, and how many would agree by accident.

A printed number is given as its text, so that its decimals are known, and in the unit of ours.
Source: Hoeffding (1956), Annals of Mathematical Statistics 27, for the successes of independent unlike trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

#: So many digits beyond the printed ones are looked at; further ones are float noise: 0.57 * 100 is 56.99999999999999.
NOISE_DIGITS = 9


@dataclass(frozen=True)
class Matches:
    """How many of n printed numbers ours match, how many would by accident, and P(at least as many).

    `p_searched` is for the best of `searched` rows that were tried: Bonferroni's bound, at most 1.
    """

    matches: int
    n: int
    expected: float
    p_value: float
    p_searched: float


def decimals(printed: str) -> int:
    """The decimals of a printed number.

    >>> decimals("98.90"), decimals("1e-3"), decimals("12")
    (2, 3, 0)
    """
    return max(0, -int(_decimal(printed).as_tuple().exponent))


def shown_decimals(value: float) -> int:
    """The decimals of the shortest number that is equal but for float noise.

    >>> shown_decimals(97.3 / 100), shown_decimals(0.90), shown_decimals(120.0)
    (3, 1, 0)
    """
    return decimals(f"{Decimal(f'{value:.10g}').normalize():f}")


def rounded(printed: str, value: float) -> bool:
    """Whether a value, rounded to the decimals of a printed number, may print it; a half goes either way.

    >>> rounded("0.12", 0.1249), rounded("0.12", 0.125), rounded("0.12", 0.1251)
    (True, True, False)
    """
    unit = Decimal(1).scaleb(-decimals(printed))
    return 2 * abs(_exact(value, decimals(printed)) - _decimal(printed)) <= unit


def matches(
    printed: Sequence[str],
    ours: np.ndarray,
    pools: Sequence[np.ndarray],
    *,
    searched: int = 1,
) -> Matches:
    """How many printed numbers our row matches, against numbers drawn at random from each one's pool.

    printed, ours: n numbers of one row, say of one model on n datasets. pools: for each the numbers of ours that might
    as well stand there, say those of all models on that dataset, our own among them. With q_i the share of pool i
    that prints number i, the expected number is the sum of q_i, and P(at least as many) that of independent trials
    (Poisson-binomial), summed exactly. `searched`: of how many rows this is the best match. Raises ValueError for
    lengths that differ, no number, an empty pool, and a text that is no number.

    >>> one = matches(["0.9", "0.8"], np.array([0.91, 0.82]), [np.array([0.91, 0.7]), np.array([0.82, 0.79, 0.6, 0.5])])
    >>> one.matches, one.expected, one.p_value   # shares 1/2, 2/4
    (2, 1.0, 0.25)
    """
    if (
        not len(printed)
        or len({len(printed), len(ours), len(pools)}) > 1
        or not all(map(len, pools))
        or searched < 1
    ):
        raise ValueError(
            f"{len(printed)} printed numbers, {len(ours)} of ours and {len(pools)} pools, the best of {searched}: "
            "expected one number and a pool that is not empty for each, and 1 row or more"
        )
    seen = sum(map(rounded, printed, np.asarray(ours, dtype=float).tolist()))
    shares = [
        float(np.mean([rounded(text, value) for value in pool]))
        for text, pool in zip(printed, pools)
    ]
    chances = np.ones(1)
    for share in shares:
        chances = np.convolve(chances, [1 - share, share])
    p = min(1.0, float(chances[seen:].sum()))
    return Matches(seen, len(printed), float(sum(shares)), p, min(1.0, searched * p))


def _decimal(printed: str) -> Decimal:
    try:
        value = Decimal(printed.strip())
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(
            f"{printed!r} is no printed number; expected digits such as '0.93'"
        )
    return value


def _exact(value: float, decimals: int) -> Decimal:
    return Decimal(repr(round(float(value), decimals + NOISE_DIGITS)))
