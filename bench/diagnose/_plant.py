"""Changes of a table that planted leaks are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.data.dataset import Dataset


def shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """The rows in a random order."""
    order = rng.permutation(dataset.n)
    return replace(dataset, X=dataset.X[order], y=dataset.y[order])


def noise(dataset: Dataset, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count, p) normal noise of each number's deviation; 0 for what is not a number."""
    numbers = np.array([column.kind == "numeric" for column in dataset.columns])
    return np.asarray(np.where(numbers, np.nanstd(dataset.X, axis=0), 0.0) * rng.standard_normal((count, len(numbers))))
