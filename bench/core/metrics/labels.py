"""Metrics of predicted labels as a whole."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.core.metrics._confusion import confusion
from bench.core.metrics.metric import Metric, MetricValue, Oracle, Predicted


def accuracy(q: Predicted) -> MetricValue:
    """Share of rows whose label is right."""
    return float(np.mean(q.truth == q.label)) if len(q.truth) else None


def error_rate(q: Predicted) -> MetricValue:
    """Share of rows whose label is wrong."""
    return float(np.mean(q.truth != q.label)) if len(q.truth) else None


def balanced_accuracy(q: Predicted) -> MetricValue:
    """Mean recall over the classes that occur in the truth."""
    if not len(q.truth):
        return None
    counts = confusion(q)
    rows = counts.sum(axis=1)
    return float(np.mean(np.diag(counts)[rows > 0] / rows[rows > 0]))


def mcc(q: Predicted) -> MetricValue:
    """Matthews' correlation coefficient (Gorodkin 2004 for more classes); 0 where truth or labels are constant."""
    if not len(q.truth):
        return None
    counts = confusion(q).astype(float)
    truth, label, n = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    below = np.sqrt((n**2 - truth @ truth) * (n**2 - label @ label))
    return float((np.trace(counts) * n - truth @ label) / below) if below > 0 else 0.0


def kappa(q: Predicted) -> MetricValue:
    """Cohen's kappa; None when truth and labels are one and the same class throughout."""
    if not len(q.truth):
        return None
    counts = confusion(q).astype(float)
    n = counts.sum()
    chance = counts.sum(axis=1) @ counts.sum(axis=0) / n**2
    return float((np.trace(counts) / n - chance) / (1 - chance)) if chance < 1 else None


_metric = partial(Metric, task="classification", needs="label", high=1)

ACCURACY = _metric(
    name="accuracy",
    title="Accuracy",
    short="Acc",
    higher_is_better=True,
    low=0,
    per_row=True,
    function=accuracy,
    source="share of right labels",
    oracle=Oracle("sklearn.metrics.accuracy_score"),
    complement="error_rate",
)
ERROR_RATE = _metric(
    name="error_rate",
    title="Error rate",
    short="Err",
    higher_is_better=False,
    low=0,
    per_row=True,
    function=error_rate,
    source="1 - accuracy",
    oracle=Oracle("sklearn.metrics.zero_one_loss"),
    complement="accuracy",
)
BALANCED_ACCURACY = _metric(
    name="balanced_accuracy",
    title="Balanced accuracy",
    short="BAcc",
    higher_is_better=True,
    low=0,
    function=balanced_accuracy,
    source="Brodersen et al. (2010)",
    oracle=Oracle("sklearn.metrics.balanced_accuracy_score"),
)
MCC = _metric(
    name="mcc",
    title="Matthews correlation",
    short="MCC",
    higher_is_better=True,
    low=-1,
    function=mcc,
    source="Gorodkin (2004)",
    oracle=Oracle("sklearn.metrics.matthews_corrcoef"),
)
KAPPA = _metric(
    name="kappa",
    title="Cohen's kappa",
    short="Kappa",
    higher_is_better=True,
    low=-1,
    function=kappa,
    source="Cohen (1960)",
    oracle=Oracle("sklearn.metrics.cohen_kappa_score"),
)
