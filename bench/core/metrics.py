"""Every metric: one function and its row in `METRICS` (direction, range, what it needs, where it comes from).

A function takes `Predicted` and answers a float, or None where the metric is undefined (AUC of a fold with one class,
R² of one row, a probability score of a family that gives none); never NaN. The formulas are those of scikit-learn,
written in numpy because thousands of small folds are scored; the tests hold them against scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

#: Equal-width bins of the top-label confidence in `ece` (Guo et al. 2017).
ECE_BINS = 15


@dataclass(frozen=True, eq=False)
class Predicted:
    """n predictions of one family.

    truth (n,) class codes or numbers; label (n,) class codes; p (n, k); decision (n,) or (n, 1) of the second class
    when k is 2, else (n, k); value (n,) for regression; `positive` the code of the positive class, None: the second of
    two.
    """

    truth: np.ndarray
    label: np.ndarray | None = None
    p: np.ndarray | None = None
    decision: np.ndarray | None = None
    value: np.ndarray | None = None
    k: int = 0
    positive: int | None = None

    @property
    def positive_code(self) -> int | None:
        """The positive class: as declared, the second of two classes, None for more classes without a declared one."""
        return self.positive if self.positive is not None else 1 if self.k == 2 else None

    def scores(self) -> np.ndarray | None:
        """(n, k) scores of each class, higher means more likely, from p or the decision function; None without both."""
        if self.p is not None:
            return np.asarray(self.p, dtype=float)
        if self.decision is None:
            return None
        decision = np.asarray(self.decision, dtype=float).reshape(len(self.truth), -1)
        return np.hstack([-decision, decision]) if decision.shape[1] == 1 else decision


Answer = float | None


@dataclass(frozen=True)
class Metric:
    """One metric. `low`, `high` are the limits of its range (None: unbounded).

    `per_row`: it is a mean over rows, so that pooling rows and weighting folds by their rows give the same number.
    """

    name: str
    title: str
    short: str
    task: Literal["classification", "regression"]
    higher_is_better: bool
    low: float | None
    high: float | None
    needs: Literal["label", "score", "p", "value"]
    per_row: bool
    function: Callable[[Predicted], Answer]
    source: str

    @property
    def bounded(self) -> bool:
        """Whether both ends of the range are known, so that an absolute tolerance has a meaning."""
        return self.low is not None and self.high is not None

    @property
    def fraction(self) -> bool:
        """Whether papers print it as a share or in percent: its best or worst value is 1."""
        return self.high == 1.0


def _confusion(q: Predicted) -> np.ndarray:
    """(k, k) counts, rows truth, columns label."""
    assert q.label is not None
    cells = np.asarray(q.truth, dtype=np.int64) * q.k + np.asarray(q.label, dtype=np.int64)
    return np.bincount(cells, minlength=q.k * q.k).reshape(q.k, q.k)


def accuracy(q: Predicted) -> Answer:
    """Share of rows whose label is right."""
    return float(np.mean(q.truth == q.label)) if len(q.truth) else None


def error_rate(q: Predicted) -> Answer:
    """Share of rows whose label is wrong."""
    return float(np.mean(q.truth != q.label)) if len(q.truth) else None


def balanced_accuracy(q: Predicted) -> Answer:
    """Mean recall over the classes that occur in the truth."""
    if not len(q.truth):
        return None
    counts = _confusion(q)
    rows = counts.sum(axis=1)
    return float(np.mean(np.diag(counts)[rows > 0] / rows[rows > 0]))


def _class_rates(q: Predicted, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall or F1 a class (0 where the denominator is), the classes' counts, and which classes occur."""
    counts = _confusion(q)
    right, truth, label = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    below = {"precision": label, "recall": truth, "f1": (truth + label) / 2}[kind]
    return np.divide(right, below, out=np.zeros(q.k), where=below > 0), truth, (truth + label) > 0


def _binary(q: Predicted, kind: str) -> Answer:
    """Of the positive class; None when no row of the truth is positive, or no class is declared positive."""
    code = q.positive_code
    if code is None:
        return None
    rates, truth, _ = _class_rates(q, kind)
    return float(rates[code]) if truth[code] else None


def _macro(q: Predicted, kind: str) -> Answer:
    """Mean over the classes that occur in truth or labels."""
    if not len(q.truth):
        return None
    rates, _, present = _class_rates(q, kind)
    return float(rates[present].mean())


def _weighted(q: Predicted, kind: str) -> Answer:
    """Mean over classes, weighted by their rows in the truth."""
    if not len(q.truth):
        return None
    rates, truth, _ = _class_rates(q, kind)
    return float((rates * truth).sum() / truth.sum())


