"""Metrics of how scores rank rows, whatever their unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.core.metrics.metric import Metric, MetricValue, Oracle, Predicted


def _one_vs_rest(
    q: Predicted, rank: Callable[[np.ndarray, np.ndarray], float]
) -> MetricValue:
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


def roc_auc(q: Predicted) -> MetricValue:
    """Area under the ROC curve; for more than two classes the mean of one-vs-rest areas."""
    return _one_vs_rest(q, _area)


def pr_auc(q: Predicted) -> MetricValue:
    """Average precision; for more than two classes the mean of one-vs-rest values."""
    return _one_vs_rest(q, _average_precision)


_metric = partial(
    Metric,
    task="classification",
    needs="score",
    higher_is_better=True,
    low=0,
    high=1,
    compares_rows=True,
)

ROC_AUC = _metric(
    name="roc_auc",
    title="ROC AUC",
    short="AUC",
    function=roc_auc,
    source="Fawcett (2006)",
    oracle=Oracle("sklearn.metrics.roc_auc_score"),
)
PR_AUC = _metric(
    name="pr_auc",
    title="Average precision",
    short="AP",
    function=pr_auc,
    source="Davis & Goadrich (2006)",
    oracle=Oracle("sklearn.metrics.average_precision_score"),
)
