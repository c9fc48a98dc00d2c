"""Scores that are float noise, such as errors of predictions that are right to twelve digits: they are 0 everywhere."""

from __future__ import annotations

from math import isfinite

import numpy as np
import polars as pl

from bench.core.metrics import METRICS, Metric, Predicted

#: The twelfth digit, by which numbers are right.
RIGHT = 1e-12
#: A table of scores says no more of the size of its target: a model may have diverged.
MOST = 1.0


def noise_of(metric: Metric, size: float) -> float:
    """The score of predictions that are off by the twelfth digit of a target of this size; of a metric without its
    unit the twelfth digit of 1.

    >>> noise_of(METRICS["rmse"], 7.0), noise_of(METRICS["mse"], 7.0), noise_of(METRICS["r2"], 7.0)
    (7e-12, 4.9e-23, 1e-12)
    """
    if not _in_unit_of_target(metric) or not isfinite(size):
        return RIGHT
    score = metric.function(Predicted(truth=np.zeros(2), value=np.full(2, RIGHT * size)))
    return float(f"{score:.12g}") if score is not None and isfinite(score) else 0.0


def size_of(target: np.ndarray) -> float:
    """The size of a target whose predictions are right to twelve digits: of what varies in it, as far as floats tell.

    >>> size_of(np.array([1.0, -1.0])), round(size_of(1e9 + np.array([1e-4, -1e-4])))
    (1.0, 1776357)
    """
    return float(max(target.std(), 8 * np.finfo(float).eps / RIGHT * np.abs(target).max()))


def without_float_noise(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores (frames.SCORES) of targets that are not known: 0 where they are at most the twelfth digit of the largest
    of the dataset and metric, which a guess without features comes near to, but no more than that of `MOST`.

    An error above 1e-12 is taken as it stands, whatever the others are: no model that diverged takes a digit from it,
    and a table in any common unit keeps all.
    """
    parts = []
    for (_, name), part in scores.partition_by("dataset", "metric", as_dict=True, maintain_order=True).items():
        metric, largest = METRICS[str(name)], part["value"].abs().max()
        noise, one = noise_of(metric, 1.0), noise_of(metric, 1 / RIGHT)
        if _in_unit_of_target(metric):
            noise = noise / one * min(largest, MOST) if one and isinstance(largest, float) else 0.0
        parts.append(
            part.with_columns(pl.when(pl.col("value").abs() <= noise).then(0.0).otherwise("value").alias("value"))
        )
    return pl.concat([scores.clear(), *parts])


def _in_unit_of_target(metric: Metric) -> bool:
    """Whether a score is an error in the unit of the target, or its square."""
    return metric.needs == "value" and metric.high is None
