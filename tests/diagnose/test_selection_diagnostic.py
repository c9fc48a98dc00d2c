"""What a search adds by itself: the diagnostic's number against the optimism of a simulated search without signal."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bench.diagnose.selection import _inflation


def fold_of(values: np.ndarray) -> pl.DataFrame:
    """(candidates, inner folds) scores as the rows of one outer fold."""
    candidate, inner = np.indices(values.shape)
    columns = {
        "candidate": candidate.ravel(),
        "inner_fold": inner.ravel(),
        "value": values.ravel(),
    }
    return pl.DataFrame(columns).with_columns(pl.col("value").fill_nan(None))


@pytest.mark.parametrize(("k", "shared"), [(2, 0.0), (10, 0.0), (10, 3.0)])
def test_the_number_is_what_equally_good_candidates_gain(k: int, shared: float) -> None:
    """`shared`: how much harder some folds are for all candidates, which a search does not profit from."""
    generator = np.random.default_rng(0)
    gains, numbers = [], []
    for _ in range(800):
        values = generator.normal(size=(k, 5)) + shared * generator.normal(size=5)
        gains.append(values.mean(axis=1).max() - values.mean())
        numbers.append(_inflation(fold_of(values)))
    # The winner beside the mean of all, itself included; in expectation that is E[max_k] / sqrt(5) again.
    error = np.std(gains) / np.sqrt(800)
    assert np.sqrt(np.mean(np.square(numbers))) == pytest.approx(
        np.mean(gains), abs=4 * error + 0.01
    )


def test_failed_candidates_and_single_ones() -> None:
    values = np.array([[0.1, 0.2], [np.nan, 0.3], [0.4, 0.1]])
    assert _inflation(fold_of(values)) == pytest.approx(
        _inflation(fold_of(values[[0, 2]]))
    )
    assert _inflation(fold_of(values[:1])) is None
    assert _inflation(fold_of(values[[0, 2], :1])) is None
