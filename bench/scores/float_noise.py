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


def noise_of(metric: Metric, off: np.ndarray) -> float:
    """The score of predictions that are off by so much (`steps_of` their targets); of a metric without the unit of the
    target the twelfth digit of 1.

    >>> off = np.array([3e-12, 4e-12])
    >>> noise_of(METRICS["mae"], off), noise_of(METRICS["mse"], off), noise_of(METRICS["r2"], off)
    (3.5e-12, 1.25e-23, 1e-12)
    """
    if not _in_unit_of_target(metric) or not np.isfinite(off).all():
        return RIGHT
    score = metric.function(Predicted(truth=np.zeros(len(off)), value=off))
    return float(f"{score:.12g}") if score is not None and isfinite(score) else 0.0


def steps_of(target: np.ndarray) -> np.ndarray:
    """(n,) by how much a prediction of each row may be off that is right to twelve digits of what varies in the target,
    as far as floats of the size of that row tell.

    What varies is the median of the distances from the median that are not 0: no row alone rules it, such as one with a
    fill value of 1e20.

    >>> steps_of(np.array([1.0, -1.0, 0.5, -0.5, 1e20])).round(14).tolist()
    [1.25e-12, 1.25e-12, 1.25e-12, 1.25e-12, 177635.68394002505]
    """
    apart = np.abs(target - np.median(target))
    varies = float(np.median(apart[apart > 0])) if apart.any() else 0.0
    return np.asarray(
        np.maximum(RIGHT * varies, 8 * np.finfo(float).eps * np.abs(target))
    )


def without_float_noise(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores (frames.SCORES) of targets that are not known: 0 where they are at most the twelfth digit of the largest
    of the dataset and metric, which a guess without features comes near to, but no more than that of `MOST`.

    An error above 1e-12 is taken as it stands, whatever the others are: no model that diverged takes a digit from it,
    and a table in any common unit keeps all.
    """
    parts = []
    for (_, name), part in scores.partition_by(
        "dataset", "metric", as_dict=True, maintain_order=True
    ).items():
        metric, largest = METRICS[str(name)], part["value"].abs().max()
        noise, one = (noise_of(metric, np.full(2, off)) for off in (RIGHT, 1.0))
        if _in_unit_of_target(metric):
            noise = (
                noise / one * min(largest, MOST)
                if one and isinstance(largest, float)
                else 0.0
            )
        parts.append(
            part.with_columns(
                pl.when(pl.col("value").abs() <= noise)
                .then(0.0)
                .otherwise("value")
                .alias("value")
            )
        )
    return pl.concat([scores.clear(), *parts])


def _in_unit_of_target(metric: Metric) -> bool:
    """Whether a score is an error in the unit of the target, or its square."""
    return metric.needs == "value" and metric.high is None
