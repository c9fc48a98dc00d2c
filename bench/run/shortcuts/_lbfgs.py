"""Logistic regression's own descent: scikit-learn's loss and SciPy's L-BFGS step, without what stands around them.

On a few hundred rows four fifths of a fit are spent between those two: checks, namespaces, caches of values. This
leans on `sklearn._loss._loss` and `scipy.optimize._lbfgsb`, both private. Every operation on floats is theirs, in their
order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: Where SciPy's `minimize` and scikit-learn's LogisticRegression set the descent's limits.
_CORRECTIONS, _LINE_STEPS, _FLATNESS, _EVALUATIONS = 10, 50, 64.0, 15_000
#: Words of the descent: it wants the loss, has made a step, has come to rest; and ours, to stop after too many steps.
_LOSS, _STEP, _REST, _STOP, _TOO_MANY = 3, 1, 4, 5, 504

#: Coefficients as one vector -> the loss and its gradient.
Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


def fitted(
    X: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None,
    C: float,
    tol: float,
    max_iter: int,
) -> tuple[np.ndarray, bool] | None:
    """The coefficients of k classes, (1, p + 1) of two or (k, p + 1), the intercept last, and whether they are at rest.

    X (n, p), y codes 0..k-1 (n,), weights of the rows or None. None when the descent ends in any other way than at rest
    or after `max_iter` steps.
    """
    k = int(y.max()) + 1
    whole = len(X) if weights is None else float(np.sum(weights))
    make, rows = (_of_two, 1) if k == 2 else (_of_many, k)
    found, ending = _descend(
        make(X, y, weights, 1.0 / (C * whole)), rows * (X.shape[1] + 1), tol, max_iter
    )
    if ending not in (_REST, _STOP):
        return None
    # Stacked as scikit-learn does, which settles the order in memory and so the bits of a product.
    return np.stack([found.reshape((rows, -1), order="F").copy(order="K")])[
        0
    ], ending == _REST


def _of_two(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray | None, penalty: float
) -> Objective:
    from sklearn._loss._loss import CyHalfBinomialLoss

    (n, p), pointwise, truth = (
        X.shape,
        CyHalfBinomialLoss().loss_gradient,
        y.astype(np.float64),
    )
    losses, slopes, turned = np.empty(n), np.empty(n), X.T
    whole = n if weights is None else np.sum(weights)

    def objective(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        own = coefficients[:-1]
        pointwise(truth, X @ own + coefficients[-1], weights, losses, slopes, 1)
        np.divide(slopes, whole, out=slopes)
        gradient = np.empty(p + 1)
        gradient[:p] = turned @ slopes + penalty * own
        gradient[-1] = slopes.sum()
        return float(losses.sum() / whole) + float(
            0.5 * penalty * (own @ own)
        ), gradient

    return objective


def _of_many(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray | None, penalty: float
) -> Objective:
    from sklearn._loss._loss import CyHalfMultinomialLoss

    (n, p), pointwise, truth, k = (
        X.shape,
        CyHalfMultinomialLoss().loss_gradient,
        y.astype(np.float64),
        int(y.max()) + 1,
    )
    losses, slopes = np.empty(n), np.empty((n, k))
    whole = n if weights is None else np.sum(weights)

    def objective(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        table = coefficients.reshape((k, -1), order="F")
        own = table[:, :-1]
        pointwise(truth, X @ own.T + table[:, -1], weights, losses, slopes, 1)
        np.divide(slopes, whole, out=slopes)
        gradient = np.empty((k, p + 1), order="F")
        gradient[:, :p] = slopes.T @ X + penalty * own
        gradient[:, -1] = slopes.sum(axis=0)
        flat = own.ravel(order="K")
        return float(losses.sum() / whole) + float(
            0.5 * penalty * (flat @ flat)
        ), gradient.ravel(order="F")

    return objective


def _descend(
    objective: Objective, n: int, tol: float, max_iter: int
) -> tuple[np.ndarray, int]:
    """From n zeros downhill as `scipy.optimize.minimize(method="L-BFGS-B")` goes: where it ends, with which word."""
    from scipy.optimize import _lbfgsb

    m = _CORRECTIONS
    x, task, line = np.zeros(n), np.zeros(2, np.int32), np.zeros(2, np.int32)
    bounds = (
        np.zeros(n),
        np.zeros(n),
        np.zeros(n, np.int32),
    )  # zeros in the third: there are none
    room = np.zeros(2 * m * n + 5 * n + 11 * m * m + 8 * m), np.zeros(3 * n, np.int32)
    saved = np.zeros(4, np.int32), np.zeros(44, np.int32), np.zeros(29)
    loss: Any = np.array(0.0)
    gradient, steps, evaluations = np.zeros(n), 0, 0
    while True:
        _lbfgsb.setulb(
            m,
            x,
            *bounds,
            loss,
            gradient,
            _FLATNESS,
            tol,
            *room,
            task,
            *saved,
            _LINE_STEPS,
            line,
        )
        if task[0] == _LOSS:
            loss, gradient = objective(x)
            evaluations += 1
        elif task[0] == _STEP:
            steps += 1
            if evaluations > _EVALUATIONS:
                return x, 0
            if steps >= max_iter:
                task[:] = _STOP, _TOO_MANY
        else:
            return x, int(task[0])
