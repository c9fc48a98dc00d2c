"""Support vector machines: one kernel matrix for every C and epsilon, one table of distances for every gamma.

libsvm computes each entry of a kernel by one BLAS dot product and the C library's `exp`, and keeps it in single
precision while it trains. An entry that differs in its last bit can round the other way, and the solver then ends
elsewhere within its tolerance. So the matrices here are made by the same two functions, not by a matrix product and
`np.exp`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from numbers import Real
from typing import Any

import numpy as np

from bench.run.shortcuts import _libsvm
from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

#: A matrix of so many entries takes 200 MB. For a larger lesson there is the plain fit: libsvm keeps what it needs.
MOST_ENTRIES = 5_000**2
_BLOCK = 64
_FREE = {
    "C",
    "epsilon",
    "gamma",
    "kernel",
    "tol",
    "shrinking",
    "cache_size",
    "class_weight",
    "max_iter",
} | {
    "decision_function_shape",
    "random_state",  # it is only drawn from for probabilities, which are not served
}

#: (parameters, kernel of the training rows (n, n), y, kernel of the held rows (m, n)) -> what one machine says of the
#: held rows: `decision_function` one against one, of two classes (m,), of k (m, k (k - 1) / 2); values (m,) of an SVR.
Solve = Callable[[Mapping[str, Any], np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def answers(
    solve: Solve, estimators: Sequence[Any], lesson: Lesson
) -> list[ShortcutAnswer | None]:
    """The answers of SVCs and SVRs with a radial or linear kernel, by one way to solve.

    None for an estimator whose parameters are not served, for a lesson too large, and for one estimator alone: libsvm
    computes less than a whole matrix for it.
    """
    n, m = len(lesson.X), len(lesson.held)
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    if max(n, m) * n > MOST_ENTRIES or m == 0:
        return found
    widths: dict[float | None, dict[int, Mapping[str, Any]]] = {}
    for number, parameters in enumerate(_served(estimators, lesson)):
        if parameters is not None:
            widths.setdefault(_width(parameters, lesson.X), {})[number] = parameters
    if sum(map(len, widths.values())) < 2:
        return found
    kernels = Kernels(lesson.X, lesson.held)
    for gamma, members in widths.items():
        trained, held = kernels.of(gamma)
        for number, parameters in members.items():
            found[number] = _answer(
                solve(parameters, trained, lesson.y, held), parameters, lesson
            )
    return found


def _served(
    estimators: Sequence[Any], lesson: Lesson
) -> Iterator[Mapping[str, Any] | None]:
    """The parameters of each estimator, None where equality is not proven."""
    from sklearn.svm import SVC, SVR

    answered = {SVC: {"label", "decision"}, SVR: {"value"}}
    plain = {
        kind: kind().get_params(deep=False)
        for kind in {type(estimator) for estimator in estimators} & {SVC, SVR}
    }
    for estimator in estimators:
        kind = type(estimator)
        own = estimator.get_params(deep=False) if kind in plain else {}
        fit = (
            own
            and answered[kind].issuperset(lesson.wanted)
            and (kind is SVR or lesson.y.max() >= 1)
        )
        yield own if fit and _proven(own, plain[kind]) else None


def _proven(own: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    return (
        all(
            own[name] is plain[name] or own[name] == plain[name]
            for name in own.keys() - _FREE
        )
        and own["kernel"] in ("rbf", "linear")
        and (own["gamma"] in ("scale", "auto") or _number(own["gamma"]) >= 0)
        and all(_number(own[name]) > 0 for name in ("C", "tol", "cache_size"))
        and _number(own.get("epsilon", 0.0)) >= 0
        and _words_proven(own)
    )


def _words_proven(own: Mapping[str, Any]) -> bool:
    """Whether the parameters that are no real numbers are served."""
    return (
        type(own["max_iter"]) is int
        and own["max_iter"] >= -1
        and type(own["shrinking"]) is bool
        and (own.get("class_weight") is None or own["class_weight"] == "balanced")
        and own.get("decision_function_shape", "ovr") in ("ovr", "ovo")
        and (
            own.get("random_state") is None
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


def _width(parameters: Mapping[str, Any], X: np.ndarray) -> float | None:
    """Gamma as scikit-learn settles it; None of a linear kernel."""
    if parameters["kernel"] == "linear":
        return None
    if parameters["gamma"] == "auto":
        result: float | None = 1.0 / X.shape[1]
        return result
    if parameters["gamma"] == "scale":
        variance = X.var()
        return float(1.0 / (X.shape[1] * variance)) if variance != 0 else 1.0
    return float(parameters["gamma"])


class Kernels:
    """The kernels of n training rows and m held rows, each entry to the last bit as libsvm's dense code computes it.

    libsvm takes a squared distance from products, x.x + z.z - 2 x.z, while it trains, and from differences when it
    predicts. `np.vecdot` calls the BLAS `ddot` of libsvm for each pair of rows.
    """

    def __init__(self, X: np.ndarray, held: np.ndarray) -> None:
        self._X, self._held = X, held
        self._products = _symmetric(
            len(X), lambda rows, columns: np.vecdot(X[rows, None], X[None, columns])
        )
        self._distances: tuple[np.ndarray, np.ndarray] | None = None

    def of(self, gamma: float | None) -> tuple[np.ndarray, np.ndarray]:
        """(n, n) and (m, n): exp(-gamma d²) of the rows' distances d, or their products when gamma is None."""
        if gamma is None:
            return self._products, np.vecdot(self._held[:, None], self._X[None])
        if self._distances is None:
            self._distances = self._squared()
        trained, held = self._distances
        return _symmetric(
            len(trained), lambda *block: exp(-gamma * trained[block])
        ), exp(-gamma * held)

    def _squared(self) -> tuple[np.ndarray, np.ndarray]:
        products, norms = self._products, np.diag(self._products)
        trained = _symmetric(
            len(norms), lambda i, j: norms[i, None] + norms[j] - 2 * products[i, j]
        )
        held = np.empty((len(self._held), len(self._X)))
        for row, out in zip(self._held, held, strict=True):
            difference = row - self._X
            np.vecdot(difference, difference, out=out)
        return trained, held


