"""Which test a pair gets, and why one has none: rows of one test set, seeds, the class mix, halves of the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.comparisons import Comparisons, comparisons
from bench.core import frames
from bench.stats.halves import sharp
from bench.stats.instances import accuracy_difference, mcnemar
from bench.stats.intervals import class_mix
from bench.stats.paired import corrected_t
from tests.helpers.judge_cases import (
    FIXED,
    KFOLD,
    LOO,
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

RUNS = '{kind: fixed_split, train: "1-90", test: "91-100", repeats: 3}'
TRUTH = np.array(list("aabbbbbbbb"))


def predicted(
    right: dict[str, list[int]], repeats: int = 1, folds: int = 1
) -> pl.DataFrame:
    """Each family's labels of ten rows, two of them of class a; the same in every repeat."""
    rows = [
        {
            "dataset": "toy",
            "family": family,
            "variant": "plain",
            "repeat": r,
            "fold": i % folds,
            "side": "test",
        }
        | {
            "row": i,
            "truth": TRUTH[i],
            "label": TRUTH[i] if good else {"a": "b", "b": "a"}[TRUTH[i]],
        }
        for family, values in right.items()
        for r in range(repeats)
        for i, good in enumerate(values)
    ]
    return sparse(rows, frames.CLASSIFICATION)


def pair(
    found: Comparisons, family: str, against: str, metric: str = "accuracy"
) -> dict[str, Any]:
    (row,) = found.pairs.filter(family=family, against=against, metric=metric).rows(
        named=True
    )
    assert (row["test"] is None) == (row["p"] is None) == (row["cause"] is not None)
    return row


