"""The logistic shortcut's answers and warnings are scikit-learn's own, to the last bit."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, RidgeClassifier

from bench.run.shortcuts import _lbfgs, linear
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers import lessons
from tests.helpers.ids import same_everywhere

same = partial(lessons.same, linear.answers)


def lesson_of(name: str, m: int = 33) -> Lesson:
    return lessons.drawn(name, ("label", "p", "decision"), m)


def source(do: Callable[[], Any]) -> list[tuple[type, str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        do()
    return [(one.category, str(one.message)) for one in caught]


@pytest.mark.parametrize("name", lessons.SHAPES)
@pytest.mark.parametrize("m", [1, 33])
def test_the_usual_candidates(name: str, m: int) -> None:
    machines = [
        LogisticRegression(C=C, max_iter=1000, random_state=5)
        for C in (1e-4, 0.01, 1.0, 1e2, 1e4)
    ]
    same(machines, lesson_of(name, m))


@pytest.mark.parametrize("name", ["two", "rare"])
@pytest.mark.parametrize(
    "parameters",
    [{"class_weight": "balanced"}, {"tol": 1e-8}, {"tol": 1}, {"C": 2}],
    ids=same_everywhere,
)
def test_other_parameters(name: str, parameters: dict[str, Any]) -> None:
    same([LogisticRegression(**parameters)], lesson_of(name))


@pytest.mark.parametrize("seed", range(12))
def test_made_up_tables(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, p, k = random.integers(5, 300), random.integers(1, 50), random.integers(2, 7)
    X, held = (
        random.normal(size=(n, p)) * 10.0 ** random.integers(-2, 2),
        random.normal(size=(random.integers(1, 99), p)),
    )
    y = np.unique(random.integers(0, k, n), return_inverse=True)[1]
    machines = [LogisticRegression(C=10.0**power, max_iter=200) for power in (-3, 0, 3)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(machines, Lesson(X, y, held, ("label", "p", "decision")))


@pytest.mark.parametrize("name", ["two", "three"])
def test_the_same_warnings(name: str) -> None:
    lesson = lesson_of(name)
    machines = [LogisticRegression(C=100.0, max_iter=limit) for limit in (1, 4, 1000)]
    said = source(lambda: linear.answers(machines, lesson))
    assert said == source(lambda: [lessons.own(one, lesson) for one in machines])
    assert [category for category, _ in said] == [ConvergenceWarning] * 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(machines, lesson)


def test_a_descent_that_breaks_off_is_left_to_the_plain_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many evaluations, or a line search without end: the estimator itself says so."""
    monkeypatch.setattr(_lbfgs, "_EVALUATIONS", 3)
    assert linear.answers([LogisticRegression()], lesson_of("two")) == [None]
    lesson = lesson_of("two")
    steep = Lesson(1e150 * lesson.X, lesson.y, lesson.held, ("label",))
    with np.errstate(all="ignore"):
        answers = linear.answers([LogisticRegression()], steep)
    assert (
        answers == [None]
        or source(lambda: lessons.own(LogisticRegression(), steep)) == []
    )


class Own(LogisticRegression):
    pass


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(solver="newton-cg"),
        LogisticRegression(solver="liblinear"),
        LogisticRegression(fit_intercept=False),
        LogisticRegression(penalty="l2"),
        LogisticRegression(l1_ratio=0),
        LogisticRegression(l1_ratio=0.5, solver="saga"),
        LogisticRegression(C=math.inf),
        LogisticRegression(C=0.0),
        LogisticRegression(C="1"),
        LogisticRegression(max_iter=0),
        LogisticRegression(max_iter=2.5),
        LogisticRegression(class_weight={0: 2.0}),
        LogisticRegression(random_state=np.random.RandomState(0)),
        LogisticRegression(random_state=-1),
        LogisticRegression(warm_start=True),
        LogisticRegression(n_jobs=1),
        LogisticRegression(verbose=1),
        Own(),
        RidgeClassifier(),
    ],
    ids=same_everywhere,
)
def test_who_is_turned_away(estimator: Any) -> None:
    answers = linear.answers([LogisticRegression(), estimator], lesson_of("two"))
    assert [answer is None for answer in answers] == [False, True]


def test_which_lessons_are_turned_away() -> None:
    lesson = lesson_of("two")
    assert linear.answers(
        [LogisticRegression()], Lesson(lesson.X, lesson.y, lesson.held, ("value",))
    ) == [None]
    assert linear.answers(
        [LogisticRegression()], Lesson(lesson.X, 0 * lesson.y, lesson.held, ("label",))
    ) == [None]


def test_only_what_is_wanted_and_nothing_changed() -> None:
    lesson = lesson_of("three")
    X, y, held = lesson.X.copy(), lesson.y.copy(), lesson.held.copy()
    machine = LogisticRegression()
    same([machine], Lesson(lesson.X, lesson.y, lesson.held, ("label",)))
    same([machine], Lesson(lesson.X, lesson.y, lesson.held, ("p",)))
    assert not hasattr(machine, "coef_")
    assert (
        np.array_equal(X, lesson.X)
        and np.array_equal(y, lesson.y)
        and np.array_equal(held, lesson.held)
    )


def test_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    assert linear.agrees()
    for module, name, other in (
        (_lbfgs, "_FLATNESS", 1e9),
        (_lbfgs, "_CORRECTIONS", 9),
        (linear, "_warn", lambda max_iter: None),
        (linear, "_softmax", lambda scores: scores),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, other)
            assert not linear.agrees(), name
