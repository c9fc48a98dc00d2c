"""Precision, recall and F1: of the positive class, and their means over classes."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.core.metrics._confusion import confusion
from bench.core.metrics.metric import Metric, MetricValue, Oracle, Predicted


def _class_rates(q: Predicted, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall or F1 a class (0 where the denominator is), the classes' counts, and which classes occur."""
    counts = confusion(q)
    right, truth, label = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    below = {"precision": label, "recall": truth, "f1": (truth + label) / 2}[kind]
    return np.divide(right, below, out=np.zeros(q.k), where=below > 0), truth, (truth + label) > 0


def _binary(q: Predicted, kind: str) -> MetricValue:
    """Of the positive class; None when no row of the truth is positive, or no class is declared positive."""
    code = q.positive_code
    if code is None:
        return None
    rates, truth, _ = _class_rates(q, kind)
    return float(rates[code]) if truth[code] else None


def _macro(q: Predicted, kind: str) -> MetricValue:
    """Mean over the classes that occur in truth or labels."""
    if not len(q.truth):
        return None
    rates, _, present = _class_rates(q, kind)
    return float(rates[present].mean())


def _weighted(q: Predicted, kind: str) -> MetricValue:
    """Mean over classes, weighted by their rows in the truth."""
    if not len(q.truth):
        return None
    rates, truth, _ = _class_rates(q, kind)
    return float((rates * truth).sum() / truth.sum())


def precision_binary(q: Predicted) -> MetricValue:
    return _binary(q, "precision")


def precision_macro(q: Predicted) -> MetricValue:
    return _macro(q, "precision")


def precision_weighted(q: Predicted) -> MetricValue:
    return _weighted(q, "precision")


def recall_binary(q: Predicted) -> MetricValue:
    return _binary(q, "recall")


def recall_macro(q: Predicted) -> MetricValue:
    return _macro(q, "recall")


def recall_weighted(q: Predicted) -> MetricValue:
    return _weighted(q, "recall")


def f1_binary(q: Predicted) -> MetricValue:
    return _binary(q, "f1")


def f1_macro(q: Predicted) -> MetricValue:
    return _macro(q, "f1")


def f1_weighted(q: Predicted) -> MetricValue:
    return _weighted(q, "f1")


_metric = partial(
    Metric,
    task="classification",
    needs="label",
    higher_is_better=True,
    low=0,
    high=1,
    source="Sokolova & Lapalme (2009); absent denominators count 0, as in scikit-learn",
)

PRECISION_BINARY = _metric(
    name="precision_binary",
    title="Precision (positive)",
    short="Pre",
    function=precision_binary,
    oracle=Oracle("sklearn.metrics.precision_score", {"zero_division": 0}),
    needs_positive=True,
    over_classes="precision_macro",
)
PRECISION_MACRO = _metric(
    name="precision_macro",
    title="Precision (macro)",
    short="PreM",
    function=precision_macro,
    oracle=Oracle("sklearn.metrics.precision_score", {"zero_division": 0, "average": "macro"}),
)
PRECISION_WEIGHTED = _metric(
    name="precision_weighted",
    title="Precision (weighted)",
    short="PreW",
    function=precision_weighted,
    oracle=Oracle("sklearn.metrics.precision_score", {"zero_division": 0, "average": "weighted"}),
)
RECALL_BINARY = _metric(
    name="recall_binary",
    title="Recall (positive)",
    short="Rec",
    function=recall_binary,
    oracle=Oracle("sklearn.metrics.recall_score", {"zero_division": 0}),
    needs_positive=True,
    over_classes="recall_macro",
)
RECALL_MACRO = _metric(
    name="recall_macro",
    title="Recall (macro)",
    short="RecM",
    function=recall_macro,
    oracle=Oracle("sklearn.metrics.recall_score", {"zero_division": 0, "average": "macro"}),
)
RECALL_WEIGHTED = _metric(
    name="recall_weighted",
    title="Recall (weighted)",
    short="RecW",
    function=recall_weighted,
    oracle=Oracle("sklearn.metrics.recall_score", {"zero_division": 0, "average": "weighted"}),
    per_row=True,
)
F1_BINARY = _metric(
    name="f1_binary",
    title="F1 (positive)",
    short="F1",
    function=f1_binary,
    oracle=Oracle("sklearn.metrics.f1_score", {"zero_division": 0}),
    needs_positive=True,
    over_classes="f1_macro",
)
F1_MACRO = _metric(
    name="f1_macro",
    title="F1 (macro)",
    short="F1M",
    function=f1_macro,
    oracle=Oracle("sklearn.metrics.f1_score", {"zero_division": 0, "average": "macro"}),
)
F1_WEIGHTED = _metric(
    name="f1_weighted",
    title="F1 (weighted)",
    short="F1W",
    function=f1_weighted,
    oracle=Oracle("sklearn.metrics.f1_score", {"zero_division": 0, "average": "weighted"}),
)
