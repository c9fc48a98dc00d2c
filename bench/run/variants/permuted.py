"""A dataset whose target says nothing: its values dealt out anew.

What is exchangeable is kept together. Where all rows of a group have one label the groups are dealt, so that a label of
four rows stays a label of four rows; where they differ inside a group, they are dealt inside it; a simulation's draws
are dealt each for itself. Ojala & Garriga (2010), Permutation tests for studying classifier performance, JMLR 11.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from bench.data.dataset import Dataset
from bench.run.seeds import seed_of


def permuted(dataset: Dataset, study: str, number: int) -> Dataset:
    """The dataset with permutation `number` of its target; the same for all families, from names alone."""
    rng = np.random.default_rng(seed_of("permutation", study, dataset.name, number))
    draws = (
        np.zeros(dataset.n, dtype=np.int64) if dataset.draw is None else dataset.draw
    )
    y = dataset.y.copy()
    for draw in np.unique(draws):
        rows = np.flatnonzero(draws == draw)
        groups = None if dataset.group is None else dataset.group[rows]
        y[rows] = dealt(dataset.y[rows], groups, rng)
    return replace(
        dataset, y=y, fingerprint=fingerprint_of(dataset.fingerprint, "permuted", y)
    )


def dealt(
    y: np.ndarray, groups: np.ndarray | None, rng: np.random.Generator
) -> np.ndarray:
    """(n,) the values of y in another order, exchangeable units kept together.

    >>> dealt(np.array([1, 1, 0, 0]), np.array(["a", "a", "b", "b"]), np.random.default_rng(0)).tolist()
    [1, 1, 0, 0]
    """
    if groups is None:
        return rng.permutation(y)
    names, first, where = np.unique(groups, return_index=True, return_inverse=True)
    if (y == y[first][where]).all():
        return y[first][rng.permutation(len(names))][where]
    mixed = y.copy()
    for name in range(len(names)):
        rows = np.flatnonzero(where == name)
        mixed[rows] = rng.permutation(y[rows])
    return mixed


def fingerprint_of(fingerprint: str, change: str, *arrays: np.ndarray) -> str:
    """The fingerprint of a dataset that was made from another one, from the arrays that may differ."""
    digest = hashlib.sha256(f"{fingerprint}|{change}".encode())
    for array in arrays:
        digest.update(
            f"|{array.shape}".encode() + np.ascontiguousarray(array).tobytes()
        )
    return digest.hexdigest()
