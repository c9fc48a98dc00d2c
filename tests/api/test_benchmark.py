"""`bench.benchmark`: frames of three kinds, splitters and estimators of scikit-learn, by the engine of a study."""

from __future__ import annotations

import datetime as dt
import gc
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import t
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.datasets import load_diabetes, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier, StackingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_predict,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

import bench
from bench.core.errors import BenchError, DataError, UsageError
from bench.families.estimators.described import made_of
from bench.families.estimators.framed import frame_of, layout_of
from bench.project.arrays_in import (
    Splitting,
    column_of,
    out_of_order,
    splitting_of,
    table_of,
    target_of,
    task_from,
)
from bench.project.describe import described, family_block
from bench.study.noted import StudyError

X, Y = load_wine(return_X_y=True)
CV = StratifiedKFold(3, shuffle=True, random_state=5)


def fold_scores(result: bench.Result, family: str) -> list[float]:
    scores = result.scores.filter(
        family=family, side="test", variant="plain"
    ).drop_nulls("fold")
    return scores.sort("fold")["value"].to_list()


def test_a_splitter_and_estimators_give_the_scores_that_scikit_learn_gives(
    tmp_path: Path,
) -> None:
    """In one process, from a folder with a store: a second call fits nothing and says the same."""
    models = {
        "lda": LinearDiscriminantAnalysis(),
        "svm": make_pipeline(StandardScaler(), SVC(C=2.0)),
        "search": GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5]}, cv=3),
        "floor": "baseline",
        "near": {"family": "knn", "n_neighbors": 3},
    }
    result = bench.benchmark(
        X, Y, models, cv=CV, folder=tmp_path, rope=0.01, progress=False
    )
    for name in ("lda", "svm", "search"):
        np.testing.assert_allclose(
            fold_scores(result, name), cross_val_score(models[name], X, Y, cv=CV)
        )
    assert result.failures.filter(pl.col("status") != "warning").is_empty()
    assert {"floor", "near"} <= set(result.estimates["family"])
    again = bench.benchmark(
        X, Y, models, cv=CV, folder=tmp_path, rope=0.01, progress=False
    )
    assert all(
        again[name].equals(result[name]) for name in ("scores", "pairs", "findings")
    )
    page = result.report(tmp_path / "page.html")
    assert page.stat().st_size > 50_000 and "A benchmark" in page.read_text()
    card = result._repr_html_()
    assert "A benchmark" in card and "5 models" in card and "<script" not in card
    assert (tmp_path / ".bench" / "cells.sqlite").is_file()


def test_frames_of_three_kinds_are_one_table() -> None:
    rows = {
        "number": [1.5, None, 2.0],
        "word": ["a", "b", None],
        "truth": [True, False, True],
        "whole": [1, 2, 3],
    }
    polars = pl.DataFrame(rows)
    assert table_of(polars).equals(polars)
    assert table_of(pd.DataFrame(rows)).equals(polars)
    assert table_of(pd.DataFrame(rows).astype({"word": "category"})).equals(polars)
    assert table_of(np.array([[1.0, np.nan]])).rows() == [(1.0, None)]
    for wrong in (
        np.zeros(3),
        np.zeros((0, 2)),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
    ):
        with pytest.raises(DataError):
            table_of(wrong)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([3, 1, None, 10], ["3", "1", None, "10"]),
        ([2.0, 1.5], ["2", "1.5"]),
        ([True, False], ["true", "false"]),
        (pd.to_datetime(["2020-01-01", None]), ["2020-01-01 00:00:00", None]),
        (pd.Categorical([2, 1], categories=[2, 1], ordered=True), ["2", "1"]),
    ],
)
def test_categories_are_words_whatever_they_are_of(
    values: Any, wanted: list[str | None]
) -> None:
    kept = pd.Series(values).astype("category")
    for given in (kept, kept.array):
        assert column_of(given, "x").to_list() == wanted
        assert column_of(given, "x").dtype == pl.String


