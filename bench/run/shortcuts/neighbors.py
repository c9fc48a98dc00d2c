"""k nearest neighbours: one query for the largest k answers every smaller k, whatever the weights.

Which of several equally distant neighbours a query returns, and in which order, depends on its k. So a row where that
could matter is asked again with the k in question: alone in a tree, but with all rows by brute force, where its
distances may depend on its place among them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

#: Distances that differ by a smaller share count as equal: a tree may pass over a point by so little.
_NEAR = 1e-12
#: Distances to neighbours that one query may hold: 64 MB.
_LARGEST = 2**23
#: Sums of weights that differ by a smaller share are summed again in scikit-learn's own order.
_CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class _Near:
    """The neighbours of m rows, nearest first: distances (m, K) and targets (m, K)."""

    distances: np.ndarray
    targets: np.ndarray

    def weights(self, kind: str) -> np.ndarray:
        """(m, K). Neighbours at distance 0 share all the weight of "distance"."""
        if kind == "uniform":
            return np.ones_like(self.distances)
        with np.errstate(divide="ignore", over="ignore"):
            inverse = 1.0 / self.distances
        endless = np.isinf(inverse)
        rows = endless.any(axis=1)
        inverse[rows] = endless[rows]
        return inverse


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """As `Shortcut.answers`, for `KNeighborsClassifier` or `KNeighborsRegressor` with the usual metrics and weights."""
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, estimator in enumerate(estimators):
        if _served(estimator, lesson):
            key = [
                value
                for name, value in vars(estimator).items()
                if name not in ("n_neighbors", "weights")
            ]
            # algorithm="auto" means one thing below half of the rows and another from there on
            groups.setdefault(
                (*key, estimator.n_neighbors >= len(lesson.X) // 2), []
            ).append(number)
    for members in groups.values():
        by = _search([estimators[number] for number in members], lesson)
        for number in members:
            found[number] = by.get(
                (estimators[number].n_neighbors, estimators[number].weights)
            )
    return found


def _search(
    estimators: Sequence[Any], lesson: Lesson
) -> dict[tuple[int, str], ShortcutAnswer]:
    """Answers by k and weights, of estimators that search alike; none where a search of their own may find others."""
    from sklearn import config_context

    ks = sorted({estimator.n_neighbors for estimator in estimators})
    kinds = sorted({estimator.weights for estimator in estimators})
    count = min(ks[-1] + 1, len(lesson.X))
    found: dict[tuple[int, str], ShortcutAnswer] = {}
    if len(lesson.held) * count > _LARGEST:
        return found
    with config_context(assume_finite=True, skip_parameter_validation=True):
        fitted = copy(estimators[0])
        fitted.n_neighbors = ks[-1]
        fitted.fit(lesson.X, lesson.y)
        near = _asked(fitted, lesson, slice(None), count)
        if not np.isfinite(near.distances).all():
            return found
        doubtful = _doubtful(near, complete=count == len(lesson.X))
        tree = getattr(fitted, "_fit_method", "brute") in ("kd_tree", "ball_tree")
        if not tree:
            doubtful[:] = doubtful.any(axis=0)
            ks = [k for k in ks if _asks_alike(fitted) or not doubtful[:, k - 1].any()]
        for kind in kinds:
            found |= {
                (k, kind): answer for k, answer in _said(near, kind, ks, lesson).items()
            }
        for k in ks:
            rows = np.flatnonzero(doubtful[:, k - 1])
            if len(rows):
                again = _asked(fitted, lesson, rows, k)
                for kind in kinds:
                    _replace(found[k, kind], rows, _said(again, kind, [k], lesson)[k])
    return found


def _asks_alike(fitted: Any) -> bool:
    """Whether brute force finds the neighbours of `predict` and of `kneighbors` in the same way, whatever the weights.

    With other metrics a classifier with uniform weights has a way of its own.
    """
    result: bool = fitted.metric == "euclidean" or (
        fitted.metric == "minkowski" and fitted.p == 2
    )
    return result


def _replace(answer: ShortcutAnswer, rows: np.ndarray, part: ShortcutAnswer) -> None:
    for whole, values in zip(answer.values(), part.values()):
        whole[rows] = values  # type: ignore[index]


def _asked(fitted: Any, lesson: Lesson, rows: Any, k: int) -> _Near:
    distances, indices = fitted.kneighbors(lesson.held[rows], n_neighbors=k)
    return _Near(distances, lesson.y[indices])


def _doubtful(near: _Near, complete: bool) -> np.ndarray:
    """(m, K): where the first k neighbours might be others, or in another order, if k had been asked for.

    They are if two of them, or the last of them and the next, are as good as equally far and yet different. Beyond
    the K that were asked for, another might be as far as the last, unless the neighbours are `complete`.
    """
    distances, targets = near.distances, near.targets
    apart = np.diff(distances, axis=1)
    ties = apart <= _NEAR * distances[:, 1:]
    matters = ties & ((apart != 0) | (targets[:, 1:] != targets[:, :-1]))
    # a run of ties that crosses the border matters if any tie in the run does, or if its end is not known
    crossing = np.zeros(distances.shape, dtype=bool)
    crossing[:, -1] = not complete
    for place in range(distances.shape[1] - 2, -1, -1):
        crossing[:, place] = ties[:, place] & (
            matters[:, place] | crossing[:, place + 1]
        )
    within = np.logical_or.accumulate(matters, axis=1)
    crossing[:, 1:] |= within
    return crossing


def _said(
    near: _Near, kind: str, ks: Sequence[int], lesson: Lesson
) -> dict[int, ShortcutAnswer]:
    """By k, what an estimator with these weights says of rows with these neighbours."""
    if "value" in lesson.wanted:
        return {k: _mean(near, kind, k) for k in ks}
    weights, found = near.weights(kind), {}
    for k, totals in _totals(
        near.targets, weights, ks, int(lesson.y.max()) + 1
    ).items():
        answer: ShortcutAnswer = {}
        if "label" in lesson.wanted:
            exact = kind == "uniform"  # whole numbers, whatever the order
            answer["label"] = (
                totals.argmax(axis=1)
                if exact
                else _heaviest(totals, near.targets[:, :k], weights[:, :k])
            )
        if "p" in lesson.wanted:
            answer["p"] = totals / totals.sum(axis=1)[:, np.newaxis]
        found[k] = answer
    return found


def _totals(
    labels: np.ndarray, weights: np.ndarray, ks: Iterable[int], classes: int
) -> dict[int, np.ndarray]:
    """By k, the weights of the first k neighbours by class, (m, classes), added one after the other."""
    totals = np.zeros((len(labels), classes))
    flat, starts = totals.reshape(-1), np.arange(len(labels)) * classes
    found, done = {}, 0
    for k in sorted(ks):
        for place in range(done, k):
            flat[starts + labels[:, place]] += weights[:, place]
        found[k], done = totals.copy(), k
    return found


def _heaviest(
    totals: np.ndarray, labels: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """The class with most weight, the first of equals, (m,).

    `predict` sums the same weights in another order than `predict_proba`, so where two classes are close it is asked
    in that order: over all neighbours, with 0 for those of another class.
    """
    label = totals.argmax(axis=1)
    best = np.partition(totals, -2, axis=1)[:, -2:]
    rows = np.flatnonzero(best[:, 1] - best[:, 0] <= _CLOSE * best[:, 1])
    if len(rows):
        labels, weights = labels[rows], weights[rows]
        sums = [
            np.where(labels == code, weights, 0.0).sum(axis=1)
            for code in range(totals.shape[1])
        ]
        label[rows] = np.stack(sums, axis=1).argmax(axis=1)
    result: np.ndarray = label
    return result


def _mean(near: _Near, kind: str, k: int) -> ShortcutAnswer:
    targets = np.ascontiguousarray(near.targets[:, :k])
    if kind == "uniform":
        return {"value": targets.mean(axis=1)}
    weights = np.ascontiguousarray(near.weights(kind)[:, :k])
    return {"value": (targets * weights).sum(axis=1) / weights.sum(axis=1)}


def _served(estimator: Any, lesson: Lesson) -> bool:
    """Whether every parameter is one whose equality is tested, and scikit-learn takes them without a word."""
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    classifies = type(estimator) is KNeighborsClassifier
    if not classifies and type(estimator) is not KNeighborsRegressor:
        return False
    k = int(lesson.y.max()) + 1 if classifies else 2
    if not set(lesson.wanted) <= ({"label", "p"} if classifies else {"value"}):
        return False
    if k < 2 or (
        classifies and 2 * k >= len(lesson.y)
    ):  # scikit-learn would ask whether it is a regression
        return False
    return _proven(vars(estimator), vars(type(estimator)()), len(lesson.X))


def _proven(given: dict[str, Any], usual: dict[str, Any], rows: int) -> bool:
    """Whether the parameters (`vars` of an unfitted estimator, 50 us sooner than `get_params`) are served.

    `usual` holds those of an estimator without arguments.
    """
    return (
        given.keys() == usual.keys()
        and _in_range(given["n_neighbors"], rows)
        and _in_range(given["leaf_size"])
        and _one_of(given["weights"], "uniform", "distance")
        and _one_of(given["algorithm"], "auto", "brute", "kd_tree", "ball_tree")
        and _one_of(given["metric"], "minkowski", "euclidean", "manhattan")
        and _is_power(given["p"])
        and given["metric_params"] is None
        and (given["n_jobs"] is None or given["n_jobs"] == 1)
    )


def _in_range(value: Any, most: int | None = None) -> bool:
    return _whole(value) and value >= 1 and (most is None or value <= most)


def _is_power(value: Any) -> bool:
    """Whether a value is a power of Minkowski's distance: a finite number from 1."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 1
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _one_of(value: Any, *words: str) -> bool:
    return isinstance(value, str) and value in words


