"""Claims that rules decide where an interval alone leaves them open; each by numbers made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from bench.claims import verdicts
from bench.comparisons import comparisons
from bench.core.frames import FAILURES, empty
from bench.families.seeds import run_with_seeds
from bench.scores.design import seeded
from bench.stats.intervals import class_mix
from bench.stats.paired import corrected_t
from bench.stats.two_stage import stein_interval
from tests.claims.test_value_claims import TOLERANCE, claim, one
from tests.comparisons.test_which_test import TRUTH, predicted
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    around,
    faults,
    folds_of,
    judge,
    scores_of_arrays,
    tables_of,
)


class TestConstants:
    """A number that holds by theory: SE = s / sqrt(r), and no rounding."""

    def test_it_has_no_noise_floor(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.02), constant="true")
        assert (row["agreement"], row["cause"]) == ("fits", "open")
        r = 2
        while t.ppf(0.95, r - 1) * 0.02 / np.sqrt(r) >= 0.01:
            r += 1
        assert (row["settle"], row["further"]) == ("repeats", r - 10)

    def test_draws_of_a_simulation(self, tmp_path: Path) -> None:
        """A mean of 49.6 % over forty draws, half-width 1.2: within two points of 50 %, which nobody drew."""
        made = a_study(
            tmp_path,
            claim(metric="error_rate", value='"50"', unit="percent", constant="true"),
            primary="error_rate",
            more='\ntolerance: {error_rate: 0.02, why: "by hand"}\n',
        )
        draws = 0.4956 + 0.0451 * np.sqrt(39 / 40) * np.where(np.arange(40) % 2, 1, -1)
        scores = scores_of_arrays(
            {"lda": np.tile(draws[:, None], (1, 2))}, metric="error_rate"
        )
        row = judge(made, scores, folds_of(40, 2), tables_of(draws=40))["c"]
        assert row["difference"] == pytest.approx(-0.44)
        assert row["high"] - row["difference"] == pytest.approx(
            t.ppf(0.95, 39) * 4.51 / np.sqrt(40), rel=1e-3
        )
        assert row["agreement"] == "reproduced"

    @pytest.mark.parametrize(
        "field",
        [
            "repeats: 10",
            'spread: {value: "0.1", kind: sd, n: 10}',
            "n: 100",
        ],
    )
    def test_what_was_measured_is_refused_beside_it(
        self, tmp_path: Path, field: str
    ) -> None:
        name, _, value = field.partition(": ")
        found = faults(
            tmp_path, claim(constant="true", **{name: value}), more=TOLERANCE
        )
        assert (name, "problem.claim.value.constant") in found


class TestSeeds:
    """A parameter for a seed draws nothing by itself."""

    @pytest.mark.parametrize(
        ("family", "draws"),
        [
            ("{estimator: sklearn.linear_model.RidgeClassifier, alpha: 0}", False),
            ("{estimator: sklearn.linear_model.RidgeClassifier, solver: sag}", True),
            (
                "{estimator: sklearn.linear_model.RidgeClassifier, solver: [svd, saga]}",
                True,
            ),
            ("{estimator: sklearn.linear_model.LogisticRegression}", False),
            (
                "{estimator: sklearn.linear_model.LogisticRegression, solver: liblinear}",
                True,
            ),
            ("{estimator: sklearn.svm.SVC}", False),
            ("{estimator: sklearn.svm.SVC, probability: true}", True),
            ("{estimator: sklearn.tree.DecisionTreeClassifier}", True),
        ],
    )
    def test_by_what_is_fitted(self, tmp_path: Path, family: str, draws: bool) -> None:
        study = a_study(tmp_path, families=f"{{one: {family}}}")
        assert seeded(study, "toy", "one") == draws

    @pytest.mark.parametrize(
        ("steps", "draws"),
        [
            ("[impute, encode, scale]", False),
            ("[target_encode]", True),
            ("[{select: {k: 2}}]", False),
            ("[{select: {k: 2, kind: mutual_info}}]", True),
            ("[{select: {k: 2, kind: [f_test, mutual_info]}}]", True),
            ("[{pca: {n_components: 2}}]", False),
            ("[{pca: {n_components: 2, svd_solver: randomized}}]", True),
            ("[{scale: {kind: quantile, subsample: 50}}]", True),
        ],
    )
    def test_by_the_steps_before_it(
        self, tmp_path: Path, steps: str, draws: bool
    ) -> None:
        """Of a step that draws, two runs on the same rows differ; a guess without features sees none of it."""
        study = a_study(
            tmp_path,
            families=f"{{baseline: {{preprocess: {steps}}}, lda: {{preprocess: {steps}}}}}",
        )
        assert (seeded(study, "toy", "lda"), seeded(study, "toy", "baseline")) == (
            draws,
            False,
        )
        fixed = a_study(
            tmp_path, resampling=FIXED, families=f"{{lda: {{preprocess: {steps}}}}}"
        )
        assert bool(run_with_seeds(fixed)) == draws


class TestTwoStages:
    """Where a pilot decided how many repeats there are, its spread and its degrees alone count."""

    PILOT = "{kind: kfold, folds: 10, repeats: {pilot: 4, at_most: 40}}"

    def row(self, folder: Path, means: list[float], **more: str) -> dict[str, Any]:
        made = a_study(
            folder, claim(repeats="100", **more), resampling=self.PILOT, more=TOLERANCE
        )
        scores = np.tile(np.array(means)[:, None], (1, 10))
        return judge(made, scores_of_arrays({"lda": scores}), folds_of(len(means)))["c"]

    def test_by_hand(self, tmp_path: Path) -> None:
        """A pilot of .900 .904 .896 .900: s = .003266. Later repeats count in the mean, not in the spread."""
        row = self.row(
            tmp_path, [0.900, 0.904, 0.896, 0.900, 0.930, 0.870, 0.950, 0.850]
        )
        near = t.ppf(0.95, 3) * 0.0032660 * np.sqrt(1 / 100 + 1 / 8) + 0.0005
        assert (row["low"], row["high"]) == pytest.approx((-near, near), rel=1e-4)
        assert (row["difference"], row["agreement"]) == (pytest.approx(0), "reproduced")

    @given(st.integers(5, 30), st.integers(0, 1000))
    @settings(max_examples=25)
    def test_it_is_steins_interval(
        self, tmp_path_factory: pytest.TempPathFactory, r: int, seed: int
    ) -> None:
        means = np.random.default_rng(seed).normal(0.9, 0.01, r)
        row = self.row(
            tmp_path_factory.mktemp("stein"), means.tolist(), constant="true"
        )
        alone = stein_interval(means, 4, level=0.90)
        assert (row["low"], row["high"]) == pytest.approx(
            (alone.low - 0.9, alone.high - 0.9), abs=1e-8
        )

    def test_a_pilot_without_spread_is_not_taken_for_certain(
        self, tmp_path: Path
    ) -> None:
        means = [0.9, 0.9, 0.9, 0.9, 0.93, 0.87, 0.95, 0.85]
        near = (
            t.ppf(0.95, 7) * np.std(means, ddof=1) * np.sqrt(1 / 100 + 1 / 8) + 0.0005
        )
        assert self.row(tmp_path, means)["high"] == pytest.approx(near)


class TestClassMix:
    """Claims about new samples have the variance of the class mix; those about these rows have not."""

    RIGHT = {"lda": [0, 0, *[1] * 8], "qda": [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]}
    MIX = (0.2 * (0 - 0.8) ** 2 + 0.8 * (1 - 0.8) ** 2) / 10

    def row(self, folder: Path, text: str, stratify: str = "true") -> dict[str, Any]:
        resampling = f"{{kind: kfold, folds: 5, repeats: 2, stratify: {stratify}}}"
        study = a_study(folder, text, resampling=resampling, more=TOLERANCE)
        scores = scores_of_arrays({"lda": self.lda, "qda": self.lda[::-1] - 0.1})
        parts = (tables_of(), folds_of(2, 5, 80, 20), scores)
        frames = dict(zip(("tables", "folds", "scores"), parts, strict=True))
        frames["estimates"] = comparisons(study, *parts).estimates
        frames["predictions"] = predicted(self.RIGHT, 2, 5)
        found = verdicts(study, frames | {"failures": empty(FAILURES)})
        return found.rows(named=True)[0]

    lda = around(0.9, 0.02, repeats=2, folds=5)

    def test_a_number_of_another_sample(self, tmp_path: Path) -> None:
        """Both sides have it, each with its own degrees; in percent it grows with the square of the unit."""
        row = self.row(
            tmp_path,
            claim(splits="other_sample", repeats="2", value='"90"', unit="percent"),
        )
        part = self.lda.var(ddof=1) * (1 / 10 + 1 / 4) + self.MIX
        assert row["high"] - row["difference"] == pytest.approx(
            100 * t.ppf(0.95, 18) * np.sqrt(2 * part) + 0.5
        )

    @pytest.mark.parametrize("stratify", ["true", "false"])
    def test_two_families_as_the_comparison_has_them(
        self, tmp_path: Path, stratify: str
    ) -> None:
        text = "  - {id: c, kind: better, dataset: toy, family: lda, against: qda, where: p, read: source}\n"
        row = self.row(tmp_path, text, stratify)
        losses = np.subtract(*self.RIGHT.values()).astype(float)
        mix = class_mix(losses, TRUTH) if stratify == "true" else 0.0
        test = corrected_t(
            self.lda.ravel(), (self.lda[::-1] - 0.1).ravel(), test_train_ratio=1 / 4, mix_variance=mix
        )  # fmt: skip
        assert (row["low_refute"], row["high_refute"]) == pytest.approx(
            (test.low, test.high)
        )


class TestSettling:
    """What would decide a claim that is open."""

    def test_of_an_equality_on_which_side_of_the_margin_it_is(
        self, tmp_path: Path
    ) -> None:
        """A difference of .004 within a margin of .01: the repeats whose 90 % interval is narrower than .006."""
        spread = around(0.0, 1.0)
        differences = 0.004 + 0.03 * (spread - spread.mean()) / spread.std(ddof=1)
        scores = scores_of_arrays(
            {"lda": 0.8 + differences, "qda": np.full_like(differences, 0.8)}
        )
        text = "  - {id: c, kind: equivalent, dataset: toy, family: lda, against: qda, where: p, read: source}\n"
        row = judge(
            a_study(tmp_path, text, more=TOLERANCE), scores, folds_of(train=990)
        )["c"]
        r = 10
        while (
            t.ppf(0.95, 10 * r - 1) * 0.03 * np.sqrt(1 / (10 * r) + 10 / 990) >= 0.006
        ):
            r += 1
        assert (row["agreement"], row["settle"]) == ("fits", "repeats")
        assert row["further"] == r - 10

    def test_of_draws_it_counts_draws(self, tmp_path: Path) -> None:
        made = a_study(tmp_path, claim(constant="true"), more=TOLERANCE)
        row = judge(
            made,
            scores_of_arrays({"lda": around(0.9, 0.02)}),
            folds_of(),
            tables_of(draws=10),
        )["c"]
        assert row["settle"] == "draws"

    def test_of_another_sample_more_rows(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.002, fold_sd=0.05), splits="other_sample")
        assert (row["agreement"], row["settle"]) == ("fits", "rows")