def test_categories_of_numbers_are_no_numbers_to_a_model() -> None:
    codes = pd.Series([1, 2, 3, 4] * 10).astype("category")
    result = bench.benchmark(
        codes.to_frame("c"), codes, {"tree": "decision_tree"}, cv=2, progress=False
    )
    assert (
        result.study.datasets["data"].types == {"c": "categorical"}
        and result.study.task == "classification"
    )


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (
            np.array([np.int64(1), np.float64(2.5), None], dtype=object),
            [1.0, 2.5, None],
        ),
        (pd.Series([Decimal("1.5"), Decimal("NaN")]), [1.5, None]),
        (np.ma.array([1.0, 2.0], mask=[True, False]), [None, 2.0]),
        (np.ma.array([1, 2], mask=[True, False]), [None, 2]),
        (np.array([b"a", b"b"]), ["a", "b"]),
        (pd.Series([2**60 + 1, None, 3], dtype="Int64"), [2**60 + 1, None, 3]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (np.array(["2020", "NaT"], dtype="M8[Y]"), [dt.date(2020, 1, 1), None]),
        (np.array(["1500-01-01"], dtype="M8[s]"), [dt.datetime(1500, 1, 1)]),
        (np.array([0.5], dtype=np.longdouble), [0.5]),
        (pl.Series([1.0, float("nan")]), [1.0, None]),
        (pl.Series(["a", None], dtype=pl.Enum(["b", "a"])), ["a", None]),
    ],
)
def test_cells_are_kept_exactly(values: Any, wanted: list[Any]) -> None:
    found = column_of(values, "x")
    assert found.to_list() == wanted and found.dtype != pl.Object


@pytest.mark.parametrize(
    "values",
    [
        np.array([1, "1"], dtype=object), np.array([True, "true"], dtype=object), np.array([True, 1], dtype=object),
        np.array([dt.date(2020, 1, 1), dt.datetime(2020, 1, 1)]), np.array(["\ud800"], dtype=object),
        np.array([pd.Timestamp("2020"), pd.Timestamp("2020", tz="UTC")]), [[1], [1, 2]],
        pd.Series([1, "1"]).astype("category"), np.array([1j]), pd.Series([{}]),
        pd.to_timedelta([1, None], unit="D"),
    ],
)  # fmt: skip
def test_cells_that_would_become_one_or_other_values_are_refused(values: Any) -> None:
    with pytest.raises(DataError, match=r"^x: "):
        column_of(values, "x")


@pytest.mark.parametrize(
    "X",
    [pd.DataFrame({"bench_target": [1]}), pd.DataFrame({"\ud800": [1]}), [[1], [1, 2]]],
)
def test_names_that_bench_needs_and_ragged_tables_are_refused(X: Any) -> None:
    with pytest.raises(DataError, match=r"^X: "):
        table_of(X)


@pytest.mark.parametrize(
    ("labels", "positive"), [([True, False], True), ([1.0, 2.0], 1)]
)
def test_the_positive_class_is_a_label_as_the_caller_has_it(
    labels: list[Any], positive: Any
) -> None:
    more = {"cv": 2, "metrics": "f1_binary", "progress": False}
    result = bench.benchmark(
        np.ones((20, 1)), labels * 10, {"floor": "baseline"}, positive=positive, **more
    )
    assert str(result.study.datasets["data"].positive) == str(
        labels[0]
    ).lower().removesuffix(".0")


def test_a_model_that_chooses_columns_meets_no_categories_that_it_was_not_given() -> (
    None
):
    frame = pd.DataFrame({"c": pd.Categorical([1, 10, 2, 1] * 5), "z": range(20)})
    model = make_pipeline(
        ColumnTransformer([("c", OneHotEncoder(), ["c"])]), LogisticRegression()
    )
    with pytest.raises(UsageError, match="rename_categories"):
        bench.benchmark(frame, ["a", "b"] * 10, {"m": model}, cv=2, progress=False)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ([0, 1, 2], [2, 1, 0], True), ([5, 6, 7], [6, 7, 8], True), (["a", "b"], ["b", "c"], True),
        ([0, 1, 2], [1, 2, 3], False),  # the first was counted anew, perhaps
        ([5, 6], [7, 8], False), (["a", "b"], [0, 1], False), ([3, 4], [3, 4], False), ([1, 1, 2], [1, 1, 2], False),
    ],
)  # fmt: skip
def test_rows_are_paired_by_position_only_where_an_index_says_nothing_else(
    first: list[Any], second: list[Any], refused: bool
) -> None:
    table = pd.DataFrame({"x": range(len(first))}, index=first)
    assert (
        out_of_order(table, None, pd.Series(range(len(second)), index=second))
        == refused
    )


