"""The predictions and scores of a run once more, by plain scikit-learn alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from sklearn.compose import ColumnTransformer
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    root_mean_squared_error,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

CLASSES: dict[str, Callable[[], Any]] = {
    "lda": LinearDiscriminantAnalysis,
    "knn": lambda: KNeighborsClassifier(n_neighbors=3),
    "bayes": GaussianNB,
}
NUMBERS: dict[str, Callable[[], Any]] = {
    "ridge": lambda: Ridge(alpha=1.0),
    "knn": lambda: KNeighborsRegressor(n_neighbors=3),
}


def again(table: pl.DataFrame, family: str, part: pl.DataFrame) -> None:
    """Fit one fold anew from its test rows, and compare the predictions of these rows."""
    numeric = [name for name in table.columns if name.startswith("x")]
    words = [name for name in table.columns if name == "c"]
    cases = pd.DataFrame({name: table[name].to_numpy() for name in (*numeric, *words)})
    test = part["row"].to_numpy()
    train = _training(table.height, part)
    columns = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
                numeric,
            ),
            (
                "words",
                OneHotEncoder(handle_unknown="ignore", sparse_output=False),
                words,
            ),
        ]
    )
    regression = "value" in part.columns
    target = table["y"].to_numpy()
    model = make_pipeline(columns, (NUMBERS if regression else CLASSES)[family]()).fit(
        cases.iloc[train], target[train]
    )
    made = model.predict(cases.iloc[test])
    if regression:
        assert np.allclose(part["value"].to_numpy(), made, rtol=1e-9, atol=1e-9), family
        return
    p = model.predict_proba(cases.iloc[test])
    top = np.sort(p, axis=1)
    sure = (
        top[:, -1] - top[:, -2] > 1e-9
    )  # of two equally probable classes either may be named
    assert (part["label"].to_numpy()[sure] == made[sure]).all(), family


def _training(n: int, part: pl.DataFrame) -> np.ndarray:
    test = part["row"].to_numpy()
    if part["row"].len() == n - n // 2 and test.min() == n // 2:  # the fixed split
        return np.arange(n // 2)
    return np.setdiff1d(np.arange(n), test)


def scores_again(scores: pl.DataFrame, predictions: pl.DataFrame) -> None:
    """Every score of every fold from its predictions."""
    known = scores.filter(
        pl.col("variant") == "plain",
        pl.col("side") == "test",
        pl.col("fold").is_not_null(),
    )
    compared = 0
    for (family, repeat, fold), part in predictions.group_by(
        "family", "repeat", "fold"
    ):
        for row in known.filter(family=family, repeat=repeat, fold=fold).iter_rows(
            named=True
        ):
            expected = _score(row["metric"], part, predictions)
            if expected is not None and row["value"] is not None:
                assert np.isclose(row["value"], expected, rtol=1e-9, atol=1e-11), (
                    family,
                    row["metric"],
                )
                compared += 1
    assert compared or known.is_empty()


def _score(metric: str, part: pl.DataFrame, whole: pl.DataFrame) -> float | None:
    truth = part["truth"].to_numpy()
    if "value" in part.columns:
        function = {"rmse": root_mean_squared_error, "mae": mean_absolute_error}[metric]
        return float(function(truth, part["value"].to_numpy()))
    said = part["label"].to_numpy()
    if metric == "log_loss":
        classes = sorted(whole["truth"].unique().to_list())
        p = np.array(part["p"].to_list(), dtype=float)
        return (
            float(log_loss(truth, p, labels=classes))
            if p.shape[1] == len(classes)
            else None
        )
    plain = {
        "accuracy": accuracy_score,
        "balanced_accuracy": balanced_accuracy_score,
        "kappa": cohen_kappa_score,
    }
    return float(
        f1_score(truth, said, average="macro", zero_division=0)
        if metric == "f1_macro"
        else plain[metric](truth, said)
    )
