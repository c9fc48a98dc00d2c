"""`bench.benchmark` fits on the class labels as they were given, wherever an estimator can tell them from codes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
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
from bench.families.estimators.labelled import LabelledProbabilities
from bench.families.present import training_on
from bench.project.arrays_in import labels_of
from bench.project.describe import family_block
from bench.project.labels import needs_labels

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
    result = bench.benchmark(
        X, y, {"m": model}, cv=CV, task="classification", workers=1, progress=False
    )
    found = (
        result.scores.filter(side="test", variant="plain", metric="accuracy")
        .drop_nulls("fold")
        .sort("fold")
    )
    wanted = cross_val_score(model, X, y, cv=CV, scoring="accuracy")
    np.testing.assert_allclose(found["value"], wanted, err_msg=case)


def test_a_frame_and_labels_are_both_as_they_were_given() -> None:
    table = pd.DataFrame(X, columns=["a", "b", "c"])
    y = pd.Series(labelled(1, 2))
    model = make_pipeline(
        make_column_transformer((StandardScaler(), ["a"])), LogisticRegression(class_weight={1: 20})
    )  # fmt: skip
    result = bench.benchmark(
        table, y, {"m": model}, cv=CV, metrics=["accuracy", "roc_auc"], progress=False
    )
    for metric in ("accuracy", "roc_auc"):
        found = (
            result.scores.filter(side="test", variant="plain", metric=metric)
            .drop_nulls("fold")
            .sort("fold")
        )
        turned = metric == "roc_auc" and result.study.datasets["data"].positive == "1"
        wanted = cross_val_score(model, table, y, cv=CV, scoring=metric)
        np.testing.assert_allclose(found["value"], 1 - wanted if turned else wanted)


LACKING: dict[str, tuple[Any, np.ndarray]] = {
    "the first": (DecisionTreeClassifier(max_depth=1, class_weight={1: 1, 2: 9, 3: 50}), np.repeat([1, 2, 3], 30)),
    "one between two": (LogisticRegression(class_weight={0: 1, 1: 3, 2: 9}), np.repeat([0, 1, 2], 30)),
    "a rare one": (
        GridSearchCV(LogisticRegression(class_weight={"b": 3}), C, scoring="f1_macro", cv=3),
        np.where(np.arange(90) == 4, "a", labelled("b", "c")),
    ),
    "a rare one, in a vote": (
        # A vote makes codes of the labels that it gets: 0 is the label 2 in the fold without 1.
        VotingClassifier([("lr", LogisticRegression(class_weight={0: 9})), ("nb", GaussianNB())], voting="soft"),
        np.where(np.arange(90) == 40, 1, labelled(2, 3)),
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("case", LACKING)
def test_a_fold_that_lacks_a_class_is_fitted_as_by_scikit_learn(
    case: str, framed: bool
) -> None:
    """To the bit: labels, and probabilities of the classes that the training rows hold, 0 of the others."""
    model, y = LACKING[case]
    table: Any = pd.DataFrame(X, columns=["a", "b", "c"]) if framed else X
    if framed:
        model = make_pipeline(
            make_column_transformer((StandardScaler(), ["a", "b"])), model
        )
    result = bench.benchmark(table, y, {"m": model}, cv=CV, workers=1, progress=False)
    assert not result.failures.filter(pl.col("status") != "warning").height
    found = result.predictions.filter(side="test", variant="plain").sort("row")
    labels, p = np.empty(90, dtype=y.dtype), np.zeros((90, 3))
    for train, test in CV.split(X):
        fitted = clone(model).fit(table.iloc[train] if framed else X[train], y[train])
        rows = table.iloc[test] if framed else X[test]
        labels[test] = fitted.predict(rows)
        p[np.ix_(test, np.searchsorted(np.unique(y), fitted.classes_))] = (
            fitted.predict_proba(rows)
        )
    assert found["label"].cast(pl.String).to_list() == labels.astype(str).tolist()
    np.testing.assert_array_equal(np.array(found["p"].to_list()), p)


def test_a_fit_that_nobody_told_its_rows_fails_where_a_class_is_lacking() -> None:
    """Codes count the classes that occur: a weight of the third would fall on the second."""
    description = json.dumps({"estimator": ["sklearn.dummy.DummyClassifier", {}]})
    model = LabelledProbabilities(description, "[1, 2, 3]")
    y = np.array([0, 1, 1])
    for told in ([0, 2, 2], [2, 1, 2]):
        with training_on(np.array(told)):
            if told[0] == 0:
                assert model.fit(X[:3], y).model_.classes_.tolist() == [1, 3]
            else:
                with pytest.raises(ValueError, match="2 of 3 classes"):
                    model.fit(X[:3], y)
    with pytest.raises(ValueError, match="2 of 3 classes"):
        model.fit(X[:3], y)


def test_rows_that_are_marked_as_without_a_label_are_no_class() -> None:
    models = {"m": SelfTrainingClassifier(LogisticRegression()), "floor": "baseline"}
    result = bench.benchmark(
        X, labelled(-1, 0, 1, codes=THREE), models, cv=CV, workers=1, progress=False
    )
    failed = result.failures.filter(pl.col("status") != "warning")
    assert set(failed["family"]) == {"m"} and "1 of 3 labels" in failed["reason"][0]


def test_estimators_that_name_no_label_get_codes() -> None:
    """Their row in the study, and so the key of their results, is the one of any labels."""
    neutral = [
        LogisticRegression(class_weight="balanced"),
        GridSearchCV(
            make_pipeline(StandardScaler(), LogisticRegression()),
            {"logisticregression__C": [1, 2]},
        ),
        GridSearchCV(LogisticRegression(), C, scoring="roc_auc_ovr"),
        make_pipeline(SelectKBest(f_classif), GaussianNB(priors=[0.5, 0.5])),
    ]
    for model in neutral:
        assert family_block("m", model, labels=[1, 2]) == family_block("m", model)


def test_what_nobody_here_knows_gets_what_it_gets_without_bench() -> None:
    """Two classes 0 and 1 are their own codes; of 0, 1 and 2 a fold may lack 1, and the code of 2 is then another."""

    class Other(ClassifierMixin, BaseEstimator):
        def __init__(self, of: Any = None) -> None:
            self.of = of

    Other.__module__ = "elsewhere.models"
    for labels, needed in (
        ([0, 1], False),
        ([1, 2], True),
        ([0, 1, 2], True),
        (["a", "b"], True),
    ):
        assert needs_labels(Other(), labels) == needed
        assert needs_labels(make_pipeline(Other(2), GaussianNB()), labels) == needed
        assert not needs_labels(make_pipeline(StandardScaler(), GaussianNB()), labels)


def test_boosted_trees_of_xgboost_get_labels_only_where_one_is_named() -> None:
    """They take codes alone, but a scorer that calls one class positive would name another one by its code."""
    xgboost = pytest.importorskip("xgboost")
    model = make_pipeline(xgboost.XGBClassifier())
    for scoring, needed in (("roc_auc", False), ("f1", True)):
        search = GridSearchCV(model, {"xgbclassifier__max_depth": [1]}, scoring=scoring)
        assert needs_labels(search, ["a", "b"]) == needed
    assert not needs_labels(xgboost.XGBClassifier(), ["a", "b"])


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
def test_labels_are_those_that_scikit_learn_finds(
    y: Any, labels: list[Any] | None
) -> None:
    assert labels_of(y) == labels
