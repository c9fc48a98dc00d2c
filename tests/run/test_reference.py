"""The reference path against scikit-learn's own search, and what malformed estimators leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.core.explanations import EXPLAINED
from bench.core.frames import FOLDS, empty
from bench.data.dataset import Column, Dataset
from bench.families.family import Setup
from bench.run.cells import Cell, Plan
from bench.run.evaluate import evaluate
from bench.run.folds import Fold, outer_folds
from bench.run.gather import Results, gathered
from bench.run.result import CellError, CellResult, packed
from bench.run.seeds import seed_of
from bench.study import Protocol

CLASSES = ("a", "b", "c")


def iris() -> Dataset:
    X, y = load_iris(return_X_y=True)
    columns = tuple(Column(name, "numeric") for name in "abcd")
    return Dataset(
        "iris",
        "classification",
        columns,
        X,
        y.astype(np.int64),
        np.arange(150),
        "f",
        CLASSES,
    )


def protocol(tuning: Any = None) -> Protocol:
    return Protocol.model_validate(
        {"resampling": {"kind": "kfold", "folds": 3}, "tuning": tuning, "seed": 7}
    )


def plan(
    setup: Setup,
    *candidates: dict[str, Any],
    tuning: Any = None,
    steps: Any = (("scale", {}),),
) -> Plan:
    settled = protocol(tuning)
    return Plan(
        "s",
        "classification",
        "iris",
        "f",
        setup,
        steps,
        candidates,
        settled,
        "accuracy",
        engine="reference",
    )


def framed(dataset: Dataset, cell: Cell, result: CellResult) -> Results:
    """The frames of one cell's result."""
    here = {cell.fingerprint: dataset}
    return gathered(
        [cell], lambda _: packed(result), {}, here, empty(FOLDS), empty(EXPLAINED)
    )


def evaluated(dataset: Dataset, cell: Cell) -> Results:
    return framed(dataset, cell, evaluate(dataset, cell))


KNN = Setup("sklearn.neighbors.KNeighborsClassifier")


def test_inner_scores_and_choice_are_those_of_grid_search() -> None:
    d = iris()
    tried = [1, 3, 9, 27]
    p = plan(KNN, *({"n_neighbors": k} for k in tried), tuning={"folds": 4})
    for fold in outer_folds(d, p.protocol, "s"):
        cell = Cell(p, fold, "f")
        result = evaluated(d, cell)
        inner = StratifiedKFold(
            4, shuffle=True, random_state=seed_of("inner", cell.seed)
        )
        search = GridSearchCV(
            make_pipeline(StandardScaler(), KNeighborsClassifier()),
            {"kneighborsclassifier__n_neighbors": tried},
            cv=inner,
        )
        search.fit(d.X[fold.train], d.y[fold.train])
        for number in range(4):
            ours = (
                result.tuning.filter(pl.col("candidate") == number)
                .sort("inner_fold")["value"]
                .to_list()
            )
            assert ours == [
                search.cv_results_[f"split{k}_test_score"][number] for k in range(4)
            ]
        assert result.tuning.filter("chosen")["candidate"].unique().to_list() == [
            search.best_index_
        ]
        test = result.predictions.filter(pl.col("side") == "test")
        assert test["label"].to_list() == [
            CLASSES[k] for k in search.predict(d.X[fold.test])
        ]
        assert np.array_equal(
            np.array(test["p"].to_list()), search.predict_proba(d.X[fold.test])
        )
        assert test["row"].to_list() == fold.test.tolist()
        assert result.costs["fits"].to_list() == [4 * 4 + 1]


def test_the_same_cell_twice_is_the_same_bytes() -> None:
    setup = Setup(
        "sklearn.ensemble.RandomForestClassifier",
        fixed={"n_estimators": 5},
        seed="random_state",
    )
    p = plan(setup, {"max_depth": 2}, {"max_depth": None}, tuning={"folds": 2})
    fold = outer_folds(iris(), p.protocol, "s")[0]
    assert packed(evaluate(iris(), Cell(p, fold, "f"))) == packed(
        evaluate(iris(), Cell(p, fold, "f"))
    )


def test_out_of_bag_tuning_is_breimans_rule() -> None:
    from sklearn.ensemble import RandomForestClassifier

    setup = Setup(
        "sklearn.ensemble.RandomForestClassifier",
        fixed={"n_estimators": 30},
        seed="random_state",
    )
    p = plan(
        setup, {"max_features": 1}, {"max_features": 4}, tuning={"by": "oob"}, steps=()
    )
    d = iris()
    fold = outer_folds(d, p.protocol, "s")[0]
    cell = Cell(p, fold, "f")
    result = evaluated(d, cell)
    expected = [
        RandomForestClassifier(
            30, max_features=k, oob_score=True, random_state=cell.seed
        )
        .fit(d.X[fold.train], d.y[fold.train])
        .oob_score_
        for k in (1, 4)
    ]
    assert result.tuning["value"].to_list() == pytest.approx(expected)
    assert result.tuning["inner_fold"].to_list() == [None, None]
    assert result.costs["fits"].to_list() == [2]


