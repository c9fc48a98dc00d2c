"""Forests grown together: the bits of one fit each."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
from sklearn import ensemble
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

from bench.run.shortcuts import forest, tree_builder
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers import lessons

SHORTCUTS = [forest.SHORTCUT, tree_builder.SHORTCUT]
SIZES = [5, 1, 3, 5]


def same(shortcut: Any, estimators: list[Any], rows: Lesson) -> None:
    """As each fit of its own, without a warning, and no one else's random numbers are drawn."""
    state = np.random.get_state()[1:3]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lessons.same(shortcut.answers, estimators, rows)
    for now, before in zip(np.random.get_state()[1:3], state, strict=True):
        np.testing.assert_array_equal(now, before)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize(
    "kind", ["binary", "three", "rare ties", "wide", "two rows", "one class"]
)
def test_sizes_of_classifiers(shortcut: Any, kind: str) -> None:
    for of, leaf, features in product(
        (RandomForestClassifier, ExtraTreesClassifier), (1, 3), ("sqrt", 0.7)
    ):
        more = {"min_samples_leaf": leaf, "max_features": features, "random_state": 7}
        same(
            shortcut,
            [of(n_estimators=size, **more) for size in SIZES],
            lessons.mixed(kind),
        )


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize("kind", ["regression", "regression ties"])
def test_sizes_of_regressors(shortcut: Any, kind: str) -> None:
    rows = lessons.mixed(kind)
    rows = Lesson(rows.X, np.abs(rows.y), rows.held, rows.wanted)
    for of, criterion in product(
        (RandomForestRegressor, ExtraTreesRegressor), ("squared_error", "poisson")
    ):
        same(
            shortcut,
            [
                of(n_estimators=size, random_state=7, criterion=criterion)
                for size in SIZES
            ],
            rows,
        )
    same(
        shortcut,
        [RandomForestRegressor(3, random_state=0, criterion="absolute_error")],
        rows,
    )


