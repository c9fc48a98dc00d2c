"""An unknown word is answered with the known one that is meant."""

from __future__ import annotations

import pytest

from bench.core.errors import meant, suggested
from bench.core.metrics import METRICS
from bench.core.other_names import OURS
from bench.families import FAMILIES

ELSEWHERE = {
    "average_precision": "pr_auc", "neg_log_loss": "log_loss", "cross_entropy": "log_loss",
    "brier_score_loss": "brier", "matthews_corrcoef": "mcc", "cohen_kappa_score": "kappa",
    "root_mean_squared_error": "rmse", "mean_absolute_error": "mae", "R2 score": "r2",
    "logreg": "logistic_regression", "RandomForestClassifier": "random_forest",
    "k_neighbors": "knn", "gaussian_nb": "naive_bayes", "SVC": "svm", "LinearSVC": "svm_linear",
}  # fmt: skip


@pytest.mark.parametrize("theirs", ELSEWHERE)
def test_a_name_of_others_is_answered_with_ours(theirs: str) -> None:
    assert meant(theirs, [*METRICS, *FAMILIES]) == [ELSEWHERE[theirs]]


def test_a_name_of_others_is_none_of_ours_and_ours_is_there() -> None:
    ours = {*METRICS, *FAMILIES, "family"}
    assert set(OURS.values()) <= ours
    assert ours.isdisjoint(OURS)


def test_a_name_of_others_that_does_not_fit_is_not_suggested() -> None:
    assert "pr_auc" not in suggested("average_precision", ["mae", "rmse"], "metrics")