def test_series_in_another_order_are_not_paired_by_position() -> None:
    frame = pd.DataFrame(X)
    for given in ({"y": pd.Series(Y)[::-1]}, {"y": Y, "groups": pd.Series(Y)[::-1]}):
        with pytest.raises(DataError, match="another order"):
            bench.benchmark(frame, given.pop("y"), {"floor": "baseline"}, **given)
    scores = pd.Series([0.8, 0.9, 0.7])
    with pytest.raises(DataError, match="another order"):
        bench.compare(scores, scores[::-1], test_train_ratio=0.5)


@pytest.mark.parametrize(
    "scores",
    ["abc", {1: 0.8}, [[0.8, 0.9], [0.8]], [10**400, 1], [1j, 2j], pd.date_range("2020", periods=2),
     np.ma.array([0.8, 0.9], mask=[True, False]), pd.DataFrame({"value": ["a", "b"]}),
     pd.DataFrame({"value": [0.8, 0.9], "fold": ["a", "b"]})],
)  # fmt: skip
def test_what_are_no_scores_is_refused_in_a_sentence(scores: object) -> None:
    with pytest.raises(DataError, match="ours"):
        bench.compare(scores, [0.8, 0.9], test_train_ratio=0.5)
    with pytest.raises(DataError, match="scores"):
        bench.judge("0.8", scores=scores)


@pytest.mark.parametrize(
    ("values", "task", "first"),
    [
        (["a", "b"], "classification", "a"),
        ([True, False], "classification", "true"),
        ([1.0, 2.0], "classification", "1"),
        ([1.5, 2.0], "regression", 1.5),
        (list(range(50)), "regression", 0.0),
    ],
)
def test_the_task_follows_from_the_target(
    values: list[Any], task: Any, first: Any
) -> None:
    column = column_of(values, "y")
    assert task_from(column) == task
    assert target_of(column, task)[0] == first


def test_splitters_are_taken_as_they_are_or_by_their_scheme() -> None:
    def of(cv: Any, groups: Any = None) -> Any:
        return splitting_of(cv, X, Y, groups, len(Y), "classification")

    groups = np.arange(len(Y)) % 6
    assert of(None).block == {"kind": "kfold", "folds": 10, "repeats": 1}
    assert of(4, groups).block["kind"] == "group_kfold"
    assert of(
        RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=7)
    ) == Splitting(
        {"kind": "kfold", "folds": 5, "repeats": 3, "stratify": True}, seed=7
    )
    assert of(ShuffleSplit(4, test_size=0.2)).block == {
        "kind": "holdout", "test_size": 0.2, "repeats": 4, "stratify": False,
    }  # fmt: skip
    assert of(TimeSeriesSplit(3)).block == {"kind": "time_ordered", "folds": 3}
    for splitter in (KFold(4), GroupKFold(3), list(KFold(4).split(X))):
        found = of(splitter, groups)
        assert found.block == {"kind": "given_folds", "column": "bench_fold"}
        assert found.columns["bench_fold"].n_unique() == (
            3 if isinstance(splitter, GroupKFold) else 4
        )
    for splitter, each in (
        (LeaveOneOut(), None),
        (KFold(len(Y)), None),
        (LeaveOneGroupOut(), np.arange(len(Y))),
    ):
        assert of(splitter, each) == Splitting({"kind": "leave_one_out"})
    assert of(RepeatedStratifiedKFold(n_splits=5, random_state=np.int64(7))).seed == 7
    assert of(np.int64(4)).block["folds"] == 4


