"""Metrics of predicted numbers."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.core.metrics.metric import Metric, MetricValue, Oracle, Predicted


def _residuals(q: Predicted) -> np.ndarray:
    assert q.value is not None
    residuals: np.ndarray = np.asarray(q.truth, dtype=float) - np.asarray(
        q.value, dtype=float
    )
    return residuals


def mse(q: Predicted) -> MetricValue:
    """Mean squared error, in the square of the target's unit."""
    return float(np.mean(_residuals(q) ** 2)) if len(q.truth) else None


def rmse(q: Predicted) -> MetricValue:
    """Root of the mean squared error, in the target's unit."""
    return float(np.sqrt(np.mean(_residuals(q) ** 2))) if len(q.truth) else None


def mae(q: Predicted) -> MetricValue:
    """Mean absolute error, in the target's unit."""
    return float(np.mean(np.abs(_residuals(q)))) if len(q.truth) else None


def median_ae(q: Predicted) -> MetricValue:
    """Median absolute error, in the target's unit."""
    return float(np.median(np.abs(_residuals(q)))) if len(q.truth) else None


def r2(q: Predicted) -> MetricValue:
    """1 - (sum of squared errors) / (sum of squares around the mean); None for a constant truth."""
    truth = np.asarray(q.truth, dtype=float)
    if len(truth) < 2 or np.ptp(truth) == 0:
        return None
    return float(1 - (_residuals(q) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())


_metric = partial(Metric, task="regression", needs="value")

MSE = _metric(
    name="mse",
    title="Mean squared error",
    short="MSE",
    higher_is_better=False,
    low=0,
    high=None,
    per_row=True,
    function=mse,
    source="mean of squared errors",
    oracle=Oracle("sklearn.metrics.mean_squared_error"),
)
RMSE = _metric(
    name="rmse",
    title="Root mean squared error",
    short="RMSE",
    higher_is_better=False,
    low=0,
    high=None,
    function=rmse,
    source="root mean square",
    oracle=Oracle("sklearn.metrics.root_mean_squared_error"),
)
MAE = _metric(
    name="mae",
    title="Mean absolute error",
    short="MAE",
    higher_is_better=False,
    low=0,
    high=None,
    per_row=True,
    function=mae,
    source="mean of absolute errors",
    oracle=Oracle("sklearn.metrics.mean_absolute_error"),
)
MEDIAN_AE = _metric(
    name="median_ae",
    title="Median absolute error",
    short="MedAE",
    higher_is_better=False,
    low=0,
    high=None,
    function=median_ae,
    source="median",
    oracle=Oracle("sklearn.metrics.median_absolute_error"),
)
R2 = _metric(
    name="r2",
    title="R²",
    short="R²",
    higher_is_better=True,
    low=None,
    high=1,
    function=r2,
    source="1 - residual / total sum of squares",
    oracle=Oracle("sklearn.metrics.r2_score"),
)
