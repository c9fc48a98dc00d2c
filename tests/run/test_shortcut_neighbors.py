"""One query for every k against scikit-learn's own fits, bit by bit, ties above all."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from bench.run.shortcuts import neighbors
from bench.run.shortcuts.neighbors import answers
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers.ids import same_everywhere

KINDS = ("normal", "whole", "tenths", "twice")
KS = (1, 2, 3, 5, 8, 11, 17, 30)


def lesson(
    kind: str, n: int, p: int, k: int, seed: int, *, value: bool = False
) -> Lesson:
    """Rows that are all different, on a grid (many equal distances), or there twice with other targets."""
    random = np.random.default_rng([seed, n, p])
    X, held = random.normal(size=(n, p)), random.normal(size=(25, p))
    if kind in ("whole", "tenths"):
        X, held = (np.round(part, kind == "tenths") * 0.3 for part in (X, held))
    if kind == "twice":
        X[n // 2 :] = X[: n - n // 2]
        held[: min(n, 10)] = X[: min(n, 10)]  # at distance 0
    if value:
        return Lesson(
            X, np.round(random.normal(size=n), 2 if seed % 2 else 15), held, ("value",)
        )
    y = np.minimum(random.geometric(0.5, n) - 1, k - 1)
    y[:k] = np.arange(k)
    return Lesson(X, y.astype(np.int64), held, ("label", "p"))


def check(estimators: list[Any], lesson: Lesson) -> int:
    """How many are served. Each one equals its own fit in values, kinds and shapes; no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = answers(estimators, lesson)
    for estimator, answer in zip(estimators, found, strict=True):
        if answer is None:
            continue
        own = clone(estimator).fit(lesson.X, lesson.y)
        assert set(answer) == set(lesson.wanted)
        for name, said in answer.items():
            expected = (
                own.predict_proba(lesson.held)
                if name == "p"
                else own.predict(lesson.held)
            )
            assert (said.dtype, said.shape) == (expected.dtype, expected.shape)
            assert np.array_equal(said, expected), (estimator, name)
    return sum(answer is not None for answer in found)