def test_stratified_folds_that_are_handed_in_get_the_class_mix() -> None:
    """A guess is right alike in each of these folds: its interval is that of the share of the larger class, n = 100."""
    y, rows = (
        np.repeat(["a", "b"], [60, 40]),
        np.random.default_rng(0).normal(size=(100, 2)),
    )
    ways = (5, StratifiedKFold(5, shuffle=True, random_state=1))
    by_number, by_splitter = (
        bench.benchmark(rows, y, {"base": "baseline"}, cv=cv, progress=False)
        for cv in ways
    )
    for one in (by_number, by_splitter):
        (row,) = one.estimates.filter(metric="accuracy").iter_rows(named=True)
        assert row["high"] - row["mean"] == pytest.approx(
            t(4).ppf(0.975) * math.sqrt(0.6 * 0.4 / 100)
        )


def test_mistakes_of_a_call_name_its_arguments_and_no_file() -> None:
    with pytest.raises(
        StudyError,
        match=r"^metrics.primary: unknown metric acuracy; did you mean accuracy\?",
    ):
        bench.benchmark(X, Y, {"m": "lda"}, metrics="acuracy", progress=False)


def test_visits_of_patients_who_come_once_or_twice_are_scored_together() -> None:
    """One patient comes twice: over such test sets a mean of R² would be the R² of the only two rows that have one."""
    rng = np.random.default_rng(2)
    rows, visits = rng.normal(size=(24, 2)), np.minimum(np.arange(24), 22)
    y = rows[:, 0] + rng.normal(size=24) / 2
    cv = LeaveOneGroupOut()
    made = bench.benchmark(
        rows,
        y,
        {"m": Ridge()},
        cv=cv,
        groups=visits,
        metrics=["r2", "rmse"],
        progress=False,
    )
    found = {row["metric"]: row for row in made.estimates.iter_rows(named=True)}
    predicted = cross_val_predict(Ridge(), rows, y, cv=cv, groups=visits)
    assert found["r2"]["mean"] == pytest.approx(r2_score(y, predicted))
    assert found["rmse"]["mean"] == pytest.approx(root_mean_squared_error(y, predicted))
    assert {(row["low"], row["high"]) for row in found.values()} == {(None, None)}
    with pytest.raises(BenchError, match="22 of the 23 test sets"):
        bench.benchmark(
            rows, y > 0, {"m": LogisticRegression()}, cv=cv, groups=visits, metrics="roc_auc", progress=False
        )  # fmt: skip


EACH = np.arange(178)
ROWS = [(np.setdiff1d(EACH, EACH[k::2]), EACH[k::2]) for k in range(2)]


@pytest.mark.parametrize(
    "cv",
    [
        1, True, np.int64(1), [(EACH[:5], EACH[5:9])], [(EACH[:100], EACH[100:])] * 2,
        [(np.append(train, train[:9]), test) for train, test in ROWS],  # a bootstrap: rows are trained on twice
        [(np.resize(train[:40], len(train)), test) for train, test in ROWS],
        [(train[:-1], test) for train, test in ROWS], [(EACH, test) for _, test in ROWS],
        [(np.isin(EACH, train), np.isin(EACH, test)) for train, test in ROWS],
        [(train, test - 178) for train, test in ROWS],
    ],
)  # fmt: skip
def test_splits_that_are_no_partition_are_refused(cv: Any) -> None:
    """Each of them would be K-fold cross-validation, if test rows alone were looked at."""
    assert (
        splitting_of(ROWS, X, Y, None, len(Y), "classification").block["kind"]
        == "given_folds"
    )
    with pytest.raises(UsageError, match=r"^cv: "):
        splitting_of(cv, X, Y, None, len(Y), "classification")


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1e20, 2.0], ["1e+20", "2.0"]),
        ([2.0**53, 1.0], ["9007199254740992.0", "1.0"]),
        ([2.0**53 - 1, 1.0], ["9007199254740991", "1"]),
        ([2**60, 2**60 + 1], [str(2**60), str(2**60 + 1)]),
        ([math.inf, 1.0], None),
        ([-math.inf, 1.0], None),
    ],
)
def test_classes_beyond_whole_numbers(
    values: list[float], labels: list[str] | None
) -> None:
    """No two classes become one, and none becomes another number."""
    column = column_of(np.array(values), "y")
    if labels is None:
        with pytest.raises(DataError, match="infinite"):
            target_of(column, "classification")
        return
    found = target_of(column, "classification").to_list()
    assert found == labels and [float(one) for one in found] == [
        float(one) for one in values
    ]


