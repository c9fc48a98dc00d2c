"""One cell -> its predictions and inner scores: the only place in the house that calls fit.

This is the reference path: plain scikit-learn, one fit a candidate and inner fold, then one on the whole outer training
set. It is slow and obviously right; whatever is faster is compared with it, bit by bit.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from bench.data.dataset import Dataset
from bench.families.pipeline import pipeline
from bench.frames import CLASSIFICATION, REGRESSION, TUNING, empty, of_rows
from bench.metrics import METRICS, Predicted
from bench.run.cells import Cell
from bench.run.folds import inner_folds
from bench.run.seeds import seed_of


class CellError(Exception):
    """A cell failed: at which stage (split, fit, predict, score) and why, in one line."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage, self.reason = stage, reason

    def __reduce__(self) -> tuple[Any, ...]:
        return CellError, (self.stage, self.reason)


class CandidateWarning(UserWarning):
    """A candidate failed in the inner folds and could not be chosen."""


@dataclass(frozen=True, eq=False)
class CellResult:
    """What a finished cell leaves: frames of its own rows, the warnings it gave, and how many fits it took."""

    predictions: pl.DataFrame
    tuning: pl.DataFrame
    warnings: tuple[str, ...]
    fits: int


@dataclass
class _Fitting:
    """The state of one cell's work: the data, the cell, and what has been counted so far."""

    dataset: Dataset
    cell: Cell
    fits: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    def fit(self, candidate: Any, train: np.ndarray) -> Any:
        """One pipeline fitted on the rows `train`; class codes are made contiguous for those rows."""
        plan = self.cell.plan
        model = pipeline(self.dataset.columns, self.dataset.task, plan.setup, plan.steps, candidate, self.cell.seed)
        y = self.dataset.y[train]
        present = np.unique(y) if self.dataset.task == "classification" else None
        self.fits += 1
        try:
            model.fit(self.dataset.X[train], y if present is None else np.searchsorted(present, y))
        except Exception as error:
            raise CellError("fit", _said(error)) from error
        return _Fitted(model, present, len(self.dataset.classes))


def evaluate(dataset: Dataset, cell: Cell) -> CellResult:
    """Tune, refit and predict one cell. Raises `CellError` when a step of it fails; the caller records it.

    The seed of every fit is the cell's, the same for all candidates, as in scikit-learn's own search.
    """
    work = _Fitting(dataset, cell)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = _chosen_model(work)
        train = _train_sample(cell, dataset)
        predictions = pl.concat([_rows(work, model, "train", train), _rows(work, model, "test", cell.fold.test)])
    said = tuple(sorted({f"{w.category.__name__}: {_short(str(w.message))}" for w in caught}))
    return CellResult(predictions, of_rows(work.rows, TUNING) if work.rows else empty(TUNING), said, work.fits)


def _chosen_model(work: _Fitting) -> _Fitted:
    plan, fold = work.cell.plan, work.cell.fold
    if not plan.tuned:
        return work.fit(plan.candidates[0], fold.train)
    assert plan.protocol.tuning is not None
    if plan.protocol.tuning.by == "oob":
        return _by_out_of_bag(work)
    best = _by_inner_folds(work)
    return work.fit(plan.candidates[best], fold.train)


def _by_inner_folds(work: _Fitting) -> int:
    """The candidate with the best mean inner score, the first of equals; every score is kept."""
    cell, dataset = work.cell, work.dataset
    try:
        inner = inner_folds(dataset, cell.fold.train, cell.plan.protocol, seed_of("inner", cell.seed))
    except ValueError as error:
        raise CellError("split", _said(error)) from error
    values = np.empty((len(cell.plan.candidates), len(inner)))
    last: CellError | None = None
    for number, candidate in enumerate(cell.plan.candidates):
        try:
            for fold, (train, held) in enumerate(inner):
                model = work.fit(candidate, train)
                values[number, fold] = _score(work, model.predicted(dataset.X[held]), dataset.y[held])
        except CellError as error:
            values[number] = np.nan  # it cannot be chosen; the others go on, as in scikit-learn's own search
            said = f"candidate {json.dumps(dict(candidate), sort_keys=True)} failed: {error.reason}"
            warnings.warn(said, CandidateWarning, stacklevel=1)
            last = error
    if np.isnan(values).all():
        assert last is not None
        raise last
    return _record(work, values, list(range(len(inner))))


def _by_out_of_bag(work: _Fitting) -> _Fitted:
    """Breiman's rule: each candidate is fitted once on the whole training set and judged by its out-of-bag rows."""
    train = work.cell.fold.train
    models = [work.fit(dict(candidate) | {"oob_score": True}, train) for candidate in work.cell.plan.candidates]
    values = np.empty((len(models), 1))
    for number, model in enumerate(models):
        predicted, seen = model.out_of_bag()
        values[number, 0] = _score(work, predicted, work.dataset.y[train][seen])
    return models[_record(work, values, [None])]


def _record(work: _Fitting, values: np.ndarray, inner: list[Any]) -> int:
    cell = work.cell
    metric = METRICS[str(cell.plan.metric)]
    means = values.mean(axis=1)
    best = int(np.nanargmax(means if metric.higher_is_better else -means))
    for number, candidate in enumerate(cell.plan.candidates):
        for column, fold in enumerate(inner):
            work.rows.append(
                cell.names
                | {
                    "candidate": number,
                    "parameters": json.dumps(dict(candidate), sort_keys=True),
                    "inner_fold": fold,
                    "metric": metric.name,
                    "value": None if np.isnan(values[number, column]) else float(values[number, column]),
                    "chosen": number == best,
                }
            )
    return best


