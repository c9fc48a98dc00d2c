"""Where errors fall: recall by class, families that disagree row by row, residuals over what was predicted.

Rows that are tested in several repeats are one row each: intervals count rows, never predictions.
Source: Wilson (1927); Kuncheva & Whitaker (2003), Machine Learning 51, for disagreement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.shares import wilson

#: The quantiles of residuals that are shown.
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Recall:
    """The share of a class's predictions that are right, with Wilson's interval for `rows` different rows.

    None, None, None where the class has no row.
    """

    rows: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ResidualBands:
    """Residuals (truth less prediction) in bins of equal mass over the prediction.

    at (b,) mean prediction of a bin; quantiles (b, 5) at .05, .25, .5, .75, .95; n (b,) predictions.
    """

    at: np.ndarray
    quantiles: np.ndarray
    n: np.ndarray


def recall(right: int, predictions: int, rows: int, *, level: float = 0.95) -> Recall:
    """The recall of a class: of so many predictions of its rows how many are right.

    rows: different rows. A row of several repeats counts once in the interval, which is then an upper bound of its
    width, since predictions of one row need not be alike.

    >>> one = recall(1, 2, 2)
    >>> one.share, round(one.low, 3)   # wilson(.5, 2)
    (0.5, 0.095)
    """
    if not rows:
        return Recall(0, None, None, None)
    share = right / predictions
    return Recall(rows, share, *wilson(share, rows, level=level))


def disagreement(labels: np.ndarray) -> np.ndarray:
    """(f, f): the share of rows on which two families say different things; labels (n, f) codes.

    >>> disagreement(np.array([[0, 0], [0, 1], [1, 1], [1, 0]])).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    f = labels.shape[1]
    found = np.zeros((f, f))
    for i in range(f):
        for j in range(i):
            found[i, j] = found[j, i] = float((labels[:, i] != labels[:, j]).mean())
    return found


def alike(values: np.ndarray) -> np.ndarray:
    """(f, f): Pearson's correlation of columns; values (n, f). NaN where a column is constant.

    Of residuals it says whether families miss the same rows in the same direction.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(values, rowvar=False))


def equal_mass(values: np.ndarray, bins: int) -> np.ndarray:
    """The bin (from 0) of each value: edges at quantiles, equal values in one bin, so that some bins may be empty."""
    edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(edges, values, side="left")


def residual_bands(
    truth: np.ndarray, value: np.ndarray, bins: int = 10
) -> ResidualBands:
    """Quantiles of truth - value over the prediction; truth, value (n,), n >= 1. Bins without a row are left out."""
    place = equal_mass(value, bins)
    order = np.argsort(place, kind="stable")
    place, residual, value = place[order], (truth - value)[order], value[order]
    kept, starts, n = np.unique(place, return_index=True, return_counts=True)
    parts = np.split(residual, starts[1:])
    at = np.add.reduceat(value, starts) / n
    return ResidualBands(
        at,
        np.array([np.quantile(part, QUANTILES) for part in parts]).reshape(
            len(kept), -1
        ),
        n,
    )
