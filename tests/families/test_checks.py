"""Every mistake in names and values is a sentence before any fit; every right word passes."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.families import FAMILIES
from bench.families.checks import (
    check_estimator_path,
    check_parameters,
    check_step_parameters,
)
from bench.families.family import Family

C = "classification"


def subject_of(name: str) -> Family | str:
    return FAMILIES[name] if "." not in name else name


@pytest.mark.parametrize(
    ("subject", "task", "parameters", "key", "words"),
    [
        (
            "random_forest",
            C,
            {"n_estimatrs": 5},
            "n_estimatrs",
            "unknown; did you mean n_estimators?",
        ),
        (
            "random_forest",
            C,
            {"n_estimators": [10, 0]},
            "n_estimators",
            "must be an int in the range [1, inf); got 0",
        ),
        (
            "random_forest",
            C,
            {"max_features": "log3"},
            "max_features",
            "'log2', 'sqrt'",
        ),
        ("svm", C, {"C": "1"}, "C", "must be a float"),
        ("svm", C, {"C": math.nan}, "C", "must be finite"),
        (
            "svm",
            C,
            {"kernel": "rfb"},
            "kernel",
            "'linear', 'poly', 'precomputed', 'rbf', 'sigmoid'; got 'rfb'",
        ),
        (
            "rda",
            C,
            {"pooling": 2},
            "pooling",
            "must be a float in the range [0.0, 1.0]",
        ),
        ("bagging", C, {"max_depth": 0}, "max_depth", "got 0"),
        ("adaboost", C, {"algorithm": "m2"}, "algorithm", "'m1', 'samme'"),
        ("tabm", C, {"dropout": 1}, "dropout", "[0.0, 1.0); got 1"),
        ("mlp", "regression", {"scale_target": 1}, "scale_target", "true or false"),
        ("mlp", C, {"scale_target": True}, "scale_target", "unknown"),
        ("knn", C, {"n_neighbors": []}, "n_neighbors", "empty list"),
        ("xgboost", C, {"max_dept": 3}, "max_dept", "did you mean max_depth?"),
        (
            "xgboost",
            C,
            {"max_depth": "deep"},
            "max_depth",
            "expect int but value='deep'",
        ),
        (
            "xgboost",
            C,
            {"learning_rate": [0.1, -1]},
            "learning_rate",
            "greater equal to 0",
        ),
        ("xgboost", C, {"subsample": 2}, "subsample", "exceed bound"),
        (
            "xgboost",
            "regression",
            {"objective": "foo"},
            "objective",
            "Unknown objective",
        ),
        ("xgboost", C, {"n_estimators": 2.5}, "n_estimators", "must be an int"),
        ("xgboost", C, {"n_estimators": True}, "n_estimators", "must be an int"),
        (
            "logistic_regression",
            C,
            {"class_weight": {"a": 2}},
            "class_weight",
            "give balanced",
        ),
        (
            "sklearn.dummy.DummyClassifier",
            C,
            {"constant": 1},
            "constant",
            "codes 0, 1, ...",
        ),
        ("svm", C, {"select.k": "x"}, "select.k", "must be one of 'all' or an int"),
        (
            "svm",
            C,
            {"slect.k": 1},
            "slect.k",
            "unknown step slect; did you mean select?",
        ),
        (
            "sklearn.ensemble.ExtraTreesClassifier",
            C,
            {"n_tree": 1},
            "n_tree",
            "unknown; ",
        ),
    ],
)
def test_mistakes(
    subject: str, task: Any, parameters: dict, key: str, words: str
) -> None:
    ((at, sentence),) = check_parameters(subject_of(subject), task, parameters)
    assert at == key
    said, _, known = sentence.partition("\n")
    assert words in said
    assert "/" not in sentence and not said.endswith(".")
    assert known == "" or known.startswith("known ")


@pytest.mark.parametrize(
    ("subject", "task", "parameters"),
    [
        ("random_forest", C, {"max_features": [1, 6], "n_estimators": 100}),
        ("svm", C, {"C": [1, 10.0], "gamma": ["scale", 0.1], "select.k": [5, 10]}),
        (
            "mlp",
            "regression",
            {"hidden_layer_sizes": [[100_000, 10_000]], "scale_target": False},
        ),
        (
            "xgboost",
            C,
            {
                "n_estimators": 10**9,
                "monotone_constraints": [[1, -1, 0, 0]],
                "booster": "dart",
            },
        ),
        ("xgboost", "regression", {"objective": "reg:absoluteerror"}),
        ("lda", C, {"solver": "lsqr", "shrinkage": ["auto", 0.5]}),
        ("lda", C, {"n_components": 1}),
        ("lda", C, {"priors": [[0.2, 0.3, 0.5]]}),
        ("knn", C, {"n_neighbors": 500}),
        ("linear_regression", "regression", {"positive": True}),
        ("sklearn.linear_model.LogisticRegressionCV", C, {"max_iter": 10**8}),
    ],
)
def test_right_words_pass(subject: str, task: Any, parameters: dict) -> None:
    assert check_parameters(subject_of(subject), task, parameters) == []


@pytest.mark.parametrize(
    "key", ["n_jobs", "random_state", "verbose", "warm_start", "oob_score"]
)
def test_what_a_study_may_not_set_is_refused_with_a_reason(key: str) -> None:
    ((at, sentence),) = check_parameters(FAMILIES["random_forest"], C, {key: 1})
    assert at == key and sentence.startswith("cannot be set in a study: ")


def test_parameters_that_write_files_or_run_code_are_refused() -> None:
    for subject, key in (
        ("xgboost", "callbacks"),
        ("knn", "metric_params"),
        ("svm", "memory"),
        ("mlp", "scoring"),
    ):
        assert (
            "cannot be set"
            in check_parameters(FAMILIES[subject], C, {key: "/tmp/x"})[0][1]
        )


def test_nothing_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("svm.SVC", "tree.DecisionTreeClassifier"):
        monkeypatch.setattr(f"sklearn.{path}.fit", lambda *_: pytest.fail("a fit"))
    monkeypatch.setattr("xgboost.XGBClassifier.fit", lambda *_: pytest.fail("a fit"))
    for name in ("svm", "decision_tree", "bagging", "xgboost"):
        setup = FAMILIES[name].setups[C]
        stated = {key: list(values) for key, values in setup.grid.items()}
        assert check_parameters(FAMILIES[name], C, stated) == []


def test_all_mistakes_at_once() -> None:
    found = check_parameters(
        FAMILIES["svm"], C, {"C": [1, -1, "x"], "gama": 1, "n_jobs": 2}
    )
    assert sorted(key for key, _ in found) == ["C", "C", "gama", "n_jobs"]


@pytest.mark.parametrize(
    ("step", "parameters", "key", "words"),
    [
        ("polinomial", {}, "", "unknown step polinomial; did you mean polynomial?"),
        ("scale", {"kind": "standrd"}, "kind", "did you mean standard?"),
        ("scale", {"with_maen": False}, "with_maen", "did you mean with_mean?"),
        ("select", {"k": [5, "a"]}, "k", "got 'a'"),
        ("select", {"percentile": 0}, "percentile", "above 0 and at most 100"),
        ("select", {"score_func": "f"}, "score_func", "name it as `kind`"),
        (
            "impute",
            {"strategy": "mena"},
            "strategy",
            "'constant', 'mean', 'median', 'most_frequent'; got",
        ),
        ("impute", {"categories": "mine"}, "categories", "known: most_frequent, own"),
        ("encode", {"sparse_output": True}, "sparse_output", "dense"),
        ("pca", {"n_components": [2, "x"]}, "n_components", "got 'x'"),
        ("pca", {"random_state": 1}, "random_state", "protocol.seed"),
        ("target_encode", {"cv": 1}, "cv", "at least 2"),
        ("polynomial", {"degree": -1}, "degree", "got -1"),
        ("spline", {"n_knots": 1}, "n_knots", "got 1"),
    ],
)
def test_mistakes_in_steps(step: str, parameters: dict, key: str, words: str) -> None:
    ((at, sentence),) = check_step_parameters(step, parameters)
    assert at == key and words in sentence


@pytest.mark.parametrize(
    ("step", "parameters"),
    [
        ("scale", {"kind": ["standard", "robust"]}),
        ("scale", {"kind": "minmax", "feature_range": [[0, 1]]}),
        ("select", {"kind": "mutual_info", "k": [5, "all"]}),
        ("impute", {"kind": "knn", "n_neighbors": 3, "categories": "own"}),
        ("impute", {"add_indicator": True}),
        ("encode", {"kind": "ordinal"}),
        ("encode", {"max_categories": 20, "drop": "if_binary"}),
        ("pca", {"n_components": [2, 0.9], "whiten": True}),
        ("target_encode", {"cv": 3, "smooth": 10.0}),
    ],
)
def test_right_steps_pass(step: str, parameters: dict) -> None:
    assert check_step_parameters(step, parameters) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("sklearn.ensemble.ExtraTreesClassifer", "did you mean ExtraTreesClassifier?"),
        ("sklearn.ensembel.X", "did you mean sklearn.ensemble?"),
        ("os.system", "os is not trusted"),
        ("sklearn.datasets.fetch_openml", "is no estimator"),
        ("sklearn.preprocessing.StandardScaler", "is no estimator"),
        ("sklearn.ensemble.VotingClassifier", "cannot be made without estimators"),
        (
            "sklearn.ensemble.ExtraTreesRegressor",
            "does regression, the task is classification",
        ),
        ("sklearn.cluster.KMeans", "does no classification"),
        ("sklearn.ensemble._forest.ExtraTreesClassifier", "is private"),
        ("sklearn.__class__.__mro__", "is private"),
        ("import os; os.x", "is no import path"),
        ("sklearn", "is no import path"),
    ],
)
def test_paths_refused(path: str, words: str) -> None:
    (sentence,) = check_estimator_path(path, C)
    assert words in sentence


def test_foreign_code_runs_only_when_it_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strangers_own.py").write_text(
        "from sklearn.tree import DecisionTreeClassifier\n"
        "class Stump(DecisionTreeClassifier):\n"
        "    def __init__(self, max_depth=1):\n        super().__init__(max_depth=max_depth)\n"
    )
    (tmp_path / "strangers_broken.py").write_text("raise RuntimeError('no')\n")
    monkeypatch.syspath_prepend(tmp_path)
    (sentence,) = check_estimator_path("strangers_own.Stump", C)
    assert "not trusted" in sentence and "strangers_own" not in sys.modules
    trusted = frozenset({"strangers_own", "strangers_broken", "strangers_absent"})
    assert check_estimator_path("strangers_own.Stump", C, trusted) == []
    assert (
        "RuntimeError" in check_estimator_path("strangers_broken.Stump", C, trusted)[0]
    )
    assert (
        "cannot be imported"
        in check_estimator_path("strangers_absent.Stump", C, trusted)[0]
    )
    sys.modules.pop("strangers_own", None)
