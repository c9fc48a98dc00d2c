"""One cell -> what it leaves: tune on the inner folds, refit the best candidate on all training rows, predict.

`plan.engine` says who fits: `bench.run.reference` (plain scikit-learn) or `bench.run.engine` (the same, faster).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from bench.core.metrics import METRICS, Predicted
from bench.data.dataset import Dataset
from bench.run import engine, reference
from bench.run.cells import Cell
from bench.run.folds import inner_folds
from bench.run.reference import ASKED, EVERYTHING, Question
from bench.run.result import (
    CandidateWarning,
    CellError,
    CellResult,
    FoldPrediction,
    said,
    short,
)
from bench.run.seeds import seed_of

Inner = list[tuple[np.ndarray, np.ndarray]]


@dataclass(eq=False)
class _Work:
    """The state of one cell's work: its inner folds and scores so far, what failed, what warned."""

    dataset: Dataset
    cell: Cell
    inner: Inner
    values: np.ndarray
    heard: set[str] = field(default_factory=set)
    failed: dict[int, CellError] = field(default_factory=dict)

    @property
    def open(self) -> list[int]:
        """The candidates that have not failed."""
        return [
            number
            for number in range(len(self.cell.plan.candidates))
            if number not in self.failed
        ]


def evaluate(dataset: Dataset, cell: Cell) -> CellResult:
    """Tune, refit and predict one cell. Raises `CellError` when a step of it fails; the caller records it.

    The seed of every fit is the cell's, the same for all candidates, as in scikit-learn's own search.
    """
    work = _begun(dataset, cell)
    for number, (train, held) in enumerate(work.inner):
        with _hearing(work):
            found = _asked(work, train, held, number > 0)
        _take(work, number, work.open, found)
    return _finished(work)


def _begun(dataset: Dataset, cell: Cell) -> _Work:
    plan, inner = cell.plan, []
    try:
        if plan.tuned and not plan.out_of_bag:
            inner = inner_folds(
                dataset, cell.fold, plan.protocol, seed_of("inner", cell.seed)
            )
    except ValueError as error:
        raise CellError("split", said(error)) from error
    return _Work(
        dataset,
        cell,
        inner,
        np.full((len(plan.candidates) if inner else 0, len(inner)), np.nan),
    )


def _asked(
    work: _Work, train: np.ndarray, held: np.ndarray, checked: bool
) -> list[list[FoldPrediction] | CellError]:
    plan = work.cell.plan
    wanted = ASKED[METRICS[str(plan.metric)].needs]
    question = Question(work.dataset, work.cell, train, [held], wanted, checked=checked)
    return _answers(question, work.open)


def _answers(
    question: Question, numbers: Sequence[int]
) -> list[list[FoldPrediction] | CellError]:
    plan = question.cell.plan
    who = reference if plan.engine == "reference" else engine
    result: list[list[FoldPrediction] | CellError] = who.answers(
        question, [plan.candidates[number] for number in numbers]
    )
    return result


def _take(
    work: _Work,
    fold: int,
    numbers: list[int],
    found: list[list[FoldPrediction] | CellError],
) -> None:
    """Score what the candidates said of the inner fold; one that failed cannot be chosen, the others go on."""
    truth = work.dataset.y[work.inner[fold][1]]
    for number, one in zip(numbers, found, strict=True):
        try:
            if isinstance(one, CellError):
                raise one
            work.values[number, fold] = _score(work, one[0], truth)
        except CellError as error:
            work.failed[number] = error
            candidate = json.dumps(
                dict(work.cell.plan.candidates[number]), sort_keys=True
            )
            with _hearing(work):
                warnings.warn(
                    f"candidate {candidate} failed: {error.reason}",
                    CandidateWarning,
                    stacklevel=1,
                )


def _finished(work: _Work) -> CellResult:
    """The best candidate, refitted, and what it says of train and test rows."""
    plan, fold = work.cell.plan, work.cell.fold
    rows = [train_sample(work.cell, work.dataset), fold.test]
    with _hearing(work):
        if plan.out_of_bag:
            chosen, said = _by_out_of_bag(work, rows)
        else:
            chosen, said = _refitted(work, rows)
    fits = work.values.size + (0 if plan.out_of_bag else 1)
    return CellResult(
        said[0], said[1], work.values, chosen, tuple(sorted(work.heard)), fits
    )


def _refitted(work: _Work, rows: list[np.ndarray]) -> tuple[int, list[FoldPrediction]]:
    plan = work.cell.plan
    work.values[list(work.failed)] = np.nan
    chosen = _best(work) if plan.tuned else 0
    wanted = EVERYTHING[work.dataset.task]
    question = Question(
        work.dataset,
        work.cell,
        work.cell.fold.train,
        rows,
        wanted,
        final=True,
        checked=plan.tuned,
    )
    (one,) = _answers(question, [chosen])
    if isinstance(one, CellError):
        raise one
    return chosen, one


def _by_out_of_bag(
    work: _Work, rows: list[np.ndarray]
) -> tuple[int, list[FoldPrediction]]:
    """Breiman's rule: each candidate is fitted once on the whole training set and judged by its out-of-bag rows."""
    dataset, cell, train = work.dataset, work.cell, work.cell.fold.train
    models = [
        reference.fitted(dataset, cell, dict(candidate) | {"oob_score": True}, train)
        for candidate in cell.plan.candidates
    ]
    work.values = np.empty((len(models), 1))
    for number, model in enumerate(models):
        predicted, seen = model.out_of_bag()
        work.values[number, 0] = _score(work, predicted, dataset.y[train][seen])
    chosen = _best(work)
    return chosen, [
        models[chosen].said(dataset.X[positions], EVERYTHING[dataset.task])
        for positions in rows
    ]


def _best(work: _Work) -> int:
    """The candidate with the best mean inner score, the first of equals."""
    if np.isnan(work.values).all():
        raise work.failed[max(work.failed)]
    means = work.values.mean(axis=1)
    return int(
        np.nanargmax(
            means if METRICS[str(work.cell.plan.metric)].higher_is_better else -means
        )
    )


def _score(work: _Work, predicted: FoldPrediction, truth: np.ndarray) -> float:
    metric, dataset = METRICS[str(work.cell.plan.metric)], work.dataset
    positive = (
        dataset.classes.index(dataset.positive)
        if dataset.positive is not None
        else None
    )
    value = metric.function(
        Predicted(
            truth=truth, k=len(dataset.classes), positive=positive, **vars(predicted)
        )
    )
    if value is None:
        raise CellError(
            "score",
            f"{metric.name} is undefined on an inner fold of {len(truth)} rows; tune on another metric",
        )
    return float(value)


def train_sample(cell: Cell, dataset: Dataset) -> np.ndarray:
    """The train rows whose predictions are stored: all of them, or a seeded sample above the plan's limit."""
    train = cell.fold.train
    if len(train) <= cell.plan.train_rows:
        return train
    generator = np.random.default_rng(seed_of("train rows", cell.seed))
    return np.sort(generator.choice(train, cell.plan.train_rows, replace=False))


@contextmanager
def _hearing(work: _Work) -> Iterator[None]:
    """Every warning, once each, as part of what the cell leaves."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        finally:
            work.heard |= {
                f"{one.category.__name__}: {short(str(one.message))}" for one in caught
            }
