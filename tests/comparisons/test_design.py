"""What a design sees on one dataset, whether the first stays first, and tests on the rows of one test set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.comparisons import Comparisons, comparisons
from bench.core import frames
from bench.scores.setting import setting_of
from bench.stats.bayes import correlated_t
from bench.stats.instances import delong
from bench.stats.paired import corrected_t
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

GIVEN = "{kind: given_folds, column: fold}"
SCORES = {
    "lda": around(0.9, 0.01),
    "qda": around(0.85, 0.01, fold_sd=0.03),
    "random_forest": around(0.895, 0.01, fold_sd=0.05),
}


def pairs(found: Comparisons) -> list[dict[str, Any]]:
    return found.pairs.rows(named=True)


def first(found: Comparisons) -> list[dict[str, Any]]:
    """The families that the tables call first."""
    return found.estimates.filter(pl.col("first_low").is_not_null()).rows(named=True)


class TestResolution:
    def frame(self, folder: Path, **changes: str) -> Comparisons:
        return comparisons(
            a_study(folder, **changes),
            tables_of(),
            folds_of(),
            scores_of_arrays(SCORES),
        )

    def test_by_hand(self, tmp_path: Path) -> None:
        """At the level of Holm's first step of three: a pair that far apart has p < alpha / 3."""
        one = pairs(self.frame(tmp_path))[0]
        sd = (SCORES["lda"] - SCORES["qda"]).std(ddof=1)
        q = 1 - 0.05 / 3 / 2
        assert one["resolution"] == pytest.approx(
            t.ppf(q, 99) * sd * np.sqrt(1 / 100 + 1 / 9)
        )


class TestSingleRows:
    """Pooled over test sets of one row, two families have no test; nor have scores of others on such sets."""

    FOLDS = folds_of(1, 50, 49, 1)

    @pytest.mark.parametrize(
        ("pairs_of_rows", "single"), [(1, True), (25, True), (26, False)]
    )
    def test_some_test_sets_of_two_rows(
        self, pairs_of_rows: int, single: bool, tmp_path: Path
    ) -> None:
        rows = [2] * pairs_of_rows + [1] * (50 - pairs_of_rows)
        folds = self.FOLDS.with_columns(
            pl.Series("test_rows", rows, self.FOLDS.schema["test_rows"])
        )
        setting = setting_of(
            a_study(tmp_path, resampling=GIVEN), tables_of(), folds, "toy"
        )
        assert setting.row_by_row == single
        scores = scores_of_arrays(
            {family: around(0.8, 0.1)[:5].reshape(1, 50) for family in ("lda", "qda")}
        )
        found = comparisons(
            a_study(tmp_path, resampling=GIVEN), tables_of(), folds, scores
        )
        assert (pairs(found)[0]["cause"] == "single_rows") == single


class TestFirst:
    def test_bounds_by_hand(self, tmp_path: Path) -> None:
        """lda leads: at least 1 - the chances of both rivals, at most the chance against the closer one."""
        frame = comparisons(
            a_study(tmp_path), tables_of(), folds_of(), scores_of_arrays(SCORES)
        )
        (one,) = first(frame)
        behind = [
            correlated_t(
                SCORES["lda"].ravel(), SCORES[f].ravel(), test_train_ratio=1 / 9, rope=0
            ).p_less
            for f in ("qda", "random_forest")
        ]
        assert one["family"] == "lda"
        assert (one["first_low"], one["first_high"]) == pytest.approx(
            (1 - sum(behind), 1 - max(behind))
        )
        two_sided = corrected_t(
            SCORES["lda"].ravel(),
            SCORES["random_forest"].ravel(),
            test_train_ratio=1 / 9,
        )
        assert one["first_high"] == pytest.approx(1 - two_sided.p_value / 2)

    def test_of_two_that_are_equal_on_every_fold_neither_is_first(
        self, tmp_path: Path
    ) -> None:
        """Both beat the third by far; once one of them differs by a row on a fold, the other is first."""
        level = np.full((10, 10), 0.9)
        scores = {
            "lda": level,
            "qda": level.copy(),
            "random_forest": level - 0.3 - 0.01 * np.eye(10),
        }
        assert not first(
            comparisons(
                a_study(tmp_path), tables_of(), folds_of(), scores_of_arrays(scores)
            )
        )
        scores["qda"][3, 3] -= 0.01
        (one,) = first(
            comparisons(
                a_study(tmp_path), tables_of(), folds_of(), scores_of_arrays(scores)
            )
        )
        assert one["family"] == "lda"


class TestOneTestSet:
    RIGHT = {
        "lda": [1, 1, 1, 1, 1, 1, 1, 0, 1, 1],
        "qda": [0, 0, 0, 1, 1, 0, 0, 0, 1, 0],
        "baseline": [1, 0] * 5,
    }

    def predictions(self, folds: int = 1) -> pl.DataFrame:
        found = []
        for family, right in self.RIGHT.items():
            for i, good in enumerate(right):
                truth, p = (
                    "ab"[i % 2],
                    0.3 + 0.05 * i * (family == "lda") + 0.01 * ((i * 7) % 10),
                )
                key = {
                    "dataset": "toy",
                    "family": family,
                    "variant": "plain",
                    "repeat": 0,
                    "fold": i % folds,
                }
                label = truth if good else "ab"[1 - i % 2]
                found.append(
                    key
                    | {
                        "side": "test",
                        "row": i,
                        "truth": truth,
                        "label": label,
                        "p": [1 - p, p],
                    }
                )
        return sparse(found, frames.CLASSIFICATION)

    def frame(
        self, folder: Path, folds: int = 1, resampling: str = FIXED
    ) -> Comparisons:
        study = a_study(folder, resampling=resampling, also="[roc_auc]")
        scores = pl.concat(
            scores_of_arrays(
                {family: [[0.5] * folds] for family in self.RIGHT}, metric=metric
            )
            for metric in ("accuracy", "roc_auc")
        )
        return comparisons(
            study, tables_of(), folds_of(1, folds), scores, self.predictions(folds)
        )

    def test_delong(self, tmp_path: Path) -> None:
        """The second class in class order is the positive one where none is declared."""
        found = [row for row in pairs(self.frame(tmp_path)) if row["test"] == "delong"]
        (one,) = [
            one for one in found if (one["family"], one["against"]) == ("lda", "qda")
        ]
        part = self.predictions().filter(pl.col("family") == "lda")
        truth = (part["truth"] == "b").to_numpy()
        a, b = (
            np.array(
                [p[1] for p in self.predictions().filter(pl.col("family") == f)["p"]]
            )
            for f in ("lda", "qda")
        )
        test = delong(truth, a, b)
        assert (one["difference"], one["low"], one["high"], one["p"]) == pytest.approx(
            (test.difference, test.low, test.high, test.p_value)
        )
