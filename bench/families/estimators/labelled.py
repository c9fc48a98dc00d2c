"""Described classifiers that get the class labels as the caller of `bench.benchmark` gave them.

Inside a fold the classes of its training rows are codes 0, 1, ... A weight of a class, a positive label or a scorer
names a class by its label. These estimators make labels of the codes again before the fit, and codes of what it
answers.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from bench.families.estimators import framed
from bench.families.estimators.described import (
    DescribedDecisions,
    DescribedLabels,
    DescribedProbabilities,
    _Described,
)
from bench.families.present import present_codes


class _Labelled(_Described):
    """A described classifier that gets labels: a list of all, as JSON, in the order of their codes."""

    def __init__(
        self, description: str = "", labels: str = "[]", random_state: int | None = None
    ) -> None:
        self.description = description
        self.labels = labels
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> Any:
        """Fit the estimator that the description stands for.

        Raises `ValueError` where a class has no row and nobody said which, and for labels that mark rows without a
        class.
        """
        labels = self._labels()
        present = present_codes(y, len(labels))
        if present is None:  # codes are counted among the classes that occur
            found = len(np.unique(y))
            raise ValueError(
                f"the training rows hold {found} of {len(labels)} classes; which label is which is lost"
            )
        self.present_ = labels[present]
        super().fit(X, self.present_[y])
        if hasattr(self, "classes_"):
            self.classes_ = self._codes(self.classes_)
            if (lost := len(present) - len(self.classes_)) > 0:
                raise ValueError(
                    f"{lost} of {len(present)} labels are no classes to it"
                )
        return self

    def predict(self, X: np.ndarray) -> Any:
        """Predictions of the fitted estimator."""
        return self._codes(super().predict(X))

    def _labels(self) -> np.ndarray:
        return np.array(json.loads(self.labels))

    def _codes(self, answers: Any) -> np.ndarray:
        """The places of labels among those of the training rows; -1 of what is none of these."""
        place = {label: code for code, label in enumerate(self.present_.tolist())}
        return np.array(
            [place.get(one, -1) for one in np.asarray(answers).ravel().tolist()]
        )


class LabelledLabels(_Labelled, DescribedLabels):
    """A described classifier that gives labels alone."""


class LabelledDecisions(_Labelled, DescribedDecisions):
    """A described classifier with decision values."""


class LabelledProbabilities(_Labelled, DescribedProbabilities):
    """A described classifier with probabilities."""


class _LabelledFramed(_Labelled):
    """The same of a frame; `layout` as `bench.families.estimators.framed` makes it."""

    def __init__(
        self,
        description: str = "",
        labels: str = "[]",
        layout: str = "",
        random_state: int | None = None,
    ) -> None:
        super().__init__(description, labels, random_state)
        self.layout = layout


class LabelledFramedLabels(_LabelledFramed, framed.FramedLabels):
    """A described classifier of a frame that gives labels alone."""


class LabelledFramedDecisions(_LabelledFramed, framed.FramedDecisions):
    """A described classifier of a frame with decision values."""


class LabelledFramedProbabilities(_LabelledFramed, framed.FramedProbabilities):
    """A described classifier of a frame with probabilities."""
