"""Folds: partitions, seeds from names, groups together, time in order, draws apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench.core.errors import IncompatibleDataError
from bench.data.dataset import Column, Dataset
from bench.run.folds import Fold, inner_folds, outer_folds
from bench.study import Protocol


def dataset(n: int = 30, task: Any = "classification", **more: Any) -> Dataset:
    generator = np.random.default_rng(0)
    y = np.arange(n) % 3 if task == "classification" else generator.normal(size=n)
    fields: dict[str, Any] = {
        "name": "d",
        "task": task,
        "columns": (Column("a", "numeric"), Column("b", "numeric")),
        "X": generator.normal(size=(n, 2)),
        "y": y,
        "row": np.arange(n),
        "fingerprint": "f",
        "classes": ("a", "b", "c") if task == "classification" else (),
    }
    return Dataset(**(fields | more))


def protocol(tuning: Any = None, seed: int = 0, **resampling: Any) -> Protocol:
    return Protocol.model_validate(
        {"resampling": resampling, "tuning": tuning, "seed": seed}
    )


def same(a: tuple[Fold, ...], b: tuple[Fold, ...]) -> bool:
    return [fold.sha256 for fold in a] == [fold.sha256 for fold in b]


@pytest.mark.parametrize(
    "resampling",
    [
        {"kind": "kfold", "folds": 5, "repeats": 2},
        {"kind": "kfold", "folds": 5, "repeats": 2, "stratify": False},
        {"kind": "leave_one_out"},
    ],
)
def test_each_repeat_tests_every_row_once(resampling: dict[str, Any]) -> None:
    folds = outer_folds(dataset(), protocol(**resampling), "s")
    for repeat in {fold.repeat for fold in folds}:
        own = [fold for fold in folds if fold.repeat == repeat]
        assert sorted(np.concatenate([fold.test for fold in own])) == list(range(30))
        for fold in own:
            assert not set(fold.train) & set(fold.test)
            assert len(fold.train) + len(fold.test) == 30


def test_stratified_folds_keep_the_class_shares() -> None:
    d = dataset(30)
    for fold in outer_folds(d, protocol(kind="kfold", folds=5), "s"):
        assert np.bincount(d.y[fold.test]).tolist() == [2, 2, 2]


def test_folds_follow_names_and_seed_only() -> None:
    kind = {"kind": "kfold", "folds": 3}
    first = outer_folds(dataset(), protocol(**kind), "s")
    assert same(first, outer_folds(dataset(), protocol(**kind), "s"))
    assert not same(first, outer_folds(dataset(), protocol(seed=1, **kind), "s"))
    assert not same(first, outer_folds(dataset(name="e"), protocol(**kind), "s"))
    assert not same(first, outer_folds(dataset(), protocol(**kind), "other"))


def test_more_repeats_change_none_of_the_first() -> None:
    few = outer_folds(
        dataset(),
        protocol(kind="holdout", test_size=0.2, repeats=2, stratify=False),
        "s",
    )
    many = outer_folds(
        dataset(),
        protocol(kind="holdout", test_size=0.2, repeats=5, stratify=False),
        "s",
    )
    assert same(few, many[:2])
    assert all(len(fold.test) == 6 for fold in many)


def test_groups_stay_together() -> None:
    groups = np.repeat(np.arange(10), 3)
    d = dataset(group=groups)
    for fold in outer_folds(d, protocol(kind="group_kfold", folds=5), "s"):
        assert not set(groups[fold.train]) & set(groups[fold.test])
        inner = protocol({"folds": 3}, kind="group_kfold", folds=5)
        for train, held in inner_folds(d, fold, inner, 0):
            assert not set(groups[train]) & set(groups[held])
            assert set(train) | set(held) == set(fold.train)


def test_time_runs_forward_and_ties_stay_on_one_side() -> None:
    time = np.array([5, 5, 1, 1, 3, 3, 2, 2, 4, 4, 0, 0])
    d = dataset(12, time=time)
    folds = outer_folds(d, protocol(kind="time_ordered", folds=3), "s")
    assert len(folds) == 3
    for fold in folds:
        assert time[fold.train].max() < time[fold.test].min()


def test_given_folds_are_the_column() -> None:
    column = np.array(["x", "y", "z"] * 10)
    d = dataset(extra={"part": column})
    folds = outer_folds(d, protocol(kind="given_folds", column="part"), "s")
    assert [set(column[fold.test]) for fold in folds] == [{"x"}, {"y"}, {"z"}]
    twice = outer_folds(d, protocol(kind="given_folds", column="part", repeats=2), "s")
    assert [(fold.repeat, fold.fold) for fold in twice] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (1, 2),
    ]
    assert [fold.sha256 for fold in twice] == [fold.sha256 for fold in folds] * 2


def test_fixed_split_by_column_and_by_rows_of_the_raw_table() -> None:
    d = dataset(
        10, row=np.arange(10) + 1, extra={"part": np.array(["a"] * 6 + ["b"] * 4)}
    )
    (by_column,) = outer_folds(
        d, protocol(kind="fixed_split", column="part", test="b"), "s"
    )
    assert by_column.test.tolist() == [6, 7, 8, 9]
    runs = outer_folds(
        d, protocol(kind="fixed_split", column="part", test="b", repeats=3), "s"
    )
    assert [(run.repeat, run.sha256) for run in runs] == [
        (i, by_column.sha256) for i in range(3)
    ]
    # raw rows 2..11 (from 1) are left after cleaning: position 0 is raw row 2
    (by_rows,) = outer_folds(
        d, protocol(kind="fixed_split", train="1-4", test="5-6,11-11"), "s"
    )
    assert by_rows.train.tolist() == [0, 1, 2]
    assert by_rows.test.tolist() == [3, 4, 9]


def test_no_fold_crosses_two_draws() -> None:
    draw = np.repeat([0, 1, 2], 10)
    folds = outer_folds(
        dataset(30, draw=draw), protocol(kind="kfold", folds=2, repeats=2), "s"
    )
    assert sorted({fold.repeat for fold in folds}) == list(range(6))
    for fold in folds:
        rows = np.concatenate([fold.train, fold.test])
        assert set(draw[rows]) == {fold.repeat // 2}
        assert len(rows) == 10


@pytest.mark.parametrize(
    ("more", "resampling", "said"),
    [
        (
            {"y": np.array([0] * 28 + [1, 1])},
            {"kind": "kfold", "folds": 5},
            "class c has 0 rows",
        ),
        ({}, {"kind": "kfold", "folds": 31}, "fewer than 31 folds"),
        ({}, {"kind": "group_kfold", "folds": 3}, "`group` column"),
        ({}, {"kind": "time_ordered"}, "`time` column"),
        ({}, {"kind": "given_folds", "column": "part"}, "no column part"),
        (
            {},
            {"kind": "fixed_split", "train": "1-20", "test": "20-30"},
            "1 of them on both sides",
        ),
        ({}, {"kind": "fixed_split", "train": "1-20", "test": "40-50"}, "0 test rows"),
    ],
)
def test_what_the_data_cannot_give_is_a_sentence(
    more: Any, resampling: Any, said: str
) -> None:
    with pytest.raises(IncompatibleDataError, match=said):
        outer_folds(dataset(**more), protocol(**resampling), "s")


def test_stratified_regression_is_refused() -> None:
    with pytest.raises(IncompatibleDataError, match="needs classes"):
        outer_folds(
            dataset(task="regression"), protocol(kind="kfold", stratify=True), "s"
        )


def test_given_inner_folds_are_those_of_the_fold() -> None:
    d, settled = dataset(), protocol({"folds": 2}, kind="kfold", folds=5)
    first, *others = outer_folds(d, settled, "s")
    given = replace(first, held=tuple(other.test for other in others))
    inner = inner_folds(d, given, settled, 0)
    assert len(inner) == 4 and given.sha256 != first.sha256
    for (train, held), other in zip(inner, others, strict=True):
        assert held.tolist() == other.test.tolist()
        assert sorted([*train, *held]) == first.train.tolist()