def _score(work: _Fitting, predicted: dict[str, Any], truth: np.ndarray) -> float:
    metric = METRICS[str(work.cell.plan.metric)]
    value = metric.function(_predicted(work.dataset, truth, predicted))
    if value is None:
        raise CellError(
            "score", f"{metric.name} is undefined on an inner fold of {len(truth)} rows; tune on another metric"
        )
    return float(value)


def _predicted(dataset: Dataset, truth: np.ndarray, predicted: dict[str, Any]) -> Predicted:
    positive = dataset.classes.index(dataset.positive) if dataset.positive is not None else None
    return Predicted(truth=truth, k=len(dataset.classes), positive=positive, **predicted)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A fitted pipeline that answers in the dataset's class codes, whatever classes its training rows held."""

    model: Any
    present: np.ndarray | None
    k: int

    def predicted(self, X: np.ndarray) -> dict[str, Any]:
        """label, p, decision (classification) or value (regression). Raises `CellError` for anything malformed."""
        try:
            label = np.asarray(self.model.predict(X))
            p = self._scores("predict_proba", X)
            decision = self._scores("decision_function", X) if p is None else None
        except CellError:
            raise
        except Exception as error:
            raise CellError("predict", _said(error)) from error
        if len(label) != len(X):
            raise CellError("predict", f"{len(label)} predictions for {len(X)} rows")
        if self.present is None:
            return {"label": None, "p": None, "decision": None, "value": _finite(label.astype(float).ravel())}
        if not np.isin(label, np.arange(len(self.present))).all():
            raise CellError("predict", "labels outside the classes of the training rows")
        return {"label": self.present[label.astype(int)], "p": p, "decision": decision, "value": None}

    def _scores(self, method: str, X: np.ndarray) -> np.ndarray | None:
        """Probabilities or decision values over all k classes; None when the family has none."""
        if self.present is None or not hasattr(self.model, method):
            return None
        values = np.asarray(getattr(self.model, method)(X), dtype=float)
        values = _finite(values.reshape(len(X), -1))
        m = len(self.present)
        if method == "predict_proba":
            if values.shape[1] != m or not np.allclose(values.sum(axis=1), 1, atol=1e-5):
                raise CellError("predict", f"probabilities of shape {values.shape} for {m} classes do not sum to 1")
            return self._spread(values, 0.0)
        if self.k == 2 and m == 2:
            return values
        if m == 2 and values.shape[1] == 1:
            values = np.hstack([-values, values])
        return self._spread(values, float(values.min()) - 1.0)

    def _spread(self, values: np.ndarray, absent: float) -> np.ndarray:
        """Columns of the present classes among all k; a class that training never saw gets `absent`."""
        assert self.present is not None
        full = np.full((len(values), self.k), absent)
        full[:, self.present] = values
        return full

    def out_of_bag(self) -> tuple[dict[str, Any], np.ndarray]:
        """Out-of-bag predictions and which training rows have any."""
        final = self.model[-1]
        if self.present is None:
            value = np.asarray(final.oob_prediction_, dtype=float).ravel()
            seen = np.isfinite(value)
            return {"label": None, "p": None, "decision": None, "value": value[seen]}, seen
        share = np.asarray(final.oob_decision_function_, dtype=float)
        seen = np.isfinite(share).all(axis=1) & (share.sum(axis=1) > 0)
        p = self._spread(share[seen], 0.0)
        label = self.present[share[seen].argmax(axis=1)]
        return {"label": label, "p": p, "decision": None, "value": None}, seen


def _rows(work: _Fitting, model: _Fitted, side: str, positions: np.ndarray) -> pl.DataFrame:
    """The stored predictions of one side (frames.CLASSIFICATION or REGRESSION)."""
    dataset = work.dataset
    predicted, n = model.predicted(dataset.X[positions]), len(positions)
    columns: dict[str, Any] = {name: [value] * n for name, value in work.cell.names.items()}
    columns |= {"side": [side] * n, "row": dataset.row[positions]}
    if dataset.task == "regression":
        return pl.DataFrame(columns | {"truth": dataset.y[positions], "value": predicted["value"]}, schema=REGRESSION)
    names = np.array(dataset.classes, dtype=object)
    columns |= {"truth": names[dataset.y[positions]], "label": names[predicted["label"]]}
    for name in ("p", "decision"):
        columns[name] = [None] * n if predicted[name] is None else predicted[name].tolist()
    return pl.DataFrame(columns, schema=CLASSIFICATION, strict=False)


def _train_sample(cell: Cell, dataset: Dataset) -> np.ndarray:
    """The train rows whose predictions are stored: all of them, or a seeded sample above the plan's limit."""
    train = cell.fold.train
    if len(train) <= cell.plan.train_rows:
        return train
    generator = np.random.default_rng(seed_of("train rows", cell.seed))
    return np.sort(generator.choice(train, cell.plan.train_rows, replace=False))


def _finite(values: np.ndarray) -> np.ndarray:
    wrong = int((~np.isfinite(values)).any(axis=tuple(range(1, values.ndim))).sum())
    if wrong:
        raise CellError("predict", f"non-finite predictions: {wrong} of {len(values)}")
    return values


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {_short(str(error))}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else line[:297] + "..."
