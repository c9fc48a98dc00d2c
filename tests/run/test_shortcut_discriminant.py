"""Discriminant analysis from shared estimates against scikit-learn's own fits, bit by bit."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.discriminant_analysis import (
    LinearDiscriminantAnalysis,
    QuadraticDiscriminantAnalysis,
)

from bench.run.shortcuts import discriminant
from bench.run.shortcuts.discriminant import (
    LINEAR,
    QUADRATIC,
    linear_answers,
    quadratic_answers,
)
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers.ids import same_everywhere

KINDS = ("normal", "whole", "constant", "collinear", "scales")
LDA = [
    LinearDiscriminantAnalysis(solver="lsqr", shrinkage=s)
    for s in (None, 0, 0.0, 0.01, 0.1, 0.5, 0.9, 1.0, 1)
]
QDA = [
    QuadraticDiscriminantAnalysis(reg_param=r, tol=1e-9)
    for r in (0, 0.001, 0.03, 0.5, 1.0)
]


def lesson(kind: str, n: int, p: int, k: int, seed: int = 0) -> Lesson:
    """Classes of unequal size, the last ones rare, none with one row only."""
    random = np.random.default_rng([seed, n, p, k])
    X, held = random.normal(size=(n, p)), random.normal(size=(25, p))
    y = np.minimum(random.geometric(0.4, n) - 1, k - 1)
    y[: 2 * k] = np.arange(2 * k) % k
    X += y[:, np.newaxis] * random.normal(size=p)
    if kind == "whole":
        X, held = np.round(X), np.round(held)
    if kind == "constant":
        X[:, 0] = held[:, 0] = 1.5
    if kind == "collinear":
        X[:, -1] = X[:, 0] * 2 + 1e-7 * X[:, -1]
    if kind == "scales":
        scales = 10.0 ** random.integers(-4, 5, p)
        X, held = X * scales, held * scales
    return Lesson(X, y.astype(np.int64), held, ("label", "p", "decision"))


def check(serve: Any, estimators: list[Any], rows: Lesson) -> int:
    """How many are served. Each one equals its own fit in values, kinds, shapes and warnings."""
    with warnings.catch_warnings(record=True) as ours:
        warnings.simplefilter("always")
        found = serve(estimators, rows)
    theirs: list[Any] = []
    for estimator, answer in zip(estimators, found, strict=True):
        if answer is None:
            continue
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            own = clone(estimator).fit(rows.X, rows.y)
            methods = {
                "label": own.predict,
                "p": own.predict_proba,
                "decision": own.decision_function,
            }
            expected = {name: methods[name](rows.held) for name in rows.wanted}
        theirs += said
        assert set(answer) == set(rows.wanted)
        for name, values in answer.items():
            assert (values.dtype, values.shape) == (
                expected[name].dtype,
                expected[name].shape,
            )
            assert np.array_equal(values, expected[name]), (estimator, name)
    assert Counter(str(w.message) for w in ours) == Counter(
        str(w.message) for w in theirs
    )
    return sum(answer is not None for answer in found)


def labels_of(rows: Lesson) -> Lesson:
    return Lesson(rows.X, rows.y, rows.held, ("label",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "n, p, k", [(12, 1, 2), (60, 4, 3), (150, 20, 2), (300, 12, 10), (40, 60, 3)]
)
def test_linear(kind: str, n: int, p: int, k: int) -> None:
    for seed in (0, 1):
        rows = lesson(kind, n, p, k, seed)
        assert check(linear_answers, LDA, rows) == len(LDA)
        assert check(linear_answers, LDA, labels_of(rows)) == len(LDA)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "n, p, k", [(12, 1, 2), (60, 2, 3), (150, 9, 2), (300, 5, 6), (40, 60, 3)]
)
def test_quadratic(kind: str, n: int, p: int, k: int) -> None:
    for seed in (0, 1):
        rows = lesson(kind, n, p, k, seed)
        served = check(quadratic_answers, QDA, rows)
        if (kind, p) == ("normal", 60):
            assert (
                served == 0
            )  # more features than rows: scikit-learn refuses it in its own words
            with pytest.raises(np.linalg.LinAlgError):
                clone(QDA[-1]).fit(rows.X, rows.y)
        elif kind == "normal":
            assert served == len(QDA)


def test_labels_come_from_one_decomposition_unless_a_row_is_on_a_border(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def counted(*given: Any) -> Any:
        solved.append(1)
        return linear(*given)

    solved: list[int] = []
    linear = discriminant._linear
    monkeypatch.setattr(discriminant, "_linear", counted)
    rows = labels_of(lesson("normal", 150, 10, 3))
    linear_answers(LDA, rows)
    assert not solved
    X = np.concatenate(
        [rows.X[:60], -rows.X[:60]]
    )  # two classes that mirror each other: the origin lies between
    mirrored = Lesson(X, np.repeat([0, 1], 60), np.zeros((1, 10)), ("label",))
    assert check(linear_answers, LDA, mirrored) == len(LDA)
    assert len(solved) == len(LDA)


def test_an_answer_does_not_depend_on_the_others() -> None:
    rows = lesson("normal", 80, 5, 3)
    for serve, estimators in ((linear_answers, LDA), (quadratic_answers, QDA)):
        for estimator, answer in zip(estimators, serve(estimators, rows), strict=True):
            (alone,) = serve([estimator], rows)
            assert all(
                np.array_equal(alone[name], answer[name]) for name in rows.wanted
            )


@pytest.mark.parametrize(
    "estimator",
    [
        LinearDiscriminantAnalysis(),
        LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1),
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage=1.5),
        LinearDiscriminantAnalysis(solver="lsqr", shrinkage=True),
        LinearDiscriminantAnalysis(solver="lsqr", priors=[0.5, 0.25, 0.25]),
        LinearDiscriminantAnalysis(solver="lsqr", n_components=1),
        QuadraticDiscriminantAnalysis(solver="eigen"),
        QuadraticDiscriminantAnalysis(reg_param=1.5),
        QuadraticDiscriminantAnalysis(priors=[0.5, 0.25, 0.25]),
        QuadraticDiscriminantAnalysis(store_covariance=True),
        type("Subclass", (LinearDiscriminantAnalysis,), {})(solver="lsqr"),
    ],
    ids=same_everywhere,
)
def test_turned_away(estimator: Any) -> None:
    rows = lesson("normal", 60, 4, 3)
    assert (
        linear_answers([estimator], rows)
        == quadratic_answers([estimator], rows)
        == [None]
    )


def test_turned_away_for_its_data() -> None:
    single = Lesson(
        np.eye(9), np.array([0, 0, 0, 0, 1, 1, 1, 1, 2]), np.eye(9), ("label",)
    )
    one = Lesson(np.eye(9), np.zeros(9, dtype=np.int64), np.eye(9), ("label",))
    many = Lesson(
        np.eye(30), np.arange(30) // 2, np.eye(30), ("label",)
    )  # scikit-learn asks whether it is a regression
    for rows in (single, one, many):
        assert linear_answers(LDA, rows) == [None] * len(LDA)
        assert quadratic_answers(QDA, rows) == [None] * len(QDA)


def test_the_self_tests_see_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LINEAR.self_test is not None and LINEAR.self_test()
    assert QUADRATIC.self_test is not None and QUADRATIC.self_test()
    rows = discriminant._rows_by_class
    monkeypatch.setattr(
        discriminant,
        "_rows_by_class",
        lambda lesson: [part * (1 + 1e-15) for part in rows(lesson)],
    )
    assert not LINEAR.self_test()
    assert not QUADRATIC.self_test()