def test_a_class_that_training_never_saw_gets_probability_zero() -> None:
    d = iris()
    fold = Fold(0, 0, np.arange(100), np.arange(90, 150))
    test = evaluated(d, Cell(plan(KNN, {}), fold, "f")).predictions.filter(
        pl.col("side") == "test"
    )
    p = np.array(test["p"].to_list())
    assert p.shape == (60, 3)
    assert (p[:, 2] == 0).all()
    assert set(test["label"]) <= {"a", "b"}


def test_decision_values_stand_in_where_there_is_no_probability() -> None:
    d = iris()
    fold = outer_folds(d, protocol(), "s")[0]
    out = evaluated(
        d, Cell(plan(Setup("sklearn.svm.SVC", output="decision"), {}), fold, "f")
    ).predictions
    assert out["p"].null_count() == len(out)
    assert {len(values) for values in out["decision"]} == {3}


def test_train_predictions_above_the_limit_are_a_seeded_sample() -> None:
    from dataclasses import replace

    d = iris()
    fold = outer_folds(d, protocol(), "s")[0]
    p = replace(plan(KNN, {}), train_rows=10)
    first, again = (
        evaluated(d, Cell(p, fold, "f")).predictions.filter(pl.col("side") == "train")
        for _ in range(2)
    )
    assert len(first) == 10
    assert first.equals(again)
    assert set(first["row"]) <= set(fold.train.tolist())


def test_warnings_are_kept_once_each() -> None:
    setup = Setup("sklearn.linear_model.LogisticRegression", fixed={"max_iter": 1})
    result = evaluate(
        iris(), Cell(plan(setup, {}), outer_folds(iris(), protocol(), "s")[0], "f")
    )
    assert len(result.warnings) == 1
    assert result.warnings[0].startswith("ConvergenceWarning")


class Bad(KNeighborsClassifier):  # type: ignore[misc]
    """Misbehaves as `n_neighbors` says: 1 fit, 2 predict, 3 not finite, 4 length, 5 labels, 6 probabilities."""

    def fit(self, X: Any, y: Any) -> Any:
        if self.n_neighbors == 1:
            raise ValueError("will not\nfit")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> Any:
        if self.n_neighbors == 2:
            raise RuntimeError("will not predict")
        return np.full(
            len(X) - (self.n_neighbors == 4), 9 if self.n_neighbors == 5 else 0
        )

    def predict_proba(self, X: Any) -> Any:
        p = np.full((len(X), 3), 1 / 3)
        return (
            p * np.nan
            if self.n_neighbors == 3
            else p * 2
            if self.n_neighbors == 6
            else p
        )


@pytest.mark.parametrize(
    ("how", "stage", "said"),
    [
        (1, "fit", "ValueError: will not fit"),
        (2, "predict", "will not predict"),
        (3, "predict", "non-finite predictions: 50 of 50"),
        (4, "predict", "99 predictions for 100 rows"),
        (5, "predict", "labels outside the classes"),
        (6, "predict", "do not sum to 1"),
    ],
)
def test_a_misbehaving_estimator_is_a_stage_and_a_reason(
    how: int, stage: str, said: str
) -> None:
    setup = Setup(f"{__name__}.Bad", output="p")
    fold = (
        Fold(0, 0, np.arange(100), np.arange(100, 150))
        if how == 3
        else outer_folds(iris(), protocol(), "s")[0]
    )
    if how == 3:
        said = "non-finite predictions: 100 of 100"
    with pytest.raises(CellError, match=said) as caught:
        evaluate(iris(), Cell(plan(setup, {"n_neighbors": how}, steps=()), fold, "f"))
    assert caught.value.stage == stage


def test_a_candidate_that_fails_is_not_chosen_and_said() -> None:
    p = plan(KNN, {"n_neighbors": 1000}, {"n_neighbors": 3}, tuning={"folds": 2})
    cell = Cell(p, outer_folds(iris(), p.protocol, "s")[0], "f")
    told = evaluate(iris(), cell)
    result = framed(iris(), cell, told)
    assert result.tuning.filter("chosen")["candidate"].unique().to_list() == [1]
    assert result.tuning.filter(pl.col("candidate") == 0)["value"].null_count() == 2
    assert any("n_neighbors" in said and "1000" in said for said in told.warnings)
    hopeless = plan(
        KNN, {"n_neighbors": 1000}, {"n_neighbors": 2000}, tuning={"folds": 2}
    )
    with pytest.raises(CellError):
        evaluate(iris(), Cell(hopeless, outer_folds(iris(), p.protocol, "s")[0], "f"))
