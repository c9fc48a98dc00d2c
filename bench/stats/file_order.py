"""Whether rows that stand next to each other in a file are more alike than others of their kind.

Where rows are independent draws, any order of those of one kind is as likely as any other: the test is exact.
Source: the permutation form of von Neumann's (1941) ratio of successive differences, summed over features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats.permutation import permutation_test


@dataclass(frozen=True)
class FileOrder:
    """By how much the mean squared distance of neighbours is below that of shuffled rows (0: as usual; 1: equal rows),
    the share of shuffles that do as well, and of each feature by itself, (p,): how much closer, and its weight, the
    part of shuffled rows' squared distance that it makes up."""

    closer: float
    p_value: float
    by_feature: np.ndarray
    weight: np.ndarray

    def without(self, features: np.ndarray) -> float:
        """How much closer neighbours are in the other features; 0 where there are none. features: (p,) booleans."""
        rest = np.where(features, 0.0, self.weight)
        return float(rest @ self.by_feature / rest.sum()) if rest.sum() > 0 else 0.0


def file_order(
    X: np.ndarray, strata: np.ndarray, *, permutations: int = 999, seed: int
) -> FileOrder | None:
    """Neighbours in the order of the rows, within strata (classes); rows are shuffled within strata.

    X: (n, p) in the order of the file, each column scaled, no NaN. None where no stratum has three different rows.
    Costs n^2 distances: give it a few thousand rows.
    """
    _, label = np.unique(strata, return_inverse=True)
    places = np.argsort(label, kind="stable")
    next_to = np.flatnonzero(np.diff(label[places]) == 0)
    a, b = places[next_to], places[next_to + 1]
    squares = (X**2).sum(axis=1)
    distance = np.maximum(squares[:, None] + squares - 2 * X @ X.T, 0.0)
    if (
        not len(a)
        or not distance[label[:, None] == label].any()
        or np.bincount(label).max() < 3
    ):
        return None
    one = permutation_test(
        lambda order: -float(distance[order[a], order[b]].sum()),
        strata,
        permutations=permutations,
        seed=seed,
    )
    closer = 1 - one.statistic / one.usual if one.usual else 0.0
    return FileOrder(closer, one.p_value, *_by_feature(X, label, a, b))


def _by_feature(
    X: np.ndarray, label: np.ndarray, a: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """1 - (mean squared successive difference) / (that of shuffled rows, twice the variance within a stratum); and each
    feature's part of the latter."""
    counts = np.bincount(label)
    means = np.stack(
        [np.bincount(label, weights=column) / counts for column in X.T], axis=1
    )
    spread = np.stack(
        [np.bincount(label, weights=column**2) for column in (X - means[label]).T],
        axis=1,
    )
    weight = np.maximum(counts - 1, 0)
    usual = (2 * spread / np.maximum(weight, 1)[:, None] * weight[:, None]).sum(axis=0)
    seen = ((X[a] - X[b]) ** 2).sum(axis=0)
    closer = np.asarray(
        1 - np.divide(seen, usual, out=np.ones_like(seen), where=usual > 0)
    )
    return closer, usual / usual.sum() if usual.sum() > 0 else np.zeros_like(usual)
