"""Counts of true and predicted classes, which most metrics of labels are made of."""

from __future__ import annotations

import numpy as np

from bench.core.metrics.metric import Predicted


def confusion(q: Predicted) -> np.ndarray:
    """(k, k) counts, rows truth, columns label."""
    assert q.label is not None
    cells = np.asarray(q.truth, dtype=np.int64) * q.k + np.asarray(
        q.label, dtype=np.int64
    )
    return np.bincount(cells, minlength=q.k * q.k).reshape(q.k, q.k)
