"""The kernel shortcut's answers are the estimators' own, to the last bit, by the public way and by the private one."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import SVC, SVR, LinearSVC

from bench.run.shortcuts import _libsvm, kernel
from bench.run.shortcuts.shortcut import Lesson, Shortcut
from tests.helpers import lessons
from tests.helpers.ids import same_everywhere

BOTH = pytest.mark.parametrize(
    "shortcut", [kernel.KERNEL, kernel.LIBSVM], ids=["public", "private"]
)
NAMES = ("two", "three", "rare", "ten", "wide", "tiny", "one feature")


def lesson_of(name: str, values: bool = False) -> Lesson:
    return lessons.drawn(name, ("value",) if values else ("label", "decision"), 23)


@BOTH
@pytest.mark.parametrize("name", NAMES)
def test_classes(shortcut: Shortcut, name: str) -> None:
    machines = [
        SVC(C=C, gamma=g)
        for C in (0.01, 1.0, 300.0)
        for g in ("scale", "auto", 1e-3, 0.3, 8.0)
    ]
    machines += [SVC(kernel="linear", C=C) for C in (0.05, 3.0)]
    lessons.same(shortcut.answers, machines, lesson_of(name))


@BOTH
@pytest.mark.parametrize("name", ["two", "wide", "tiny", "one feature"])
def test_values(shortcut: Shortcut, name: str) -> None:
    machines = [
        SVR(C=C, gamma=g, epsilon=e)
        for C in (0.1, 10.0)
        for g in ("scale", 0.5)
        for e in (0.0, 0.1, 1e6)
    ]
    machines += [SVR(kernel="linear", C=C) for C in (0.05, 3.0)]
    lessons.same(shortcut.answers, machines, lesson_of(name, values=True))


@BOTH
@pytest.mark.parametrize("name", ["two", "rare"])
@pytest.mark.parametrize(
    "parameters",
    [
        {"class_weight": "balanced"},
        {"shrinking": False, "tol": 1e-5, "cache_size": 1},
        {"decision_function_shape": "ovo", "random_state": 3},
        {"C": 2, "gamma": 0},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_other_parameters(
    shortcut: Shortcut, name: str, parameters: dict[str, Any]
) -> None:
    lessons.same(
        shortcut.answers,
        [SVC(**parameters), SVC(**parameters, kernel="linear")],
        lesson_of(name),
    )


@BOTH
def test_constant_rows(shortcut: Shortcut) -> None:
    X, y = np.ones((20, 3)), np.arange(20) % 2
    lessons.same(
        shortcut.answers,
        [SVC(), SVC(kernel="linear")],
        Lesson(X, y, np.ones((3, 3)), ("label", "decision")),
    )


@BOTH
def test_an_answer_does_not_depend_on_the_others(shortcut: Shortcut) -> None:
    lesson = lesson_of("rare")
    one, *_ = shortcut.answers([SVC(C=3.0, gamma=0.2), SVC(C=1.0)], lesson)
    *_, other = shortcut.answers(
        [SVC(C=7.0, gamma=0.2), SVC(kernel="linear"), SVC(C=3.0, gamma=0.2)], lesson
    )
    assert one is not None and other is not None
    np.testing.assert_array_equal(one["decision"], other["decision"])


@BOTH
def test_only_what_is_wanted(shortcut: Shortcut) -> None:
    lesson = lesson_of("three")
    lessons.same(
        shortcut.answers,
        [SVC(), SVC(C=3.0)],
        Lesson(lesson.X, lesson.y, lesson.held, ("label",)),
    )
    lessons.same(
        shortcut.answers,
        [SVC(), SVC(C=3.0)],
        Lesson(lesson.X, lesson.y, lesson.held, ("decision",)),
    )


@BOTH
@pytest.mark.parametrize("values", [False, True])
def test_the_same_warnings(shortcut: Shortcut, values: bool) -> None:
    machines = [(SVR if values else SVC)(max_iter=limit) for limit in (3, 5, -1)]
    lesson = lesson_of("three", values)
    said = []
    for fitted in (
        lambda: shortcut.answers(machines, lesson),
        lambda: [lessons.own(one, lesson) for one in machines],
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fitted()
        said.append([(one.category, str(one.message)) for one in caught])
    assert (
        said[0] == said[1]
        and [category for category, _ in said[0]] == [ConvergenceWarning] * 2
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lessons.same(shortcut.answers, machines, lesson)


class Own(SVC):
    pass


@BOTH
@pytest.mark.parametrize(
    "estimator",
    [
        SVC(kernel="poly"),
        SVC(kernel="precomputed"),
        SVC(probability=False),
        SVC(break_ties=True),
        SVC(class_weight={0: 2.0}),
        SVC(C=0.0),
        SVC(C=math.inf),
        SVC(gamma=-1.0),
        SVC(max_iter=2.5),
        SVC(random_state=np.random.RandomState(0)),
        SVR(),
        Own(),
        LinearSVC(),
    ],
    ids=same_everywhere,
)
def test_who_is_turned_away(shortcut: Shortcut, estimator: Any) -> None:
    answers = shortcut.answers([SVC(), estimator, SVC(C=2.0)], lesson_of("two"))
    assert [answer is None for answer in answers] == [False, True, False]


@BOTH
def test_which_lessons_are_turned_away(
    shortcut: Shortcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson, pair = lesson_of("two"), [SVC(), SVC(C=2.0)]
    assert shortcut.answers(pair[:1], lesson) == [None]
    assert shortcut.answers(
        pair, Lesson(lesson.X, lesson.y, lesson.held, ("label", "p"))
    ) == [None, None]
    assert shortcut.answers(
        pair, Lesson(lesson.X, 0 * lesson.y, lesson.held, ("label",))
    ) == [None, None]
    monkeypatch.setattr(kernel, "MOST_ENTRIES", 90 * 90 - 1)
    assert shortcut.answers(pair, lesson) == [None, None]


def test_labels_of_equal_votes_and_zeros() -> None:
    pairs = np.array(
        [[1.0, -1.0, 1.0], [0.0, 0.0, 0.0], [-1.0, 1.0, -0.5]]
    )  # 0 or 1, 0 or 2, 1 or 2
    assert kernel._voted(pairs, 3).tolist() == [0, 2, 0]


def test_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel.agrees()
    right = _libsvm.solve

    def wrong(*given: Any) -> np.ndarray:
        return np.nextafter(right(*given), 9.0)

    with monkeypatch.context() as patch:
        patch.setattr(_libsvm, "solve", wrong)
        assert not kernel.agrees()
    monkeypatch.setattr(kernel, "exp", lambda values: np.nextafter(np.exp(values), 0))
    assert not kernel.agrees()
