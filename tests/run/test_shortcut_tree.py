"""Decision trees grown together: the bits of one fit each."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
)

from bench.run.shortcuts import tree, tree_builder
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers import lessons

SHORTCUTS = [tree.SHORTCUT, tree_builder.SHORTCUT]
ALPHAS = [0.0, 1e-12, 0.003, 0.01, 0.02, 0.05, 0.1, 0.3, 5.0]


CLASSES = ["binary", "three", "rare ties", "wide", "two rows", "one class", "large"]
VALUES = ["regression", "regression ties", "regression constant"]


def same(shortcut: Any, estimators: list[Any], rows: Lesson) -> None:
    """As each fit of its own, and without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lessons.same(shortcut.answers, estimators, rows)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize("kind", CLASSES + VALUES)
def test_pruning(shortcut: Any, kind: str) -> None:
    rows = lessons.mixed(kind)
    of = DecisionTreeRegressor if kind in VALUES else DecisionTreeClassifier
    same(shortcut, [of(ccp_alpha=alpha, random_state=0) for alpha in ALPHAS], rows)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize(
    "kind", ["binary", "rare ties", "regression", "regression ties"]
)
def test_pruning_at_the_very_costs(shortcut: Any, kind: str) -> None:
    """An alpha that equals what a cut costs makes that cut, the float below it does not."""
    of = DecisionTreeRegressor if kind in VALUES else DecisionTreeClassifier
    for seed in range(3):
        rows = lessons.mixed(kind, seed)
        costs = (
            of(random_state=1)
            .cost_complexity_pruning_path(rows.X, rows.y)["ccp_alphas"]
            .clip(0)
        )
        alphas = np.concatenate([costs, np.nextafter(costs, 0), np.nextafter(costs, 9)])
        same(shortcut, [of(ccp_alpha=alpha, random_state=1) for alpha in alphas], rows)


GROWTHS: dict[str, list[Any]] = {
    "max_depth": [None, 1, 3, 6, 40],
    "min_samples_leaf": [2, 7, 0.1],
    "min_samples_split": [5, 0.3, 1.0],
    "max_features": ["sqrt", "log2", 0.5, 1.0, 2, 99],
    "splitter": ["random"],
    "min_weight_fraction_leaf": [0.1, 0],
    "max_leaf_nodes": [2, 5],
    "min_impurity_decrease": [0.02],
}