class TestOneTestSet:
    RIGHT = {
        "baseline": [0, 0, *[1] * 8],
        "lda": [1] * 10,
        "qda": [1, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    }

    def frame(
        self, folder: Path, right: dict[str, list[int]] | None = None, **changes: str
    ) -> Comparisons:
        right, study = (
            right or self.RIGHT,
            a_study(folder, **{"resampling": FIXED, **changes}),
        )
        values = {family: [[np.mean(one)]] for family, one in right.items()}
        scores = [
            scores_of_arrays(values, metric=metric) for metric in study.metrics.names
        ]
        return comparisons(
            study, tables_of(), folds_of(1, 1), pl.concat(scores), predicted(right)
        )

    def test_two_fits_without_a_seed_have_mcnemar(self, tmp_path: Path) -> None:
        row = pair(self.frame(tmp_path), "lda", "qda")
        test = mcnemar(np.ones(10, bool), np.array(self.RIGHT["qda"], bool))
        assert (row["test"], row["difference"], row["p"]) == (
            "mcnemar",
            pytest.approx(0.8),
            test.p_value,
        )
        assert (row["low"], row["high"]) == pytest.approx(accuracy_difference(8, 0, 10))
        assert row["p_adjusted"] == pytest.approx(3 * test.p_value)

    def test_the_sign_of_an_error_rate_is_turned(self, tmp_path: Path) -> None:
        row = pair(
            self.frame(tmp_path, also="[error_rate]"), "lda", "qda", "error_rate"
        )
        low, high = accuracy_difference(8, 0, 10)
        assert (row["low"], row["high"]) == pytest.approx((-high, -low))

    def test_a_metric_without_a_test_on_rows_says_so(self, tmp_path: Path) -> None:
        assert (
            pair(self.frame(tmp_path, also="[f1_macro]"), "lda", "qda", "f1_macro")[
                "cause"
            ]
            == "no_row_test"
        )

    def test_one_run_of_a_family_with_a_seed_is_not_settled(
        self, tmp_path: Path
    ) -> None:
        found = self.frame(tmp_path, {"lda": [1] * 10, "random_forest": [0] * 10})
        assert pair(found, "lda", "random_forest")["cause"] == "one_seed"

    def test_nor_is_one_drawn_split(self, tmp_path: Path) -> None:
        found = self.frame(tmp_path, resampling="{kind: holdout, test_size: 0.1}")
        assert pair(found, "lda", "qda")["cause"] == "one_split"

    def test_rows_that_come_in_groups_are_not_tested(self, tmp_path: Path) -> None:
        study = a_study(tmp_path, resampling=FIXED)
        grouped = study.datasets["toy"].model_copy(update={"group": "speaker"})
        study = study.model_copy(update={"datasets": {"toy": grouped}})
        scores = scores_of_arrays({family: [[0.5]] for family in self.RIGHT})
        found = comparisons(
            study, tables_of(), folds_of(1, 1), scores, predicted(self.RIGHT)
        )
        assert pair(found, "lda", "qda")["cause"] == "grouped_rows"

    def test_over_seeds_those_without_one_have_mcnemar(self, tmp_path: Path) -> None:
        right = self.RIGHT | {"random_forest": [1] * 9 + [0]}
        scores = scores_of_arrays(
            {
                "lda": np.full((3, 1), 1.0),
                "qda": np.full((3, 1), 0.2),
                "random_forest": [[0.8], [0.9], [1.0]],
            }
        )
        found = comparisons(
            a_study(tmp_path, resampling=RUNS),
            tables_of(),
            folds_of(3, 1, same=True),
            scores,
            predicted(right, 3),
        )
        assert pair(found, "lda", "qda")["test"] == "mcnemar"
        assert pair(found, "lda", "random_forest")["test"] == "t_over_seeds"
        assert found.estimates["first_low"].null_count() == found.estimates.height, (
            "McNemar gives no probability"
        )

    def test_other_causes(self, tmp_path: Path) -> None:
        scores = scores_of_arrays({"lda": 0.9, "qda": 0.8}, pooled=True)
        found = comparisons(
            a_study(tmp_path, resampling=LOO),
            tables_of(),
            folds_of(1, 50, 49, 1),
            scores,
        )
        assert pair(found, "lda", "qda")["cause"] == "pooled"
        missing = scores_of_arrays({"lda": [[0.9, None]], "qda": [[0.8, 0.7]]})
        found = comparisons(a_study(tmp_path), tables_of(), folds_of(1, 2), missing)
        assert pair(found, "lda", "qda")["cause"] == "no_score"
        found = comparisons(a_study(tmp_path, resampling=FIXED), tables_of(), folds_of(1, 1), scores_of_arrays(
            {"lda": 0.9, "qda": 0.8}))  # fmt: skip
        assert pair(found, "lda", "qda")["cause"] == "no_predictions"


class TestClassMix:
    """lda errs on the rare class alone, so that how many rows of it there are moves its accuracy."""

    RIGHT = {"lda": [0, 0, *[1] * 8], "qda": [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]}
    VALUES = {
        "lda": around(0.8, 0.02, repeats=2, folds=5),
        "qda": around(0.7, 0.03, repeats=2, folds=5)[::-1],
    }

    def frame(
        self, folder: Path, stratify: str = "null", metric: str = "accuracy"
    ) -> Comparisons:
        study = a_study(
            folder,
            resampling=f"{{kind: kfold, folds: 5, repeats: 2, stratify: {stratify}}}",
            primary=metric,
        )
        scores = scores_of_arrays(self.VALUES, metric=metric)
        return comparisons(
            study,
            tables_of(),
            folds_of(2, 5, 80, 20),
            scores,
            predicted(self.RIGHT, 2, 5),
        )

    def test_the_interval_of_a_score_by_hand(self, tmp_path: Path) -> None:
        row = self.frame(tmp_path).estimates.rows(named=True)[0]
        sd = self.VALUES["lda"].std(ddof=1)
        mix = (0.2 * (0 - 0.8) ** 2 + 0.8 * (1 - 0.8) ** 2) / 10
        half = t.ppf(0.975, 9) * np.sqrt(sd**2 * (1 / 10 + 1 / 4) + mix)
        assert (row["low"], row["method"]) == (
            pytest.approx(0.8 - half),
            "corrected_t_mix",
        )

    def test_the_difference_of_two(self, tmp_path: Path) -> None:
        row = pair(self.frame(tmp_path), "lda", "qda")
        mix = class_mix(np.subtract(*self.RIGHT.values()).astype(float), TRUTH)
        a, b = (values.ravel() for values in self.VALUES.values())
        test = corrected_t(a, b, test_train_ratio=1 / 4, mix_variance=mix)
        assert (row["p"], row["low"], row["test"]) == (
            pytest.approx(test.p_value), pytest.approx(test.low), "corrected_t_mix"
        )  # fmt: skip
        assert mix > 0 and row["resolution"] > 2 * np.sqrt(mix)

    @pytest.mark.parametrize(
        ("stratify", "metric"), [("false", "accuracy"), ("null", "balanced_accuracy")]
    )
    def test_not_of_plain_folds_and_not_of_means_over_classes(
        self, stratify: str, metric: str, tmp_path: Path
    ) -> None:
        found = self.frame(tmp_path, stratify, metric)
        assert (
            set(found.pairs["test"])
            == set(found.estimates["method"])
            == {"corrected_t"}
        )


class TestHalves:
    """Two families whose folds agree and whose halves of the rows do not."""

    VALUES = {"lda": around(0.8, 0.002), "decision_tree": around(0.75, 0.002)[::-1]}
    APART = np.array([[0.10, -0.02], [0.06, 0.0], [-0.03, 0.09], [0.08, 0.02]])

    def frame(
        self,
        folder: Path,
        of: tuple[str, ...] = ("lda", "decision_tree"),
        hole: bool = False,
        diagnostics: str = "{halves: {}}",
        sign: int = 1,
    ) -> Comparisons:

        asked = {"diagnostics": diagnostics, "more": "compare: {rope: 0.01}"}
        every = "{lda: {}, decision_tree: {}, qda: {}}"
        study = a_study(folder, resampling=KFOLD, families=every, **asked)
        means = {
            "lda": 0.75 + sign * self.APART,
            "decision_tree": np.full((4, 2), 0.75),
        }
        means["qda"] = means["decision_tree"]
        rows = [
            {
                "dataset": "toy",
                "family": f,
                "variant": f"half={j}{'ab'[h]}",
                "repeat": 0,
                "fold": k,
                "side": "test",
            }
            | {"metric": "accuracy", "value": means[f][j, h] + (0.01 if k else -0.01)}
            for f in of
            for j in range(4)
            for h in range(2)
            for k in range(2)
            if not (hole and (f, j, h, k) == ("lda", 2, 1, 1))
        ]
        values = self.VALUES | {"qda": self.VALUES["decision_tree"]}
        scores = scores_of_arrays(
            {f: values[f] for f in dict.fromkeys(("lda", "decision_tree", *of))}
        )
        return comparisons(
            study,
            tables_of(),
            folds_of(),
            pl.concat([scores, sparse(rows, frames.SCORES)]),
        )

    def test_unasked_they_are_for_pairs_with_an_unstable_family(
        self, tmp_path: Path
    ) -> None:
        """A rule that holds its level with more power is not given up for nothing."""
        every = ("lda", "decision_tree", "qda")
        found = self.frame(tmp_path, every, diagnostics="null")
        tests = {
            (row["family"], row["against"]): row["test"]
            for row in found.pairs.iter_rows(named=True)
        }
        assert tests == {
            ("lda", "decision_tree"): "sharp",
            ("decision_tree", "qda"): "sharp",
            ("lda", "qda"): "corrected_t",
        }
        assert found.estimates.filter(family="lda")["method"].item() == "corrected_t"
        assert set(self.frame(tmp_path, every).pairs["test"]) == {"sharp"}

    def test_halves_that_say_the_opposite_show_nothing(self, tmp_path: Path) -> None:
        row = pair(self.frame(tmp_path, sign=-1), "lda", "decision_tree")
        assert (row["difference"] > 0, row["p"]) == (True, 1.0)

    def test_the_p_is_that_of_sharp(self, tmp_path: Path) -> None:
        row, test = (
            pair(self.frame(tmp_path), "lda", "decision_tree"),
            sharp(self.APART),
        )
        assert (row["test"], row["p"]) == ("sharp", pytest.approx(test.p_value))
        assert row["difference"] == pytest.approx(0.05)
        assert row["high"] - row["difference"] == pytest.approx(
            test.high - test.estimate
        )
        assert row["resolution"] == pytest.approx(test.high - test.estimate)
        assert row["p_greater"] == pytest.approx(
            1 - sharp(self.APART, mu=0.01).p_greater
        )
        assert row["p_less"] + row["p_rope"] + row["p_greater"] == pytest.approx(1)

    @pytest.mark.parametrize(
        ("of", "hole"), [(("lda",), False), (("lda", "decision_tree"), True)]
    )
    def test_both_need_all_their_halves(
        self, of: tuple[str, ...], hole: bool, tmp_path: Path
    ) -> None:
        assert (
            pair(self.frame(tmp_path, of, hole), "lda", "decision_tree")["test"]
            == "corrected_t"
        )


def test_a_few_equal_differences_are_not_tested(tmp_path: Path) -> None:
    a = np.array([[0.9, 0.8, 0.85]])
    scores = scores_of_arrays({"lda": a, "qda": a - 0.05, "random_forest": a})
    found = comparisons(a_study(tmp_path), tables_of(), folds_of(1, 3), scores)
    row = pair(found, "lda", "qda")
    assert (row["difference"], row["cause"]) == (
        pytest.approx(0.05),
        "equal_differences",
    )
    assert {
        row[name]
        for name in (
            "test",
            "p",
            "p_adjusted",
            "low",
            "high",
            "p_greater",
            "resolution",
        )
    } == {None}
    tied = pair(found, "lda", "random_forest")
    assert (tied["difference"], tied["p"], tied["cause"]) == (0.0, 1.0, None)
    assert {
        tied[name]
        for name in ("low", "high", "p_less", "p_rope", "p_greater", "resolution")
    } == {None}
    assert found.estimates["first_low"].null_count() == found.estimates.height