MODES: list[dict[str, Any]] = [
    {},
    {"bootstrap": False},
    {"bootstrap": True, "max_samples": 0.5},
    {"bootstrap": True, "max_samples": 9},
    {"criterion": "log_loss"},
    {"criterion": "entropy"},
    {"class_weight": "balanced"},
    {"class_weight": "balanced", "bootstrap": False},
    {
        "class_weight": "balanced",
        "bootstrap": True,
        "max_samples": 20,
        "min_weight_fraction_leaf": 0.1,
    },
    {"max_depth": 4},
    {"max_depth": 9},
    {"max_depth": 2, "min_samples_leaf": 0.05},
    {"max_leaf_nodes": 5},
    {"max_leaf_nodes": 5, "max_depth": 3},
    {"min_samples_split": 8},
    {"min_samples_split": 0.2, "max_features": None},
    {"min_weight_fraction_leaf": 0.08},
    {"min_impurity_decrease": 0.01, "max_features": "log2"},
    {"max_features": 99, "n_jobs": 1},
    {"random_state": np.int64(5)},
]


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
@pytest.mark.parametrize("name", ["RandomForest", "ExtraTrees"])
@pytest.mark.parametrize("kind", ["binary", "rare ties", "regression"])
def test_modes_in_one_list(shortcut: Any, name: str, kind: str) -> None:
    """All at once, each in two sizes: nothing that is shared may leak from one into another."""
    values = kind == "regression"
    of = getattr(ensemble, name + ("Regressor" if values else "Classifier"))
    modes = [
        mode
        for mode in MODES
        if not (values and {"class_weight", "criterion"} & mode.keys())
    ]
    same(
        shortcut,
        [
            of(**{"n_estimators": size, "random_state": 5, **mode})
            for size in (2, 4)
            for mode in modes
        ],
        lessons.mixed(kind),
    )


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_answers_do_not_depend_on_the_list(shortcut: Any) -> None:
    rows = lessons.mixed("three")
    many = [
        RandomForestClassifier(size, random_state=s, max_depth=d)
        for size, s, d in product((2, 6), (0, 1), (None, 3))
    ]
    together = shortcut.answers(many, rows)
    backwards = shortcut.answers(many[::-1], rows)[::-1]
    for one, all_of_them, back in zip(many, together, backwards, strict=True):
        alone = shortcut.answers([one], rows)[0]
        np.testing.assert_array_equal(alone["p"], all_of_them["p"])
        np.testing.assert_array_equal(alone["p"], back["p"])


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_only_what_is_wanted(shortcut: Any) -> None:
    rows = lessons.mixed("three")
    for wanted in (("label",), ("p",)):
        (answer,) = shortcut.answers(
            [RandomForestClassifier(3, random_state=0)],
            Lesson(rows.X, rows.y, rows.held, wanted),
        )
        assert tuple(answer) == wanted


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda s: s.name)
def test_guard(shortcut: Any) -> None:
    class Own(RandomForestClassifier):
        pass

    refused = [
        RandomForestClassifier(3),
        Own(3, random_state=0),
        *(
            RandomForestClassifier(
                **{"n_estimators": 3, "random_state": 0, name: value}
            )
            for name, value in (
                ("random_state", np.random.RandomState(0)),
                ("random_state", -1),
                ("n_estimators", 0),
                ("n_estimators", 3.0),
                ("oob_score", True),
                ("n_jobs", 2),
                ("n_jobs", -1),
                ("verbose", 1),
                ("warm_start", True),
                ("ccp_alpha", 0.1),
                ("monotonic_cst", [0] * 5),
                ("class_weight", "balanced_subsample"),
                ("class_weight", {0: 2}),
                ("bootstrap", 1),
                ("max_samples", 0.1),  # scikit-learn warns of so few
                ("max_samples", 61),
                ("max_samples", 0),
                ("max_features", "auto"),
                ("min_samples_leaf", 0.0),
                ("criterion", "squared_error"),
            )
        ),
        RandomForestClassifier(3, random_state=0, bootstrap=False, max_samples=5),
        RandomForestClassifier(
            3, random_state=0, class_weight="balanced", max_samples=0.5
        ),
    ]
    rows = lessons.mixed("binary")
    served = RandomForestClassifier(3, random_state=0)
    answers = shortcut.answers([served, *refused, served], rows)
    assert answers[1:-1] == [None] * len(refused)
    np.testing.assert_array_equal(answers[0]["p"], answers[-1]["p"])
    assert shortcut.answers(
        [served], Lesson(rows.X, rows.y, rows.held, ("value",))
    ) == [None]
    negative = lessons.mixed("regression")
    assert shortcut.answers(
        [RandomForestRegressor(3, random_state=0, criterion="poisson")], negative
    ) == [None]


def test_one_tree_for_all_sizes_and_for_limits_that_it_does_not_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, grown = lessons.mixed("three"), []
    grow = tree_builder._Builder.grow
    monkeypatch.setattr(
        tree_builder._Builder,
        "grow",
        lambda self, weights: grown.append(1) or grow(self, weights),
    )
    # With five features the square root and 0.4 are two features; no tree of 60 rows is 50 deep.
    grid = product((2, 4), ("sqrt", 0.4), (None, 50, 55))
    forests = [
        RandomForestClassifier(n, max_features=f, max_depth=d, random_state=0)
        for n, f, d in grid
    ]
    same(tree_builder.SHORTCUT, forests, rows)
    assert len(grown) == 4


def test_self_test_finds_other_bootstrap_samples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = tree_builder._samples

    def shifted(*given: Any) -> Any:
        for weights in samples(*given):
            yield weights if weights is None else np.roll(weights, 1)

    assert tree_builder.self_test()
    monkeypatch.setattr(tree_builder, "_samples", shifted)
    assert not tree_builder.self_test()


def test_self_test_finds_another_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    add = forest.ForestTally.add
    monkeypatch.setattr(
        forest.ForestTally, "add", lambda self, said: add(self, said * (1 + 1e-15))
    )
    assert not tree_builder.self_test()
