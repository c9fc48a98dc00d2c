"""Scores of disjoint halves, as an array a family."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bench.core.frames import SCORES
from bench.scores.halves import halves_of


def scores(**values: list[list[list[float | None]]]) -> pl.DataFrame:
    """family -> [split][half][fold] of accuracy, a half without scores being an empty list."""
    rows = [
        (
            "d",
            family,
            f"half={split}{'ab'[half]}",
            split,
            fold,
            "test",
            "accuracy",
            value,
        )
        for family, splits in values.items()
        for split, halves in enumerate(splits)
        for half, folds in enumerate(halves)
        for fold, value in enumerate(folds)
    ]
    other = [
        ("d", "lda", "plain", 0, 0, "test", "accuracy", 0.1),
        ("d", "lda", "half=0a", 0, 0, "test", "log_loss", 9.0),
        ("e", "lda", "half=7b", 7, 0, "test", "accuracy", 0.2),
    ]
    return pl.DataFrame([*rows, *other], SCORES, orient="row")


def test_means_over_folds_by_split_and_half() -> None:
    found = halves_of(
        scores(lda=[[[0.5, 0.7], [0.8, 1.0]], [[0.2, 0.4], [0.0, 0.4]]]),
        "d",
        "accuracy",
    )
    assert list(found) == ["lda"]
    assert found["lda"] == pytest.approx(np.array([[0.6, 0.9], [0.3, 0.2]]))


def test_the_eleventh_split_is_the_eleventh_row() -> None:
    values = [[[split / 100], [split / 50]] for split in range(12)]
    found = halves_of(scores(lda=values), "d", "accuracy")["lda"]
    assert found[:, 0] == pytest.approx(np.arange(12) / 100)
    assert found[:, 1] == pytest.approx(np.arange(12) / 50)


def test_a_fold_that_failed_or_has_no_score_leaves_no_mean_and_families_keep_their_rows() -> (
    None
):
    whole = [[[0.5, 0.7], [0.8, 1.0]], [[0.2, 0.4], [0.0, 0.4]]]
    failed = [[[0.5], [0.8, None]], [[], [0.6, 0.8]]]
    found = halves_of(scores(lda=whole, tree=failed), "d", "accuracy")
    assert np.isfinite(found["lda"]).all()
    assert found["tree"].shape == (2, 2)
    assert np.isnan(found["tree"]).tolist() == [[True, True], [True, False]]
    assert found["tree"][1, 1] == pytest.approx(0.7)


def test_none_where_there_are_none() -> None:
    assert halves_of(scores(), "d", "accuracy") == {}
    assert halves_of(scores(), "nowhere", "accuracy") == {}
    undefined = halves_of(scores(lda=[[[None], [None]]]), "d", "accuracy")
    assert np.isnan(undefined["lda"]).all()
