"""Scores of labels that are decided at another probability than the one half of most models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from bench.core.metrics import Predicted
from bench.core.rows import PLAIN
from bench.scores.compute import DatasetClasses, predicted, runs_of, some_of
from bench.scores.series import Series

Score = Callable[[Predicted], float | None]


def scored(
    predictions: pl.DataFrame,
    classes: DatasetClasses,
    side: str,
    score: Score,
    *,
    cutoff: float | None,
    pooled: bool,
) -> Series | None:
    """The score of each fold, or of each repeat where pooled; None where there is nothing to score.

    predictions: of one family on one dataset; cutoff: the probability from which on a row is called positive, None: the
    labels as they were predicted.
    """
    part = predictions.filter(pl.col("variant") == PLAIN, pl.col("side") == side).sort(
        "repeat", "fold", "row"
    )
    if part.is_empty() or "label" not in part.columns:
        return None
    whole = (
        predicted(part, classes)
        if cutoff is None
        else decided(predicted(part, classes), cutoff)
    )
    if whole is None or whole.label is None:
        return None
    rows = []
    for start, end in runs_of(
        part.select(("repeat",) if pooled else ("repeat", "fold"))
    ):
        one = score(some_of(whole, slice(start, end)))
        rows.append(
            (
                part["repeat"][start],
                -1 if pooled else part["fold"][start],
                np.nan if one is None else one,
            )
        )
    repeat, fold, value = (np.array(column) for column in zip(*rows, strict=True))
    return Series(repeat, fold, value.astype(float))


def decided(q: Predicted, cutoff: float) -> Predicted | None:
    """The predictions with labels that are positive from this probability on; None without probabilities of two
    classes.

    >>> q = Predicted(truth=np.array([0, 1]), p=np.array([[0.7, 0.3], [0.4, 0.6]]), k=2)
    >>> decided(q, 0.3).label.tolist(), decided(q, 0.7).label.tolist()
    ([1, 1], [0, 0])
    """
    if q.p is None or q.k != 2 or q.positive_code is None:
        return None
    positive = q.positive_code
    return replace(
        q, label=np.where(q.p[:, positive] >= cutoff, positive, 1 - positive)
    )
