"""Every metric: one file a group, one function and one constant a metric; found by themselves.

A function takes `Predicted` and answers a float, or None where the metric is undefined (AUC of a fold with one class,
R² of one row, a probability score of a family that gives none); never NaN. The formulas are those of scikit-learn,
written in numpy because thousands of small folds are scored; the tests hold each against its `oracle`.
"""

from __future__ import annotations

from bench.core.metrics.metric import Example, Metric, MetricValue, Oracle, Predicted
from bench.core.registry import Registry

METRICS = Registry("bench.core.metrics", Metric, "metric", group="bench.metrics")
#: What is tuned on where a study names no metric.
TUNING_METRIC = {"classification": "accuracy", "regression": "rmse"}


def complement_of(name: str | None) -> str | None:
    """The metric that is 1 - this one; None where there is none, or nobody knows the name."""
    metric = METRICS.get(name)
    return None if metric is None else metric.complement


__all__ = [
    "METRICS",
    "TUNING_METRIC",
    "Example",
    "Metric",
    "MetricValue",
    "Oracle",
    "Predicted",
    "complement_of",
]