def test_an_estimator_is_written_down_and_made_again() -> None:
    model = make_pipeline(
        ColumnTransformer([("s", StandardScaler(), [0, 1])]), SVC(C=3.0, gamma=0.1)
    )
    again = made_of(described(model, "model"))
    assert str(again.get_params()) == str(model.get_params())
    assert family_block("a", LogisticRegression(C=2.0)) == {
        "estimator": "sklearn.linear_model.LogisticRegression", "tune": False, "C": 2.0,
    }  # fmt: skip
    stacked = StackingClassifier(
        [("svm", SVC())]
    )  # it predicts once it is fitted, by a model that is not named yet
    assert not hasattr(stacked, "predict") and family_block("s", stacked)["estimator"]


@pytest.mark.parametrize(
    "model",
    [
        "forst",
        LogisticRegression,
        object(),
        SVC(kernel=lambda a, b: a @ b.T),
        make_pipeline(StandardScaler().set_output(transform="pandas"), SVC()),
    ],
)
def test_a_model_that_cannot_be_taken_is_named(model: Any) -> None:
    with pytest.raises(UsageError, match="mine"):
        family_block("mine", model)


def test_regression_with_words_and_gaps_in_a_data_frame() -> None:
    features, y = load_diabetes(return_X_y=True, as_frame=True)
    features = features.assign(sex=np.where(features["sex"] > 0, "m", "f"))
    features.loc[3, "bmi"] = np.nan
    result = bench.benchmark(
        features, y, {"ridge": Ridge()}, cv=3, metrics=["rmse", "r2"], progress=False
    )
    assert result.study.task == "regression"
    assert set(result.scores["metric"]) == {"rmse", "r2"}


def named_models() -> dict[str, Any]:
    """Pipelines that choose columns by name, by type and by place."""
    numbers, words = ["age", "size"], ["town", "kind"]
    steps = [
        ("numbers", StandardScaler(), numbers),
        ("words", OneHotEncoder(handle_unknown="ignore"), words),
    ]
    places = [
        ("numbers", StandardScaler(), [0, 3]),
        ("words", OneHotEncoder(handle_unknown="ignore"), [1, 2]),
    ]
    selected = [
        ("numbers", StandardScaler(), make_column_selector(dtype_include=np.number))
    ]
    return {
        "names": make_pipeline(ColumnTransformer(steps), LogisticRegression()),
        "places": make_pipeline(ColumnTransformer(places), LogisticRegression()),
        "types": make_pipeline(ColumnTransformer(selected), SVC()),
        "trees": HistGradientBoostingClassifier(
            max_iter=5, categorical_features=["town", "kind"]
        ),
    }


def mixed(rows: int = 90) -> tuple[pl.DataFrame, list[str]]:
    """Numbers and words in turn, and a target that hangs on both."""
    generator = np.random.default_rng(3)
    age, town = (
        generator.normal(size=rows),
        generator.choice(["ä", "b", "c"], size=rows),
    )
    kind, size = (
        generator.choice(["one", "two"], size=rows),
        generator.integers(0, 9, size=rows),
    )
    y = np.where(
        age + (town == "b") + generator.normal(scale=0.5, size=rows) > 0.3, "yes", "no"
    )
    return pl.DataFrame(
        {"age": age, "town": town, "kind": kind, "size": size}
    ), y.tolist()


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_by_name_give_the_scores_that_scikit_learn_gives(library: str) -> None:
    frame, y = mixed()
    X: Any = (
        frame
        if library == "polars"
        else pd.DataFrame(frame.to_dict(as_series=False)).astype(
            {"town": "category", "kind": "category"}
        )
    )
    models = named_models()
    if library == "polars":  # scikit-learn itself selects by type in pandas alone
        del models["types"], models["trees"]
    result = bench.benchmark(X, y, models | {"own": "lda"}, cv=CV, progress=False)
    for name, model in models.items():
        np.testing.assert_allclose(
            fold_scores(result, name), cross_val_score(model, X, y, cv=CV), err_msg=name
        )
    assert result.failures.is_empty()
    assert len(fold_scores(result, "own")) == 3


