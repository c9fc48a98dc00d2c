"""Permuted targets: the same values, dealt among what is exchangeable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.run.store import Store
from bench.run.study import grid_of
from bench.run.variants.extra_fit import requested_at_once
from bench.run.variants.permuted import dealt, permuted
from bench.text.refusals import Incompatible
from tests.helpers.extra_fits import a_dataset, a_study


@settings(max_examples=50, derandomize=True)
@given(
    y=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    seed=st.integers(0, 99),
    sizes=st.integers(1, 5),
)
def test_values_are_dealt_and_none_is_lost(y: list[int], seed: int, sizes: int) -> None:
    values, groups = np.array(y), np.arange(len(y)) // sizes
    rng = np.random.default_rng(seed)
    assert sorted(dealt(values, None, rng).tolist()) == sorted(y)
    whole = dealt(values[groups], groups, rng)  # one label a group
    assert all(len(set(whole[groups == g])) == 1 for g in groups)
    first = [int(np.flatnonzero(groups == g)[0]) for g in np.unique(groups)]
    assert sorted(whole[first].tolist()) == sorted(values[groups][first].tolist())


def test_labels_that_differ_inside_groups_stay_there() -> None:
    y, groups = np.array([0, 1, 2, 5, 6, 7]), np.array(["a", "a", "a", "b", "b", "b"])
    seen = {
        tuple(dealt(y, groups, np.random.default_rng(seed)).tolist())
        for seed in range(40)
    }
    assert {tuple(sorted(one[:3])) for one in seen} == {(0, 1, 2)}
    assert {tuple(sorted(one[3:])) for one in seen} == {(5, 6, 7)}
    assert len(seen) > 20


def test_draws_are_dealt_each_for_itself() -> None:
    one = a_dataset(40)
    one = replace(
        one,
        y=np.arange(40) % 2 + 2 * (np.arange(40) >= 20),
        draw=np.arange(40) // 20,
        classes=tuple("abcd"),
    )
    mixed = permuted(one, "s", 0)
    assert set(mixed.y[:20]) == {0, 1}
    assert set(mixed.y[20:]) == {2, 3}
    assert not np.array_equal(mixed.y, one.y)


def test_a_permutation_is_of_its_names_alone() -> None:
    one = a_dataset()
    same, other = permuted(one, "s", 3), permuted(one, "s", 4)
    assert np.array_equal(same.y, permuted(one, "s", 3).y)
    assert not np.array_equal(same.y, other.y)
    assert len({one.fingerprint, same.fingerprint, other.fingerprint}) == 3
    assert not np.array_equal(same.y, permuted(replace(one, name="e"), "s", 3).y)
    assert same.X is one.X


def test_folds_are_drawn_anew_and_all_are_stratified(tmp_path: Path) -> None:
    """The true target's folds are balanced, and so are each permutation's: else the two were not exchangeable."""
    study, dataset = a_study({"permutations": {"count": 5}}), a_dataset()
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
        (context,) = grid.contexts
        cells = requested_at_once(context).cells
    assert {cell.plan.family for cell in cells} == {"lda"}, (
        "a baseline looks at no feature"
    )
    assert len(cells) == 5 * 3  # the first repeat alone
    tests = set()
    for cell in cells:
        assert cell.permutation is not None
        mixed = permuted(dataset, "s", cell.permutation)
        assert np.bincount(mixed.y[cell.fold.test]).tolist() == [8, 8]
        tests.add(tuple(cell.fold.test.tolist()))
    assert len(tests) == 15


def test_a_permutation_that_cannot_be_split_is_told(tmp_path: Path) -> None:
    """Labels of whole groups of unequal size: dealt anew, a class may have fewer rows than there are folds."""
    groups = np.array([f"g{i}" for i in range(4)] + ["big"] * 44)
    dataset = a_dataset(group=groups, y=(groups == "big").astype(np.int64))
    study = a_study({"permutations": {"count": 9}}, {"kind": "kfold", "folds": 3})
    with Store(tmp_path / "cells.sqlite") as store:
        grid = grid_of(study, [dataset], store)
    assert {cell.variant for cell in grid.cells} == {"plain"}
    (row,) = grid.unavailable.rows(named=True)
    assert (row["family"], row["variant"]) == ("lda", "permuted")
    assert row["code"] == Incompatible.code


@pytest.mark.parametrize("number", range(3))
def test_the_signal_is_gone(number: int) -> None:
    one = a_dataset(2000)
    mixed = permuted(one, "s", number)
    assert abs(np.corrcoef(one.X[:, 0], one.y)[0, 1]) > 0.4
    assert abs(np.corrcoef(one.X[:, 0], mixed.y)[0, 1]) < 0.08  # 3.5 standard errors
