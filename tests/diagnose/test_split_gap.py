"""Random against grouped folds: the interval of the gap, by hand and over groups that have nothing in common."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bench.stats.intervals import clustered_half, welch_half
from research.calibrate.faults import declared_groups
from research.calibrate.healthy import judged
from research.calibrate.tables import WORLDS


def test_welch_is_scipys() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 1, 7), rng.normal(0, 3, 12)
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.99)
    half = welch_half((stats.sem(a), len(a) - 1), (stats.sem(b), len(b) - 1), 0.99)
    assert half == pytest.approx((interval.high - interval.low) / 2)


def test_clusters_of_one_row_are_independent_rows() -> None:
    values = np.random.default_rng(2).normal(size=30)
    expected = stats.t.ppf(0.975, 29) * stats.sem(values)
    assert clustered_half(values, np.ones(30)) == pytest.approx(expected)


@pytest.mark.parametrize("world", ["five classes", "friedman1"])
def test_a_gap_between_kinds_of_folds_is_shown_where_groups_matter(world: str) -> None:
    rng = np.random.default_rng(5)
    made = declared_groups(WORLDS[world](rng, 300), 0.6, rng)
    rows = judged([made]).filter(pl.col("diagnostic") == "split_gap")
    assert rows.filter(pl.col("outcome") == "found", pl.col("low") > 0).height >= 1
