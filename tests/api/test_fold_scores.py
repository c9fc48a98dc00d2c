"""`bench.compare` and `bench.judge`: which tables and numbers they take, and which they refuse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import bench
from bench.core.errors import BenchError, DataError, UsageError

OURS, THEIRS = [0.81, 0.84, 0.80, 0.83], [0.79, 0.80, 0.80, 0.81]


def table(**more: Any) -> pl.DataFrame:
    """Four folds; `more` columns, or others in the place of these."""
    return pl.DataFrame({"fold": range(4), "value": OURS} | more)


#: Tables that hold the scores of several things, or of none; and what the sentence names.
MIXED: dict[str, tuple[pl.DataFrame, str]] = {
    "families": (table(family=["a", "a", "b", "b"]), "family is a, b"),
    "variants": (
        table(variant=["plain", "plain", "plain", "halves=1"]),
        "variant is halves=1, plain",
    ),
    "sides": (table(side=["test", "train", "test", "test"]), "side is test, train"),
    "metrics": (
        table(metric=["accuracy", "kappa", "kappa", "kappa"]),
        "metric is accuracy, kappa",
    ),
    "another column": (
        table(setting=[1, 2, 3, 4]).drop("fold"),
        "setting is no model, dataset, repeat or fold",
    ),
    "twice one fold": (table(fold=[0, 1, 1, 2]), "two scores of one fold"),
    "half a fold": (table(fold=[0.0, 1.0, 1.5, 2.0]), "whole numbers"),
    "half a repeat": (table(repeat=[0.0, 0.5, 1.0, 1.5]), "whole numbers"),
    "no fold": (table(fold=[0, 1, None, 3]), "of no fold"),
    "no dataset": (table(dataset=["d", "d", None, "d"]), "of no fold"),
    "no score": (table(value=[0.8, None, 0.8, 0.9]), "without a score"),
    "an endless score": (table(value=[0.8, float("inf"), 0.8, 0.9]), "without a score"),
    "structures": (table(value=[{}] * 4), "value"),
    "truth values": (table(value=[True, False, True, True]), "value a number"),
    "no row": (table().clear(), "0 rows"),
    "no column of scores": (table().drop("value"), "no column value"),
}


@pytest.mark.parametrize("case", MIXED)
@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_table_of_several_things_is_refused_and_they_are_named(
    case: str, library: str
) -> None:
    frame, named = MIXED[case]
    given = (
        frame if library == "polars" else pd.DataFrame(frame.to_dict(as_series=False))
    )
    with pytest.raises(DataError, match=r"^ours: ") as ours:
        bench.compare(given, THEIRS, test_train_ratio=1 / 3)
    with pytest.raises(DataError, match=r"^scores: ") as scores:
        bench.judge("0.8", scores=given)
    assert (
        named in str(ours.value) and named in str(scores.value)
    ) or library == "pandas"


def test_tables_of_several_datasets_are_refused() -> None:
    two = table(dataset=["a", "a", "b", "b"])
    for call in (
        lambda: bench.compare(two, two, test_train_ratio=1),
        lambda: bench.judge("0.8", scores=two),
    ):
        with pytest.raises(DataError, match=r"2 datasets \(a, b\)"):
            call()
    one, other = table(dataset=["a"] * 4), table(dataset=["b"] * 4)
    with pytest.raises(DataError, match="0 of them are the same"):
        bench.compare(one, other, test_train_ratio=1)
    found = bench.compare(
        one, one.with_columns(value=pl.Series(THEIRS)).reverse(), test_train_ratio=1
    )
    assert (found.folds, found.difference) == (4, pytest.approx(0.02))


@pytest.mark.parametrize("name", ["side", "metric"])
def test_two_tables_of_two_kinds_of_scores_are_not_compared(name: str) -> None:
    ours, theirs = (
        table().with_columns(pl.lit(word).alias(name)) for word in ("one", "two")
    )
    with pytest.raises(DataError, match=f"{name} is one and two"):
        bench.compare(ours, theirs, test_train_ratio=1 / 3)
    with pytest.raises(DataError, match=f"{name} is one and two"):
        bench.compare(
            pd.DataFrame(ours.to_dict(as_series=False)), theirs, test_train_ratio=1 / 3
        )


@pytest.mark.parametrize(
    "scores", [[True, False, 1, 0], [0.8, True, 0.9, 0.7], np.array([True] * 4)]
)
def test_truth_values_are_no_scores(scores: Any) -> None:
    with pytest.raises(DataError, match=r"^ours: "):
        bench.compare(scores, THEIRS, test_train_ratio=1 / 3)


def test_a_column_that_does_not_vary_and_other_metrics_show_nothing() -> None:
    plain = bench.compare(OURS, THEIRS, test_train_ratio=1 / 3)
    more = table(setting=["x"] * 4, accuracy=[1.0, 2.0, 3.0, 4.0]).drop("fold")
    assert bench.compare(more, THEIRS, test_train_ratio=1 / 3) == plain


@pytest.mark.parametrize(
    "kind", [np.float32, np.float64, np.int64, np.uint8, np.float16]
)
def test_numbers_of_numpy_are_numbers(kind: type) -> None:
    found = bench.compare(OURS, THEIRS, test_train_ratio=kind(1), rope=kind(0))
    assert found == bench.compare(OURS, THEIRS, test_train_ratio=1, rope=0)
    assert bench.compare(
        np.array(OURS).astype("f4"), THEIRS, test_train_ratio=1
    ).p == pytest.approx(found.p, rel=1e-5)
    assert (
        bench.judge("0.8", scores=OURS, test_train_ratio=kind(1)).agreement is not None
    )


@pytest.mark.parametrize(
    "value",
    [True, np.True_, "1", None, 10**400, math.nan, -math.inf, 1j, [1]],
    ids=lambda one: repr(one)[:9],
)
@pytest.mark.parametrize("name", ["test_train_ratio", "rope", "level"])
def test_an_argument_that_is_no_number_is_named(name: str, value: Any) -> None:
    given = {"test_train_ratio": 1 / 3, "rope": 0.01, "level": 0.9} | {name: value}
    if name == "rope" and value is None:
        assert bench.compare(OURS, THEIRS, **given).p_rope is None
        return
    with pytest.raises(UsageError, match=rf"^{name}: "):
        bench.compare(OURS, THEIRS, **given)


MORE: dict[str, Any] = {
    "cv": 3,
    "tuning": 2,
    "seed": 7,
    "workers": 1,
    "rope": 0.25,
    "tolerance": {"accuracy": 0.125},
}


def test_benchmark_takes_numbers_of_numpy() -> None:
    """They are written as the numbers that they are: the study of either call is the same."""
    X, y = np.arange(24.0).reshape(12, 2), ["a", "b"] * 6
    kinds = {
        int: np.int64,
        float: np.float32,
        dict: lambda one: {key: np.float32(value) for key, value in one.items()},
    }
    numpy = {name: kinds[type(value)](value) for name, value in MORE.items()}
    ours = bench.benchmark(
        X, y, {"m": {"family": "knn", "n_neighbors": 1}}, progress=False, **MORE
    )
    theirs = bench.benchmark(
        X,
        y,
        {"m": {"family": "knn", "n_neighbors": np.int64(1)}},
        progress=False,
        **numpy,
    )
    assert ours.study == theirs.study and ours.scores.equals(theirs.scores)


@pytest.mark.parametrize("value", [object(), {1}, b"x", np.complex128(1)])
def test_benchmark_refuses_what_no_study_file_holds(value: Any) -> None:
    for given in (
        {"tolerance": {"accuracy": value}},
        {"models": {"m": {"family": "knn", "n_neighbors": value}}},
    ):
        with pytest.raises(BenchError, match="nothing was fitted"):
            bench.benchmark(
                np.zeros((12, 1)),
                ["a", "b"] * 6,
                progress=False,
                **{"models": {"m": "knn"}} | given,
            )


def test_a_few_equal_differences_are_not_tested() -> None:
    found = bench.compare([0.9, 0.8], [0.89, 0.79], test_train_ratio=1, rope=0.001)
    assert (found.difference, found.folds) == (pytest.approx(0.01), 2)
    assert {
        found.p,
        found.low,
        found.high,
        found.p_less,
        found.p_rope,
        found.p_greater,
        found.repeats_needed,
    } == {None}
    same = bench.compare([0.9, 0.8], [0.9, 0.8], test_train_ratio=1, rope=0.001)
    assert (same.difference, same.low, same.p, same.p_rope) == (0, None, None, None)
