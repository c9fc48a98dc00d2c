"""One support vector machine by scikit-learn's own door to libsvm, `sklearn.svm._libsvm`, which is private.

The classes around it cost more than a small problem does.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

_C_SVC, _EPSILON_SVR = 0, 3


def solve(
    parameters: Mapping[str, Any], trained: np.ndarray, y: np.ndarray, held: np.ndarray
) -> np.ndarray:
    """See `kernel.Solve`. Raises `ValueError` when the machine's coefficients are not finite."""
    from sklearn.svm import _libsvm as libsvm

    classify = "epsilon" not in parameters
    libsvm.set_verbosity_wrap(0)
    support, vectors, counts, coefficients, intercepts, _, _, stopped, _ = libsvm.fit(
        trained,
        y.astype(np.float64),
        svm_type=_C_SVC if classify else _EPSILON_SVR,
        kernel="precomputed",
        C=parameters["C"],
        epsilon=0.0 if classify else parameters["epsilon"],
        tol=parameters["tol"],
        class_weight=_weights(parameters["class_weight"], y)
        if classify
        else np.empty(0),
        shrinking=parameters["shrinking"],
        cache_size=parameters["cache_size"],
        max_iter=parameters["max_iter"],
    )
    if stopped:
        _warn(parameters["max_iter"])
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all()):
        raise ValueError("libsvm's coefficients are not finite")
    machine = (held, support, vectors, counts, coefficients, intercepts)
    if not classify:
        values: np.ndarray = libsvm.predict(
            *machine, svm_type=_EPSILON_SVR, kernel="precomputed"
        )
        return values
    decisions: np.ndarray = libsvm.decision_function(
        *machine, svm_type=_C_SVC, kernel="precomputed"
    )
    return -decisions.ravel() if len(counts) == 2 else decisions


def _weights(class_weight: str | None, y: np.ndarray) -> np.ndarray:
    from sklearn.utils.class_weight import compute_class_weight

    if class_weight is None:
        return np.ones(y.max() + 1)
    weights: np.ndarray = compute_class_weight(
        class_weight, classes=np.arange(y.max() + 1), y=y
    )
    return weights


def _warn(max_iter: int) -> None:
    """What scikit-learn says, in its words."""
    from sklearn.exceptions import ConvergenceWarning

    warnings.warn(
        f"Solver terminated early (max_iter={max_iter}).  Consider pre-processing your data with StandardScaler or "
        "MinMaxScaler.",
        ConvergenceWarning,
        stacklevel=2,
    )
