"""What a design sees on one dataset, whether the first stays first, and tests on the rows of one test set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.compare import comparisons
from bench.core import frames
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.instances import delong, mcnemar
from bench.stats.paired import corrected_t
from tests.helpers.judge_cases import FIXED, a_study, around, folds_of, scores_of_arrays, tables_of

SCORES = {
    "lda": around(0.9, 0.01),
    "qda": around(0.85, 0.01, fold_sd=0.03),
    "random_forest": around(0.895, 0.01, fold_sd=0.05),
}


def rows(frame: pl.DataFrame, test: str) -> list[dict[str, Any]]:
    return frame.filter(pl.col("test") == test).rows(named=True)


class TestResolution:
    def frame(self, folder: Path, **changes: str) -> pl.DataFrame:
        return comparisons(a_study(folder, **changes), tables_of(), folds_of(), scores_of_arrays(SCORES))

    def test_by_hand(self, tmp_path: Path) -> None:
        """At the level of Holm's first step of three: a pair that far apart has p < alpha / 3."""
        one = rows(self.frame(tmp_path), "resolution")[0]
        sd = (SCORES["lda"] - SCORES["qda"]).std(ddof=1)
        q = 1 - 0.05 / 3 / 2
        assert one["estimate"] == pytest.approx(t.ppf(q, 99) * sd * np.sqrt(1 / 100 + 1 / 9))
        assert one["low"] == pytest.approx(t.ppf(q, np.inf) * sd / 3)

    def test_what_is_beyond_it_is_called(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path)
        seen = {(one["family"], one["against"]): one["estimate"] for one in rows(frame, "resolution")}
        for one in rows(frame, "corrected_t"):
            if abs(one["estimate"]) > seen[one["family"], one["against"]]:
                assert one["p_adjusted"] < 0.05

    def test_repeats_to_decide(self, tmp_path: Path) -> None:
        """Only of undecided pairs; with that many repeats of the same spread the difference would be called."""
        frame = self.frame(tmp_path)
        undecided = [one for one in rows(frame, "corrected_t") if one["p_adjusted"] >= 0.05]
        found = rows(frame, "repeats_to_decide")
        assert [(one["family"], one["against"]) for one in found] == [
            (one["family"], one["against"]) for one in undecided
        ]
        for one, test in zip(found, undecided, strict=True):
            sd = (SCORES[one["family"]] - SCORES[one["against"]]).std(ddof=1)
            reach = [
                t.ppf(1 - 0.05 / 6, 10 * r - 1) * sd * np.sqrt(1 / (10 * r) + 1 / 9) < abs(test["estimate"])
                for r in range(1, 400)
            ]
            assert one["estimate"] == (reach.index(True) + 1 if any(reach) else None)
        assert undecided

    def test_given_folds_cannot_be_repeated(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, resampling="{kind: given_folds, column: fold}")
        assert rows(frame, "resolution") and not rows(frame, "repeats_to_decide")


class TestFirst:
    def test_bounds_by_hand(self, tmp_path: Path) -> None:
        """lda leads: at least 1 - the chances of both rivals, at most the chance against the closer one."""
        frame = comparisons(a_study(tmp_path), tables_of(), folds_of(), scores_of_arrays(SCORES))
        (one,) = rows(frame, "stays_first")
        behind = [
            correlated_t(SCORES["lda"].ravel(), SCORES[f].ravel(), test_train_ratio=1 / 9, rope=0).p_less
            for f in ("qda", "random_forest")
        ]
        assert one["family"] == "lda"
        assert (one["low"], one["high"]) == pytest.approx((1 - sum(behind), 1 - max(behind)))
        two_sided = corrected_t(SCORES["lda"].ravel(), SCORES["random_forest"].ravel(), test_train_ratio=1 / 9)
        assert one["high"] == pytest.approx(1 - two_sided.p_value / 2)

    def test_lower_may_be_better(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, primary="error_rate")
        frame = comparisons(study, tables_of(), folds_of(), scores_of_arrays(SCORES, metric="error_rate"))
        (one,) = rows(frame, "stays_first")
        assert one["family"] == "qda"
        assert one["low"] > 0.5

    def test_nothing_without_an_error_rate(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, resampling=FIXED)
        frame = comparisons(study, tables_of(), folds_of(1, 1), scores_of_arrays({"lda": 0.9, "qda": 0.8}))
        assert not rows(frame, "stays_first") and not rows(frame, "resolution")


