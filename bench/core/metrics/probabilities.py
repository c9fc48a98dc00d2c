"""Metrics of predicted probabilities."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.core.metrics.metric import Example, Metric, MetricValue, Oracle, Predicted

#: Equal-width bins of the top-label confidence in `ece` (Guo et al. 2017).
ECE_BINS = 15


def log_loss(q: Predicted) -> MetricValue:
    """Mean of -ln p(truth); probabilities are clipped to [2.2e-16, 1 - 2.2e-16]."""
    if q.p is None or not len(q.truth):
        return None
    eps = np.finfo(float).eps
    return float(
        -np.log(np.clip(q.p[np.arange(len(q.truth)), q.truth], eps, 1 - eps)).mean()
    )


def brier(q: Predicted) -> MetricValue:
    """Mean squared error of probabilities.

    Two classes: mean (p_positive - y)^2, from 0 to 1. More: mean of the sum over classes of (p_c - 1{truth = c})^2,
    from 0 to 2 (Brier 1950), which for two classes would be twice the former.
    """
    if q.p is None or not len(q.truth):
        return None
    total = float(((q.p - np.eye(q.k)[q.truth]) ** 2).sum(axis=1).mean())
    return total / 2 if q.k == 2 else total


def ece(q: Predicted) -> MetricValue:
    """Expected calibration error of the top label: 15 equal-width bins of its probability.

    sum over bins of n_bin/n |accuracy - mean confidence| (Guo et al. 2017). It is above 0 for a perfectly calibrated
    family too, about .06 for 200 rows: read it beside `log_loss` and `brier`.
    """
    if q.p is None or not len(q.truth):
        return None
    confidence = q.p.max(axis=1)
    right = q.p.argmax(axis=1) == q.truth
    place = np.clip(np.ceil(confidence * ECE_BINS).astype(int) - 1, 0, ECE_BINS - 1)
    return float(
        np.abs(np.bincount(place, weights=right - confidence, minlength=ECE_BINS)).sum()
        / len(q.truth)
    )


_metric = partial(
    Metric, task="classification", needs="p", higher_is_better=False, low=0
)

LOG_LOSS = _metric(
    name="log_loss",
    title="Log loss",
    short="LogL",
    high=None,
    per_row=True,
    function=log_loss,
    source="Good (1952)",
    oracle=Oracle("sklearn.metrics.log_loss"),
)
BRIER = _metric(
    name="brier",
    title="Brier score",
    short="Brier",
    high=2,
    per_row=True,
    function=brier,
    source="Brier (1950)",
    oracle=Oracle("sklearn.metrics.brier_score_loss"),
)
#: Four rows at .9 of which three are right, and two at .55 of which one is: 4/6 |.75 - .9| + 2/6 |.5 - .55|.
_BY_HAND = Predicted(
    truth=np.array([0, 0, 0, 1, 0, 1]),
    label=np.zeros(6, int),
    p=np.array([[0.9, 0.1]] * 4 + [[0.55, 0.45]] * 2),
    k=2,
)
ECE = _metric(
    name="ece",
    title="Calibration error",
    short="ECE",
    high=1,
    function=ece,
    source="Guo et al. (2017), 15 bins",
    oracle=Example(_BY_HAND, 4 / 6 * 0.15 + 2 / 6 * 0.05),
)