def _one_vs_rest(q: Predicted, rank: Callable[[np.ndarray, np.ndarray], float]) -> Answer:
    """Of the positive class for two classes, else the mean over all; None where a class or its rest is absent."""
    scores = q.scores()
    if scores is None:
        return None
    codes = [q.positive_code] if q.k == 2 else range(q.k)
    values = []
    for code in codes:
        hit = q.truth == code
        if hit.all() or not hit.any():
            return None
        values.append(rank(hit, scores[:, code]))
    return float(np.mean(values))


def _area(hit: np.ndarray, score: np.ndarray) -> float:
    """Mann-Whitney: the share of (hit, miss) pairs in the right order, ties count one half."""
    _, where, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    hits, misses = int(hit.sum()), int((~hit).sum())
    return float((ranks[hit].sum() - hits * (hits + 1) / 2) / (hits * misses))


def _average_precision(hit: np.ndarray, score: np.ndarray) -> float:
    """Sum over thresholds of (recall step) x precision; equal scores are one threshold."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    hits = np.cumsum(hit[order])[last]
    return float((np.diff(hits, prepend=0) / hits[-1] * hits / (last + 1)).sum())


def log_loss(q: Predicted) -> Answer:
    """Mean of -ln p(truth); probabilities are clipped to [2.2e-16, 1 - 2.2e-16]."""
    if q.p is None or not len(q.truth):
        return None
    eps = np.finfo(float).eps
    return float(-np.log(np.clip(q.p[np.arange(len(q.truth)), q.truth], eps, 1 - eps)).mean())


def brier(q: Predicted) -> Answer:
    """Mean squared error of probabilities.

    Two classes: mean (p_positive - y)^2, from 0 to 1. More: mean of the sum over classes of (p_c - 1{truth = c})^2,
    from 0 to 2 (Brier 1950), which for two classes would be twice the former.
    """
    if q.p is None or not len(q.truth):
        return None
    total = float(((q.p - np.eye(q.k)[q.truth]) ** 2).sum(axis=1).mean())
    return total / 2 if q.k == 2 else total


def ece(q: Predicted) -> Answer:
    """Expected calibration error of the top label: 15 equal-width bins of its probability.

    sum over bins of n_bin/n |accuracy - mean confidence| (Guo et al. 2017). It is above 0 for a perfectly calibrated
    family too, about .06 for 200 rows: read it beside `log_loss` and `brier`.
    """
    if q.p is None or not len(q.truth):
        return None
    confidence = q.p.max(axis=1)
    right = q.p.argmax(axis=1) == q.truth
    place = np.clip(np.ceil(confidence * ECE_BINS).astype(int) - 1, 0, ECE_BINS - 1)
    return float(np.abs(np.bincount(place, weights=right - confidence, minlength=ECE_BINS)).sum() / len(q.truth))


def mcc(q: Predicted) -> Answer:
    """Matthews' correlation coefficient (Gorodkin 2004 for more classes); 0 where truth or labels are constant."""
    if not len(q.truth):
        return None
    counts = _confusion(q).astype(float)
    truth, label, n = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    below = np.sqrt((n**2 - truth @ truth) * (n**2 - label @ label))
    return float((np.trace(counts) * n - truth @ label) / below) if below > 0 else 0.0


def kappa(q: Predicted) -> Answer:
    """Cohen's kappa; None when truth and labels are one and the same class throughout."""
    if not len(q.truth):
        return None
    counts = _confusion(q).astype(float)
    n = counts.sum()
    chance = counts.sum(axis=1) @ counts.sum(axis=0) / n**2
    return float((np.trace(counts) / n - chance) / (1 - chance)) if chance < 1 else None


def _residuals(q: Predicted) -> np.ndarray:
    assert q.value is not None
    return np.asarray(q.truth, dtype=float) - np.asarray(q.value, dtype=float)


def mse(q: Predicted) -> Answer:
    """Mean squared error, in the square of the target's unit."""
    return float(np.mean(_residuals(q) ** 2)) if len(q.truth) else None


def rmse(q: Predicted) -> Answer:
    """Root of the mean squared error, in the target's unit."""
    return float(np.sqrt(np.mean(_residuals(q) ** 2))) if len(q.truth) else None


def mae(q: Predicted) -> Answer:
    """Mean absolute error, in the target's unit."""
    return float(np.mean(np.abs(_residuals(q)))) if len(q.truth) else None


def median_ae(q: Predicted) -> Answer:
    """Median absolute error, in the target's unit."""
    return float(np.median(np.abs(_residuals(q)))) if len(q.truth) else None