def test_a_frame_is_made_again_from_its_matrix() -> None:
    words = pd.Categorical(["b", None, "b"], categories=["c", "b"], ordered=True)
    data = pd.DataFrame(
        {
            "word": ["x", None, "y"],
            "whole": [1, 2, 3],
            "cat": words,
            "flag": [True, False, True],
        }
    )
    data["gap"] = [0.5, np.nan, 1.0]
    matrix = np.array(
        [[1, 1, 0.5, 0, 0], [2, 0, np.nan, np.nan, np.nan], [3, 1, 1.0, 1, 0]]
    )
    pd.testing.assert_frame_equal(
        frame_of(matrix, layout_of(data, table_of(data))), data
    )
    table = pl.DataFrame(
        {"word": ["x", None, "y"], "whole": [1, 2, 3], "flag": [True, False, True]}
    )
    table = table.with_columns(
        pl.Series("cat", ["b", None, "b"], dtype=pl.Enum(["c", "b"])),
        gap=pl.Series([0.5, None, 1.0]),
    )
    table = table.select("word", "whole", "cat", "flag", "gap")
    assert frame_of(matrix, layout_of(table, table_of(table))).equals(table)
    assert frame_of(matrix, layout_of(table, table_of(table))).schema == table.schema


def test_an_estimator_with_a_parameter_of_its_own_warns_of_no_other() -> None:
    result = bench.benchmark(
        X, Y, {"lr": LogisticRegression(max_iter=5000)}, cv=2, progress=False
    )
    assert result.failures.is_empty()


def test_the_folder_of_a_temporary_study_goes_with_the_result() -> None:
    result = bench.benchmark(X, Y, {"floor": "baseline"}, cv=2, progress=False)
    root = result.project.root
    assert root.is_dir()
    del result
    gc.collect()
    assert not root.exists()


def test_a_folder_of_another_use_is_left_alone(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy)
    with pytest.raises(UsageError, match="of another use"):
        bench.benchmark(X, Y, {"floor": "baseline"}, folder=root)


@pytest.mark.parametrize("models", [["lda"], "lda", {}])
def test_models_without_names_are_refused_in_a_sentence(models: object) -> None:
    with pytest.raises(UsageError, match="models: give each model a name"):
        bench.benchmark(np.zeros((4, 1)), [0, 1, 0, 1], models)  # type: ignore[arg-type]


def test_pipelines_of_the_same_steps_keep_the_names_that_they_were_given() -> None:
    models = {
        key: make_pipeline(StandardScaler(), LogisticRegression(C=c))
        for key, c in (("near", 1), ("far", 0.01))
    }
    result = bench.benchmark(
        X, Y, models | {"search": GridSearchCV(SVC(), {"C": [1]})}, cv=3, progress=False
    )
    titles = [spec.title for spec in result.study.families.values()]
    steps = "Pipeline of StandardScaler, LogisticRegression"
    assert titles == [f"near: {steps}", f"far: {steps}", "GridSearchCV of SVC"]


def test_a_title_that_is_no_text_is_told_at_its_key() -> None:
    with pytest.raises(StudyError, match=r"^families\.k\.title: "):
        bench.benchmark(
            X, Y, {"k": {"family": "knn", "title": ["x"]}}, cv=3, progress=False
        )


def test_classifiers_of_numbers_with_decimals_are_a_mistake() -> None:
    """Prices are no classes: scikit-learn says `Unknown label type: continuous`."""
    prices = np.arange(40) / 7
    with pytest.raises(DataError, match="holds numbers with decimals"):
        bench.benchmark(
            X[:40], prices, {"lr": LogisticRegression()}, cv=KFold(3), progress=False
        )
