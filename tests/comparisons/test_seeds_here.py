"""One fixed split fitted here with several seeds: intervals and tests over seeds, said to be that, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from bench.comparisons import comparisons
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)

RUNS = '{kind: fixed_split, train: "1-90", test: "91-100", repeats: 8}'
MORE = '\ncompare: {rope: 0.01}\ntolerance: {accuracy: 0.01, why: "by hand"}\n'
FOLDS = folds_of(8, 1, 900, 100, same=True)
#: A forest that varies with its seed, another .05 behind it, and two families without a seed.
SCORES = {
    "random_forest": around(0.90, 0.003, repeats=8, folds=1),
    "neural_net": around(0.85, 0.004, repeats=8, folds=1)[::-1],
    "lda": np.full((8, 1), 0.88),
    "qda": np.full((8, 1), 0.80),
}
FAMILIES = "{baseline: {}, lda: {}, qda: {}, random_forest: {}, neural_net: {}}"


def compared(folder: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """The rows by family, and by both families of a pair."""
    study = a_study(folder, resampling=RUNS, more=MORE, families=FAMILIES)
    found = comparisons(study, tables_of(), FOLDS, scores_of_arrays(SCORES))
    pairs = {
        (row["family"], row["against"]): row
        for row in found.pairs.iter_rows(named=True)
    }
    return pairs | {
        (row["family"],): row for row in found.estimates.iter_rows(named=True)
    }


def test_the_interval_is_that_of_a_mean_over_seeds(tmp_path: Path) -> None:
    """Student's own: independent runs, no correction for common rows. Without a seed the estimate stands alone."""
    found = compared(tmp_path)
    row, half = found["random_forest",], stats.t.ppf(0.975, 7) * 0.003 / np.sqrt(8)
    assert (row["low"], row["high"]) == pytest.approx((0.9 - half, 0.9 + half))
    assert found["lda",]["low"] is None


def test_pairs_are_tested_where_a_seed_has_a_part(tmp_path: Path) -> None:
    found = compared(tmp_path)
    d = (SCORES["random_forest"] - SCORES["neural_net"]).ravel()
    row = found["random_forest", "neural_net"]
    assert row["p"] == pytest.approx(stats.ttest_1samp(d, 0).pvalue, rel=1e-6)
    assert found["lda", "random_forest"]["p"] < 0.05
    alone = found["lda", "qda"]
    assert (alone["difference"], alone["p"], alone["low"]) == (
        pytest.approx(0.08),
        None,
        None,
    )
