"""Estimators made from a description: pipelines, searches and others that a study file cannot name by import path.

A description is JSON: numbers, text and null stand for themselves; everything else is an object with one key:

    {"estimator": [import path, {parameter: value}]}     {"import": import path}     {"array": [...]}
    {"list": [...]}     {"tuple": [...]}     {"dict": [[key, value], ...]}     {"nan": true}
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from bench.families.family import imported


def made_of(description: Any) -> Any:
    """The value that a description stands for.

    >>> made_of({"estimator": ["sklearn.svm.SVC", {"C": 2.0}]})
    SVC(C=2.0)
    """
    if not isinstance(description, dict):
        return description
    ((kind, value),) = description.items()
    return _MAKERS[kind](value)


def _estimator(value: Any) -> Any:
    path, parameters = value
    return imported(path)(**{name: made_of(one) for name, one in parameters.items()})


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "estimator": _estimator,
    "list": lambda items: [made_of(item) for item in items],
    "tuple": lambda items: tuple(made_of(item) for item in items),
    "dict": lambda pairs: {made_of(key): made_of(value) for key, value in pairs},
    "array": np.array,
    "import": imported,
    "nan": lambda _: float("nan"),
}


class _Described(BaseEstimator):
    """The estimator of a description, by default a dummy, so that the class can be looked at.

    `random_state` is handed to every parameter of that name inside.
    """

    def __init__(self, description: str = "", random_state: int | None = None) -> None:
        self.description = description
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> _Described:
        """Fit the estimator that the description stands for."""
        self.model_ = made_of(json.loads(self.description))
        seeds = [
            name
            for name in self.model_.get_params()
            if name.rpartition("__")[2] == "random_state"
        ]
        self.model_.set_params(**dict.fromkeys(seeds, self.random_state))
        self.model_.fit(X, y)
        if hasattr(self.model_, "classes_"):
            self.classes_ = self.model_.classes_
        return self

    def predict(self, X: np.ndarray) -> Any:
        """Predictions of the fitted estimator."""
        return self.model_.predict(X)


class DescribedRegressor(RegressorMixin, _Described):
    """A described estimator that predicts numbers."""


class DescribedLabels(ClassifierMixin, _Described):
    """A described classifier that gives labels alone."""


class DescribedDecisions(DescribedLabels):
    """A described classifier with decision values."""

    def decision_function(self, X: np.ndarray) -> Any:
        """Decision values of the fitted estimator."""
        return self.model_.decision_function(X)


class DescribedProbabilities(DescribedLabels):
    """A described classifier with probabilities."""

    def predict_proba(self, X: np.ndarray) -> Any:
        """Probabilities of the fitted estimator, in the order of its classes."""
        return self.model_.predict_proba(X)
