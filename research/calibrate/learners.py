"""Six families, fitted to all training sets of all repeats at once; a test holds them against scikit-learn.

Each takes X (B, n, p), y (n,) and a `Split` and returns (B, R, K, m): the decision value of each held-out row by the
fit that has not seen it, positive for the second class.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import expit

from research.calibrate.worlds import Split

Learner = Callable[[np.ndarray, np.ndarray, Split], np.ndarray]
NEIGHBOURS = 9


def lda(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """Linear discriminant analysis: log posterior ratio under one covariance (scatter / n)."""
    count, mean, scatter = _moments(X, y, split)
    within = scatter.sum(axis=-3) / count.sum(axis=-1)[..., None, None]
    weight = np.linalg.solve(within, (mean[..., 1, :] - mean[..., 0, :])[..., None])[
        ..., 0
    ]
    offset = np.log(count[..., 1] / count[..., 0]) - (weight * mean.mean(axis=-2)).sum(
        axis=-1
    )
    return _linear(X, split, weight, offset)


def naive_bayes(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """Gaussian naive Bayes: log posterior ratio, a variance a class and feature."""
    count, mean, scatter = _moments(X, y, split)
    variance = np.einsum("...ii->...i", scatter) / count[..., None]
    slope, curve = mean / variance, -0.5 / variance
    offset = np.log(count) - 0.5 * (np.log(variance) + mean**2 / variance).sum(axis=-1)
    weight = np.concatenate([slope, curve], axis=-1)
    both = np.concatenate([X, X**2], axis=-1)
    return _linear(
        both,
        split,
        weight[..., 1, :] - weight[..., 0, :],
        offset[..., 1] - offset[..., 0],
    )


def logistic(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """Logistic regression with an L2 penalty, C = 1, the intercept free: Newton's method, from the fit to all rows."""
    found = []
    for x in X:
        design = np.hstack([x, np.ones((len(y), 1))])
        start = _newton(design, y, np.ones((1, len(y))), np.zeros((1, design.shape[1])))
        weight = _newton(
            design, y, split.kept, np.repeat(start, len(split.kept), axis=0)
        )
        found.append(
            _linear(x[None], split, weight[None, :, :-1], weight[None, :, -1])[0]
        )
    return np.stack(found)