class TestOneTestSet:
    RIGHT = {"lda": [1, 1, 1, 1, 1, 1, 1, 0, 1, 1], "qda": [0, 0, 0, 1, 1, 0, 0, 0, 1, 0], "baseline": [1, 0] * 5}

    def predictions(self, folds: int = 1) -> pl.DataFrame:
        found = []
        for family, right in self.RIGHT.items():
            for i, good in enumerate(right):
                truth, p = "ab"[i % 2], 0.3 + 0.05 * i * (family == "lda") + 0.01 * ((i * 7) % 10)
                key = {"dataset": "toy", "family": family, "variant": "plain", "repeat": 0, "fold": i % folds}
                label = truth if good else "ab"[1 - i % 2]
                found.append(key | {"side": "test", "row": i, "truth": truth, "label": label, "p": [1 - p, p]})
        return frames.of_rows(found, frames.CLASSIFICATION)

    def frame(self, folder: Path, folds: int = 1, resampling: str = FIXED) -> pl.DataFrame:
        study = a_study(folder, resampling=resampling, also="[error_rate, roc_auc]")
        scores = pl.concat(
            scores_of_arrays({family: [[0.5] * folds] for family in self.RIGHT}, metric=metric)
            for metric in ("accuracy", "error_rate", "roc_auc")
        )
        return comparisons(study, tables_of(), folds_of(1, folds), scores, self.predictions(folds))

    def test_mcnemar(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path)
        right = {family: np.array(values, bool) for family, values in self.RIGHT.items()}
        found = [one for one in rows(frame, "mcnemar") if one["metric"] == "accuracy"]
        assert [(one["family"], one["against"]) for one in found] == [
            ("baseline", "lda"), ("baseline", "qda"), ("lda", "qda")
        ]  # fmt: skip
        for one in found:
            test = mcnemar(right[one["family"]], right[one["against"]])
            assert (one["estimate"], one["p"]) == pytest.approx((test.difference, test.p_value))
        assert [one["p_adjusted"] for one in found] == pytest.approx(list(holm(np.array([o["p"] for o in found]))))
        errors = [one["estimate"] for one in rows(frame, "mcnemar") if one["metric"] == "error_rate"]
        assert errors == pytest.approx([-one["estimate"] for one in found])

    def test_delong(self, tmp_path: Path) -> None:
        """The second class in class order is the positive one where none is declared."""
        found = rows(self.frame(tmp_path), "delong")
        (one,) = [one for one in found if (one["family"], one["against"]) == ("lda", "qda")]
        part = self.predictions().filter(pl.col("family") == "lda")
        truth = (part["truth"] == "b").to_numpy()
        a, b = (np.array([p[1] for p in self.predictions().filter(pl.col("family") == f)["p"]]) for f in ("lda", "qda"))
        test = delong(truth, a, b)
        assert (one["estimate"], one["low"], one["high"], one["p"]) == pytest.approx(
            (test.difference, test.low, test.high, test.p_value)
        )

    def test_never_where_rows_come_in_groups(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, resampling=FIXED)
        spec = study.datasets["toy"].model_copy(update={"group": "speaker"})
        scores = scores_of_arrays({family: [[0.5]] for family in self.RIGHT})
        whole = [tables_of(), folds_of(1, 1), scores, self.predictions()]
        assert rows(comparisons(study, *whole), "mcnemar")
        assert not rows(comparisons(study.model_copy(update={"datasets": {"toy": spec}}), *whole), "mcnemar")

    def test_never_over_folds(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, folds=2, resampling="{kind: kfold, folds: 2, repeats: 1}")
        assert not rows(frame, "mcnemar") and not rows(frame, "delong")

    def test_without_predictions_nothing_is_tested(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, resampling=FIXED)
        frame = comparisons(study, tables_of(), folds_of(1, 1), scores_of_arrays({"lda": 0.9, "qda": 0.8}))
        assert not rows(frame, "mcnemar")
