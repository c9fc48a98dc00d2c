"""Stacked networks against scikit-learn's own fits, bit by bit."""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.neural_network import MLPClassifier, MLPRegressor

from bench.run.shortcuts import _stacked_mlp as stacked
from bench.run.shortcuts import neural
from bench.run.shortcuts.neural import answers
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers.ids import same_everywhere

ALPHAS = (0, 1e-4, 0.03, 1.0, 30.0)


def classes(n: int, p: int, k: int, seed: int, *, kind: str = "normal") -> Lesson:
    """Classes of unequal size (the last one rare), every code there; held rows from the same cloud."""
    random = np.random.default_rng(seed)
    y = np.minimum(random.geometric(0.4, n) - 1, k - 1)
    y[:k] = np.arange(k)
    X = (
        random.normal(size=(n + 25, p))
        + np.append(y, random.integers(0, k, 25))[:, np.newaxis]
    )
    if kind == "ties":
        X = np.round(X)
        X[:, 0] = 1.0
    if kind == "wide":
        X *= 10.0 ** random.integers(-3, 3, p)
    return Lesson(X[:n], y.astype(np.int64), X[n:], ("label", "p"))


def values(n: int, p: int, seed: int) -> Lesson:
    random = np.random.default_rng(seed)
    X = random.normal(size=(n + 25, p))
    return Lesson(
        X[:n], X[:n, 0] * 2 - X[:n, -1] ** 2 + random.normal(size=n), X[n:], ("value",)
    )


def check(estimators: list, lesson: Lesson) -> None:
    """Every estimator is served, and equals its own fit in values, kinds, shapes and warnings."""
    with warnings.catch_warnings(record=True) as ours:
        warnings.simplefilter("always")
        found = answers(estimators, lesson)
    with warnings.catch_warnings(record=True) as theirs:
        warnings.simplefilter("always")
        fitted = [clone(estimator).fit(lesson.X, lesson.y) for estimator in estimators]
    assert Counter((w.category, str(w.message)) for w in ours) == Counter(
        (w.category, str(w.message)) for w in theirs
    )
    for answer, own in zip(found, fitted):
        assert answer is not None
        assert set(answer) == set(lesson.wanted)
        for name, said in answer.items():
            expected = (
                own.predict_proba(lesson.held)
                if name == "p"
                else own.predict(lesson.held)
            )
            assert (said.dtype, said.shape) == (expected.dtype, expected.shape)
            assert np.array_equal(said, expected)


@pytest.mark.parametrize(
    "n, p, k, kind",
    [
        (113, 13, 3, "normal"),  # one batch
        (230, 30, 2, "normal"),  # a short last batch
        (401, 5, 10, "wide"),  # a last batch of one row
        (60, 80, 2, "ties"),  # more features than rows
        (9, 2, 3, "ties"),
        (210, 1, 4, "normal"),
    ],
)
def test_classes(n: int, p: int, k: int, kind: str) -> None:
    estimators = [
        MLPClassifier(hidden, alpha=alpha, max_iter=12, random_state=3)
        for hidden in ((25,), (100,))
        for alpha in ALPHAS
    ]
    check(estimators, classes(n, p, k, n, kind=kind))


@pytest.mark.parametrize("n, p", [(2, 1), (90, 6), (233, 20)])
def test_values(n: int, p: int) -> None:
    check(
        [
            MLPRegressor(
                hidden_layer_sizes=(30,),
                alpha=a,
                max_iter=15,
                random_state=0,
                learning_rate_init=0.01,
            )
            for a in ALPHAS
        ],
        values(n, p, n),
    )


@pytest.mark.parametrize(
    "parameters",
    [
        {"activation": "tanh"},
        {"activation": "logistic"},
        {"hidden_layer_sizes": (7, 5, 3)},
        {"hidden_layer_sizes": [1], "batch_size": 7},
        {"hidden_layer_sizes": 6, "batch_size": 80},
        {"beta_1": 0.0, "beta_2": 0.5, "epsilon": 1e-3, "learning_rate_init": 0.1},
        {"max_iter": 1},
    ],
    ids=same_everywhere,
)
def test_every_parameter_that_is_served(parameters: dict) -> None:
    shared = {"max_iter": 10, "random_state": 11} | parameters
    for lesson in (classes(80, 4, 2, 5), classes(80, 4, 9, 6)):
        check([MLPClassifier(alpha=alpha, **shared) for alpha in ALPHAS], lesson)
    check([MLPRegressor(alpha=alpha, **shared) for alpha in ALPHAS], values(80, 4, 7))


def test_networks_stop_one_by_one() -> None:
    lesson = classes(70, 3, 3, 1)
    shared = {
        "max_iter": 60,
        "tol": 0.02,
        "n_iter_no_change": 2,
        "random_state": 0,
        "learning_rate_init": 0.02,
    }
    estimators = [
        MLPClassifier((15,), alpha=alpha, **shared)
        for alpha in (0.0, 0.3, 1, 3, 10, 30)
    ]
    rounds = [
        clone(estimator).fit(lesson.X, lesson.y).n_iter_ for estimator in estimators
    ]
    assert (
        len(set(rounds)) > 2
    )  # they leave the stack at different times, so the test sees what it should
    check(estimators, lesson)


