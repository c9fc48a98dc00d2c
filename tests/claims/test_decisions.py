"""Claims that rules decide where an interval alone leaves them open; each by numbers made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims._rules import Noise, settle
from bench.core.explanations import AlwaysTheSame
from bench.core.judgements import EqualAsCut, HoldsByTheory, Settle
from bench.core.outcomes import decoded
from bench.families.seeds import seeded
from tests.claims.test_explaining import explained
from tests.claims.test_value_claims import TOLERANCE, claim, one
from tests.helpers.judge_cases import (
    LOO,
    a_study,
    around,
    faults,
    folds_of,
    has,
    judge,
    scores_of_arrays,
    tables_of,
)


class TestConstants:
    """A number that holds by theory: SE = s / sqrt(r), and no rounding."""

    def test_only_our_draws_vary(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.902, 0.005), constant="true", value='"0.9"')
        near = t.ppf(0.95, 9) * 0.005 / np.sqrt(10)
        assert (row["low"], row["high"]) == pytest.approx((0.002 - near, 0.002 + near))
        assert row["agreement"] == "reproduced"
        assert has(row, HoldsByTheory)
        assert one(tmp_path, around(0.902, 0.005), value='"0.9"')["agreement"] != "reproduced"

    def test_it_has_no_noise_floor(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.02), constant="true")
        assert (row["agreement"], row["cause"]) == ("consistent", "open")
        (needed,) = decoded(row["settle"])
        r = 2
        while t.ppf(0.95, r - 1) * 0.02 / np.sqrt(r) >= 0.01:
            r += 1
        assert needed == Settle("repeats", r)

    def test_draws_of_a_simulation(self, tmp_path: Path) -> None:
        """A mean of 49.6 % over forty draws, half-width 1.2: within two points of 50 %, which nobody drew."""
        made = a_study(
            tmp_path,
            claim(metric="error_rate", value='"50"', unit="percent", constant="true"),
            primary="error_rate",
            more='\ntolerance: {error_rate: 0.02, why: "by hand"}\n',
        )
        draws = 0.4956 + 0.0451 * np.sqrt(39 / 40) * np.where(np.arange(40) % 2, 1, -1)
        scores = scores_of_arrays({"lda": np.tile(draws[:, None], (1, 2))}, metric="error_rate")
        row = judge(made, scores, folds_of(40, 2), tables_of(draws=40))["c"]
        assert row["difference"] == pytest.approx(-0.44)
        assert row["high"] - row["difference"] == pytest.approx(t.ppf(0.95, 39) * 4.51 / np.sqrt(40), rel=1e-3)
        assert row["agreement"] == "reproduced"

    def test_another_sample_has_ours_alone(self, tmp_path: Path) -> None:
        scores = around(0.9, 0.002)
        constant = one(tmp_path, scores, splits="other_sample", constant="true")
        sd = scores.std(ddof=1)
        assert constant["high"] == pytest.approx(t.ppf(0.95, 99) * sd * np.sqrt(1 / 100 + 1 / 9))

    @pytest.mark.parametrize(
        "field", ["repeats: 10", 'spread: {value: "0.1", kind: sd, over: folds, n: 10}', "folds: 10", "n: 100"]
    )
    def test_what_was_measured_is_refused_beside_it(self, tmp_path: Path, field: str) -> None:
        name, _, value = field.partition(": ")
        found = faults(tmp_path, claim(constant="true", **{name: value}), more=TOLERANCE)
        assert (name, "problem.claim.value.constant") in found


class TestCut:
    """A printed number may have been cut, not rounded."""

    def test_equal_by_truncation_is_exact(self, tmp_path: Path) -> None:
        loo = {"resampling": LOO, "more": TOLERANCE}
        row = one(tmp_path, 176 / 178, folds_of(1, 178, 177, 1), loo, value='"98.8"', unit="percent")  # 98.876
        assert row["agreement"] == "exact"
        assert has(row, EqualAsCut)
        assert decoded(row["settle"]) == ()

    def test_beyond_the_last_digit_it_is_not(self, tmp_path: Path) -> None:
        loo = {"resampling": LOO, "more": TOLERANCE}
        row = one(tmp_path, 176 / 178, folds_of(1, 178, 177, 1), loo, value='"98.7"', unit="percent")
        assert row["agreement"] == "reproduced"

    def test_where_something_is_drawn_it_says_nothing(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9008, 0.002), value='"0.900"')
        assert not has(row, EqualAsCut)


class TestSeeds:
    """A parameter for a seed draws nothing by itself."""

    @pytest.mark.parametrize(
        ("family", "draws"),
        [
            ("{estimator: sklearn.linear_model.RidgeClassifier, alpha: 0}", False),
            ("{estimator: sklearn.linear_model.RidgeClassifier, solver: sag}", True),
            ("{estimator: sklearn.linear_model.RidgeClassifier, solver: [svd, saga]}", True),
            ("{estimator: sklearn.linear_model.LogisticRegression}", False),
            ("{estimator: sklearn.linear_model.LogisticRegression, solver: liblinear}", True),
            ("{estimator: sklearn.svm.SVC}", False),
            ("{estimator: sklearn.svm.SVC, probability: true}", True),
            ("{estimator: sklearn.tree.DecisionTreeClassifier}", True),
        ],
    )
    def test_by_what_is_fitted(self, tmp_path: Path, family: str, draws: bool) -> None:
        study = a_study(tmp_path, families=f"{{one: {family}}}")
        assert seeded(study, "one") == draws

    def test_the_same_of_scikit_learn(self) -> None:
        """Two seeds, one fit: what is said to draw nothing draws nothing."""
        from sklearn.datasets import load_wine
        from sklearn.linear_model import LogisticRegression, RidgeClassifier
        from sklearn.svm import SVC

        X, y = load_wine(return_X_y=True)
        for make in (lambda s: RidgeClassifier(alpha=0, random_state=s), lambda s: SVC(random_state=s),
                     lambda s: LogisticRegression(C=1e-3, max_iter=5000, random_state=s)):  # fmt: skip
            first, second = (make(seed).fit(X, y).decision_function(X) for seed in (0, 1))
            assert np.array_equal(first, second)


class TestConstantExplanations:
    def test_a_tolerance_makes_no_constant_another_number(self, tmp_path: Path) -> None:
        """A training error that is 0 in every run prints no 3 %, within five points or not."""
        scores = {"plain": around(0.5, 0.02), "plain|train": np.zeros((10, 10))}
        for value, fits in (("0.03", False), ("0.00", True)):
            row = explained(
                tmp_path, scores, value, slips="[train_score]", more=", tolerance: 0.05", primary="error_rate"
            )
            row = row["explanation=train_score"]
            assert row["compatible"] == row["together"] == fits
            assert row["reasons"] == (AlwaysTheSame(),)


class TestSettling:
    """What would decide a claim that is open."""

    NOISE = Noise(0.005 * np.sqrt(1.1), 9, sd=0.005, repeats=10, estimated_from=10)

    def test_a_consistent_claim_needs_repeats_for_no_difference(self) -> None:
        noise = Noise(0.005 * np.sqrt(4 / 3), 2, sd=0.005, repeats=3, estimated_from=3)
        r = 2
        while t.ppf(0.95, r - 1) * 0.005 * np.sqrt(1 + 1 / r) >= 0.01:
            r += 1
        assert settle(0.0, noise, 0.01, 0.0).settle == (Settle("repeats", r),)

    @pytest.mark.parametrize(("difference", "room", "q"), [(0.0145, 0.0045, 0.975), (0.0065, 0.0035, 0.95)])
    def test_an_unclear_one_for_the_difference_that_it_has(self, difference: float, room: float, q: float) -> None:
        """To tell that .0145 is beyond .01, or .0065 within it."""
        noise = Noise(0.002 * np.sqrt(1.1), 9, sd=0.002, repeats=10, estimated_from=10)
        judgement = settle(difference, noise, 0.01, 0.0)
        r = 2
        while t.ppf(q, r - 1) * 0.002 * np.sqrt(1 + 1 / r) >= room:
            r += 1
        assert (judgement.agreement, judgement.settle) == ("unclear", (Settle("repeats", r),))

    def test_where_no_repeats_would_it_takes_the_papers_splits(self) -> None:
        assert settle(0.013, self.NOISE, 0.01, 0.0).settle == (Settle("splits"),)

    def test_a_decided_one_needs_nothing(self) -> None:
        assert [settle(d, self.NOISE, 0.02, 0.0).settle for d in (0.0, 0.5)] == [(), ()]

    def test_of_two_families(self, tmp_path: Path) -> None:
        base = around(0.8, 0.01)
        noise = np.random.default_rng(3).normal(0, 0.1, (10, 10))
        scores = scores_of_arrays({"lda": base + noise - noise.mean() + 0.02, "qda": base})
        text = "  - {id: c, kind: better, dataset: toy, family: lda, against: qda, where: p, read: source}\n"
        row = judge(a_study(tmp_path, text, more=TOLERANCE), scores, folds_of())["c"]
        assert decoded(row["settle"]) == (Settle("rows"),)

    def test_of_another_sample_more_rows(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.002, fold_sd=0.05), splits="other_sample")
        assert (row["agreement"], decoded(row["settle"])) == ("consistent", (Settle("rows"),))

    def test_few_datasets_need_more_of_them(self, tmp_path: Path) -> None:
        sets = "".join(f"  d{i}: {{source: {{kind: sklearn, name: iris}}, target: target}}\n" for i in range(3))
        text = "  - {id: c, kind: better, family: lda, against: qda, where: p, read: source}\n"
        made = a_study(tmp_path, text, datasets=sets, more=TOLERANCE)
        names = ("toy", "d0", "d1", "d2")
        parts = [scores_of_arrays({"lda": around(0.9, 0.01), "qda": around(0.8, 0.01)}, dataset=n) for n in names]
        row = judge(made, pl.concat(parts), pl.concat([folds_of(dataset=n) for n in names]))["c"]
        assert (row["agreement"], decoded(row["settle"])) == ("consistent", (Settle("datasets", 6),))
