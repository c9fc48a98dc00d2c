"""The reference path: plain scikit-learn, one pipeline fitted a candidate and inner fold, then one on all of it.

Slow and obviously right. `bench.run.engine` answers the same questions faster, and is compared with this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.data.dataset import Dataset
from bench.families.pipeline import pipeline
from bench.run.cells import Cell
from bench.run.result import CellError, FoldPrediction, in_codes, said, spread
from bench.run.shortcuts.shortcut import ShortcutAnswer, Wanted

_Rows = np.ndarray
Candidate = Mapping[str, Any]
#: What inner folds ask, by what the tuning metric needs.
ASKED: Mapping[str, tuple[Wanted, ...]] = {
    "label": ("label",),
    "p": ("p",),
    "score": ("p", "decision"),
    "value": ("value",),
}
#: What is stored of the refitted candidate.
EVERYTHING: Mapping[str, tuple[Wanted, ...]] = {
    "classification": ("label", "p", "decision"),
    "regression": ("value",),
}


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of candidates: trained on the rows `train`, what do they say of each set of rows in `held`?

    final    the answers are stored as predictions: they must be those of the estimator's own fit, bit by bit
    checked  an earlier question has shown that the estimators accept the candidates' parameters
    """

    dataset: Dataset
    cell: Cell
    train: _Rows
    held: Sequence[_Rows]
    wanted: tuple[Wanted, ...]
    final: bool = False
    checked: bool = False


@dataclass(frozen=True, eq=False)
class Model:
    """A pipeline fitted on some rows; class codes are made contiguous for those rows."""

    fitted: Any
    present: np.ndarray | None
    k: int

    def said(self, X: np.ndarray, wanted: tuple[Wanted, ...]) -> FoldPrediction:
        """What it says of the rows of X. Raises `CellError` when it cannot, or for anything malformed."""
        return in_codes(answer(self.fitted, X, wanted), self.present, self.k, len(X))

    def out_of_bag(self) -> tuple[FoldPrediction, np.ndarray]:
        """Out-of-bag predictions and which training rows have any."""
        final = self.fitted[-1]
        if self.present is None:
            value = np.asarray(final.oob_prediction_, dtype=float).ravel()
            seen = np.isfinite(value)
            return FoldPrediction(value=value[seen]), seen
        share = np.asarray(final.oob_decision_function_, dtype=float)
        seen = np.isfinite(share).all(axis=1) & (share.sum(axis=1) > 0)
        label = self.present[share[seen].argmax(axis=1)]
        return FoldPrediction(
            label, spread(share[seen], self.present, self.k, 0.0)
        ), seen


def fitted(dataset: Dataset, cell: Cell, candidate: Candidate, train: _Rows) -> Model:
    """One pipeline fitted on the rows `train`. Raises `CellError`."""
    plan = cell.plan
    model = pipeline(
        dataset.columns, dataset.task, plan.setup, plan.steps, candidate, cell.seed
    )
    y, present = contiguous(dataset, train)
    try:
        model.fit(dataset.X[train], y)
    except MemoryError:
        raise
    except Exception as error:
        raise CellError("fit", said(error)) from error
    return Model(model, present, len(dataset.classes))


def contiguous(dataset: Dataset, rows: _Rows) -> tuple[np.ndarray, np.ndarray | None]:
    """The target of these rows with codes 0, 1, ... of the classes that occur, and those classes' own codes."""
    y = dataset.y[rows]
    if dataset.task == "regression":
        return y, None
    present = np.unique(y)
    return np.searchsorted(present, y), present


def answer(model: Any, X: np.ndarray, wanted: tuple[Wanted, ...]) -> ShortcutAnswer:
    """What a fitted estimator's own methods say. Decision values stand in where there are no probabilities."""
    found: ShortcutAnswer = {}
    try:
        for want in wanted:
            if want == "label":
                found["label"] = np.asarray(model.predict(X))
            elif want == "value":
                found["value"] = np.asarray(model.predict(X))
            elif want == "p" and hasattr(model, "predict_proba"):
                found["p"] = _ascending(model, model.predict_proba(X))
            elif (
                want == "decision"
                and "p" not in found
                and hasattr(model, "decision_function")
            ):
                found["decision"] = _ascending(model, model.decision_function(X))
    except MemoryError:
        raise
    except Exception as error:
        raise CellError("predict", said(error)) from error
    return found


def _ascending(model: Any, values: Any) -> Any:
    """Columns in ascending order of `classes_`, which an estimator from elsewhere may hold in another order."""
    order = np.argsort(getattr(model, "classes_", ()))
    if np.array_equal(order, np.arange(len(order))):
        return values
    values = np.asarray(values)
    return -values if values.ndim == 1 else values[:, order]


def answers(
    question: Question, candidates: Sequence[Candidate]
) -> list[list[FoldPrediction] | CellError]:
    """For each candidate, fitted on the question's training rows: what it says of each set of rows, or its error."""
    found: list[list[FoldPrediction] | CellError] = []
    for candidate in candidates:
        try:
            model = fitted(question.dataset, question.cell, candidate, question.train)
            found.append(
                [
                    model.said(question.dataset.X[rows], question.wanted)
                    for rows in question.held
                ]
            )
        except CellError as error:
            found.append(error)
    return found