def _symmetric(n: int, entries: Callable[[slice, slice], np.ndarray]) -> np.ndarray:
    """A symmetric (n, n) matrix of which only the blocks on and below the diagonal are computed."""
    whole = np.empty((n, n))
    for start in range(0, n, _BLOCK):
        rows, columns = slice(start, start + _BLOCK), slice(0, start + _BLOCK)
        whole[rows, columns] = entries(rows, columns)
        whole[:start, rows] = whole[rows, :start].T
    return whole


def exp(values: np.ndarray) -> np.ndarray:
    """The C library's `exp` of each value. `np.exp` has its own code: one value in twenty differs in the last bit."""
    from scipy.special import inv_boxcox

    result: np.ndarray = inv_boxcox(
        values, 0.0
    )  # defined as exp(x) when its second argument is 0
    return result


def _solve(
    parameters: Mapping[str, Any], trained: np.ndarray, y: np.ndarray, held: np.ndarray
) -> np.ndarray:
    """One machine by scikit-learn's public classes."""
    from sklearn.svm import SVC, SVR

    settled = dict(parameters) | {"kernel": "precomputed", "gamma": "scale"}
    if "epsilon" in parameters:
        values: np.ndarray = SVR(**settled).fit(trained, y).predict(held)
        return values
    settled["decision_function_shape"] = "ovo"
    decisions: np.ndarray = SVC(**settled).fit(trained, y).decision_function(held)
    return decisions


def _answer(
    said: np.ndarray, parameters: Mapping[str, Any], lesson: Lesson
) -> ShortcutAnswer:
    if "epsilon" in parameters:
        return {"value": said}
    answer: ShortcutAnswer = {}
    k = int(lesson.y.max()) + 1
    if "label" in lesson.wanted:
        answer["label"] = (said >= 0).astype(np.int64) if k == 2 else _voted(said, k)
    if "decision" in lesson.wanted:
        rest = k > 2 and parameters["decision_function_shape"] == "ovr"
        answer["decision"] = _against_rest(said, k) if rest else said
    return answer


def _voted(pairs: np.ndarray, k: int) -> np.ndarray:
    """The class with most votes, the first of equals: libsvm's rule. Zero votes for the second class of a pair."""
    first, second = np.triu_indices(k, 1)
    classes = np.eye(k)
    result: np.ndarray = np.argmax(
        (pairs > 0) @ classes[first] + (pairs <= 0) @ classes[second], axis=1
    )
    return result


def _against_rest(pairs: np.ndarray, k: int) -> np.ndarray:
    """(m, k): votes plus s / (3 (|s| + 1)) with s the sum of a class's decision values: scikit-learn's rule.

    A class's pairs are added one after another, in their order, as scikit-learn does: a sum in another order would
    differ in the last bit. Zero votes for the first class of a pair, unlike in libsvm.
    """
    first, second = np.triu_indices(k, 1)
    classes = np.eye(k)
    votes = (pairs >= 0) @ classes[first] + (pairs < 0) @ classes[second]
    order = np.array([np.flatnonzero((first == c) | (second == c)) for c in range(k)])
    signs = np.where(first[order] == np.arange(k)[:, None], 1.0, -1.0)
    sums = np.zeros_like(votes)
    for step in range(k - 1):
        sums += signs[:, step] * pairs[:, order[:, step]]
    result: np.ndarray = votes + sums / (3 * (np.abs(sums) + 1))
    return result


def agrees() -> bool:
    """Two classes, three classes and values on made-up rows: the same bits by `_libsvm` as by the public classes?"""
    from sklearn.svm import SVC, SVR

    random = np.random.default_rng(0)
    X, held = random.normal(size=(60, 21)), random.normal(size=(30, 21))
    score = X[:, 0] + random.normal(size=60)
    settings = [
        {"kernel": "rbf", "C": 20.0, "gamma": 0.1},
        {"kernel": "rbf", "C": 0.3},
        {"kernel": "linear", "C": 0.1},
    ]
    for y, kind in (
        (np.digitize(score, [0]), SVC),
        (np.digitize(score, [-1, 1]), SVC),
        (score, SVR),
    ):
        lesson = Lesson(
            X, y, held, ("label", "decision") if kind is SVC else ("value",)
        )
        machines = [kind(**setting) for setting in settings]
        for machine, answer in zip(
            machines, answers(_libsvm.solve, machines, lesson), strict=True
        ):
            machine.fit(X, y)
            own = {"label": machine.predict, "value": machine.predict}
            own["decision"] = getattr(machine, "decision_function", machine.predict)
            if answer is None or not all(
                np.array_equal(own[name](held), answer[name]) for name in lesson.wanted
            ):
                return False
    return True


_ESTIMATORS = ("sklearn.svm.SVC", "sklearn.svm.SVR")
KERNEL = Shortcut("kernel", _ESTIMATORS, partial(answers, _solve))
LIBSVM = Shortcut(
    "kernel_libsvm", _ESTIMATORS, partial(answers, _libsvm.solve), self_test=agrees
)
