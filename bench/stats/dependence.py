"""Curves of several folds as one, where each fold may have been asked at places of its own.

Source: Friedman (2001), Annals of Statistics 29, section 8.2, for partial dependence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DependenceCurve:
    """The mean (m,) and standard deviation (m,) over folds at x (m,); `folds` (m,) reach that far."""

    x: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    folds: np.ndarray


def together(
    curves: Sequence[tuple[np.ndarray, np.ndarray]], most: int = 40
) -> DependenceCurve:
    """Curves (x, y), x rising, averaged at every place that any of them has, at most `most` quantiles of those.

    Between its own places a curve is straight; beyond them it says nothing and is left out of the mean: nothing is
    extrapolated. The deviation is 0 where one fold alone is left. Raises ValueError for no curve or an empty one.

    >>> one = together([(np.array([0.0, 2.0]), np.array([0.0, 2.0])), (np.array([1.0, 2.0]), np.array([3.0, 4.0]))])
    >>> one.x.tolist(), one.mean.tolist(), one.folds.tolist()
    ([0.0, 1.0, 2.0], [0.0, 2.0, 3.0], [1, 2, 2])
    """
    if not curves or any(len(x) == 0 or len(x) != len(y) for x, y in curves):
        raise ValueError(
            "expected one curve or more, each with as many heights as places"
        )
    places = np.unique(np.concatenate([x for x, _ in curves]))
    if len(places) > most:
        every = np.sort(np.concatenate([x for x, _ in curves]))
        places = np.unique(np.quantile(every, np.linspace(0, 1, most)))
    heights = np.array(
        [np.interp(places, x, y, left=np.nan, right=np.nan) for x, y in curves]
    )
    n = (~np.isnan(heights)).sum(axis=0)
    kept = n > 0
    places, heights, n = places[kept], heights[:, kept], n[kept]
    mean = np.nansum(heights, axis=0) / n
    squares = np.nansum((heights - mean) ** 2, axis=0)
    return DependenceCurve(places, mean, np.sqrt(squares / np.maximum(n - 1, 1)), n)
