"""Pearson correlations of numeric columns, in an order that puts alike columns side by side."""

from __future__ import annotations

import numpy as np
import polars as pl

_BLOCK = 100_000


def correlations(frame: pl.DataFrame, columns: list[str]) -> list[dict[str, object]]:
    """Both triangles and the diagonal, a row a pair; `r` over the rows in which both columns have a value, null when it
    is undefined. Order: average linkage on 1 - |r|, leaves ordered optimally."""
    if not columns:
        return []
    r = pearson(frame, columns)
    order = _order(r)
    return [
        {"i": i, "j": j, "a": columns[a], "b": columns[b], "r": None if np.isnan(r[a, b]) else float(r[a, b])}
        for i, a in enumerate(order)
        for j, b in enumerate(order)
    ]


def pearson(frame: pl.DataFrame, columns: list[str]) -> np.ndarray:
    """(k, k) correlations over pairwise complete rows, NaN where undefined, to 10 decimals (so that the number of
    threads of the linear algebra does not show)."""
    k = len(columns)
    n, sums, squares, products = (np.zeros((k, k)) for _ in range(4))
    centre = np.array([frame[c].mean() if frame[c].count() else 0.0 for c in columns], dtype=float)
    reach = np.array([_reach(frame[c], m) for c, m in zip(columns, centre, strict=True)])
    for start in range(0, frame.height, _BLOCK):
        part = frame.slice(start, _BLOCK).select(columns)
        x = np.column_stack([part[c].fill_null(float("nan")).to_numpy() for c in columns])
        there = ~np.isnan(x)
        z = np.where(there, (x - centre) / reach, 0.0)
        present = there.astype(float)
        n += present.T @ present
        sums += z.T @ present
        squares += (z * z).T @ present
        products += z.T @ z
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = squares - sums**2 / n
        r = (products - sums * sums.T / n) / np.sqrt(spread * spread.T)
        # A column that is constant in the shared rows leaves rounding noise where its spread should be 0.
        r[(spread <= 1e-12 * n) | (1e-12 * n >= spread.T)] = np.nan
    r = np.clip(np.round(r, 10), -1, 1)
    r[np.diag_indices(k)] = np.where(np.isnan(np.diag(r)), np.nan, 1.0)
    return r


def _reach(series: pl.Series, centre: float) -> float:
    """The largest distance from the mean: numbers are brought to [-1, 1], so that squares stay finite."""
    largest = (series - centre).abs().max()
    return float(largest) if largest else 1.0  # type: ignore[arg-type]


def _order(r: np.ndarray) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(r) < 3:
        return list(range(len(r)))
    distance = 1 - np.abs(np.nan_to_num(r, nan=0.0))
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform((distance + distance.T) / 2, checks=False), "average", optimal_ordering=True)
    return [int(i) for i in leaves_list(tree)]