def growths() -> Iterator[dict[str, Any]]:
    for name, values in GROWTHS.items():
        for value, other in product(
            values, ({}, {"ccp_alpha": 0.015}, {"max_depth": 4, "max_features": 3})
        ):
            yield {name: value} if name in other else {name: value, **other}


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize("kind", ["binary", "rare ties", "wide", "regression ties"])
def test_growth(shortcut: Any, kind: str) -> None:
    rows = lessons.mixed(kind)
    if kind in VALUES:
        same(
            shortcut,
            [DecisionTreeRegressor(random_state=4, **more) for more in growths()],
            rows,
        )
        return
    same(
        shortcut,
        [DecisionTreeClassifier(random_state=4, **more) for more in growths()],
        rows,
    )
    weighted = [
        DecisionTreeClassifier(random_state=4, class_weight="balanced", **more)
        for more in growths()
    ]
    same(shortcut, weighted, rows)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_criteria(shortcut: Any) -> None:
    settings = list(
        product(("gini", "entropy", "log_loss"), (0.0, 0.02), (None, 3), (0, 1))
    )
    for kind in ("binary", "three"):
        trees = [
            DecisionTreeClassifier(
                criterion=c, ccp_alpha=a, max_depth=d, random_state=s
            )
            for c, a, d, s in settings
        ]
        same(shortcut, trees, lessons.mixed(kind))
    rows = lessons.mixed("regression ties")
    rows = Lesson(rows.X, np.abs(rows.y), rows.held, rows.wanted)
    for criterion in ("squared_error", "absolute_error", "poisson"):
        trees = [
            DecisionTreeRegressor(criterion=criterion, ccp_alpha=a, random_state=0)
            for a in (0.0, 0.05)
        ]
        same(shortcut, trees, rows)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_guard(shortcut: Any) -> None:
    class Own(DecisionTreeClassifier):
        pass

    refused = [
        DecisionTreeClassifier(),
        DecisionTreeClassifier(random_state=np.random.RandomState(0)),
        DecisionTreeClassifier(random_state=0, monotonic_cst=[1, 0, 0, 0, 0]),
        DecisionTreeClassifier(random_state=0, class_weight={0: 1, 1: 2}),
        *(
            DecisionTreeClassifier(random_state=0, **{name: value})
            for name, value in (
                ("max_depth", 0),
                ("max_depth", 2.0),
                ("min_samples_leaf", 0),
                ("min_samples_leaf", 1.0),
                ("min_samples_split", 1),
                ("max_features", "auto"),
                ("max_features", 0.0),
                ("max_leaf_nodes", 1),
                ("min_weight_fraction_leaf", 0.6),
                ("min_impurity_decrease", -1.0),
                ("ccp_alpha", -0.1),
                ("criterion", "squared_error"),
                ("splitter", "worst"),
            )
        ),
        ExtraTreeClassifier(random_state=0),
        Own(random_state=0),
    ]
    rows = lessons.mixed("binary")
    served = DecisionTreeClassifier(random_state=0)
    answers = shortcut.answers([served, *refused, served], rows)
    assert answers[1:-1] == [None] * len(refused)
    np.testing.assert_array_equal(answers[0]["p"], answers[-1]["p"])
    assert shortcut.answers(
        [served], Lesson(rows.X, rows.y, rows.held, ("decision",))
    ) == [None]


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_too_large_for_single_precision(shortcut: Any) -> None:
    rows = lessons.mixed("binary")
    X = rows.X.copy()
    X[0, 0] = 1e39
    for wrong in (
        Lesson(X, rows.y, rows.held, rows.wanted),
        Lesson(rows.X, rows.y, X, rows.wanted),
    ):
        with pytest.raises(ValueError, match=r"too large|infinity"):
            shortcut.answers([DecisionTreeClassifier(random_state=0)], wrong)


def test_depths_share_a_tree_that_reaches_none(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, fits = lessons.mixed("binary"), []
    grown = DecisionTreeClassifier(random_state=0).fit(rows.X, rows.y).get_depth()
    fit = DecisionTreeClassifier.fit
    monkeypatch.setattr(
        DecisionTreeClassifier,
        "fit",
        lambda self, *given: fits.append(self.max_depth) or fit(self, *given),
    )
    depths = [None, grown + 5, grown + 1, grown, 2]
    tree.answers(
        [DecisionTreeClassifier(random_state=0, max_depth=depth) for depth in depths],
        rows,
    )
    assert fits == [None, grown, 2]


def test_self_test() -> None:
    assert tree_builder.SHORTCUT.self_test is not None
    assert tree_builder.SHORTCUT.self_test()


def test_self_test_finds_another_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_builder._Draw, "randint", lambda self, low, high: 12345)
    assert not tree_builder.self_test()


def test_self_test_finds_another_criterion(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.tree import _classes, _criterion

    monkeypatch.setattr(
        tree_builder._Ground, "weights", lambda self, class_weight: None
    )
    assert not tree_builder.self_test()
    monkeypatch.undo()
    plain = _classes.CRITERIA_CLF.copy()
    build = tree_builder._Builder.__init__

    def swapped(self: Any, *given: Any) -> None:
        _classes.CRITERIA_CLF["gini"] = _criterion.Entropy
        build(self, *given)
        _classes.CRITERIA_CLF.update(plain)

    monkeypatch.setattr(tree_builder._Builder, "__init__", swapped)
    assert not tree_builder.self_test()
