"""What one feature says of the target by itself: each row is predicted from the others by the bin that it falls into.

No model is fitted: the commonest class, or the mean, of the other folds' rows in the same bin. A feature that is the
target in other words is found whatever its coding: bins are quantiles, and values that are few are bins themselves.
"""

from __future__ import annotations

import numpy as np

#: At most so many bins of numbers, and so many rows a bin at least; so many folds.
BINS, LEAST, FOLDS = 32, 8, 5


def binned(X: np.ndarray, bins: int | None = None) -> np.ndarray:
    """(n, p) bins of (n, p) values: 0, 1, ... in the order of values, -1 for NaN.

    Up to `bins` different values are a bin each; more are cut at quantiles, and equal values never apart. By default
    BINS, or fewer so that LEAST rows fall into one.
    """
    n = len(X)
    bins = max(2, min(BINS, n // LEAST)) if bins is None else bins
    order = np.argsort(X, axis=0, kind="stable")
    ordered = np.take_along_axis(X, order, axis=0)
    fresh = np.ones(X.shape, dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    distinct = np.cumsum(fresh, axis=0) - 1
    first = np.maximum.accumulate(np.where(fresh, np.arange(n)[:, None], 0), axis=0)
    few = (fresh & ~np.isnan(ordered)).sum(axis=0) <= bins
    there = np.maximum((~np.isnan(ordered)).sum(axis=0), 1)
    found = np.where(few, distinct, first * bins // there)
    found[np.isnan(ordered)] = -1
    back = np.empty_like(found)
    np.put_along_axis(back, order, found, axis=0)
    return back


def wrong_labels(bins: np.ndarray, y: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """(n, p) whether the commonest class of a row's bin in the other folds is not the row's own.

    bins (n, p) from -1; y (n,) codes from 0; fold (n,) from 0. A bin without other rows takes the commonest class of
    all of them; a tie is given to the lower code.
    """
    n, p = bins.shape
    width, classes = int(bins.max()) + 2, int(y.max()) + 1
    at = (np.arange(p) * width + bins + 1) * classes
    wrong = np.empty((n, p), dtype=bool)
    for one in np.unique(fold):
        out = fold == one
        counts = np.bincount(
            (at[~out] + y[~out, None]).ravel(), minlength=p * width * classes
        ).reshape(-1, classes)
        usual = int(np.bincount(y[~out], minlength=classes).argmax())
        vote = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), usual)
        wrong[out] = vote[at[out] // classes] != y[out, None]
    return wrong


def square_errors(bins: np.ndarray, y: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """(n, p) squared difference of y and the mean of the row's bin in the other folds; of all of them for a new bin."""
    n, p = bins.shape
    width = int(bins.max()) + 2
    at = np.arange(p) * width + bins + 1
    errors = np.empty((n, p))
    for one in np.unique(fold):
        out = fold == one
        counts = np.bincount(at[~out].ravel(), minlength=p * width)
        sums = np.bincount(
            at[~out].ravel(), weights=np.repeat(y[~out], p), minlength=p * width
        )
        means = np.where(counts > 0, sums / np.maximum(counts, 1), y[~out].mean())
        errors[out] = (means[at[out]] - y[out, None]) ** 2
    return errors


def beside(values: np.ndarray, y: np.ndarray, seed: int, *, labels: bool) -> np.ndarray:
    """(n,) what each row's nearest other row in `values` says of it: whether it is of another class, or half the
    squared difference of their numbers.

    The mean is no lower than the error of the best possible rule of this feature (Cover & Hart 1967; of numbers the
    noise variance, Rice 1984), whatever the bins are. Rows of equal value are in random order; a row without a value
    has no neighbour, and counts as wrong, or as its squared distance from the mean.
    """
    there = np.flatnonzero(~np.isnan(values))
    shuffled = np.random.default_rng(seed).permutation(there)
    order = shuffled[np.argsort(values[shuffled], kind="stable")]
    errors = np.ones(len(y)) if labels else (y - y.mean()) ** 2
    if len(order) < 2:
        return errors
    gap = np.diff(values[order])
    left, right = np.append(np.inf, gap), np.append(gap, np.inf)
    near = y[order[np.arange(len(order)) + np.where(right < left, 1, -1)]]
    errors[order] = near != y[order] if labels else (near - y[order]) ** 2 / 2
    return errors


def dealt(n: int, seed: int, folds: int = FOLDS) -> np.ndarray:
    """(n,) folds of equal size, dealt at random."""
    return np.random.default_rng(seed).permutation(n) % folds