def test_an_answer_does_not_depend_on_the_others() -> None:
    lesson = classes(130, 6, 3, 2)
    estimators = [
        MLPClassifier((9,), alpha=alpha, max_iter=8, random_state=1) for alpha in ALPHAS
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        together = answers(estimators, lesson)
        alone = [answers([estimator], lesson)[0] for estimator in reversed(estimators)]
    for one, other in zip(together, reversed(alone)):
        assert (
            one is not None
            and other is not None
            and np.array_equal(one["p"], other["p"])
        )


def test_only_what_is_wanted() -> None:
    lesson = classes(60, 3, 2, 2)
    with pytest.warns(UserWarning):
        (answer,) = answers(
            [MLPClassifier((3,), max_iter=2, random_state=0)],
            Lesson(lesson.X, lesson.y, lesson.held, ("label",)),
        )
    assert answer is not None and set(answer) == {"label"}


class Subclass(MLPClassifier):
    pass


@pytest.mark.parametrize(
    "estimator",
    [
        MLPClassifier(),
        MLPClassifier(random_state=np.random.RandomState(0)),
        MLPClassifier(random_state=True),
        MLPClassifier(random_state=0, solver="sgd"),
        MLPClassifier(random_state=0, solver="lbfgs"),
        MLPClassifier(random_state=0, early_stopping=True),
        MLPClassifier(random_state=0, activation="identity"),
        MLPClassifier(random_state=0, shuffle=False),
        MLPClassifier(random_state=0, warm_start=True),
        MLPClassifier(random_state=0, verbose=True),
        MLPClassifier(random_state=0, momentum=0.5),
        MLPClassifier(random_state=0, batch_size=1000),
        MLPClassifier(random_state=0, alpha=-1.0),
        MLPClassifier(random_state=0, alpha=np.nan),
        MLPClassifier(random_state=0, max_iter=0),
        MLPClassifier(random_state=0, n_iter_no_change=np.inf),
        MLPClassifier(random_state=0, hidden_layer_sizes=()),
        MLPClassifier(random_state=0, hidden_layer_sizes=(0,)),
        MLPClassifier(random_state=0, hidden_layer_sizes=(2.5,)),
        MLPClassifier(random_state=0, hidden_layer_sizes=(100_000, 100_000)),
        MLPClassifier(random_state=0, beta_1=1.0),
        Subclass(random_state=0),
        MLPRegressor(random_state=0),
    ],
    ids=same_everywhere,
)
def test_turned_away(estimator: MLPClassifier) -> None:
    assert answers([estimator], classes(60, 3, 2, 0)) == [None]


def test_turned_away_for_its_data() -> None:
    many = Lesson(
        np.eye(30), np.arange(30) // 2, np.eye(30), ("label",)
    )  # scikit-learn asks whether it is a regression
    single = Lesson(np.eye(9), np.zeros(9, dtype=np.int64), np.eye(9), ("label",))
    for lesson in (many, single, classes(60, 3, 2, 0)):
        wanted = ("decision",) if lesson.wanted == ("label", "p") else lesson.wanted
        assert answers(
            [MLPClassifier(random_state=0)],
            Lesson(lesson.X, lesson.y, lesson.held, wanted),
        ) == [None]
    poisson = MLPRegressor(loss="poisson", random_state=0)
    assert answers([poisson], values(40, 2, 0)) == [None]


def test_numbers_too_large_are_left_to_scikit_learn() -> None:
    lesson = values(50, 3, 0)
    huge = Lesson(lesson.X * 1e200, lesson.y * 1e200, lesson.held, ("value",))
    assert answers(
        [MLPRegressor(random_state=0, max_iter=3, alpha=a) for a in ALPHAS], huge
    ) == [None] * len(ALPHAS)


def test_a_large_stack_is_trained_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neural, "_LARGEST", 30_000)
    check(
        [MLPClassifier((20,), alpha=a, max_iter=5, random_state=0) for a in ALPHAS],
        classes(90, 4, 3, 0),
    )


def test_the_self_test_sees_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    assert neural.NEURAL.self_test is not None and neural.NEURAL.self_test()

    def almost(Z: np.ndarray) -> None:
        Z[:] = np.nextafter(1 / (1 + np.exp(-Z)), -1)  # another bit on any processor

    def off(Z: np.ndarray, delta: np.ndarray) -> None:
        delta[Z == 0] = 1e-9

    with monkeypatch.context() as patch:
        patch.setitem(stacked._OUTPUTS, "logistic", almost)
        assert not stacked.agrees()
    with monkeypatch.context() as patch:
        patch.setitem(
            stacked._ACTIVATIONS, "relu", (stacked._ACTIVATIONS["relu"][0], off)
        )
        assert not stacked.agrees()
    with monkeypatch.context() as patch:
        patch.setattr(stacked._Stack, "stopped", lambda stack, losses: losses < 0)
        assert not stacked.agrees()
    with monkeypatch.context() as patch:
        first = stacked._first_weights
        patch.setattr(
            stacked, "_first_weights", lambda *given: np.nextafter(first(*given), 1)
        )
        assert not stacked.agrees()
    assert stacked.agrees()
