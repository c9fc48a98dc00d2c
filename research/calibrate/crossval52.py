"""Five times two-fold cross-validation, for papers that used it: Dietterich's t and Alpaydın's F.

Source: Dietterich (1998), Neural Computation 10; Alpaydın (1999), Neural Computation 11. Where the protocol is our own,
repeated cross-validation with `bench.stats.paired.corrected_t` uses the data better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from bench.stats.intervals import SAME, t_cdf


@dataclass(frozen=True)
class FiveByTwo:
    """The mean difference a - b over all ten folds, and the test; `df` (5,) for t, (10, 5) for F. p is two-sided."""

    difference: float
    statistic: float
    p_value: float
    df: tuple[int, ...]
    variant: str


def five_by_two_t(a: np.ndarray, b: np.ndarray) -> FiveByTwo:
    """Dietterich's 5x2cv paired t.

    a, b: (5, 2), scores of two families; a row is one replication, its two columns the two halves as test rows. With
    p_ij = a_ij - b_ij and s_i^2 = (p_i1 - p_i2)^2 / 2: t = p_11 / sqrt(sum s_i^2 / 5), 5 degrees. Only the very first
    fold stands in the numerator, so another order of folds gives another t; `five_by_two_f` does not depend on it.
    Without any spread p is 1 for p_11 = 0 and 0 otherwise. Raises ValueError for another shape and for a NaN.

    >>> d = np.array([[0.2, 0.0], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1]])
    >>> round(five_by_two_t(d, np.zeros((5, 2))).statistic, 6)   # s_1^2 = .02: .2 / sqrt(.02 / 5)
    3.162278
    """
    d, variances = _replications(a, b)
    t = _over(float(d[0, 0]), float(np.sqrt(variances.mean())))
    return FiveByTwo(float(d.mean()), t, min(1.0, 2 * t_cdf(-abs(t), 5)), (5,), "5x2cv t (Dietterich 1998)")


def five_by_two_f(a: np.ndarray, b: np.ndarray) -> FiveByTwo:
    """Alpaydın's combined 5x2cv F = sum p_ij^2 / (2 sum s_i^2), with (10, 5) degrees; a, b and errors as for t.

    >>> d = np.array([[0.2, 0.0], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1]])
    >>> round(five_by_two_f(d, np.zeros((5, 2))).statistic, 6)   # (.04 + 8 * .01) / (2 * .02)
    3.0
    """
    d, variances = _replications(a, b)
    f = _over(float((d**2).sum()), float(2 * variances.sum()))
    p = float(fdtrc(10, 5, f)) if np.isfinite(f) else 0.0
    return FiveByTwo(float(d.mean()), f, p, (10, 5), "combined 5x2cv F (Alpaydın 1999)")


def _replications(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(5, 2) differences, exactly 0 where they are float noise, and the (5,) variances within replications."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != (5, 2) or b.shape != (5, 2):
        raise ValueError(
            f"a has shape {a.shape} and b {b.shape}; five replications of two folds, (5, 2), were expected"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("a or b holds values that are not finite numbers; every fold of a 5x2cv test is needed")
    noise = SAME * max(float(np.abs([a, b]).max()), 1e-300)
    d = a - b
    gap = d[:, 0] - d[:, 1]
    return np.where(np.abs(d) <= noise, 0.0, d), np.where(np.abs(gap) <= noise, 0.0, gap) ** 2 / 2


def _over(effect: float, error: float) -> float:
    if error == 0:
        return 0.0 if effect == 0 else float(np.copysign(np.inf, effect))
    return effect / error
