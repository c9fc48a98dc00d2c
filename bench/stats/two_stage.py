"""How many repeats an interval of a stated width takes, and that interval: the level holds although a pilot decides.

Source: Stein (1945), Annals of Mathematical Statistics 16; Hahn & Meeker (1991), Statistical Intervals, chapter 8.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from bench.stats.intervals import Interval, checked_level, finite, spread, t_quantile


def stein_repeats(
    sd: float, pilot: int, *, half_width: float, level: float = 0.95
) -> int:
    """The repeats in all, the pilot's among them, for an interval of at most `half_width` either way.

    sd: standard deviation (n - 1) of the `pilot` >= 2 repeats that were run first. max(r0, ceil((t_{r0-1} sd / w)^2)),
    t the two-sided quantile at `level`. Raises ValueError for a negative
    sd, a pilot of one repeat, a width that is not above 0.

    >>> stein_repeats(0.01, 10, half_width=0.005)   # (2.2622 * .01 / .005)^2 = 20.47
    21
    """
    checked_level(level)
    if not 0 <= sd < float("inf") or pilot < 2 or not 0 < half_width < float("inf"):
        raise ValueError(
            f"sd = {sd}, pilot = {pilot}, half_width = {half_width}: expected sd >= 0, a pilot of 2 or more, a "
            "width above 0"
        )
    return max(
        pilot, ceil((t_quantile((1 + level) / 2, pilot - 1) * sd / half_width) ** 2)
    )


def stein_interval(scores: np.ndarray, pilot: int, *, level: float = 0.95) -> Interval:
    """The interval of the mean of all repeats after a pilot has decided how many to run.

    scores: (r,), one value a repeat in the order in which they were run. mean of all +- t_{r0-1} s0 / sqrt(r), s0 and
    the degrees of freedom of the first `pilot` only: the spread of the later ones is not used, since their number
    depends on the first. It covers at `level` whatever bound of r is stated beforehand. Raises ValueError for a pilot
    below 2 or above r, and for a NaN.

    >>> one = stein_interval(np.array([0.80, 0.82, 0.84, 0.86]), 2)
    >>> round(one.estimate, 6), round(one.se, 6), one.df   # sd .0141421 / sqrt(4)
    (0.83, 0.007071, 1)
    """
    values = finite(scores, "scores")
    checked_level(level)
    if not 2 <= pilot <= len(values):
        raise ValueError(
            f"a pilot of {pilot} of {len(values)} repeats: expected at least 2, and no more than were run"
        )
    se = spread(values[:pilot], values) / float(np.sqrt(len(values)))
    mean, half = float(values.mean()), t_quantile((1 + level) / 2, pilot - 1) * se
    return Interval(mean, mean - half, mean + half, se, pilot - 1)