def r2(q: Predicted) -> Answer:
    """1 - (sum of squared errors) / (sum of squares around the mean); None for a constant truth."""
    truth = np.asarray(q.truth, dtype=float)
    if len(truth) < 2 or np.ptp(truth) == 0:
        return None
    return float(1 - (_residuals(q) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())


def precision_binary(q: Predicted) -> Answer:
    return _binary(q, "precision")


def precision_macro(q: Predicted) -> Answer:
    return _macro(q, "precision")


def precision_weighted(q: Predicted) -> Answer:
    return _weighted(q, "precision")


def recall_binary(q: Predicted) -> Answer:
    return _binary(q, "recall")


def recall_macro(q: Predicted) -> Answer:
    return _macro(q, "recall")


def recall_weighted(q: Predicted) -> Answer:
    return _weighted(q, "recall")


def f1_binary(q: Predicted) -> Answer:
    return _binary(q, "f1")


def f1_macro(q: Predicted) -> Answer:
    return _macro(q, "f1")


def f1_weighted(q: Predicted) -> Answer:
    return _weighted(q, "f1")


def roc_auc(q: Predicted) -> Answer:
    """Area under the ROC curve; for more than two classes the mean of one-vs-rest areas."""
    return _one_vs_rest(q, _area)


def pr_auc(q: Predicted) -> Answer:
    """Average precision; for more than two classes the mean of one-vs-rest values."""
    return _one_vs_rest(q, _average_precision)


_C: Final = "classification"
_R: Final = "regression"
_RATES = "Sokolova & Lapalme (2009); absent denominators count 0, as in scikit-learn"
#: Metrics that compare the scores of different rows: pooled over models of different folds they mean nothing.
RANKING = ("roc_auc", "pr_auc")

# fmt: off
_ALL = (
    #      name, title, short, task, higher is better, range, needs, mean over rows, function, source
    Metric("accuracy", "Accuracy", "Acc", _C, True, 0, 1, "label", True, accuracy, "share of right labels"),
    Metric("error_rate", "Error rate", "Err", _C, False, 0, 1, "label", True, error_rate, "1 - accuracy"),
    Metric("balanced_accuracy", "Balanced accuracy", "BAcc", _C, True, 0, 1, "label", False, balanced_accuracy,
           "Brodersen et al. (2010)"),
    Metric("precision_binary", "Precision (positive)", "Pre", _C, True, 0, 1, "label", False, precision_binary, _RATES),
    Metric("precision_macro", "Precision (macro)", "PreM", _C, True, 0, 1, "label", False, precision_macro, _RATES),
    Metric("precision_weighted", "Precision (weighted)", "PreW", _C, True, 0, 1, "label", False, precision_weighted,
           _RATES),
    Metric("recall_binary", "Recall (positive)", "Rec", _C, True, 0, 1, "label", False, recall_binary, _RATES),
    Metric("recall_macro", "Recall (macro)", "RecM", _C, True, 0, 1, "label", False, recall_macro, _RATES),
    Metric("recall_weighted", "Recall (weighted)", "RecW", _C, True, 0, 1, "label", True, recall_weighted, _RATES),
    Metric("f1_binary", "F1 (positive)", "F1", _C, True, 0, 1, "label", False, f1_binary, _RATES),
    Metric("f1_macro", "F1 (macro)", "F1M", _C, True, 0, 1, "label", False, f1_macro, _RATES),
    Metric("f1_weighted", "F1 (weighted)", "F1W", _C, True, 0, 1, "label", False, f1_weighted, _RATES),
    Metric("roc_auc", "ROC AUC", "AUC", _C, True, 0, 1, "score", False, roc_auc, "Fawcett (2006)"),
    Metric("pr_auc", "Average precision", "AP", _C, True, 0, 1, "score", False, pr_auc, "Davis & Goadrich (2006)"),
    Metric("log_loss", "Log loss", "LogL", _C, False, 0, None, "p", True, log_loss, "Good (1952)"),
    Metric("brier", "Brier score", "Brier", _C, False, 0, 2, "p", True, brier, "Brier (1950)"),
    Metric("ece", "Calibration error", "ECE", _C, False, 0, 1, "p", False, ece, "Guo et al. (2017), 15 bins"),
    Metric("mcc", "Matthews correlation", "MCC", _C, True, -1, 1, "label", False, mcc, "Gorodkin (2004)"),
    Metric("kappa", "Cohen's kappa", "Kappa", _C, True, -1, 1, "label", False, kappa, "Cohen (1960)"),
    Metric("mse", "Mean squared error", "MSE", _R, False, 0, None, "value", True, mse, "mean of squared errors"),
    Metric("rmse", "Root mean squared error", "RMSE", _R, False, 0, None, "value", False, rmse, "root mean square"),
    Metric("mae", "Mean absolute error", "MAE", _R, False, 0, None, "value", True, mae, "mean of absolute errors"),
    Metric("median_ae", "Median absolute error", "MedAE", _R, False, 0, None, "value", False, median_ae, "median"),
    Metric("r2", "R²", "R²", _R, True, None, 1, "value", False, r2, "1 - residual / total sum of squares"),
)
# fmt: on
METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
#: Two names of one fact: each is 1 - the other, so how close is close is the same of both.
COMPLEMENT = {"accuracy": "error_rate", "error_rate": "accuracy"}
#: What is tuned on where a study names no metric.
TUNING_METRIC = {"classification": "accuracy", "regression": "rmse"}
