"""Regularized discriminant analysis: each class's covariance is drawn towards the pooled one, and towards a ball.

Friedman (1989), Regularized Discriminant Analysis, Journal of the American Statistical Association 84, 165-175. Of a
class k with n_k rows and the sum of squares and products S_k about its mean, of all n rows S = sum S_k:
Sigma_k(lambda) = ((1 - lambda) S_k + lambda S) / ((1 - lambda) n_k + lambda n), and
Sigma_k(lambda, gamma) = (1 - gamma) Sigma_k(lambda) + gamma trace(Sigma_k(lambda)) / p I.
scikit-learn's discriminants have one of the two each, and not these: `QuadraticDiscriminantAnalysis(reg_param)` adds
the unit matrix whatever the scale, `LinearDiscriminantAnalysis(shrinkage)` has lambda = 1.
"""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data


class RegularizedDiscriminantAnalysis(ClassifierMixin, BaseEstimator):
    """Discriminant analysis between linear and quadratic.

    Parameters
    ----------
    pooling : float between 0 and 1
        Friedman's lambda: 0 gives each class its own covariance, 1 all classes the pooled one.
    shrinkage : float between 0 and 1
        Friedman's gamma: how far each covariance is drawn towards a ball of its own size.

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> X, y = load_wine(return_X_y=True)
    >>> round(RegularizedDiscriminantAnalysis(pooling=0.1).fit(X, y).score(X, y), 3)
    1.0
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "pooling": [Interval(Real, 0, 1, closed="both")],
        "shrinkage": [Interval(Real, 0, 1, closed="both")],
    }

    def __init__(self, pooling: float = 0.0, shrinkage: float = 0.0) -> None:
        self.pooling = pooling
        self.shrinkage = shrinkage

    def fit(self, X: Any, y: Any) -> RegularizedDiscriminantAnalysis:
        """Means, and the inverse square root of each class's covariance.

        Raises ValueError for a class whose covariance is singular after both steps.
        """
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        counts = np.bincount(codes)
        if len(counts) < 2:
            raise ValueError("there is one class; expected two or more")
        self.means_ = np.array([X[codes == k].mean(axis=0) for k in range(len(counts))])
        centred = X - self.means_[codes]
        squares = np.array(
            [centred[codes == k].T @ centred[codes == k] for k in range(len(counts))]
        )
        self.log_priors_ = np.log(counts / len(y))
        parts = [
            self._root(squares[k], int(counts[k]), squares.sum(axis=0), len(y))
            for k in range(len(counts))
        ]
        self.roots_, self.log_determinants_ = (
            np.array([root for root, _ in parts]),
            np.array([d for _, d in parts]),
        )
        return self

    def _root(
        self, own: np.ndarray, count: int, pooled: np.ndarray, n: int
    ) -> tuple[np.ndarray, float]:
        """The matrix by which centred rows of a class become white, and the log determinant of its covariance."""
        lam, gamma, size = self.pooling, self.shrinkage, len(own)
        covariance = ((1 - lam) * own + lam * pooled) / ((1 - lam) * count + lam * n)
        covariance = (1 - gamma) * covariance + gamma * np.trace(
            covariance
        ) / size * np.eye(size)
        values, vectors = np.linalg.eigh(covariance)
        if values[0] <= values[-1] * size * np.finfo(np.float64).eps:
            raise ValueError(
                "the covariance of a class is singular; more pooling or shrinkage would mend it"
            )
        return vectors / np.sqrt(values), float(np.log(values).sum())

    def decision_function(self, X: Any) -> np.ndarray:
        """The log posterior of each class up to a constant of the row, (n, k); with two classes their difference."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        white = np.einsum("knp,kpq->knq", X - self.means_[:, np.newaxis], self.roots_)
        scores = (
            self.log_priors_ - self.log_determinants_ / 2 - (white**2).sum(axis=2).T / 2
        )
        return np.asarray(
            scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores
        )

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of each row."""
        scores = self.decision_function(X)
        codes = (scores > 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)
        return np.asarray(self.classes_[codes])

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) The posterior probabilities."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            scores = np.stack([np.zeros_like(scores), scores], axis=1)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))
