"""Precision, recall and F1: of the positive class, and their means over classes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.core.metrics._confusion import confusion
from bench.core.metrics.metric import Metric, MetricValue, Oracle, Predicted


def _class_rates(q: Predicted, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall or F1 a class (0 where the denominator is), the classes' counts, and which classes occur."""
    counts = confusion(q)
    right, truth, label = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    below = {"precision": label, "recall": truth, "f1": (truth + label) / 2}[kind]
    return (
        np.divide(right, below, out=np.zeros(q.k), where=below > 0),
        truth,
        (truth + label) > 0,
    )


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


def _metric(
    function: Callable[[Predicted], MetricValue],
    title: str,
    short: str,
    per_row: bool = False,
) -> Metric:
    """The metric of one of the functions above, whose name is `kind_averaging`."""
    name = function.__name__
    kind, _, averaging = name.partition("_")
    binary = averaging == "binary"
    return Metric(
        name=name,
        title=f"{title} ({'positive' if binary else averaging})",
        short=short,
        task="classification",
        higher_is_better=True,
        low=0,
        high=1,
        needs="label",
        function=function,
        source="Sokolova & Lapalme (2009); absent denominators count 0, as in scikit-learn"
        + (
            "; not defined on rows without a positive, where scikit-learn gives 0"
            if binary
            else ""
        ),
        oracle=Oracle(
            f"sklearn.metrics.{kind}_score", {"zero_division": 0, "average": averaging}
        ),
        per_row=per_row,
        needs_positive=binary,
        over_classes=f"{kind}_macro" if binary else None,
    )


PRECISION_BINARY = _metric(precision_binary, "Precision", "Pre")
PRECISION_MACRO = _metric(precision_macro, "Precision", "PreM")
PRECISION_WEIGHTED = _metric(precision_weighted, "Precision", "PreW")
RECALL_BINARY = _metric(recall_binary, "Recall", "Rec")
RECALL_MACRO = _metric(recall_macro, "Recall", "RecM")
RECALL_WEIGHTED = _metric(recall_weighted, "Recall", "RecW", per_row=True)
F1_BINARY = _metric(f1_binary, "F1", "F1")
F1_MACRO = _metric(f1_macro, "F1", "F1M")
F1_WEIGHTED = _metric(f1_weighted, "F1", "F1W")
