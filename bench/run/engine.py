"""The fast path: the same answers as `bench.run.reference`, for less.

The steps of a fold are fitted once for all candidates that share them, and candidates go together to the shortcut of
their estimator (`bench.run.shortcuts`). Whom no shortcut serves is fitted in the plain way, on the prepared arrays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bench.families.pipeline import pipeline, split
from bench.run.reference import Candidate, Question, answer, contiguous
from bench.run.result import CellError, FoldPrediction, in_codes, said
from bench.run.shortcuts import SHORTCUTS
from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer, Wanted


def answers(
    question: Question, candidates: Sequence[Candidate]
) -> list[list[FoldPrediction] | CellError]:
    """For each candidate, fitted on the question's training rows: what it says of each set of rows, or its error."""
    found: list[list[FoldPrediction] | CellError] = [
        CellError("fit", "was not asked")
    ] * len(candidates)
    y, present = contiguous(question.dataset, question.train)
    k = len(question.dataset.classes)
    for numbers in _sharing_steps(candidates):
        try:
            ready = _prepared(question, candidates, numbers, y)
        except CellError as error:
            for number in numbers:
                found[number] = error
            continue
        for number, one in zip(numbers, _answered(question, ready), strict=True):
            try:
                found[number] = _said(question, ready, one, present, k)
            except CellError as error:
                found[number] = error
    return found


@dataclass(frozen=True, eq=False)
class _Ready:
    """Candidates that share their steps: their estimators, the prepared rows, the target's scaler if there is one."""

    estimators: list[Any]
    X: np.ndarray
    y: np.ndarray
    held: list[np.ndarray]
    scaler: Any

    @property
    def finite(self) -> bool:
        return all(
            isinstance(one, np.ndarray)
            and one.dtype == np.float64
            and np.isfinite(one).all()
            for one in (self.X, *self.held)
        )

    @property
    def in_rows(self) -> bool:
        """Whether every matrix is in C order, as a Lesson promises; PCA leaves others."""
        return all(one.flags.c_contiguous for one in (self.X, *self.held))


def _sharing_steps(candidates: Sequence[Candidate]) -> Iterator[list[int]]:
    """The numbers of candidates in groups whose steps, and the use of a scaled target, are the same."""
    groups: dict[str, list[int]] = {}
    for number, candidate in enumerate(candidates):
        own, of_steps = split(candidate)
        shared = json.dumps(
            [of_steps, own.get("scale_target")], sort_keys=True, default=str
        )
        groups.setdefault(shared, []).append(number)
    yield from groups.values()


def _prepared(
    question: Question,
    candidates: Sequence[Candidate],
    numbers: list[int],
    y: np.ndarray,
) -> _Ready:
    dataset, plan = question.dataset, question.cell.plan
    pipes = [
        pipeline(
            dataset.columns,
            dataset.task,
            plan.setup,
            plan.steps,
            candidates[number],
            question.cell.seed,
        )
        for number in numbers
    ]
    steps, estimators, scaler = pipes[0][:-1], [pipe[-1] for pipe in pipes], None
    X = dataset.X[question.train]
    try:
        X = steps.fit_transform(X, y) if len(steps) else X
        if hasattr(estimators[0], "regressor") and hasattr(
            estimators[0], "transformer"
        ):  # the target is scaled too
            scaler = estimators[0].transformer.fit(y.reshape(-1, 1))
            y, estimators = (
                scaler.transform(y.reshape(-1, 1)).squeeze(axis=1),
                [one.regressor for one in estimators],
            )
    except MemoryError:
        raise
    except Exception as error:
        raise CellError("fit", said(error)) from error
    try:
        held = [dataset.X[rows] for rows in question.held]
        held = [steps.transform(rows) for rows in held] if len(steps) else held
    except MemoryError:
        raise
    except Exception as error:
        raise CellError("predict", said(error)) from error
    return _Ready(estimators, X, y, held, scaler)


