"""Comparisons: intervals, pairs and ranks by hand; where no error rate exists, none is made up."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.comparisons import Comparisons, comparisons
from bench.core import frames
from bench.core.comparisons import (
    COMPARISONS,
    EstimateRow,
    OmnibusRow,
    OverDatasetsRow,
    PairRow,
    RankRow,
)
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.paired import corrected_t
from bench.study import Study
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)

SCORES = {
    "lda": around(0.9, 0.01),
    "qda": around(0.85, 0.01, fold_sd=0.03),
    "random_forest": around(0.902, 0.01, fold_sd=0.04),
}


def compared(
    study: Study,
    scores: pl.DataFrame,
    folds: pl.DataFrame,
    tables: pl.DataFrame | None = None,
) -> Comparisons:
    found = comparisons(study, tables_of() if tables is None else tables, folds, scores)
    for name, frame in found.frames.items():
        frames.checked(frame, COMPARISONS[name], name)
    return found


def rows(found: Comparisons, table: str) -> list[dict[str, object]]:
    return found.frames[table].rows(named=True)


def test_interval_by_hand(tmp_path: Path) -> None:
    frame = compared(a_study(tmp_path), scores_of_arrays(SCORES), folds_of())
    assert [row["family"] for row in rows(frame, "estimates")] == list(SCORES)
    row = rows(frame, "estimates")[0]
    values = SCORES["lda"].ravel()
    half = t.ppf(0.975, 99) * values.std(ddof=1) * np.sqrt(1 / 100 + 10 / 90)
    assert (row["mean"], row["low"], row["high"]) == pytest.approx(
        (0.9, 0.9 - half, 0.9 + half)
    )


def test_pairs_by_hand(tmp_path: Path) -> None:
    frame = compared(
        a_study(tmp_path, more="compare: {rope: 0.02}"),
        scores_of_arrays(SCORES),
        folds_of(),
    )
    pairs = rows(frame, "pairs")
    assert [(row["family"], row["against"]) for row in pairs] == [
        ("lda", "qda"), ("lda", "random_forest"), ("qda", "random_forest")
    ]  # fmt: skip
    a, b = SCORES["lda"].ravel(), SCORES["random_forest"].ravel()
    test = corrected_t(a, b, test_train_ratio=10 / 90)
    chances = correlated_t(a, b, test_train_ratio=10 / 90, rope=0.02)
    row = pairs[1]
    assert (row["difference"], row["low"], row["high"], row["p"]) == pytest.approx(
        (test.difference, test.low, test.high, test.p_value)
    )
    assert (row["p_less"], row["p_rope"], row["p_greater"]) == pytest.approx(
        (chances.p_less, chances.p_rope, chances.p_greater)
    )
    adjusted = holm(np.array([one["p"] for one in pairs], dtype=float))
    assert [one["p_adjusted"] for one in pairs] == pytest.approx(list(adjusted))


@pytest.mark.parametrize(("resampling", "pooled"), [(LOO, True), (FIXED, False)])
def test_without_an_error_rate_the_estimate_stands_alone(
    tmp_path: Path, resampling: str, pooled: bool
) -> None:
    scores = scores_of_arrays({"lda": 0.9, "qda": 0.8}, pooled=pooled)
    folds = folds_of(1, 50, 49, 1) if pooled else folds_of(1, 1)
    frame = compared(a_study(tmp_path, resampling=resampling), scores, folds)
    for row in rows(frame, "estimates"):
        assert row["mean"] is not None
        assert row["low"] is row["high"] is None
    (row,) = rows(frame, "pairs")
    assert row["difference"] == pytest.approx(0.1)
    assert row["p"] is row["p_adjusted"] is row["p_rope"] is row["low"] is None


def test_draws_of_a_simulation_are_independent(tmp_path: Path) -> None:
    """10 repeats are 5 draws of 2: the interval is the plain t of the 5 draw means."""
    scores = SCORES | {
        "qda": SCORES["qda"] + np.linspace(-0.02, 0.02, 10)[:, np.newaxis] ** 2
    }
    frame = compared(
        a_study(tmp_path), scores_of_arrays(scores), folds_of(), tables_of(draws=5)
    )
    means = scores["qda"].mean(axis=1).reshape(5, 2).mean(axis=1)
    row = rows(frame, "estimates")[1]
    assert row["high"] == pytest.approx(
        means.mean() + t.ppf(0.975, 4) * means.std(ddof=1) / np.sqrt(5)
    )
    other = SCORES["lda"].mean(axis=1).reshape(5, 2).mean(axis=1)
    assert rows(frame, "pairs")[0]["p"] == pytest.approx(
        corrected_t(other, means, test_train_ratio=0).p_value
    )


def test_nothing_to_compare(tmp_path: Path) -> None:
    frame = compared(
        a_study(tmp_path), frames.empty(frames.SCORES), frames.empty(frames.FOLDS)
    )
    assert all(table.is_empty() for table in frame.frames.values())


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    study, scores = a_study(tmp_path), scores_of_arrays(SCORES)
    one = compared(study, scores, folds_of())
    other = compared(study, scores.sample(fraction=1, shuffle=True, seed=1), folds_of())
    assert all(table.equals(other.frames[name]) for name, table in one.frames.items())


def test_each_row_class_has_the_columns_of_its_table() -> None:
    classes = {
        "estimates": EstimateRow,
        "pairs": PairRow,
        "pairs_over_datasets": OverDatasetsRow,
        "ranks": RankRow,
        "omnibus": OmnibusRow,
    }
    assert {
        name: {field.name for field in fields(one)} for name, one in classes.items()
    } == {name: set(schema) for name, schema in COMPARISONS.items()}