def agrees() -> bool:
    """Whether answers equal those of scikit-learn's own fits, bit by bit, on small data with many ties and without."""
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    random = np.random.default_rng(0)
    for size, digits in ((3, 0), (3, 9), (18, 0)):
        X, y = np.round(random.normal(size=(60, size)), digits), np.arange(60) % 3
        held = np.round(random.normal(size=(20, size)), digits)
        grid = [
            (k, weights) for k in (1, 4, 9, 31) for weights in ("uniform", "distance")
        ]
        classified = Lesson(X, y, held, ("label", "p"))
        estimators = [KNeighborsClassifier(k, weights=weights) for k, weights in grid]
        for estimator, answer in zip(estimators, answers(estimators, classified)):
            own = copy(estimator).fit(X, y)
            if answer is None or not np.array_equal(answer["label"], own.predict(held)):
                return False
            if not np.array_equal(answer["p"], own.predict_proba(held)):
                return False
        estimators = [KNeighborsRegressor(k, weights=weights) for k, weights in grid]
        for estimator, answer in zip(
            estimators, answers(estimators, Lesson(X, y / 7, held, ("value",)))
        ):
            if answer is None or not np.array_equal(
                answer["value"], copy(estimator).fit(X, y / 7).predict(held)
            ):
                return False
    return True


NEIGHBORS = Shortcut(
    name="neighbors",
    estimators=(
        "sklearn.neighbors.KNeighborsClassifier",
        "sklearn.neighbors.KNeighborsRegressor",
    ),
    answers=answers,
    self_test=agrees,
)