def _answered(
    question: Question, ready: _Ready
) -> list[list[ShortcutAnswer] | CellError]:
    """From shortcuts where they serve, from plain fits where they do not."""
    from sklearn import config_context

    finite = ready.finite
    found: list[list[ShortcutAnswer] | CellError | None] = [None] * len(
        ready.estimators
    )
    with config_context(
        assume_finite=finite, skip_parameter_validation=question.checked
    ):
        if finite:
            _by_shortcuts(question, ready, found)
        for number, estimator in enumerate(ready.estimators):
            if found[number] is None:
                found[number] = _by_fitting(estimator, ready, question.wanted)
    return [one for one in found if one is not None]


def _by_shortcuts(
    question: Question,
    ready: _Ready,
    found: list[list[ShortcutAnswer] | CellError | None],
) -> None:
    for shortcut in shortcuts_of(question.cell.plan.setup.estimator):
        if not shortcut.refits and (question.final or not ready.in_rows):
            continue
        left = [number for number, answer_ in enumerate(found) if answer_ is None]
        try:
            given = (
                shortcut.answers(
                    [ready.estimators[number] for number in left],
                    _lesson(question, ready),
                )
                if left
                else []
            )
        except Exception:
            continue  # the plain fits tell what is wrong, each for its own candidate
        for number, answer_ in zip(left, given, strict=True):
            if answer_ is not None:
                found[number] = _by_set(answer_, ready)


def _lesson(question: Question, ready: _Ready) -> Lesson:
    """The prepared rows as shortcuts take them: the held-out sets one after the other."""
    held = np.concatenate(ready.held) if len(ready.held) > 1 else ready.held[0]
    wanted = _wanted(ready.estimators[0], question.wanted)
    return Lesson(
        np.ascontiguousarray(ready.X), ready.y, np.ascontiguousarray(held), wanted
    )


def _by_set(given: ShortcutAnswer, ready: _Ready) -> list[ShortcutAnswer]:
    """An answer for all held-out rows, split into one for each set of them."""
    ends = np.cumsum([len(rows) for rows in ready.held])[:-1]
    parts: dict[str, list[np.ndarray]] = {
        key: np.split(value, ends)  # type: ignore[call-overload]
        for key, value in given.items()
    }
    return [
        {key: values[i] for key, values in parts.items()}  # type: ignore[misc]
        for i in range(len(ready.held))
    ]


def _wanted(estimator: Any, wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """What this estimator can be asked: decision values only where it gives no probabilities."""
    has = hasattr(estimator, "predict_proba")
    return tuple(
        one for one in wanted if one in ("label", "value") or (one == "p") == has
    )


def _by_fitting(
    estimator: Any, ready: _Ready, wanted: tuple[Wanted, ...]
) -> list[ShortcutAnswer] | CellError:
    try:
        estimator.fit(ready.X, ready.y)
    except MemoryError:
        raise
    except Exception as error:
        return CellError("fit", said(error))
    try:
        return [answer(estimator, rows, wanted) for rows in ready.held]
    except CellError as error:
        return error


def _said(
    question: Question,
    ready: _Ready,
    given: list[ShortcutAnswer] | CellError,
    present: np.ndarray | None,
    k: int,
) -> list[FoldPrediction]:
    if isinstance(given, CellError):
        raise given
    if ready.scaler is not None:
        given = [{"value": _unscaled(ready.scaler, one["value"])} for one in given]
    return [
        in_codes(one, present, k, len(rows))
        for one, rows in zip(given, question.held, strict=True)
    ]


def _unscaled(scaler: Any, value: np.ndarray) -> np.ndarray:
    values: np.ndarray = scaler.inverse_transform(
        np.asarray(value).reshape(-1, 1)
    ).squeeze(axis=1)
    return values


@lru_cache
def shortcuts_of(estimator: str) -> tuple[Shortcut, ...]:
    """The shortcuts of an estimator by its import path, those with a self-test first.

    A shortcut whose self-test fails here is left out: its candidates are fitted in the plain way.
    """
    mine = [
        shortcut for shortcut in SHORTCUTS.values() if estimator in shortcut.estimators
    ]
    mine.sort(key=lambda shortcut: shortcut.self_test is None)
    return tuple(one for one in mine if one.self_test is None or passes(one))


@lru_cache
def passes(shortcut: Shortcut) -> bool:
    """Whether a shortcut's self-test holds against the libraries that are installed here."""
    import warnings

    assert shortcut.self_test is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return shortcut.self_test()
    except Exception:
        return False
