"""Logistic regression: a cold start for every C, as ever, but nothing between the loss and the descent.

There is no short way through several C that ends at the same digits (a warm start does not). What can be left out is
the harness, most of a fit on a few hundred rows. That needs the libraries' insides: there is no public variant.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from itertools import product
from numbers import Real
from typing import Any

import numpy as np

from bench.run.shortcuts import _lbfgs
from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

_FREE = {"C", "tol", "max_iter", "class_weight", "random_state"}  # lbfgs draws nothing


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """As `Shortcut.answers`, for `LogisticRegression` with lbfgs and a squared penalty."""
    from sklearn.linear_model import LogisticRegression

    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    if not {"label", "p", "decision"}.issuperset(lesson.wanted) or lesson.y.max() < 1:
        return found
    plain = LogisticRegression().get_params(deep=False)
    for number, estimator in enumerate(estimators):
        if type(estimator) is not LogisticRegression:
            continue
        own = estimator.get_params(deep=False)
        if not _proven(own, plain):
            continue
        weights = _weights(own["class_weight"], lesson.y)
        fitted = _lbfgs.fitted(
            lesson.X, lesson.y, weights, own["C"], own["tol"], own["max_iter"]
        )
        if fitted is None or not np.isfinite(fitted[0]).all():
            continue
        if not fitted[1]:
            _warn(own["max_iter"])
        found[number] = _answer(fitted[0], lesson)
    return found


def _proven(own: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    return (
        all(
            type(own[name]) is type(plain[name]) and own[name] == plain[name]
            for name in own.keys() - _FREE
        )
        and plain["solver"] == "lbfgs"
        and all(_number(own[name]) > 0 for name in ("C", "tol"))
        and type(own["max_iter"]) is int
        and own["max_iter"] >= 1
        and (own["class_weight"] is None or own["class_weight"] == "balanced")
        and (
            own["random_state"] is None
            or (type(own["random_state"]) is int and own["random_state"] >= 0)
        )
    )


def _number(value: Any) -> float:
    """A finite number as a float; whatever else it may be: minus infinity, which no parameter takes."""
    number = (
        float(value)
        if isinstance(value, Real) and not isinstance(value, bool)
        else -math.inf
    )
    return number if math.isfinite(number) else -math.inf


def _weights(class_weight: str | None, y: np.ndarray) -> np.ndarray | None:
    from sklearn.utils.class_weight import compute_class_weight

    if class_weight is None:
        return None
    weights: np.ndarray = compute_class_weight(
        class_weight, classes=np.arange(y.max() + 1), y=y
    )[y]
    return weights


def _answer(coefficients: np.ndarray, lesson: Lesson) -> ShortcutAnswer:
    """From coefficients (1 or k, p + 1) to what the estimator's methods say, operation by operation."""
    from scipy.special import expit

    scores = lesson.held @ coefficients[:, :-1].T + coefficients[:, -1]
    two = scores.shape[1] == 1
    scores = scores.ravel() if two else scores
    answer: ShortcutAnswer = {}
    if "label" in lesson.wanted:
        answer["label"] = (
            (scores > 0).astype(np.int64) if two else np.argmax(scores, axis=1)
        )
    if "decision" in lesson.wanted:
        answer["decision"] = scores
    if "p" in lesson.wanted:
        positive = expit(scores) if two else None
        answer["p"] = (
            _softmax(scores)
            if positive is None
            else np.stack([1 - positive, positive], axis=1)
        )
    return answer


def _softmax(scores: np.ndarray) -> np.ndarray:
    p: np.ndarray = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p


def _warn(max_iter: int) -> None:
    """What scikit-learn says, in its words."""
    from sklearn.exceptions import ConvergenceWarning

    warnings.warn(
        f"lbfgs failed to converge after {max_iter} iteration(s) (status=1):\n"
        "STOP: TOTAL NO. OF ITERATIONS REACHED LIMIT\n"
        f"\nIncrease the number of iterations to improve the convergence (max_iter={max_iter})."
        "\nYou might also want to scale the data as shown in:\n"
        "    https://scikit-learn.org/stable/modules/preprocessing.html\n"
        "Please also refer to the documentation for alternative solver options:\n"
        "    https://scikit-learn.org/stable/modules/linear_model.html#logistic-regression",
        ConvergenceWarning,
        stacklevel=2,
    )


def agrees() -> bool:
    """Two and three classes of made-up rows: the same bits, and the same warnings, as from the estimator itself?"""
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    X, held = random.normal(size=(60, 11)), random.normal(size=(20, 11))
    score = X[:, 0] + random.normal(size=60)
    settings = [(1e-2, 100, None), (10.0, 100, "balanced"), (1e3, 4, None)]
    for edges, (C, steps, balance) in product(([0], [-1, 1]), settings):
        lesson = Lesson(X, np.digitize(score, edges), held, ("label", "p", "decision"))
        model = LogisticRegression(C=C, max_iter=steps, class_weight=balance)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            (answer,) = answers([model], lesson)
            model.fit(X, lesson.y)
        said = [(one.category, str(one.message)) for one in caught]
        own = {
            "label": model.predict(held),
            "p": model.predict_proba(held),
            "decision": model.decision_function(held),
        }
        if answer is None or said != said[: len(said) // 2] * 2:
            return False
        if not all(np.array_equal(own[name], answer[name]) for name in lesson.wanted):
            return False
    return True


LINEAR = Shortcut(
    name="linear",
    estimators=("sklearn.linear_model.LogisticRegression",),
    answers=answers,
    self_test=agrees,
)