def grid(kind: Any, n: int, **parameters: Any) -> list[Any]:
    ks = sorted({k for k in (*KS, n // 2 - 1, n // 2, n - 1, n) if 1 <= k <= n})
    return [
        kind(k, weights=weights, **parameters)
        for k, weights in product(ks, ("uniform", "distance"))
    ]


@pytest.mark.parametrize("kind, n, p", list(product(KINDS, (9, 60), (1, 4, 20))))
def test_classes(kind: str, n: int, p: int) -> None:
    k = 2 if p == 4 else 4
    for algorithm in ("auto", "kd_tree", "ball_tree"):
        estimators = grid(KNeighborsClassifier, n, algorithm=algorithm)
        assert check(estimators, lesson(kind, n, p, k, 0)) == len(
            estimators
        )  # whatever the ties


@pytest.mark.parametrize("kind, n, p", list(product(KINDS, (3, 60), (2, 18))))
def test_values(kind: str, n: int, p: int) -> None:
    for seed, algorithm in product((0, 1), ("auto", "kd_tree")):
        check(
            grid(KNeighborsRegressor, n, algorithm=algorithm),
            lesson(kind, n, p, 0, seed, value=True),
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "parameters",
    [{"p": 1}, {"p": 3}, {"metric": "euclidean"}, {"metric": "manhattan"}],
    ids=same_everywhere,
)
def test_every_metric_that_is_served(kind: str, parameters: dict[str, Any]) -> None:
    for algorithm, leaf_size in (("brute", 30), ("kd_tree", 1), ("auto", 5)):
        shared = parameters | {"algorithm": algorithm, "leaf_size": leaf_size}
        check(grid(KNeighborsClassifier, 50, **shared), lesson(kind, 50, 3, 3, 1))
        check(
            grid(KNeighborsRegressor, 50, **shared),
            lesson(kind, 50, 3, 3, 2, value=True),
        )


def test_brute_force_serves_all_unless_ties_meet_another_metric() -> None:
    shared = {"algorithm": "brute", "n_jobs": 1}
    for parameters, kind in (
        ({"p": 2}, "whole"),
        ({"p": 2}, "normal"),
        ({"p": 1}, "normal"),
    ):
        estimators = grid(KNeighborsClassifier, 300, **shared, **parameters)[:-4]
        assert check(estimators, lesson(kind, 300, 20, 3, 0)) == len(estimators)
    assert (
        check(
            grid(KNeighborsClassifier, 300, p=1, **shared),
            lesson("whole", 300, 20, 3, 0),
        )
        < 10
    )


def test_a_large_query_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbors, "_LARGEST", 25 * 6 - 1)
    assert answers([KNeighborsClassifier(5)], lesson("normal", 60, 4, 3, 0)) == [None]
    assert check([KNeighborsClassifier(4)], lesson("normal", 60, 4, 3, 0)) == 1


def test_ties_do_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the rows with ties not asked again, answers would differ: the tests above can fail."""
    monkeypatch.setattr(
        neighbors,
        "_doubtful",
        lambda near, complete: np.zeros(near.distances.shape, dtype=bool),
    )
    with pytest.raises(AssertionError):
        for seed in range(20):
            check(grid(KNeighborsClassifier, 60), lesson("whole", 60, 4, 4, seed))
    with pytest.raises(AssertionError):
        for seed in range(20):
            check(
                grid(KNeighborsRegressor, 60),
                lesson("twice", 60, 4, 4, seed, value=True),
            )


def test_close_sums_do_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """`predict` adds the weights in another order than `predict_proba`, which shows where classes tie."""
    turned = (
        np.array([[np.cos(a), np.sin(a)] for a in np.arange(24) * np.pi / 12]) * 1.1
    )
    rows = Lesson(turned, np.arange(24) % 2, np.zeros((1, 2)), ("label", "p"))
    estimators = [
        KNeighborsClassifier(k, weights="distance", algorithm="brute")
        for k in range(1, 25)
    ]
    estimators += [
        KNeighborsClassifier(k, weights="distance", algorithm="kd_tree")
        for k in range(1, 25)
    ]
    assert check(estimators, rows) >= 24
    monkeypatch.setattr(
        neighbors,
        "_heaviest",
        lambda totals, labels, weights: 1 - totals.argmax(axis=1),
    )
    with pytest.raises(AssertionError):
        check(estimators, rows)


def test_an_answer_does_not_depend_on_the_others() -> None:
    rows = lesson("whole", 60, 4, 3, 5)
    estimators = grid(KNeighborsClassifier, 60)
    for estimator, answer in zip(estimators, answers(estimators, rows), strict=True):
        (alone,) = answers([estimator], rows)
        if alone is not None and answer is not None:
            assert np.array_equal(alone["p"], answer["p"]) and np.array_equal(
                alone["label"], answer["label"]
            )


class Subclass(KNeighborsClassifier):
    pass


@pytest.mark.parametrize(
    "estimator",
    [
        KNeighborsClassifier(61),
        KNeighborsClassifier(0),
        KNeighborsClassifier(2.0),
        KNeighborsClassifier(True),
        KNeighborsClassifier(weights=None),
        KNeighborsClassifier(weights=lambda d: d),
        KNeighborsClassifier(metric="cosine"),
        KNeighborsClassifier(metric="precomputed"),
        KNeighborsClassifier(metric=lambda a, b: 0.0),
        KNeighborsClassifier(metric_params={"w": np.ones(4)}),
        KNeighborsClassifier(p=0.5),
        KNeighborsClassifier(p=np.inf),
        KNeighborsClassifier(n_jobs=2),
        KNeighborsClassifier(leaf_size=0),
        KNeighborsClassifier(algorithm="other"),
        Subclass(),
        KNeighborsRegressor(),
    ],
    ids=same_everywhere,
)
def test_turned_away(estimator: Any) -> None:
    assert answers([estimator], lesson("normal", 60, 4, 3, 0)) == [None]


def test_turned_away_for_its_data() -> None:
    one = Lesson(np.eye(9), np.zeros(9, dtype=np.int64), np.eye(9), ("label",))
    many = Lesson(
        np.eye(30), np.arange(30) // 2, np.eye(30), ("label",)
    )  # scikit-learn asks whether it is a regression
    decision = Lesson(np.eye(9), np.arange(9) % 2, np.eye(9), ("decision",))
    for rows in (one, many, decision):
        assert answers([KNeighborsClassifier(3)], rows) == [None]


def test_the_self_test_sees_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    assert neighbors.NEIGHBORS.self_test is not None and neighbors.NEIGHBORS.self_test()
    monkeypatch.setattr(
        neighbors,
        "_doubtful",
        lambda near, complete: np.zeros(near.distances.shape, dtype=bool),
    )
    assert not neighbors.NEIGHBORS.self_test()
