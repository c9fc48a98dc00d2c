"""Differences, ratios, means over datasets, and what a printed spread may mean: one hand-made case a rule."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims import check_claim
from bench.claims._noise import over_datasets, readings
from bench.claims._rules import Noise
from bench.claims.value import ValueClaim
from bench.core.judgements import VERDICTS
from bench.core.outcomes import decoded
from bench.study.claims import Spread
from bench.text.chance import (
    AsPaperVaries,
    DenominatorVaries,
    NothingDrawn,
    OneSplit,
    SpreadUnused,
)
from bench.text.judgements import AmbiguousSpread, NoiseFloor, Settle, ToleranceWidened
from bench.text.unjudged import NoCommonFold, NoScores, ZeroDenominator
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
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

TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}"
claim = partial(line, family="lda")


def gained(gain: float, sd: float, **kwargs: int) -> dict[str, np.ndarray]:
    """lda above qda by `gain`; the repeat means of the differences have spread `sd`, those of each are wide apart."""
    base = around(0.8, 0.05, **kwargs)
    return {"lda": base + around(gain, sd, **kwargs, fold_sd=0.005)[::-1], "qda": base}


class TestDifference:
    def text(self, value: str, **changes: str) -> str:
        return claim(
            "difference", against="qda", value=f'"{value}"', unit="percent", **changes
        )

    def test_numbers_by_hand(self, tmp_path: Path) -> None:
        """Of the paired differences: what the splits do to both families cancels."""
        row = one(tmp_path, gained(0.02, 0.002), self.text("2.0"))
        se = 0.2 * np.sqrt(1 + 1 / 10)
        near, far = (t.ppf(q, 9) * se + 0.05 for q in (0.95, 0.975))
        assert row["ours"] == pytest.approx(2.0)
        assert (row["low"], row["high"]) == pytest.approx((-near, near), abs=1e-8)
        assert (row["low_refute"], row["high_refute"]) == pytest.approx(
            (-far, far), abs=1e-8
        )
        assert row["smallest_tolerance"] == pytest.approx(near, abs=1e-8)
        assert row["tolerance"] == pytest.approx(1.0)
        assert row["agreement"] == "reproduced"

    def test_in_the_metrics_own_direction(self, tmp_path: Path) -> None:
        """An error rate that is two points lower: a difference of -2, though a gain."""
        row = one(
            tmp_path, gained(-0.02, 0.002), self.text("-2.0"), primary="error_rate"
        )
        assert row["agreement"] == "reproduced"
        assert row["ours"] == pytest.approx(-2.0)
        assert one(
            tmp_path, gained(-0.02, 0.002), self.text("2.0"), primary="error_rate"
        )["agreement"] == ("differs")

    def test_two_sided(self, tmp_path: Path) -> None:
        for value in ("6.0", "-2.0"):
            assert (
                one(tmp_path, gained(0.02, 0.002), self.text(value))["agreement"]
                == "differs"
            )

    def test_deterministic_has_at_least_one_case(self, tmp_path: Path) -> None:
        narrow = {
            "resampling": LOO,
            "more": '\ntolerance: {accuracy: 0.0001, why: "narrow"}\n',
        }
        folds = folds_of(1, 178, 177, 1)
        row = one(
            tmp_path,
            {"lda": 176 / 178, "qda": 174 / 178},
            self.text("0.6"),
            folds,
            **narrow,
        )
        assert row["tolerance_used"] == pytest.approx(100 / 178 + 0.1)
        assert row["agreement"] == "reproduced"
        assert has(row, NothingDrawn) and has(row, ToleranceWidened)
        row = one(
            tmp_path,
            {"lda": 176 / 178, "qda": 174 / 178},
            self.text("1.1"),
            folds,
            **narrow,
        )
        assert row["agreement"] == "exact"
        row = one(
            tmp_path,
            {"lda": 170 / 178, "qda": 174 / 178},
            self.text("1.1"),
            folds,
            **narrow,
        )
        assert row["agreement"] == "differs"

    def test_folds_without_a_score_of_both_are_left_out(self, tmp_path: Path) -> None:
        scores = gained(0.02, 0.002)
        scores["qda"][0, 0] = np.nan
        assert one(tmp_path, scores, self.text("2.0"))["ours"] == pytest.approx(
            2.0, abs=0.02
        )
        scores["lda"][:, :5], scores["qda"][:, 5:] = np.nan, np.nan
        row = one(tmp_path, scores, self.text("2.0"))
        assert row["agreement"] is None
        assert has(row, NoCommonFold)


class TestRatio:
    def text(self, value: str = "0.80", **changes: str) -> str:
        return claim(
            "ratio",
            **(
                {"against": "qda", "value": f'"{value}"', "tolerance": "0.05"} | changes
            ),
        )

    def scores(
        self, ratio: float = 0.8, repeats: int = 10, sd: float = 0.004
    ) -> dict[str, np.ndarray]:
        """Errors of about .2 whose repeats go up and down together."""
        base = around(0.2, 0.01, repeats=repeats)
        return {
            "lda": base * ratio + around(0, sd, repeats=repeats, fold_sd=0.004)[::-1],
            "qda": base,
        }

    def test_numbers_by_hand(self, tmp_path: Path) -> None:
        """The delta method written out with variances and the covariance of repeat means."""
        scores = self.scores()
        a, b = (scores[name].mean(axis=1) for name in ("lda", "qda"))
        ratio = a.mean() / b.mean()
        cov = np.cov(a, b)
        variance = (
            cov[0, 0] - 2 * ratio * cov[0, 1] + ratio**2 * cov[1, 1]
        ) / b.mean() ** 2
        row = one(tmp_path, scores, self.text(), primary="error_rate")
        assert row["ours"] == pytest.approx(ratio)
        near = t.ppf(0.95, 9) * np.sqrt(variance * 1.1) + 0.005
        assert row["high"] - row["difference"] == pytest.approx(near, abs=1e-8)
        assert row["agreement"] == "reproduced"

    def test_outside(self, tmp_path: Path) -> None:
        assert (
            one(tmp_path, self.scores(1.1), self.text(), primary="error_rate")[
                "agreement"
            ]
            == "differs"
        )

    def test_percent(self, tmp_path: Path) -> None:
        plain = one(tmp_path, self.scores(), self.text(), primary="error_rate")
        text = self.text("80", unit="percent", tolerance="5")
        percent = one(tmp_path, self.scores(), text, primary="error_rate")
        assert percent["ours"] == pytest.approx(100 * plain["ours"])
        assert percent["high"] - 0.5 == pytest.approx(100 * (plain["high"] - 0.005))

    def test_a_denominator_near_zero_has_no_error(self, tmp_path: Path) -> None:
        """Its repeat means are .02 with spread .008: a standard error of 42 %."""
        scores = {"lda": around(0.02, 0.001), "qda": around(0.02, 0.008)}
        row = one(tmp_path, scores, self.text("1.5"), primary="error_rate")
        assert row["agreement"] == "unclear"
        varies = reason(row, DenominatorVaries)
        assert (varies.metric, varies.family, round(varies.variation, 2)) == (
            "error_rate",
            "qda",
            0.42,
        )
        assert row["low"] is None

    def test_a_denominator_of_zero(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            {"lda": around(0.02, 0.001), "qda": np.zeros((10, 10))},
            self.text(),
            primary="error_rate",
        )
        assert row["agreement"] is None
        assert row["reasons"] == (ZeroDenominator("error_rate", "qda"),)

    def test_deterministic(self, tmp_path: Path) -> None:
        """Four errors over five of a hundred; one case more below is .13 less, above .2 more."""
        folds, scores = folds_of(1, 100, 99, 1), {"lda": 0.04, "qda": 0.05}
        row = one(
            tmp_path, scores, self.text(), folds, resampling=LOO, primary="error_rate"
        )
        assert row["agreement"] == "exact"
        assert row["tolerance_used"] == pytest.approx(0.2 + 0.01)

    def test_error_rates(self) -> None:
        """Published: the ratio of one repeat; ours: ten. The 95 % interval covers the published ratio as promised."""
        generator, covered, trials = np.random.default_rng(4), 0, 2000
        for _ in range(trials):
            common = generator.normal(0, 0.01, 11)
            a, b = (
                0.16 + common + generator.normal(0, 0.004, 11),
                0.2 + common + generator.normal(0, 0.004, 11),
            )
            ratio = a[1:].mean() / b[1:].mean()
            residuals = (a[1:] - ratio * b[1:]) / b[1:].mean()
            se = residuals.std(ddof=1) * np.sqrt(1.1)
            covered += abs(ratio - a[0] / b[0]) <= t.ppf(0.975, 9) * se
        assert covered / trials == pytest.approx(0.95, abs=0.015)


class TestMean:
    def row(
        self,
        tmp_path: Path,
        text: str,
        sds: tuple[float, float] = (0.002, 0.004),
        **study: str,
    ) -> dict[str, Any]:
        made = a_study(tmp_path, text, datasets=TWO, **({"more": TOLERANCE} | study))
        assert isinstance(made.claims, tuple)
        assert check_claim(made.claims[0], made) == []
        scores = [
            scores_of_arrays({"lda": around(mean, sd)}, dataset=name)
            for name, mean, sd in zip(("toy", "two"), (0.9, 0.7), sds, strict=True)
        ]
        return judge(
            made, pl.concat(scores), pl.concat([folds_of(), folds_of(dataset="two")])
        )["c"]

    def test_numbers_by_hand(self, tmp_path: Path) -> None:
        row = self.row(
            tmp_path, claim("mean", dataset="null", value='"0.800"', unit="fraction")
        )
        parts = np.array([0.002, 0.004]) ** 2 * 1.1 / 4
        df = parts.sum() ** 2 / (parts**2 / 9).sum()
        assert row["ours"] == pytest.approx(0.8)
        assert row["high"] == pytest.approx(
            t.ppf(0.95, df) * np.sqrt(parts.sum()) + 0.0005, abs=1e-8
        )
        assert row["agreement"] == "reproduced"
        assert row["dataset"] is None

    def test_outside(self, tmp_path: Path) -> None:
        row = self.row(
            tmp_path, claim("mean", dataset="null", value='"0.850"', unit="fraction")
        )
        assert row["agreement"] == "differs"

    def test_the_noise_floor_is_that_of_the_mean(self, tmp_path: Path) -> None:
        text = claim("mean", dataset="null", value='"0.800"', unit="fraction")
        row = self.row(tmp_path, text, (0.012, 0.012))
        assert row["agreement"] == "consistent"
        assert reason(row, NoiseFloor).floor == pytest.approx(
            1.6448536 * 0.012 / np.sqrt(2) + 0.0005
        )

    def test_every_dataset_is_needed(self, tmp_path: Path) -> None:
        made = a_study(
            tmp_path,
            claim("mean", dataset="null", value='"0.8"', unit="fraction"),
            datasets=TWO,
        )
        row = judge(made, scores_of_arrays({"lda": around(0.9, 0.002)}), folds_of())[
            "c"
        ]
        assert row["reasons"] == (NoScores("accuracy", "lda", "two", "test"),)

    def test_sums_of_noises(self) -> None:
        assert over_datasets([Noise(0.0, np.inf, chance_free=True)] * 3).df == np.inf
        assert over_datasets(
            [Noise(0.1, 5), Noise(None, 1, (OneSplit(),))]
        ).reasons == (OneSplit(),)
        mixed = over_datasets(
            [Noise(0.1, 5, chance_free=True, cannot_refute=True), Noise(0.1, 5)]
        )
        assert (mixed.cannot_refute, mixed.chance_free) == (True, False)
        assert mixed.df == pytest.approx(10)


class TestSpread:
    def reading(self, **fields: Any) -> list[tuple[str, str, float, int]]:
        repeats = fields.pop("repeats", None)
        spread = Spread(value="0.03", **fields)
        made = ValueClaim(
            id="c",
            kind="value",
            where="p. 3",
            read="source",
            value="0.9",
            spread=spread,
            repeats=repeats,
        )
        return [
            (one.kind, one.over, round(one.sd, 6), one.n) for one in readings(made, 10)
        ]

    def test_readings(self) -> None:
        assert self.reading(kind="sd", over="folds") == [("sd", "folds", 0.03, 10)]
        assert self.reading(kind="se", over="seeds", n=9) == [("se", "seeds", 0.09, 9)]
        ci = round(0.03 * 2 / float(t.ppf(0.975, 3)), 6)
        assert self.reading(kind="ci95", over="repeats", repeats=4) == [
            ("ci95", "repeats", ci, 4)
        ]
        assert [one[:2] for one in self.reading(kind="unlabelled", over="folds")] == [
            ("sd", "folds"), ("se", "folds"), ("ci95", "folds"),
        ]  # fmt: skip

    def test_over_what_is_open_only_where_it_can_be(self) -> None:
        """Of a paper that names no repeats the spread can only be one over folds."""
        assert [one[1] for one in self.reading(kind="sd")] == ["folds"]
        assert [one[1:] for one in self.reading(kind="sd", repeats=5)] == [
            ("folds", 0.03, 50), ("repeats", 0.03, 5),
        ]  # fmt: skip

    text = staticmethod(
        lambda **changes: claim(
            "value",
            **(
                {"metric": "accuracy", "value": '"0.900"', "unit": "fraction"} | changes
            ),
        )
    )

    def test_the_papers_own_repeats(self, tmp_path: Path) -> None:
        """Each side has its own spread: s_p^2/r_p + s^2/r, Welch-Satterthwaite degrees."""
        text = self.text(
            spread='{value: "0.004", kind: sd, over: repeats}', repeats="5"
        )
        row = one(tmp_path, {"lda": around(0.9, 0.002)}, text)
        parts = np.array([0.004**2 / 5, 0.002**2 / 10])
        df = parts.sum() ** 2 / (parts**2 / [4, 9]).sum()
        assert row["high"] == pytest.approx(
            t.ppf(0.95, df) * np.sqrt(parts.sum()) + 0.0005, abs=1e-8
        )

    @pytest.mark.parametrize(
        ("spread", "more", "why"),
        [
            ("kind: unlabelled", {}, "number"),
            ("kind: sd", {}, "number"),
            ("kind: sd, over: folds, n: 10", {"repeats": "5"}, "folds"),
            ("kind: sd, over: repeats, n: 5", {"splits": "other_sample"}, "repeats"),
            ("kind: sd", {"repeats": "5"}, None),
            ("kind: unlabelled, n: 5", {}, None),
            ("kind: unlabelled", {"splits": "other_sample"}, None),
            ("kind: sd, n: 5", {"splits": "same"}, None),
        ],
    )
    def test_a_spread_without_effect_is_named(
        self, spread: str, more: dict[str, str], why: Any, tmp_path: Path
    ) -> None:
        """The interval is that of any other spread exactly where a reason says why, or where nothing is drawn."""
        scores = {"lda": around(0.9, 0.002)}
        row, other = (
            one(
                tmp_path,
                scores,
                self.text(spread=f'{{value: "{value}", {spread}}}', **more),
            )
            for value in (0.03, 0.3)
        )
        assert [one.why for one in row["reasons"] if isinstance(one, SpreadUnused)] == (
            [why] if why else []
        )
        assert (row["high"] == other["high"]) == (
            why is not None or more.get("splits") == "same"
        )

    def test_one_run_borrows_the_papers_spread_over_seeds(self, tmp_path: Path) -> None:
        """A seeded family on a fixed split, run once: without the spread it could not refute."""
        folds, study = folds_of(1, 1, 528, 462), {"resampling": FIXED}
        bare = self.text(family="random_forest")
        assert (
            one(tmp_path, {"random_forest": [[0.8]]}, bare, folds, **study)["agreement"]
            == "unclear"
        )
        text = self.text(
            family="random_forest",
            spread='{value: "0.01", kind: sd, over: seeds}',
            repeats="10",
        )
        row = one(tmp_path, {"random_forest": [[0.8]]}, text, folds, **study)
        assert row["agreement"] == "differs"
        assert row["high"] == pytest.approx(
            -0.1 + t.ppf(0.95, 9) * 0.01 * np.sqrt(1.1) + 0.0005
        )
        assert reason(row, AsPaperVaries) == AsPaperVaries(1, "sd", "seeds", 10)

    def test_unlabelled_is_kept_where_all_readings_agree(self, tmp_path: Path) -> None:
        spread = {
            "spread": '{value: "0.001", kind: unlabelled, over: repeats}',
            "repeats": "10",
        }
        row = one(tmp_path, {"lda": around(0.9, 0.002)}, self.text(**spread))
        assert row["agreement"] == "reproduced"
        widest = one(
            tmp_path,
            {"lda": around(0.9, 0.002)},
            self.text(
                **{
                    key: text.replace("unlabelled", "se")
                    for key, text in spread.items()
                }
            ),
        )
        assert row["high"] == pytest.approx(widest["high"])

    def test_unlabelled_is_ambiguous_where_they_do_not(self, tmp_path: Path) -> None:
        spread = {
            "spread": '{value: "0.008", kind: unlabelled, over: repeats}',
            "repeats": "10",
        }
        row = one(tmp_path, {"lda": around(0.9, 0.002)}, self.text(**spread))
        assert row["agreement"] == "consistent"
        readings = reason(row, AmbiguousSpread).readings
        assert readings[0] == ("sd", "repeats", 10, "reproduced")
        assert [reading[0] for reading in readings] == ["sd", "se", "ci95"]

    @pytest.mark.parametrize(("mean", "decided"), [(0.9, True), (0.9085, False)])
    def test_its_meaning_would_decide_only_where_one_reading_does(
        self, mean: float, decided: bool, tmp_path: Path
    ) -> None:
        """.0085 off the claim by a tolerance of .01, no reading is decided: consistent, or unclear."""
        spread = {
            "spread": '{value: "0.008", kind: unlabelled, over: repeats}',
            "repeats": "10",
        }
        row = one(tmp_path, {"lda": around(mean, 0.002)}, self.text(**spread))
        assert row["agreement"] in ("consistent", "unclear")
        agreements = {reading[-1] for reading in reason(row, AmbiguousSpread).readings}
        assert (("reproduced" in agreements), len(agreements) > 1) == (decided, True)
        assert (Settle("source") in decoded(row["settle"])) == decided

    def test_folds_say_nothing_of_repeats(self, tmp_path: Path) -> None:
        """On the same rows the spread over folds is no part of the noise, whatever it is called."""
        bare = one(tmp_path, {"lda": around(0.9, 0.002)}, self.text())
        spread = {"spread": '{value: "0.5", kind: unlabelled, over: folds}'}
        row = one(tmp_path, {"lda": around(0.9, 0.002)}, self.text(**spread))
        assert (row["agreement"], row["high"]) == (bare["agreement"], bare["high"])


def test_verdicts_of_every_kind_are_whole_frames(tmp_path: Path) -> None:
    made = a_study(
        tmp_path,
        claim("difference", against="qda", value='"2.0"', unit="percent"),
        more=TOLERANCE,
    )
    row = judge(made, scores_of_arrays(gained(0.02, 0.002)), folds_of())["c"]
    assert set(row) == set(VERDICTS)
