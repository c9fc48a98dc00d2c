"""Which classes the training rows of a fold hold, for estimators that get the labels of their codes.

Inside a fold the classes of the training rows have codes 0, 1, ... in their order. Where a class of the dataset has no
row there, these codes do not say which class each is. Who fits a cell says it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

#: The target of the training rows of the cell that is fitted, in the codes of all classes.
_TRAINING: ContextVar[np.ndarray | None] = ContextVar("training", default=None)


@contextmanager
def training_on(y: np.ndarray) -> Iterator[None]:
    """Fits inside are on rows with this target, in the codes of all classes."""
    token = _TRAINING.set(y)
    try:
        yield
    finally:
        _TRAINING.reset(token)


def present_codes(y: np.ndarray, k: int) -> np.ndarray | None:
    """The codes among those of all k classes of the classes 0, 1, ... of y; None where nobody knows.

    They are those of `training_on` only where these are the very rows: y must be what their target becomes.

    >>> with training_on(np.array([2, 0, 2])):
    ...     present_codes(np.array([1, 0, 1]), 3), present_codes(np.array([0, 0, 1]), 3)
    (array([0, 2]), None)
    """
    if len(np.unique(y)) == k:
        return np.arange(k)
    training = _TRAINING.get()
    if training is None:
        return None
    present, among = np.unique(training, return_inverse=True)
    return present if np.array_equal(among, y) else None
