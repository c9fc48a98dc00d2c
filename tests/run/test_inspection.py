"""What looks into a fit, against scikit-learn's own and against numbers made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score

from bench.data.dataset import Column, Dataset
from bench.families import FAMILIES
from bench.run.cells import Cell, Plan
from bench.run.folds import outer_folds
from bench.run.reference import fitted
from bench.run.result import CellError
from bench.run.seeds import seed_of
from bench.run.variants.inspection import (
    InspectionTask,
    effect_rows,
    grid,
    importance_rows,
    inspected,
    packed,
    unpacked,
)
from bench.study import Protocol
from tests.helpers.extra_fits import KFOLD, a_dataset, a_study, finished

ONCE = {"kind": "kfold", "folds": 3}


def cell_of(
    dataset: Dataset,
    family: str = "knn",
    steps: tuple[Any, ...] = (("scale", {}),),
    shuffles: int = 6,
    **candidate: Any,
) -> Cell:
    setup = FAMILIES[family].setups[dataset.task]
    protocol = Protocol.model_validate({"resampling": ONCE, "tuning": None, "seed": 0})
    metric = "rmse" if dataset.task == "regression" else "accuracy"
    plan = Plan(
        "s",
        dataset.task,
        "d",
        family,
        setup,
        steps,
        (candidate or dict(setup.alone),),
        protocol,
        metric,
    )
    fold = outer_folds(dataset, protocol, "s")[0]
    return Cell(plan, fold, dataset.fingerprint, "inspected", shuffles=shuffles)


def looked(dataset: Dataset, cell: Cell) -> InspectionTask:
    one = inspected(dataset, cell)
    assert isinstance(one, InspectionTask), one
    return one


def test_importance_is_what_the_same_changed_rows_cost() -> None:
    """Recomputed from the permutations that the cell's seed draws, with scikit-learn's own predict and score."""
    dataset = a_dataset(60)
    cell = cell_of(dataset, n_neighbors=5)
    model = fitted(dataset, cell, cell.plan.candidates[0], cell.fold.train).fitted
    X, y = dataset.X[cell.fold.test], dataset.y[cell.fold.test]
    rng = np.random.default_rng(seed_of("inspection", cell.seed))
    expected = []
    for feature in range(X.shape[1]):
        lost = []
        for _ in range(cell.shuffles):
            changed = X.copy()
            changed[:, feature] = X[rng.permutation(len(X)), feature]
            lost.append(
                accuracy_score(y, model.predict(X))
                - accuracy_score(y, model.predict(changed))
            )
        expected.append(np.mean(lost))
    assert looked(dataset, cell).importance == pytest.approx(expected, abs=1e-12)


def test_importance_agrees_with_scikit_learn() -> None:
    """Another generator, the same quantity: equal within the standard errors of 100 shuffles."""
    dataset = a_dataset(150)
    cell = cell_of(dataset, "lda", shuffles=100)
    model = fitted(dataset, cell, cell.plan.candidates[0], cell.fold.train).fitted
    theirs = permutation_importance(
        model,
        dataset.X[cell.fold.test],
        dataset.y[cell.fold.test],
        n_repeats=100,
        random_state=1,
        scoring="accuracy",
    )
    error = theirs["importances_std"] / 10
    assert (
        np.abs(looked(dataset, cell).importance - theirs["importances_mean"])
        < 5 * error + 1e-12
    ).all()
    assert theirs["importances_mean"][0] > 0.1


def test_a_feature_that_is_not_used_has_no_importance_and_no_effect() -> None:
    dataset = a_dataset(60)
    dataset = replace(dataset, X=np.column_stack([dataset.X[:, :3], np.full(60, 7.0)]))
    one = looked(dataset, cell_of(dataset))
    assert one.importance[3] == 0.0
    assert one.importance[0] > 0
    assert (
        len(one.effects[one.effects[:, 0] == 3]) == 1
    )  # a constant has one place to look at


def test_an_error_that_grows_is_importance() -> None:
    """Of an error lower is better; the first feature makes the number, so shuffling it costs most."""
    dataset = a_dataset(90, task="regression")
    one = looked(dataset, cell_of(dataset, "linear_regression"))
    assert one.importance.argmax() == 0
    assert one.importance[0] > 0.3


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_effects_are_scikit_learns_partial_dependence(task: Any) -> None:
    dataset = a_dataset(60, task=task)
    cell = cell_of(dataset, "linear_regression" if task == "regression" else "lda")
    model = fitted(dataset, cell, cell.plan.candidates[0], cell.fold.train).fitted
    one = looked(dataset, cell)
    rows = dataset.X[cell.fold.test]
    assert len(rows) < 100, "no sample is drawn"
    for feature in range(4):
        own = one.effects[one.effects[:, 0] == feature]
        theirs = partial_dependence(
            model, rows, [feature], custom_values={feature: own[:, 1]}, response_method="auto", method="brute"
        )["average"][0]  # fmt: skip
        assert own[:, -1] == pytest.approx(
            theirs, rel=1e-9
        )  # of two classes the second
        assert (own[:, 2] == len(rows)).all()


def test_every_fold_looks_at_the_same_places() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0, 3.0])
    column = Column("x", "numeric")
    assert grid(values, column)[[0, 4, -1]] == pytest.approx([1.15, 2.5, 3.85])
    many = np.repeat(
        np.arange(20.0), np.arange(20, 0, -1)
    )  # the first codes are the commonest
    assert grid(
        many, Column("c", "categorical", tuple("abcdefghijklmnopqrst"))
    ).tolist() == list(range(12))
    assert grid(np.full(3, np.nan), column).tolist() == []


def test_coefficients_are_those_of_standardised_columns() -> None:
    """Whatever the unit of a column: the change of the answer a standard deviation, over all rows."""
    dataset = a_dataset(90, task="regression")
    for factor, steps in (
        (1.0, (("scale", {}),)),
        (1000.0, (("scale", {}),)),
        (1000.0, ()),
    ):
        X = dataset.X * np.array([1.0, factor, 1.0, 1.0])
        one = replace(dataset, X=X)
        cell = cell_of(one, "linear_regression", steps)
        train = cell.fold.train
        by_hand = LinearRegression().fit(X[train], one.y[train]).coef_ * X.std(axis=0)
        assert looked(one, cell).coefficients == pytest.approx(by_hand, rel=1e-8)


def test_no_coefficient_belongs_to_an_encoded_or_chosen_column() -> None:
    dataset = a_dataset(60)
    assert np.isnan(looked(dataset, cell_of(dataset)).coefficients).all(), (
        "knn has none"
    )
    chosen = cell_of(dataset, "lda", (("select", {"k": 4}),))
    assert np.isnan(looked(dataset, chosen).coefficients).all()
    X = dataset.X.copy()
    X[:, 3] = np.arange(60) % 2
    coded = replace(
        dataset,
        X=X,
        columns=(*dataset.columns[:3], Column("c", "categorical", ("a", "b"))),
    )
    assert np.isnan(
        looked(coded, cell_of(coded, "lda", (("encode", {}),))).coefficients
    ).all()


def test_packed_and_unpacked_are_one() -> None:
    one = InspectionTask(
        np.array([0.1, -0.2]),
        np.array([np.nan, 3.0]),
        np.arange(10.0).reshape(2, 5),
        ("a warning",),
        2,
    )
    back = unpacked(packed(one))
    for name in ("importance", "coefficients", "effects"):
        np.testing.assert_array_equal(getattr(back, name), getattr(one, name))
    assert (back.warnings, back.fits) == (one.warnings, one.fits)
    assert packed(back) == packed(one)
    nothing = replace(one, effects=np.empty((0, 5)))
    assert unpacked(packed(nothing)).effects.shape == (0, 5)


def test_rows_name_features_places_and_classes() -> None:
    dataset = a_dataset(60)
    X = dataset.X.copy()
    X[:, 3] = np.arange(60) % 3
    columns = (*dataset.columns[:3], Column("c", "categorical", ("a", "b", "z")))
    y = np.arange(60) % 3
    three = replace(dataset, X=X, y=y, columns=columns, classes=("u", "v", "w"))
    cell = cell_of(three, steps=(("encode", {}),))
    rows = list(effect_rows(three, cell, looked(three, cell)))
    labels = [
        row["label"] for row in rows if row["feature"] == "c" and row["class"] == "u"
    ]
    assert labels == ["a", "b", "z"]
    first = [
        row["value"] for row in rows if row["feature"] == "c" and row["label"] == "a"
    ]
    assert len(first) == 3
    assert sum(first) == pytest.approx(1)
    kinds = {row["kind"] for row in importance_rows(three, cell, looked(three, cell))}
    assert kinds == {"permutation"}, "what is NaN is no row"


def test_of_two_classes_the_positive_one_is_told() -> None:
    dataset = a_dataset(60)
    cell = cell_of(dataset, "lda")
    one = looked(dataset, cell)
    second = [row["value"] for row in effect_rows(dataset, cell, one)]
    first = [
        row["value"] for row in effect_rows(replace(dataset, positive="no"), cell, one)
    ]
    assert np.add(first, second) == pytest.approx(1, abs=1e-8)


def test_a_fit_that_fails_is_a_failed_cell() -> None:
    dataset = a_dataset(60)
    with pytest.raises(CellError) as error:
        inspected(dataset, cell_of(dataset, n_neighbors=1000))
    assert error.value.stage == "predict"


def test_what_is_looked_into_is_the_model_that_predicted(tmp_path: Path) -> None:
    """The same seed: a family that depends on it says the same."""
    spec = {"family": "decision_tree", "splitter": "random", "max_depth": [2, 3]}
    study = a_study(
        {"inspect": {"folds": 2}},
        KFOLD | {"repeats": 1},
        {"folds": 2},
        {"tree": spec},
    )
    dataset = a_dataset()
    cells, results = finished(study, [dataset], tmp_path)
    inspections = [cell for cell in cells if cell.shuffles]
    assert len(inspections) == 2
    for cell in inspections:
        model = fitted(dataset, cell, cell.plan.candidates[0], cell.fold.train)
        said = model.said(dataset.X[cell.fold.test], ("p",)).p
        stored = results.predictions.filter(
            (pl.col("fold") == cell.fold.fold)
            & (pl.col("side") == "test")
            & (pl.col("variant") == "plain")
        )
        assert np.array_equal(np.array(stored["p"].to_list()), said)
