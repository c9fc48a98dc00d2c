"""Fold scores (..., R, K) from held-out decision values (..., R, K, m)."""

from __future__ import annotations

import numpy as np

from research.calibrate.worlds import Split

METRICS = ("accuracy", "roc_auc")


def fold_scores(
    held_out: np.ndarray, y: np.ndarray, split: Split
) -> dict[str, np.ndarray]:
    """(..., R, K) by metric."""
    truth = y[split.test] == 1
    return {
        "accuracy": ((held_out > 0) == truth).mean(axis=-1),
        "roc_auc": areas(held_out, truth),
    }


def areas(score: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """The area under the ROC curve of each row of scores, ties counting one half."""
    order = score.argsort(axis=-1)
    ordered = np.take_along_axis(score, order, axis=-1)
    hits = np.take_along_axis(np.broadcast_to(hit, score.shape), order, axis=-1)
    place = np.arange(score.shape[-1])
    steps = ordered[..., 1:] != ordered[..., :-1]
    if steps.all():
        rank = place + 1.0
    else:
        edge = np.ones((*score.shape[:-1], 1), dtype=bool)
        first = np.maximum.accumulate(
            np.where(np.concatenate([edge, steps], axis=-1), place, 0), axis=-1
        )
        last = np.where(np.concatenate([steps, edge], axis=-1), place, place[-1])
        last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
        rank = (first + last) / 2 + 1
    count = hits.sum(axis=-1)
    return ((hits * rank).sum(axis=-1) - count * (count + 1) / 2) / (
        count * (score.shape[-1] - count)
    )


def row_losses(held_out: np.ndarray, y: np.ndarray, split: Split) -> np.ndarray:
    """(..., n) how often each row was got wrong, the share of repeats."""
    wrong = (held_out > 0) != (y[split.test] == 1)
    rows = split.test.reshape(len(split.test), -1)
    by_row = np.empty((*wrong.shape[:-3], *rows.shape))
    np.put_along_axis(
        by_row,
        np.broadcast_to(rows, by_row.shape),
        wrong.reshape(by_row.shape),
        axis=-1,
    )
    return by_row.mean(axis=-2)
