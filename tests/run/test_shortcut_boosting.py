"""The boosting shortcut's answers are XGBoost's own, to the last bit."""

from __future__ import annotations

import warnings
from functools import partial
from inspect import signature
from typing import Any

import numpy as np
import pytest
from xgboost import XGBClassifier, XGBModel, XGBRegressor, XGBRFClassifier

from bench.run.shortcuts import boosting
from bench.run.shortcuts.shortcut import Lesson
from tests.helpers import lessons
from tests.helpers.ids import same_everywhere

HOUSE = {"tree_method": "hist", "n_jobs": 1, "verbosity": 0, "random_state": 7}
NAMES = ("two", "three", "rare", "wide", "tiny", "long")
same = partial(lessons.same, boosting.answers)


def lesson_of(name: str, values: bool = False) -> Lesson:
    return lessons.drawn(name, ("value",) if values else ("label", "p"), 70)


@pytest.mark.parametrize("values", [False, True], ids=["classes", "values"])
@pytest.mark.parametrize("name", NAMES)
def test_the_usual_candidates(name: str, values: bool) -> None:
    kind = XGBRegressor if values else XGBClassifier
    grid = [
        (n, depth, rate)
        for n in (40, 1, 15, 40)
        for depth in (2, 6)
        for rate in (0.1, 0.7)
    ]
    same(
        [
            kind(n_estimators=n, max_depth=d, learning_rate=r, **HOUSE)
            for n, d, r in grid
        ],
        lesson_of(name, values),
    )


CHOICES: dict[str, tuple[Any, ...]] = {
    "max_depth": (1, 5),
    "learning_rate": (0.05, 1.0),
    "subsample": (0.5, 0.8),
    "colsample_bytree": (0.5, 0.9),
    "colsample_bylevel": (0.5,),
    "colsample_bynode": (0.6,),
    "gamma": (0, 1.0),
    "min_child_weight": (0, 5.0),
    "reg_alpha": (0.5,),
    "reg_lambda": (0, 3.0),
    "max_delta_step": (1.0,),
    "base_score": (0.5, 0.2),
    "max_bin": (16, 512),
    "num_parallel_tree": (2,),
    "grow_policy": ("lossguide", "depthwise"),
    "max_leaves": (4,),
    "booster": ("gbtree",),
    "device": ("cpu",),
    "tree_method": (None,),
    "verbosity": (None,),
}


@pytest.mark.parametrize("seed", range(24))
def test_other_parameters(seed: int) -> None:
    """A few parameters drawn at a time, so that each stands in several tests."""
    random = np.random.default_rng(seed)
    names = [
        *random.choice(list(CHOICES), 3, replace=False),
        list(CHOICES)[seed % len(CHOICES)],
    ]
    drawn = {name: CHOICES[name][random.integers(len(CHOICES[name]))] for name in names}
    values, shape = bool(seed % 3 == 0), ("two", "three", "rare", "wide")[seed % 4]
    kind = XGBRegressor if values else XGBClassifier
    settled = HOUSE | {"random_state": seed} | drawn
    others = settled | {"learning_rate": 0.2}
    machines = [kind(**settled, n_estimators=n) for n in (1, 20, 7, 20, 33)] + [
        kind(**others, n_estimators=9)
    ]
    same(machines, lesson_of(shape, values))


def test_weight_of_the_positive_class() -> None:
    same(
        [XGBClassifier(**HOUSE, n_estimators=n, scale_pos_weight=3.0) for n in (5, 9)],
        lesson_of("two"),
    )
    three = boosting.answers(
        [XGBClassifier(**HOUSE, scale_pos_weight=3.0)], lesson_of("three")
    )
    assert three == [None]  # XGBoost says that it is not used


def test_the_default_number_of_trees_and_what_is_wanted() -> None:
    lesson = lesson_of("rare")
    same([XGBClassifier(**HOUSE), XGBClassifier(**HOUSE, n_estimators=3)], lesson)
    same(
        [XGBClassifier(**HOUSE, n_estimators=3)],
        Lesson(lesson.X, lesson.y, lesson.held, ("p",)),
    )
    same(
        [XGBClassifier(**HOUSE, n_estimators=3)],
        Lesson(lesson.X, lesson.y, lesson.held, ("label",)),
    )


def test_nothing_is_said_and_nothing_changed(capfd: pytest.CaptureFixture[str]) -> None:
    machines = [
        XGBClassifier(**HOUSE | {"verbosity": None}, n_estimators=n) for n in (3, 5)
    ]
    before = [machine.get_params() for machine in machines]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        boosting.answers(machines, lesson_of("three"))
    assert [str(machine.get_params()) for machine in machines] == [
        str(one) for one in before
    ]
    assert capfd.readouterr() == ("", "")


class Own(XGBClassifier):
    pass


@pytest.mark.parametrize(
    "changed",
    [
        {"n_jobs": 2},
        {"n_jobs": None},
        {"verbosity": 1},
        {"booster": "dart"},
        {"booster": "gblinear"},
        {"tree_method": "approx"},
        {"tree_method": "exact"},
        {"device": "cuda"},
        {"random_state": None},
        {"random_state": np.random.RandomState(0)},
        {"missing": 0.0},
        {"objective": "binary:hinge"},
        {"eval_metric": "logloss"},
        {"early_stopping_rounds": 3},
        {"callbacks": []},
        {
            "enable_categorical": not signature(XGBModel)
            .parameters["enable_categorical"]
            .default
        },  # by version
        {"feature_types": ["q"] * 5},
        {"multi_strategy": "multi_output_tree"},
        {"monotone_constraints": "(1,0,0,0,0)"},
        {"interaction_constraints": [[0, 1]]},
        {"sampling_method": "uniform"},
        {"n_estimators": 0},
        {"max_depth": 3.0},
        {"base_score": [0.5]},
        {"seed_per_iteration": True},
    ],
    ids=same_everywhere,
)
def test_who_is_turned_away(changed: dict[str, Any]) -> None:
    served, other = (
        XGBClassifier(**HOUSE, n_estimators=2),
        XGBClassifier(**{**HOUSE, "n_estimators": 2, **changed}),
    )
    answers = boosting.answers([served, other], lesson_of("two"))
    assert [answer is None for answer in answers] == [False, True]


def test_what_is_turned_away_besides() -> None:
    lesson, machine = lesson_of("two"), XGBClassifier(**HOUSE, n_estimators=2)
    others = [Own(**HOUSE), XGBRFClassifier(**HOUSE), XGBRegressor(**HOUSE)]
    assert boosting.answers(others, lesson) == [None] * 3
    assert boosting.answers(
        [machine], Lesson(lesson.X, 0 * lesson.y, lesson.held, ("label",))
    ) == [None]
    assert boosting.answers(
        [machine], Lesson(lesson.X, lesson.y, lesson.held, ("decision",))
    ) == [None]
