"""Which parameter sets are tried: what is stated, what is listed, and what the family does by itself."""

from __future__ import annotations

import pytest

from bench.core.errors import UsageError
from bench.core.outcomes import Statement
from bench.families import FAMILIES
from bench.families.candidates import (
    GRID_LIMIT,
    EmptyList,
    NothingTuned,
    TooManyCandidates,
    candidates,
    check_candidates,
    listed_in_steps,
    setup_of_path,
)
from bench.families.family import Setup

TOY = Setup(
    "x.Y",
    fixed={"n_jobs": 1},
    grid={"a": (1, 2, 3), "b": ("u", "v")},
    alone={"a": 1, "b": "u", "c": 0},
)


def test_untuned_is_alone_with_what_is_stated() -> None:
    assert candidates(TOY, {}, tune=False) == [{"a": 1, "b": "u", "c": 0}]
    assert candidates(TOY, {"b": "w", "d": 9}, tune=False) == [
        {"a": 1, "b": "w", "c": 0, "d": 9}
    ]


def test_the_grid_in_order_last_parameter_fastest() -> None:
    tried = candidates(TOY, {}, tune=True)
    assert [(one["a"], one["b"]) for one in tried] == [
        (1, "u"),
        (1, "v"),
        (2, "u"),
        (2, "v"),
        (3, "u"),
        (3, "v"),
    ]
    assert all(one["c"] == 0 for one in tried)


def test_a_stated_scalar_leaves_the_rest_of_the_grid() -> None:
    assert [(one["a"], one["b"]) for one in candidates(TOY, {"a": 7}, tune=True)] == [
        (7, "u"),
        (7, "v"),
    ]


def test_when_any_is_listed_only_the_listed_are_tried() -> None:
    tried = candidates(TOY, {"c": [5, 6]}, tune=True)
    assert [dict(sorted(one.items())) for one in tried] == [
        {"a": 1, "b": "u", "c": 5},
        {"a": 1, "b": "u", "c": 6},
    ]


def test_product_in_the_order_of_the_study() -> None:
    tried = candidates(TOY, {"b": ["p", "q"], "a": [1, 2]}, tune=True)
    assert [(one["b"], one["a"]) for one in tried] == [
        ("p", 1),
        ("p", 2),
        ("q", 1),
        ("q", 2),
    ]


def test_a_list_of_one_is_fixed_and_inner_lists_are_values() -> None:
    assert candidates(TOY, {"a": [[5, 5]], "b": "u"}, tune=True) == [
        {"b": "u", "c": 0, "a": (5, 5)}
    ]
    tried = candidates(TOY, {"a": [[5], [5, 5]]}, tune=True)
    assert [one["a"] for one in tried] == [(5,), (5, 5)]
    assert candidates(TOY, {"a": [[5, 5]]}, tune=False)[0]["a"] == (5, 5)


def test_lists_in_steps_are_candidates_too() -> None:
    steps = [("impute", {}), ("select", {"k": [5, 10], "kind": "f_test"})]
    assert listed_in_steps(steps) == {"select.k": [5, 10]}
    tried = candidates(TOY, {"a": 2}, tune=True, steps=steps)
    assert [(one["a"], one["select.k"]) for one in tried] == [(2, 5), (2, 10)]


@pytest.mark.parametrize(
    ("stated", "tune", "key", "mistake"),
    [
        ({"a": [1, 2]}, False, "a", NothingTuned()),
        ({"a": []}, True, "a", EmptyList()),
        (
            {"a": list(range(100)), "b": list(range(100))},
            True,
            "",
            TooManyCandidates(10_000, GRID_LIMIT),
        ),
    ],
)
def test_mistakes_are_known_before_any_fit(
    stated: dict, tune: bool, key: str, mistake: Statement
) -> None:
    assert check_candidates(TOY, stated, tune=tune) == [(key, mistake)]
    with pytest.raises(UsageError, match=str(mistake)[:20]):
        candidates(TOY, stated, tune=tune)


def test_default_grids_are_far_below_the_limit() -> None:
    assert all(
        check_candidates(s, {}, tune=True) == []
        for f in FAMILIES.values()
        for s in f.setups.values()
    )
    assert GRID_LIMIT >= 1000


@pytest.mark.parametrize(
    ("path", "seed", "output", "fixed"),
    [
        ("sklearn.ensemble.ExtraTreesClassifier", "random_state", "p", {}),
        ("sklearn.linear_model.RidgeClassifier", "random_state", "decision", {}),
        ("sklearn.svm.SVC", "random_state", "decision", {}),
        ("sklearn.neighbors.KNeighborsRegressor", None, "value", {}),
    ],
)
def test_setup_of_any_estimator(
    path: str, seed: str | None, output: str, fixed: dict
) -> None:
    setup = setup_of_path(path)
    assert (setup.estimator, setup.seed, setup.output, dict(setup.fixed)) == (
        path,
        seed,
        output,
        fixed,
    )
    assert candidates(setup, {}, tune=True) == [{}]