def knn(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """Nine nearest neighbours: the nearest rows of all, without those that are held out together with the row."""
    return _nearest(X, y, split, NEIGHBOURS)


def one_nn(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """The nearest neighbour: its class, for or against."""
    return _nearest(X, y, split, 1)


def stump(X: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """A decision tree of one split, chosen by the Gini index."""
    return np.stack([_stump(x, y, split) for x in X])


LEARNERS: dict[str, Learner] = {
    "lda": lda,
    "naive_bayes": naive_bayes,
    "logistic": logistic,
    "knn": knn,
    "stump": stump,
}
#: With the family that hangs on the fewest rows, which the older simulations do not have.
ALL_LEARNERS: dict[str, Learner] = LEARNERS | {"one_nn": one_nn}
#: Families whose fit hangs on few rows, as `bench.families.instability` says of theirs.
UNSTABLE = ("knn", "one_nn", "stump")


def _moments(
    X: np.ndarray, y: np.ndarray, split: Split
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(B, M, 2) counts, (B, M, 2, p) means and (B, M, 2, p, p) scatters of both classes in M = R K training sets."""
    blocks, n, p = X.shape
    products = (X[..., :, None] * X[..., None, :]).reshape(blocks, n, p * p)
    columns = np.concatenate([np.ones((blocks, n, 1)), X, products], axis=-1)
    columns = np.concatenate([columns * (y == c)[:, None] for c in (0, 1)], axis=-1)
    kept = (split.kept @ columns).reshape(blocks, -1, 2, 1 + p + p * p)
    count = kept[..., 0]
    mean = kept[..., 1 : 1 + p] / count[..., None]
    square = kept[..., 1 + p :].reshape(*count.shape, p, p)
    return (
        count,
        mean,
        square - count[..., None, None] * mean[..., :, None] * mean[..., None, :],
    )


def _linear(
    X: np.ndarray, split: Split, weight: np.ndarray, offset: np.ndarray
) -> np.ndarray:
    """Held-out rows times the weights of their own fit: X (B, n, p), weight (B, R K, p), offset (B, R K)."""
    repeats, folds, _ = split.test.shape
    shape = (len(X), repeats, folds)
    return (X[:, split.test] @ weight.reshape(*shape, -1, 1))[..., 0] + offset.reshape(
        *shape, 1
    )


def _newton(
    design: np.ndarray, y: np.ndarray, keep: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """(M, q) minima of sum of log losses of the kept rows + |w|^2 / 2 without the intercept (the last column)."""
    q = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(y), q * q)
    penalty = np.append(np.ones(q - 1), 0.0)
    for _ in range(50):
        p = expit(weight @ design.T)
        gradient = (keep * (p - y)) @ design + weight * penalty
        hessian = ((keep * p * (1 - p)) @ products).reshape(-1, q, q) + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        weight = weight - step
        if np.abs(step).max() < 1e-6:  # what is left is of the order of its square
            return weight
    raise ArithmeticError("Newton's method has not converged in 50 steps")


def _nearest(X: np.ndarray, y: np.ndarray, split: Split, neighbours: int) -> np.ndarray:
    return np.stack([_by_test(_votes(x, y, split, neighbours), split) for x in X])


def _votes(x: np.ndarray, y: np.ndarray, split: Split, neighbours: int) -> np.ndarray:
    """(R, n) share of the second class among the neighbours, less one half."""
    tree, wanted = (
        cKDTree(x),
        2 * neighbours + 2 if split.parts == 1 else 4 * neighbours + 20,
    )
    while True:
        near = tree.query(x, min(wanted, len(y)))[1].T
        apart = split.fold[:, near] != split.fold[:, None, :]
        if split.parts > 1:
            apart &= split.part[:, near] == split.part[:, None, :]
        rank = apart.cumsum(axis=1, dtype=np.int16)
        if (rank[:, -1] >= neighbours).all():
            return (apart & (rank <= neighbours) & (y[near] == 1)).sum(
                axis=1
            ) / neighbours - 0.5
        wanted *= 2


def _by_test(by_row: np.ndarray, split: Split) -> np.ndarray:
    """(R, n) in the order of rows to (R, K, m) in the order of the test sets."""
    return np.take_along_axis(
        by_row, split.test.reshape(len(split.test), -1), axis=1
    ).reshape(split.test.shape)


def _stump(x: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    keep = split.kept
    models = np.arange(len(keep))
    size, ones = keep.sum(axis=1)[:, None], (keep @ y)[:, None]
    best = np.full(len(keep), -np.inf)
    feature = np.zeros(len(keep), dtype=int)
    threshold, left, right = np.zeros((3, len(keep)))
    for j, column in enumerate(x.T):
        order = column.argsort()
        kept = keep[:, order]
        low, low_ones = kept.cumsum(axis=1), (kept * y[order]).cumsum(axis=1)
        high, high_ones = size - low, ones - low_ones
        with np.errstate(divide="ignore", invalid="ignore"):
            purity = (
                low_ones**2 / low + high_ones**2 / high
            )  # the Gini index but for its sign and a constant
        purity[(low == 0) | (high == 0)] = -np.inf
        at = purity.argmax(
            axis=1
        )  # the first of equals is a training row: held-out rows change no count
        below = low[models, at]
        after = (low > below[:, None]).argmax(axis=1)
        better = purity[models, at] > best
        best[better] = purity[models, at][better]
        feature[better] = j
        threshold[better] = ((column[order[at]] + column[order[after]]) / 2)[better]
        left[better] = (low_ones[models, at] / below)[better]
        right[better] = (high_ones[models, at] / (size[:, 0] - below))[better]
    shape = split.test.shape[:2]
    value = x[split.test, feature.reshape(*shape, 1)]
    leaves = (one.reshape(*shape, 1) for one in (threshold, left, right))
    edge, low_share, high_share = leaves
    return np.where(value <= edge, low_share, high_share) - 0.5
