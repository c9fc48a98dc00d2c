"""What a design can see: the repeats that would decide, and the floor that no number of repeats gets below.

Source: the three-sided rule of Goeman, Solari & Stijnen (2010) as docs/method.md states it, under "Verdicts on
published numbers"; Nadeau & Bengio (2003) for the variance of folds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level, checked_ratio, t_quantile, with_mix

MOST_REPEATS = 100_000
#: So many repeats are looked at first, then twice as many, and so on.
_FIRST_LOOKED_AT = 64
#: From numbers of repeats (n,), whole but given as floats, or infinity: the standard error of a difference, and its
#: degrees of freedom, each (n,) or one for all.
ErrorAt = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | float]]


@dataclass(frozen=True)
class Resolution:
    """The smallest mean difference that a corrected t test would call, in the unit of the scores.

    Attributes
    ----------
    now : float
        With the folds that there are.
    floor : float
        With ever more repeats of them.
    """

    now: float
    floor: float


def noise_floor(published_se: float, *, half: float = 0.0) -> float:
    """What the published number alone varies by: z.95 se_p + h, in the unit of its standard error.

    published_se: se_p, s / sqrt(r_p) of a mean of r_p repeats whose spread is s, 0 of a constant; half: half a unit of
    its last decimal. With a tolerance at or below the floor no number of our repeats can show agreement.

    >>> round(noise_floor(0.0087, half=0.0005), 4)   # 1.645 * .0087 + .0005
    0.0148
    """
    _checked(0.0, half, published_se)
    return float(special.ndtri(0.95)) * published_se + half


def repeats_needed(
    sd: float,
    *,
    tolerance: float,
    difference: float = 0.0,
    published_se: float = 0.0,
    half: float = 0.0,
) -> int | None:
    """The fewest repeats that could show whether two numbers agree to within a tolerance.

    Parameters
    ----------
    sd : float
        The standard deviation of the mean score of one repeat, over repeats.
    tolerance : float
        What counts as close, above 0, in the unit of the scores.
    difference : float, default 0.0
        How far the two numbers lie apart, taken to stay as it is.
    published_se : float, default 0.0
        The standard error of the published number from its own splits and seeds; 0 for a constant.
    half : float, default 0.0
        The half-width of what rounding hides of the published number.

    Returns
    -------
    int or None
        At least 2; None where no number is enough, or more than 100 000 would be needed.

    Raises
    ------
    ValueError
        For a tolerance not above 0, and for a negative sd, published_se or half.

    Notes
    -----
    The smallest r >= 2 with t_{r-1,q} sqrt(se_p^2 + sd^2/r) + h < room. Of a difference D within the tolerance the room
    is tolerance - |D| and q = .95, which shows agreement; beyond it |D| - tolerance and .975, which shows none.

    Examples
    --------
    >>> repeats_needed(0.0025, tolerance=0.01, published_se=0.0025)   # r = 3: 2.920 * .0025 * sqrt(4/3) = .0084
    3
    >>> repeats_needed(0.0025, tolerance=0.01, difference=0.014)   # r = 4: 3.182 * .00125 = .00398 < .004
    4
    """
    _checked(sd, half, published_se)
    if not 0 < tolerance < float("inf"):
        raise ValueError(f"tolerance is {tolerance}; expected a number above 0")
    beyond = abs(difference) - tolerance

    def error(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.sqrt(published_se**2 + sd**2 / r), r - 1

    return fewest_repeats(
        [error], abs(beyond) - half, levels=(0.975 if beyond > 0 else 0.95,)
    )


def error_at(error: ErrorAt, repeats: float) -> tuple[float, float]:
    """The standard error and degrees of freedom with so many repeats.

    >>> error_at(lambda r: (0.5 / r**0.5, r - 1), 4)
    (0.25, 3.0)
    """
    se, df = np.broadcast_arrays(*error(np.array([float(repeats)])))
    return float(se[0]), float(df[0])


def fewest_repeats(
    errors: Sequence[ErrorAt], room: float, *, levels: Sequence[float], least: int = 2
) -> int | None:
    """The fewest repeats with which each of some intervals reaches less far than `room`; None where no number is
    enough.

    errors: for each interval its standard error and degrees of freedom with r repeats. levels: the quantiles of t whose
    sum times the standard error is the reach: .95, or .95 and .90 for a power of .80. More than 100 000 are not
    counted.

    Every number from `least` on is looked at, since the reach need not fall with r: where one part of a variance keeps
    few degrees of freedom, those of the sum rise first and fall again (Welch).

    >>> theirs, ours = 0.5**2 / 3, 2.0**2   # printed with the spread .5 of 3 repeats; ours has the spread 2

    >>> def welch(r):
    ...     parts = theirs + ours / r
    ...     return parts**0.5, parts**2 / (theirs**2 / 2 + (ours / r) ** 2 / (r - 1))

    >>> fewest_repeats([welch], 0.65, levels=[0.95]) is None   # t.95 of 2 degrees times .5 / sqrt(3) is .84
    True
    >>> fewest_repeats([welch], 0.85, levels=[0.95])   # 12.1 degrees: 1.781 times .476 is .847
    28
    """
    start, count = least, _FIRST_LOOKED_AT
    while start <= MOST_REPEATS:
        r = np.arange(start, min(start + count, MOST_REPEATS + 1), dtype=float)
        enough = np.ones(len(r), dtype=bool)
        for error in errors:
            se, df = np.broadcast_arrays(*error(r))
            # A normal quantile is below that of every t: it rules out most at once.
            enough &= se * sum(map(float, special.ndtri(levels))) < room
            quantiles = np.sum(
                [special.stdtrit(df[enough], level) for level in levels], axis=0
            )
            enough[enough] = quantiles * se[enough] < room
        if enough.any():
            return int(r[np.argmax(enough)])
        start, count = start + count, count * 2
    return None


def resolution(
    sd: float,
    folds: int,
    *,
    test_train_ratio: float,
    level: float = 0.95,
    mix_variance: float = 0.0,
) -> Resolution:
    """The smallest mean difference that fold differences of some spread can tell from 0, and its floor.

    Parameters
    ----------
    sd : float
        The standard deviation of the differences over folds.
    folds : int
        How many folds there are, over all repeats; at least 2.
    test_train_ratio : float
        Test rows over training rows of a fold.
    level : float, default 0.95
        The level of the test.
    mix_variance : float, default 0.0
        Added to the variance of the mean difference; more folds do not make it smaller.

    Returns
    -------
    Resolution

    Raises
    ------
    ValueError
        For sd < 0, folds < 2, a negative ratio, a level outside (0, 1).

    Notes
    -----
    now: t_{J-1} sd sqrt(1/J + n_test/n_train); floor: the same for J without end, z sd sqrt(n_test/n_train), since more
    repeats bring no new rows.

    Examples
    --------
    >>> one = resolution(0.03, 50, test_train_ratio=1 / 9)
    >>> round(one.now, 4), round(one.floor, 4)   # 2.0096 * .03 * .3621; 1.96 * .03 / 3
    (0.0218, 0.0196)
    """
    checked_ratio(test_train_ratio)
    checked_level(level)
    if not 0 <= sd < float("inf") or folds < 2:
        raise ValueError(
            f"sd = {sd}, folds = {folds}: expected sd >= 0 and at least 2 folds"
        )
    q = (1 + level) / 2
    now = with_mix(sd * float(np.sqrt(1 / folds + test_train_ratio)), mix_variance)
    floor = with_mix(sd * float(np.sqrt(test_train_ratio)), mix_variance)
    return Resolution(t_quantile(q, folds - 1) * now, float(special.ndtri(q)) * floor)


def _checked(sd: float, half: float, published_se: float) -> None:
    if not all(0 <= one < float("inf") for one in (sd, half, published_se)):
        raise ValueError(
            f"sd = {sd}, half = {half}, published_se = {published_se}: expected numbers from 0"
        )
