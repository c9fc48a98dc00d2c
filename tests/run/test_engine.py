"""The engine against the reference path: the same inner scores, choice, labels, probabilities, warnings and errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench.data.dataset import Column, Dataset
from bench.families import FAMILIES
from bench.families.candidates import candidates
from bench.families.family import Setup
from bench.run.cells import Cell, Plan
from bench.run.engine import shortcuts_of
from bench.run.evaluate import evaluate
from bench.run.folds import outer_folds
from bench.run.result import CellError, CellResult
from bench.study import Protocol
from tests.golden.fits import MEMBERS

#: Fewer rounds, trees and candidates: the values differ, the code is the same.
QUICK: dict[str, dict[str, Any]] = {
    "mlp": {"hidden_layer_sizes": [(5,), (8,)], "alpha": [0.01, 1.0], "max_iter": 20},
    "random_forest": {
        "n_estimators": [3, 6],
        "max_features": ["sqrt", 0.6],
        "min_samples_leaf": [1, 3],
    },
    "xgboost": {"n_estimators": [2, 5], "max_depth": [2, 3]},
    "svm": {"C": [0.5, 8.0], "gamma": [0.01, 0.3, "scale"]},
    "knn": {"n_neighbors": [1, 2, 4], "weights": ["uniform", "distance"]},
    "bagging": {"n_estimators": [3, 5]},
    "adaboost": {"n_estimators": [3, 5], "max_depth": [1, 3]},
    "gaussian_process": {},
}


def made(seed: int, task: Any, n: int, p: int, k: int) -> Dataset:
    """A small table with categories, missing values only where the steps take them, and classes of unequal size."""
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(n, p))
    X[:, 0] = np.round(X[:, 0])
    columns = [Column(f"x{j}", "numeric") for j in range(p)]
    if seed % 3 == 0:
        X[:, -1] = generator.integers(0, 3, size=n)
        columns[-1] = Column("colour", "categorical", ("blue", "green", "red"))
    y: Any = X[:, 0] + generator.normal(size=n)
    if task == "classification":
        y = np.minimum((np.abs(y) * 1.3).astype(np.int64), k - 1)
        y[: 8 * k] = np.arange(8 * k) % k
    classes = tuple("abcd"[:k]) if task == "classification" else ()
    return Dataset("d", task, tuple(columns), X, y, np.arange(n), "f", classes)


def plan_of(
    name: str, dataset: Dataset, tuning: Any, resampling: Any, metric: str
) -> Plan:
    family = FAMILIES[name]
    setup = family.setups[dataset.task]
    stated = dict(QUICK.get(name, {}))
    steps = tuple(
        (step, {}) if isinstance(step, str) else next(iter(step.items()))
        for step in family.preprocess
    )
    tried = tuple(candidates(setup, stated, tune=tuning is not None))[:16]
    protocol = Protocol.model_validate(
        {"resampling": resampling, "tuning": tuning, "seed": 3}
    )
    return Plan("s", dataset.task, "d", name, setup, steps, tried, protocol, metric)


def same(fast: CellResult | CellError, slow: CellResult | CellError) -> None:
    """The same choice, warnings and stored predictions, bit by bit; inner scores to the last digits."""
    if isinstance(slow, CellError) or isinstance(fast, CellError):
        assert (type(fast), str(fast)) == (type(slow), str(slow))
        return
    np.testing.assert_allclose(fast.inner, slow.inner, rtol=1e-10, atol=1e-12)
    assert (fast.chosen, fast.fits, fast.warnings) == (
        slow.chosen,
        slow.fits,
        slow.warnings,
    )
    for side in ("train", "test"):
        one, other = getattr(fast, side), getattr(slow, side)
        assert (one.label is None) == (other.label is None)
        if one.label is not None:
            assert np.array_equal(one.label, other.label)
        for name in ("p", "decision", "value"):
            a, b = getattr(one, name), getattr(other, name)
            assert (a is None) == (b is None)
            if a is not None:
                assert np.array_equal(a, b), name


def answer(dataset: Dataset, cell: Cell) -> CellResult | CellError:
    try:
        return evaluate(dataset, cell)
    except CellError as error:
        return error


def compared(dataset: Dataset, plan: Plan, folds: int | None = None) -> None:
    for fold in outer_folds(dataset, plan.protocol, "s")[:folds]:
        slow = answer(dataset, Cell(replace(plan, engine="reference"), fold, "f"))
        same(answer(dataset, Cell(replace(plan, engine="fast"), fold, "f")), slow)


CASES = [(family.name, task) for family, task in MEMBERS]


@pytest.mark.parametrize(
    ("seed", "p", "k", "grouped"), [(3, 4, 2, False), (10, 6, 4, True)]
)
@pytest.mark.parametrize(("name", "task"), CASES)
def test_the_engine_answers_as_the_reference(
    name: str, task: Any, seed: int, p: int, k: int, grouped: bool
) -> None:
    """Two classes by area with a column of categories; four classes by accuracy, of groups."""
    dataset = made(seed, task, 60 + seed % 17, p, k)
    resampling: dict[str, Any] = {"kind": "kfold", "folds": 3}
    if grouped:
        groups = np.random.default_rng(seed).integers(0, 12, size=dataset.n)
        groups[:12] = np.arange(12)
        dataset = replace(dataset, group=groups)
        resampling = {"kind": "group_kfold", "folds": 3}
    metric = "rmse" if task == "regression" else "roc_auc" if k == 2 else "accuracy"
    compared(dataset, plan_of(name, dataset, {"folds": 2}, resampling, metric), folds=1)


@pytest.mark.parametrize(
    "name",
    ["knn", "xgboost", "random_forest", "logistic_regression", "mlp", "decision_tree"],
)
def test_tuning_on_probabilities_agrees_too(name: str) -> None:
    dataset = made(4, "classification", 70, 4, 3)
    compared(
        dataset,
        plan_of(name, dataset, {"folds": 2}, {"kind": "kfold", "folds": 3}, "log_loss"),
        folds=1,
    )


def test_steps_tuned_with_the_family_are_shared_where_they_can_be() -> None:
    dataset = made(7, "classification", 60, 6, 2)
    tried = tuple({"select.k": k, "n_neighbors": n} for k in (1, 3, 5) for n in (1, 5))
    base = plan_of(
        "knn", dataset, {"folds": 3}, {"kind": "kfold", "folds": 3}, "accuracy"
    )
    compared(
        dataset,
        replace(base, candidates=tried, steps=(("scale", {}), ("select", {}))),
        folds=2,
    )
    pca = replace(base, steps=(("scale", {}), ("pca", {"n_components": 2})))
    compared(dataset, pca, folds=1)


def test_candidates_and_steps_that_fail_are_told_alike() -> None:
    dataset = made(8, "classification", 60, 4, 2)
    base = plan_of(
        "knn", dataset, {"folds": 2}, {"kind": "kfold", "folds": 3}, "accuracy"
    )
    compared(
        dataset,
        replace(base, candidates=({"n_neighbors": 1000}, {"n_neighbors": 3})),
        folds=1,
    )
    compared(
        dataset,
        replace(base, candidates=({"n_neighbors": 1000}, {"n_neighbors": 2000})),
        folds=1,
    )
    compared(dataset, replace(base, steps=(("pca", {"n_components": 99}),)), folds=1)
    wrong = replace(base, candidates=({"n_neighbors": -1}, {"n_neighbors": 3}))
    compared(dataset, wrong, folds=1)


@pytest.mark.parametrize(
    "name", [name for name, task in CASES if task == "classification"]
)
def test_a_single_test_row_has_the_bits_of_its_own_question(name: str) -> None:
    """Sums done by BLAS depend on which rows stand together; what is stored must not."""
    dataset = made(4, "classification", 60, 5, 3)
    plan = plan_of(name, dataset, {"folds": 2}, {"kind": "leave_one_out"}, "accuracy")
    compared(
        dataset,
        replace(plan, steps=(("scale", {}), ("pca", {"n_components": 3}))),
        folds=2,
    )


def test_ties_among_many_columns_keep_their_bits() -> None:
    dataset = made(11, "regression", 60, 20, 0)
    np.copyto(dataset.X, np.round(np.abs(dataset.X)) % 2)
    compared(
        dataset,
        plan_of("knn", dataset, {"folds": 3}, {"kind": "kfold", "folds": 3}, "rmse"),
        folds=2,
    )


def test_values_that_are_missing_keep_their_way() -> None:
    dataset = made(10, "classification", 60, 4, 2)
    dataset.X[::7, 1] = np.nan
    for name in ("random_forest", "decision_tree", "xgboost"):
        plan = plan_of(
            name, dataset, {"folds": 2}, {"kind": "kfold", "folds": 3}, "accuracy"
        )
        compared(dataset, replace(plan, steps=()), folds=1)


def test_private_shortcuts_pass_their_self_test_here() -> None:
    for name in (
        "sklearn.ensemble.RandomForestClassifier",
        "sklearn.neural_network.MLPClassifier",
    ):
        assert any(shortcut.self_test for shortcut in shortcuts_of(name)), name


def test_an_estimator_without_a_shortcut_is_fitted_in_the_plain_way() -> None:
    dataset = made(11, "classification", 50, 3, 2)
    base = plan_of(
        "knn", dataset, {"folds": 2}, {"kind": "kfold", "folds": 3}, "accuracy"
    )
    setup = Setup(
        "sklearn.ensemble.ExtraTreesClassifier",
        fixed={"n_estimators": 5},
        seed="random_state",
    )
    compared(
        dataset,
        replace(base, setup=setup, candidates=({"max_depth": 2}, {"max_depth": None})),
        folds=1,
    )
