"""`bench.benchmark` fits on the class labels as they were given, wherever an estimator can tell them from codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import VotingClassifier
from sklearn.feature_selection import SelectFromModel, SelectKBest, f_classif
from sklearn.linear_model import Lasso, LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier

import bench
from bench.project.arrays_in import labels_of
from bench.project.describe import family_block, needs_labels

CV = KFold(3)
generator = np.random.default_rng(3)
X = generator.normal(size=(90, 3))
CODE = (X[:, 0] + generator.normal(size=90) > 0).astype(int)
THREE = CODE + (X[:, 1] > 1)
C = {"C": [1e-4, 1e-2, 1.0]}


def labelled(*labels: Any, codes: np.ndarray = CODE) -> np.ndarray:
    return np.array(labels)[codes]


CASES: dict[str, tuple[Any, np.ndarray]] = {
    "weights": (LogisticRegression(class_weight={1: 20}), labelled(1, 2)),
    "weights of text": (LogisticRegression(class_weight={"a": 20, "b": 1}), labelled("a", "b")),
    "weights of truth values": (LogisticRegression(class_weight={True: 20}), labelled(False, True)),
    "weights of three": (LogisticRegression(class_weight={1: 20, 2: 1}), labelled(1, 2, 3, codes=THREE)),
    "weights in a pipeline": (make_pipeline(DecisionTreeClassifier(max_depth=2, class_weight={1: 20})), labelled(1, 2)),
    "weights in a search": (
        GridSearchCV(LogisticRegression(), {"class_weight": [{1: 9}, {2: 9}]}, cv=3),
        labelled(1, 2),
    ),
    # A vote makes codes of the labels itself, before it hands them on.
    "weights in a vote": (
        VotingClassifier([("lr", LogisticRegression(class_weight={0: 9})), ("nb", GaussianNB())]),
        labelled(1, 2),
    ),
    "a scorer of a positive class": (GridSearchCV(LogisticRegression(), C, scoring="f1", cv=3), labelled(1, 2)),
    "a scorer in a plain parameter": (LogisticRegressionCV(Cs=3, cv=3, scoring="f1", max_iter=500), labelled(1, 2)),
    "priors of words that are numbers": (GaussianNB(priors=[0.8, 0.2]), labelled("2", "10")),
    "a constant answer": (DummyClassifier(strategy="constant", constant=1), labelled(1, 2)),
    "a label of rows far from all": (RadiusNeighborsClassifier(radius=0.4, outlier_label=1), labelled(1, 2)),
    "an outlier detector": (OneClassSVM(nu=0.4), labelled(-1, 1)),
    "a penalised selection": (
        make_pipeline(SelectFromModel(Lasso(alpha=0.3)), GaussianNB()),
        labelled(-1, 1),
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES)
def test_scores_are_those_of_scikit_learn(case: str) -> None:
    model, y = CASES[case]
    result = bench.benchmark(X, y, {"m": model}, cv=CV, task="classification", workers=1, progress=False)
    found = result.scores.filter(side="test", variant="plain", metric="accuracy").drop_nulls("fold").sort("fold")
    wanted = cross_val_score(model, X, y, cv=CV, scoring="accuracy")
    np.testing.assert_allclose(found["value"], wanted, err_msg=case)


def test_a_frame_and_labels_are_both_as_they_were_given() -> None:
    table = pd.DataFrame(X, columns=["a", "b", "c"])
    y = pd.Series(labelled(1, 2))
    model = make_pipeline(
        make_column_transformer((StandardScaler(), ["a"])), LogisticRegression(class_weight={1: 20})
    )  # fmt: skip
    result = bench.benchmark(table, y, {"m": model}, cv=CV, metrics=["accuracy", "roc_auc"], progress=False)
    for metric in ("accuracy", "roc_auc"):
        found = result.scores.filter(side="test", variant="plain", metric=metric).drop_nulls("fold").sort("fold")
        turned = metric == "roc_auc" and result.study.datasets["data"].positive == "1"
        wanted = cross_val_score(model, table, y, cv=CV, scoring=metric)
        np.testing.assert_allclose(found["value"], 1 - wanted if turned else wanted)


def test_a_fold_that_lacks_a_class_fails_with_its_reason() -> None:
    """Codes count the classes that occur: a weight of the third would fall on the second."""
    y = np.repeat([1, 2, 3], 30)
    model = DecisionTreeClassifier(max_depth=1, class_weight={1: 1, 2: 1, 3: 50})
    models = {"m": model, "plain": DecisionTreeClassifier(max_depth=1)}
    result = bench.benchmark(X, y, models, cv=CV, workers=1, progress=False)
    failed = result.failures.filter(pl.col("status") != "warning")
    assert set(failed["family"]) == {"m"} and failed.height == 3
    assert "2 of 3 classes" in failed["reason"][0]


def test_rows_that_are_marked_as_without_a_label_are_no_class() -> None:
    models = {"m": SelfTrainingClassifier(LogisticRegression()), "floor": "baseline"}
    result = bench.benchmark(X, labelled(-1, 0, 1, codes=THREE), models, cv=CV, workers=1, progress=False)
    failed = result.failures.filter(pl.col("status") != "warning")
    assert set(failed["family"]) == {"m"} and "1 of 3 labels" in failed["reason"][0]


def test_estimators_that_name_no_label_get_codes() -> None:
    """Their row in the study, and so the key of their results, is the one of any labels."""
    neutral = [
        LogisticRegression(class_weight="balanced"),
        GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [1, 2]}),
        GridSearchCV(LogisticRegression(), C, scoring="roc_auc_ovr"),
        make_pipeline(SelectKBest(f_classif), GaussianNB(priors=[0.5, 0.5])),
    ]
    for model in neutral:
        assert family_block("m", model, labels=[1, 2]) == family_block("m", model)


def test_the_classes_that_a_sampler_cleans_are_labels() -> None:
    class Sampler(BaseEstimator):
        def __init__(self, sampling_strategy: Any = "auto") -> None:
            self.sampling_strategy = sampling_strategy

    Sampler.__module__ = "imblearn.under_sampling"
    assert needs_labels(make_pipeline(Sampler([1]), GaussianNB()), [1, 2])
    assert not needs_labels(make_pipeline(Sampler("majority"), GaussianNB()), [1, 2])


def test_boosted_trees_of_xgboost_get_codes_alone() -> None:
    xgboost = pytest.importorskip("xgboost")
    model = GridSearchCV(make_pipeline(xgboost.XGBClassifier()), {"xgbclassifier__max_depth": [1]}, scoring="f1")
    assert not needs_labels(model, ["a", "b"])


@pytest.mark.parametrize(
    ("y", "labels"),
    [
        (["b", "a"], ["a", "b"]),
        (np.array(["10", "2"]), ["10", "2"]),
        ([True, False], [False, True]),
        (pd.Categorical([2, 10, 2]), [2, 10]),
        (pl.Series(["x", "y"]), ["x", "y"]),
        (np.array([2.0, 1.0]), [1.0, 2.0]),
        (np.array([0.5, 1.5]), None),
        (np.array(["2020-01-01"], dtype="M8[D]"), None),
        (np.array([1, "a"], dtype=object), None),
    ],
)
def test_labels_are_those_that_scikit_learn_finds(y: Any, labels: list[Any] | None) -> None:
    assert labels_of(y) == labels
