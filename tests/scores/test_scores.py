"""Scores from predictions: every fold, side and metric; pooled and averaged; tables of scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as sk

from bench.core import frames
from bench.core.errors import BenchError
from bench.scores.compute import scores_of
from bench.scores.series import series_of
from tests.helpers.judge_cases import FIXED, LOO, a_study, tables_of
from tests.helpers.sparse import sparse

CLASSES = ("b", "a", "c")  # not in alphabetical order: codes must follow the table
NO_TUNING = frames.empty(frames.TUNING)


def predictions(
    repeats: int = 2,
    folds: int = 3,
    n: int = 40,
    *,
    family: str = "lda",
    kind: str = "p",
    dataset: str = "toy",
) -> pl.DataFrame:
    """Random predictions of three classes; `kind`: p, decision or neither."""
    generator, parts = np.random.default_rng(5), []
    for repeat in range(repeats):
        for fold in range(folds):
            for side in ("train", "test"):
                p = generator.dirichlet(np.ones(3), n)
                truth = generator.integers(0, 3, n)
                names = np.array(CLASSES, dtype=object)
                columns: dict[str, Any] = {
                    "dataset": [dataset] * n, "family": [family] * n, "variant": ["plain"] * n, "repeat": [repeat] * n,
                    "fold": [fold] * n, "side": [side] * n, "row": generator.permutation(n), "truth": names[truth],
                    "label": names[p.argmax(axis=1)], "p": p.tolist() if kind == "p" else [None] * n,
                    "decision": np.log(p).tolist() if kind == "decision" else [None] * n,
                }  # fmt: skip
                parts.append(
                    pl.DataFrame(columns, schema=frames.CLASSIFICATION, strict=False)
                )
    return pl.concat(parts)


def oracle(name: str, part: pl.DataFrame) -> float:
    codes = {name: code for code, name in enumerate(CLASSES)}
    truth = np.array([codes[t] for t in part["truth"]])
    label = np.array([codes[t] for t in part["label"]])
    p = np.array(part["p"].to_list())
    return {
        "accuracy": lambda: sk.accuracy_score(truth, label),
        "f1_macro": lambda: sk.f1_score(truth, label, average="macro"),
        "roc_auc": lambda: sk.roc_auc_score(truth, p, multi_class="ovr"),
        "log_loss": lambda: sk.log_loss(truth, p, labels=[0, 1, 2]),
    }[name]()


METRICS = "[f1_macro, roc_auc, log_loss]"


def test_each_fold_and_side_equals_scikit_learn(tmp_path: Path) -> None:
    frame = predictions()
    scores = scores_of(
        a_study(tmp_path, also=METRICS), tables_of(classes=CLASSES), frame, NO_TUNING
    )
    frames.checked(scores, frames.SCORES)
    assert len(scores) == 2 * 3 * 2 * 4
    for row in scores.iter_rows(named=True):
        part = frame.filter(
            (pl.col("repeat") == row["repeat"])
            & (pl.col("fold") == row["fold"])
            & (pl.col("side") == row["side"])
        )
        assert row["value"] == pytest.approx(oracle(row["metric"], part), rel=1e-11)


def test_pooled_over_the_folds_of_a_repeat(tmp_path: Path) -> None:
    frame = predictions()
    study = a_study(tmp_path, also="[f1_macro], aggregation: {f1_macro: pooled}")
    scores = scores_of(study, tables_of(classes=CLASSES), frame, NO_TUNING)
    pooled = scores.filter(pl.col("metric") == "f1_macro")
    assert pooled["fold"].null_count() == len(pooled) == 4
    for row in pooled.iter_rows(named=True):
        part = frame.filter(
            (pl.col("repeat") == row["repeat"]) & (pl.col("side") == row["side"])
        )
        assert row["value"] == pytest.approx(oracle("f1_macro", part), rel=1e-11)
    assert scores.filter(pl.col("metric") == "accuracy")["fold"].null_count() == 0


def test_leave_one_out_is_pooled_and_has_no_area(tmp_path: Path) -> None:
    study = a_study(tmp_path, also=METRICS, resampling=LOO)
    scores = scores_of(
        study, tables_of(classes=CLASSES), predictions(1, 8, 5), NO_TUNING
    )
    assert set(scores["metric"]) == {"accuracy", "f1_macro", "log_loss"}
    assert scores["fold"].null_count() == len(scores) == 6


SINGLE = [
    "{kind: given_folds, column: fold}", "{kind: time_ordered, folds: 20}", "{kind: group_kfold, folds: 20}", LOO
]  # fmt: skip


@pytest.mark.parametrize("resampling", SINGLE)
def test_test_sets_of_one_row_are_pooled(resampling: str, tmp_path: Path) -> None:
    """By scikit-learn over all rows: of a single row, F1 is 0 or 1 and kappa is undefined."""
    study = a_study(tmp_path, also="[f1_macro, kappa, roc_auc]", resampling=resampling)
    one = predictions(1, 20, 1)
    scores = scores_of(study, tables_of(classes=CLASSES), one, NO_TUNING)
    tested = one.filter(pl.col("side") == "test")
    (truth, label), names = (
        (tested[column].to_list() for column in ("truth", "label")),
        scores.filter(side="test"),
    )
    assert names.select("metric", "fold").rows() == [
        ("accuracy", None),
        ("f1_macro", None),
        ("kappa", None),
    ]
    assert names["value"].to_list() == pytest.approx([
        sk.accuracy_score(truth, label),
        sk.f1_score(truth, label, average="macro"),
        sk.cohen_kappa_score(truth, label),
    ])  # fmt: skip


@pytest.mark.parametrize(("singles", "pooled"), [(18, True), (2, True), (1, False)])
def test_a_few_test_sets_of_two_rows_beside_those_of_one_are_pooled_too(
    singles: int, pooled: bool, tmp_path: Path
) -> None:
    """Two pairs beside two single rows are; beside one they are not."""
    place = pl.min_horizontal(
        pl.col("fold"),
        pl.max_horizontal(singles, singles + (pl.col("fold") - singles) // 2),
    )
    frame = predictions(1, singles + 4, 1).with_columns(
        place.cast(pl.Int64).alias("fold")
    )
    study = a_study(
        tmp_path, also="[mcc, roc_auc]", resampling="{kind: group_kfold, folds: 5}"
    )
    scores = scores_of(study, tables_of(classes=CLASSES), frame, NO_TUNING).filter(
        side="test"
    )
    tested = frame.filter(pl.col("side") == "test")
    found = scores.filter(metric="mcc")
    assert found.height == (1 if pooled else singles + 2)
    assert (scores.filter(metric="roc_auc").height == 0) == pooled
    if pooled:
        assert found["value"].item() == pytest.approx(
            sk.matthews_corrcoef(tested["truth"], tested["label"])
        )


def test_a_failed_fold_of_one_row_is_pooled_with_its_stand_in(tmp_path: Path) -> None:
    study = a_study(tmp_path, also="[f1_macro]", resampling=SINGLE[0])
    lost = pl.col("fold") == 3
    frame = predictions(1, 20, 1).with_columns(
        pl.when(lost).then(pl.lit("fallback")).otherwise("variant").alias("variant")
    )
    scores = scores_of(study, tables_of(classes=CLASSES), frame, NO_TUNING).filter(
        side="test"
    )
    assert scores.select("variant", "fold").unique().rows() == [("fallback", None)]


def test_one_row_of_one_split_stays_its_fold(tmp_path: Path) -> None:
    frame = predictions(3, 1, 1)
    scores = scores_of(
        a_study(tmp_path, resampling=FIXED),
        tables_of(classes=CLASSES),
        frame,
        NO_TUNING,
    )
    assert scores["fold"].null_count() == 0


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    frame, study = predictions(), a_study(tmp_path, also=METRICS)
    one = scores_of(study, tables_of(classes=CLASSES), frame, NO_TUNING)
    two = scores_of(
        study,
        tables_of(classes=CLASSES),
        frame.sample(fraction=1, shuffle=True, seed=3),
        NO_TUNING,
    )
    assert one.equals(two)


def test_families_without_probabilities(tmp_path: Path) -> None:
    frame = pl.concat(
        [
            predictions(family="lda", kind="decision"),
            predictions(family="qda", kind="neither"),
            predictions(family="baseline"),
        ]
    )
    scores = scores_of(
        a_study(tmp_path, also=METRICS), tables_of(classes=CLASSES), frame, NO_TUNING
    )
    missing = {
        (row["family"], row["metric"])
        for row in scores.filter(pl.col("value").is_null()).iter_rows(named=True)
    }
    assert missing == {("lda", "log_loss"), ("qda", "log_loss"), ("qda", "roc_auc")}


def test_an_undefined_score_is_null(tmp_path: Path) -> None:
    frame = predictions(1, 2, 4).with_columns(truth=pl.lit("a"))
    scores = scores_of(
        a_study(tmp_path, also="[roc_auc]"),
        tables_of(classes=CLASSES),
        frame,
        NO_TUNING,
    )
    assert scores.filter(pl.col("metric") == "roc_auc")["value"].null_count() == 4
    assert not scores["value"].is_nan().any()
    series = series_of(scores)["toy", "lda", "roc_auc"]
    assert series.mean is None
    assert len(series.defined) == 0


def test_a_class_that_the_table_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="hold a class"):
        scores_of(
            a_study(tmp_path), tables_of(classes=("a", "b")), predictions(), NO_TUNING
        )


def test_regression(tmp_path: Path) -> None:
    generator, n = np.random.default_rng(0), 30
    truth = generator.normal(size=n)
    frame = pl.DataFrame(
        {"dataset": ["toy"] * n, "family": ["ridge"] * n, "variant": ["plain"] * n, "repeat": [0] * n, "fold": [0] * n,
         "side": ["test"] * n, "row": range(n), "truth": truth, "value": truth * 0.5},
        schema=frames.REGRESSION, strict=False,
    )  # fmt: skip
    study = a_study(
        tmp_path, task="regression", families="{ridge: {}}", primary="rmse", also="[r2]"
    )
    scores = scores_of(study, tables_of(classes=()), frame, NO_TUNING)
    values = dict(scores.select("metric", "value").iter_rows())
    assert values["rmse"] == pytest.approx(
        sk.root_mean_squared_error(truth, truth * 0.5)
    )
    assert values["r2"] == pytest.approx(sk.r2_score(truth, truth * 0.5))


def test_the_inner_side_is_the_chosen_candidates_mean(tmp_path: Path) -> None:
    rows = [
        {"dataset": "toy", "family": "lda", "variant": "plain", "repeat": 0, "fold": 0, "candidate": candidate,
         "parameters": "{}", "inner_fold": inner, "metric": "accuracy", "value": value, "chosen": candidate == 1}
        for candidate, values in enumerate(((0.5, 0.6), (0.7, 0.8)))
        for inner, value in enumerate(values)
    ]  # fmt: skip
    tuning = sparse(rows, frames.TUNING)
    scores = scores_of(
        a_study(tmp_path), tables_of(classes=CLASSES), predictions(1, 1), tuning
    )
    inner = scores.filter(pl.col("side") == "inner")
    assert inner.select("metric", "value").rows() == [("accuracy", 0.75)]
