"""Names by which others know a metric, a family or a column; a mistake that uses one is answered with ours.

They stand apart from metrics and families: a change of `Family` would have every stored cell fitted anew.
"""

from __future__ import annotations

from collections.abc import Mapping

#: By our name, those of scikit-learn and of papers, as `bench.core.errors.plain_word` writes them.
_NAMES = {
    # columns
    "family": "model algorithm classifier",
    # metrics
    "accuracy": "accuracy_score",
    "error_rate": "zero_one_loss misclassification_rate",
    "balanced_accuracy": "balanced_accuracy_score",
    "mcc": "matthews_corrcoef",
    "kappa": "cohen_kappa_score",
    "mse": "mean_squared_error neg_mean_squared_error",
    "rmse": "root_mean_squared_error neg_root_mean_squared_error",
    "mae": "mean_absolute_error neg_mean_absolute_error",
    "median_ae": "median_absolute_error neg_median_absolute_error",
    "r2": "r2_score",
    "log_loss": "neg_log_loss cross_entropy logloss",
    "brier": "brier_score_loss neg_brier_score",
    "ece": "expected_calibration_error",
    "roc_auc": "roc_auc_score auroc",
    "pr_auc": "average_precision average_precision_score auprc",
    "recall_binary": "sensitivity true_positive_rate",
    # families
    "baseline": "dummy dummyclassifier dummyregressor",
    "naive_bayes": "gaussian_nb gaussiannb",
    "xgboost": "xgb xgbclassifier xgbregressor",
    "lda": "linear_discriminant_analysis lineardiscriminantanalysis",
    "qda": "quadratic_discriminant_analysis quadraticdiscriminantanalysis",
    "random_forest": "random_forest_classifier random_forest_regressor"
    " randomforestclassifier randomforestregressor",
    "svm": "svc svr",
    "svm_linear": "linear_svc linearsvc linear_svr linearsvr",
    "logistic_regression": "logreg logit",
    "linear_regression": "ols least_squares",
    "knn": "k_neighbors kneighborsclassifier kneighborsregressor",
    "shrunken_centroids": "nearest_centroid nearestcentroid",
    "decision_tree": "cart decisiontreeclassifier decisiontreeregressor",
}
#: Our name by that of others.
OURS: Mapping[str, str] = {
    theirs: ours for ours, names in _NAMES.items() for theirs in names.split()
}
