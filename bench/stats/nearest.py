"""Nearest rows: how far they are, of how many dimensions the rows seem, and which lie too near to be two cases.

Where rows are drawn independently and their density hardly changes between a row and its k-th neighbour, the volumes
up to its neighbours are those of a Poisson process: (r_1 / r_k)^d is the least of k - 1 uniform numbers, whatever the
density is there. That gives the dimension d, and the chance that a nearest row is as near as it is.
Source: Facco, d'Errico, Rodriguez & Laio (2017), Scientific Reports 7, 12140 (k = 2); Denti et al. (2022) (any k).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Queries a block: their distances to all rows are one matrix product.
BLOCK = 512


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each queried row its k nearest other rows: `row` (q, k) positions, `distance` (q, k) ascending."""

    query: np.ndarray
    row: np.ndarray
    distance: np.ndarray


def nearest(X: np.ndarray, query: np.ndarray, k: int) -> Nearest:
    """The k nearest of (n, p) rows, in Euclidean distance, of the rows at positions `query`. Needs n > k."""
    X = X - X.mean(axis=0)
    norms = (X**2).sum(axis=1)
    rows = np.empty((len(query), k), dtype=np.int64)
    distances = np.empty((len(query), k))
    for start in range(0, len(query), BLOCK):
        at = query[start : start + BLOCK]
        squares = norms - 2 * (
            X[at] @ X.T
        )  # but for the norm of the row itself, which changes no order
        squares[np.arange(len(at)), at] = np.inf
        some = np.argpartition(squares, k - 1, axis=1)[:, :k]
        # Near rows are nearer than the rounding of that product: their distances are taken anew.
        exact = np.sqrt(((X[some] - X[at, None]) ** 2).sum(axis=2))
        order = np.argsort(exact, axis=1, kind="stable")
        rows[start : start + BLOCK] = np.take_along_axis(some, order, axis=1)
        distances[start : start + BLOCK] = np.take_along_axis(exact, order, axis=1)
    return Nearest(query, rows, distances)


def two_nn_dimension(first: np.ndarray, second: np.ndarray) -> float:
    """The dimension d in which second / first nearest distances are Pareto: P(ratio > x) = x^-d.

    first, second: (q,), q >= 8, 0 < first <= second. Maximum likelihood from the smaller half of the ratios, the larger
    half censored: rows with a near copy have ratios that say nothing of the dimension. Less two standard errors, so
    that chance in d makes no row look too near; at least 1; infinite where half of the rows have two nearest ones.

    >>> ratio = (1 - np.arange(1, 1000) / 1000) ** (-1 / 5)   # the quantiles of that law for d = 5
    >>> round(two_nn_dimension(np.ones(999), ratio) / (1 - 2 / 499**0.5), 1)
    5.0
    """
    logs = np.sort(np.log(second / first))
    used = len(logs) // 2
    total = float(logs[:used].sum() + (len(logs) - used) * logs[used - 1])
    return max(1.0, used / total * (1 - 2 / used**0.5)) if total > 0 else float("inf")


def too_near(
    first: np.ndarray, far: np.ndarray, k: int, dimension: float
) -> np.ndarray:
    """P(a nearest row is so near, beside the k-th): 1 - (1 - (first / far)^d)^(k - 1), (q,).

    >>> round(float(too_near(np.array([0.5]), np.array([1.0]), 2, 2.0)[0]), 6)   # (1/2)^2
    0.25
    """
    inside = np.clip(first / far, 0.0, 1.0) ** dimension
    return np.asarray(-np.expm1((k - 1) * np.log1p(-np.minimum(inside, 1 - 1e-15))))


def nearness(p: float, k: int, dimension: float) -> float:
    """The share of the way to the k-th next row below which a nearest row lies too near at p: `too_near` undone.

    >>> round(nearness(0.25, 2, 2.0), 6)   # of the share r, r^2 is the chance
    0.5
    """
    return float((-np.expm1(np.log1p(-p) / (k - 1))) ** (1 / dimension))
