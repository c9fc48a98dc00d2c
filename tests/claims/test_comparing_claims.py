"""Verdicts on claims that compare: better, best, equivalent, and printed statistics."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.stats.paired import corrected_t
from bench.text import compared
from bench.text.chance import NothingDrawn, SeedNotMeasured
from bench.text.judgements import UnstableFamilies
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    OPEN,
    TOLERANCE,
    a_study,
    around,
    folds_of,
    has,
    judge,
    one,
    reason,
    scores_of_arrays,
)
from tests.helpers.judge_cases import claim as line

claim = partial(line, family="lda")


def pair(gain: float, sd: float = 0.002, **kwargs: int) -> dict[str, np.ndarray]:
    """lda above qda by `gain`, whose repeat means have spread `sd`."""
    base = around(0.9, 0.01, **kwargs)
    return {"lda": base + around(gain, sd, **kwargs, fold_sd=0.005)[::-1], "qda": base}


class TestBetter:
    text = claim("better", against="qda")

    def test_equivalence_comes_before_direction(self, tmp_path: Path) -> None:
        """A difference that is certain and within the margin: equivalent, so the claim is not reproduced."""
        scores = pair(0.005, sd=0.0001)
        scores["lda"] = (
            scores["qda"]
            + 0.005
            + 1e-4 * np.random.default_rng(0).normal(size=(10, 10))
        )
        assert (
            corrected_t(
                scores["lda"].ravel(), scores["qda"].ravel(), test_train_ratio=1 / 9
            ).p_value
            < 1e-6
        )
        row = one(tmp_path, scores, self.text)
        assert row["agreement"] == "differs"
        assert row["cause"] == "equivalent"

    def test_two_sided_on_the_papers_own_rows(self, tmp_path: Path) -> None:
        """A one-sided p of .035: enough on another sample, not on the rows the direction was read off."""
        base, noise = around(0.9, 0.01), np.random.default_rng(5).normal(size=(10, 10))
        noise = (noise - noise.mean()) / noise.std(ddof=1)
        gain = 0.1 * np.sqrt(1 / 100 + 1 / 9) * 1.83
        scores = {"lda": base + gain + 0.1 * noise, "qda": base}
        assert one(tmp_path, scores, self.text)["agreement"] == "fits"
        fresh = claim("better", against="qda", splits="other_sample")
        assert one(tmp_path, scores, fresh)["agreement"] == "reproduced"

    def test_direction_of_the_metric(self, tmp_path: Path) -> None:
        """Of error rates the lower one is better, and a gain is positive."""
        row = one(tmp_path, pair(-0.05), self.text, primary="error_rate", more="")
        assert row["agreement"] == "reproduced"
        assert row["ours"] == pytest.approx(0.05)

    def test_without_chance_the_difference_is_what_it_is(self, tmp_path: Path) -> None:
        folds = folds_of(1, 100, 99, 1)
        for a, b, verdict in (
            (0.95, 0.90, "reproduced"),
            (0.90, 0.95, "differs"),
            (0.905, 0.90, "fits"),
        ):
            row = one(tmp_path, {"lda": a, "qda": b}, self.text, folds, resampling=LOO)
            assert row["agreement"] == verdict
            assert has(row, NothingDrawn)
            assert row["low"] is None

    @pytest.mark.parametrize("n", [23, 37, 53, 59, 71, 83, 89, 97])
    @pytest.mark.parametrize(
        ("lead", "verdicts"),
        [
            (
                1,
                "fits, fits, reproduced, fits, reproduced, off",
            ),
            (
                2,
                "reproduced, reproduced, differs, reproduced, differs, differs",
            ),
        ],
    )
    def test_a_difference_of_the_margin_is_within_it(
        self, tmp_path: Path, n: int, lead: int, verdicts: str
    ) -> None:
        """One test case is the margin; in floats two shares may differ by a little more."""
        texts = (
            self.text, claim("best"), claim("equivalent", against="qda"),
            line("order", order="[lda, qda]"), line("order", order="[[lda, qda]]"), line("order", order="[qda, lda]"),
        )  # fmt: skip
        scores, folds = (
            {"lda": (n // 2 + lead) / n, "qda": (n // 2) / n},
            folds_of(1, n, n - 1, 1),
        )
        found = [
            one(
                tmp_path,
                scores,
                text,
                folds,
                resampling=LOO,
                families="{lda: {}, qda: {}}",
            )["agreement"]
            for text in texts
        ]
        assert ", ".join(found) == verdicts

    def test_one_seeded_run_cannot_refute(self, tmp_path: Path) -> None:
        text = claim("better", family="random_forest", against="qda")
        row = one(
            tmp_path,
            {"random_forest": [[0.8]], "qda": [[0.9]]},
            text,
            folds_of(1, 1),
            resampling=FIXED,
        )
        assert row["agreement"] == "off"
        assert has(row, SeedNotMeasured)

    def test_substituted_cannot_refute(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            pair(-0.05),
            claim("better", against="qda", doubt="other_method"),
        )
        assert row["agreement"] == "differs"


class TestBest:
    text = claim("best")

    def test_what_is_left_open_speaks_of_the_rival_that_is_not_shown_to_be_beaten(
        self, tmp_path: Path
    ) -> None:
        """qda is closer, and beaten for sure; more repeats would decide on the forest, as in a claim of that pair."""
        base, wide = around(0.9, 0.01), np.random.default_rng(5).normal(size=(10, 10))
        wide = 0.05 * (wide - wide.mean()) / wide.std(ddof=1)
        scores = pair(0.02) | {
            "baseline": np.full((10, 10), 0.4),
            "random_forest": base - 0.031 - wide,
        }
        scores["lda"], scores["qda"] = (
            base,
            base - 0.02 - (scores["lda"] - scores["qda"] - 0.02),
        )
        row = one(tmp_path, scores, self.text)
        alone = one(tmp_path, scores, claim("better", against="random_forest"))
        assert (row["agreement"], row["ours"]) == ("fits", pytest.approx(0.031))
        assert reason(row, compared.NotShownToBeat).families == ("random_forest",)
        assert reason(row, compared.DifferenceFrom).family == "random_forest"
        assert (row["low"], row["settle"]) == (alone["low"], alone["settle"])
        assert row["settle"] != "unknown"

    def test_a_rival_that_failed_forbids_best(self, tmp_path: Path) -> None:
        row = one(tmp_path, pair(0.05), self.text)
        assert row["agreement"] == "fits"
        assert reason(row, compared.RivalsMissing).families == (
            "baseline",
            "random_forest",
        )
        assert row["settle"] == "rivals"

    @pytest.mark.parametrize("repeats", [0, 9])
    def test_no_run_gives_probabilities_of_a_model_without_any(
        self, tmp_path: Path, repeats: int
    ) -> None:
        text = line("best", family="lda", tolerance="0.01")
        made = a_study(
            tmp_path, text, primary="log_loss", families="{lda: {}, qda: {}, knn: {}}"
        )
        losses = {
            "lda": around(0.3, 0.01),
            "qda": around(0.5, 0.02),
            "knn": around(0.4, 0.01)[:repeats],
        }
        scores = [
            scores_of_arrays({f: one}, metric="log_loss")
            for f, one in losses.items()
            if len(one)
        ]
        row = judge(
            made,
            pl.concat([*scores, scores_of_arrays({"knn": around(0.9, 0.01)})]),
            folds_of(),
        )["c"]
        assert row["settle"] == "rivals"

    def test_a_rival_that_failed_is_needed_for_what_is_left_open(
        self, tmp_path: Path
    ) -> None:
        """More scores of lda and qda alone show nothing of the neighbours; that those are unstable has no part."""
        base, three = around(0.9, 0.01), "{lda: {}, qda: {}, knn: {n_neighbors: 1}}"
        noisy = base + np.random.default_rng(5).normal(0.002, 0.08, size=(10, 10))
        row = one(tmp_path, {"lda": base, "qda": noisy}, self.text, families=three)
        assert row["agreement"] in OPEN
        assert reason(row, compared.RivalsAbsent).families == ("knn",)
        assert row["settle"] == "rivals" and not has(row, UnstableFamilies)
        whole = one(
            tmp_path,
            {"lda": base, "qda": noisy, "knn": base - 0.3},
            self.text,
            families=three,
        )
        assert has(whole, UnstableFamilies) and not has(whole, compared.RivalsAbsent)


class TestEquivalent:
    text = claim("equivalent", against="qda")

    def scores(self, gain: float) -> dict[str, np.ndarray]:
        base = around(0.9, 0.01)
        return {
            "lda": base + gain + 0.001 * np.random.default_rng(0).normal(size=(10, 10)),
            "qda": base,
        }

    @pytest.mark.parametrize(
        ("level", "agreement"), [(0.95, "reproduced"), (0.99, "fits")]
    )
    def test_the_tolerance_needed_is_of_the_level_that_decides(
        self, level: float, agreement: str, tmp_path: Path
    ) -> None:
        """A difference of 0 with a standard error of half the margin: p = t.sf(2, 99) = .024."""
        z = np.random.default_rng(1).normal(size=(10, 10))
        differences = 0.005 / np.sqrt(1 / 100 + 1 / 9) * (z - z.mean()) / z.std(ddof=1)
        scores = {"lda": 0.8 + differences, "qda": np.full((10, 10), 0.8)}
        row = one(
            tmp_path,
            scores,
            self.text,
            more=f"{TOLERANCE}\ncompare: {{level: {level}}}\n",
        )
        assert row["agreement"] == agreement
        assert row["smallest_tolerance"] == pytest.approx(0.005 * t.ppf(level, 99))

    @pytest.mark.parametrize(
        ("p", "level", "agreement"),
        [
            (0.03, 0.95, "differs"),
            (0.03, 0.99, "off"),
            (0.07, 0.95, "off"),
            (0.07, 0.9, "differs"),
        ],
    )
    def test_the_level_of_the_study_decides_whether_they_are_apart(
        self, p: float, level: float, agreement: str, tmp_path: Path
    ) -> None:
        """A difference beyond the margin by so many standard errors; what the test could have called, by the level."""
        z = np.random.default_rng(1).normal(size=(10, 10))
        differences = 0.005 / np.sqrt(1 / 100 + 1 / 9) * (z - z.mean()) / z.std(ddof=1)
        gain = 0.01 + 0.005 * t.isf(p / 2, 99)
        scores = {"lda": 0.8 + gain + differences, "qda": np.full((10, 10), 0.8)}
        row = one(
            tmp_path,
            scores,
            self.text,
            more=f"{TOLERANCE}\ncompare: {{level: {level}}}\n",
        )
        assert row["agreement"] == agreement
        assert row["p"] == pytest.approx(p)
        assert row["detectable"] == pytest.approx(
            0.01 + 0.005 * t.isf((1 - level) / 2, 99)
        )
