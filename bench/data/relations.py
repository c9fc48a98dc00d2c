"""What columns have to do with each other: copies, codes of one thing, designed grids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np
import polars as pl

#: Fewer rows show no relation.
FEWEST = 20


def copies(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """By column, an earlier one of which it is a copy: the same groups of rows, or numbers on another scale.

    Columns of as many values as rows have trivially the same groups; of them only numbers on a line are copies.
    """
    found, first = dict[str, str](), dict[bytes, str]()
    for name in columns:
        series = frame[name]
        if len(series) < FEWEST or series.drop_nulls().n_unique() < 2:
            continue
        for kind, key in _forms(series):
            earlier = first.setdefault(kind + key, name)
            if earlier != name and not (
                kind == b"c" and _measured(series) and _measured(frame[earlier])
            ):
                found.setdefault(name, earlier)
    return found


def _measured(series: pl.Series) -> bool:
    """Whether a column holds numbers of so many values that they are no codes."""
    return series.dtype == pl.Float64 and series.drop_nulls().n_unique() > 12


def _forms(series: pl.Series) -> Iterator[tuple[bytes, bytes]]:
    """Hashes of what copies share: the order in which groups of rows begin; numbers from 0 to 1, either end first."""
    if series.drop_nulls().n_unique() <= 0.5 * len(series):
        yield b"c", sha256(groups_of(series).tobytes()).digest()
    if _measured(series):
        numbers = series.to_numpy()
        low, high = np.nanmin(numbers), np.nanmax(numbers)
        scaled = (numbers - low) / (high - low)
        scaled = 1 - scaled if scaled[~np.isnan(scaled)][0] > 0.5 else scaled
        yield b"n", sha256((np.round(scaled, 7) + 0.0).tobytes()).digest()


def groups_of(series: pl.Series) -> np.ndarray:
    """(n,) the number of each row's value in the order in which values first occur; -1 where it has none."""
    codes = series.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))[inverse]
    return np.where(codes == 0, -1, order)


def is_grid(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether the rows are every combination of a few values of all columns, each equally often: a designed table."""
    if len(columns) < 2 or frame.height < FEWEST:
        return False
    product = 1
    for name in columns:
        size = frame[name].n_unique()
        product *= size
        if not 2 <= size <= 20 or product > frame.height:
            return False
    counts = frame.group_by(columns).len("\0")["\0"]
    return len(counts) == product and counts.n_unique() == 1
