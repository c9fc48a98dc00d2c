"""Verdicts on published numbers: one hand-made case a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from bench.claims._noise import Noise
from bench.claims.targets import Printed, lie_within
from bench.core import frames
from bench.scores.series import series_of
from bench.scores.setting import setting_of
from bench.stats.possible import share_possible, span
from bench.text import judgements as j
from bench.text.chance import (
    Repeats,
    SeedNotMeasured,
    SeveralRuns,
)
from bench.text.unjudged import CellsFailed, NotAttempted
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    a_study,
    around,
    folds_of,
    has,
    judge,
    noise_of,
    reason,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

TOLERANCE = '\ntolerance: {accuracy: 0.01, why: "by hand"}\n'


def claim(**changes: str) -> str:
    fields = {
        "id": "c",
        "kind": "value",
        "dataset": "toy",
        "family": "lda",
        "metric": "accuracy",
        "value": '"0.900"',
        "unit": "fraction",
        "where": '"Table 1"',
        "read": "source",
    } | changes
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"
    )


def one(
    tmp_path: Path,
    scores: Any,
    folds: Any = None,
    study: dict[str, str] | None = None,
    **changes: str,
) -> dict[str, Any]:
    made = a_study(tmp_path, claim(**changes), **({"more": TOLERANCE} | (study or {})))
    frame = scores_of_arrays(
        {"lda": scores, "random_forest": scores}, pooled=np.ndim(scores) == 0
    )
    return judge(made, frame, folds_of() if folds is None else folds)["c"]


def test_folds_without_a_score_count_for_nothing(tmp_path: Path) -> None:
    """One fold of the first repeat and two of the second: their mean, as the table of results has it."""
    scores = np.full((10, 10), 0.8)
    scores[0], scores[1] = np.nan, np.nan
    scores[0, 0], scores[1, :3] = 0.5, 0.9
    assert one(tmp_path, scores)["ours"] == pytest.approx(np.nanmean(scores))
    assert np.nanmean(scores) != pytest.approx(
        np.nanmean(scores, axis=1).mean(), abs=1e-4
    )


class TestOtherSplits:
    """The same data, other splits: SE = s_rep sqrt(1/r_p + 1/r), t.95 to reproduce and t.975 to refute."""

    def test_percent_scales_everything(self, tmp_path: Path) -> None:
        fraction = one(tmp_path, around(0.902, 0.002))
        percent = one(tmp_path, around(0.902, 0.002), value='"90.0"', unit="percent")
        assert percent["agreement"] == "reproduced"
        for name in ("ours", "difference", "tolerance"):
            assert percent[name] == pytest.approx(100 * fraction[name])

    def test_several_runs_are_at_least_three(self, tmp_path: Path) -> None:
        several = one(tmp_path, around(0.9, 0.005), repeats="several")
        three = one(tmp_path, around(0.9, 0.005), repeats="3")
        assert several["standard_error"] == three["standard_error"]
        assert reason(several, SeveralRuns).runs == 3

    def test_inconclusive_says_the_repeats_needed(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.005, repeats=3), folds_of(3))
        assert row["agreement"] == "fits"
        assert reason(row, j.IntervalOpen).leaves == "equal"
        r = 2
        while t.ppf(0.95, r - 1) * 0.005 * np.sqrt(1 + 1 / r) + 0.0005 >= 0.01:
            r += 1
        assert (row["settle"], row["further"]) == ("repeats", r - 3)

    def test_a_noise_floor_is_a_cause_and_no_status(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.008))
        assert (row["status"], row["agreement"], row["agreement"]) == (
            "attempted",
            "fits",
            "fits",
        )
        assert row["cause"] == "noise_floor"
        assert row["smallest_tolerance"] > 0.01

    def test_draws_of_a_simulation_are_the_repeats(self, tmp_path: Path) -> None:
        """5 draws of 2 repeats each: the spread is that of 5 draw means."""
        scores = around(0.9, 0.003)
        made = a_study(tmp_path, claim(), more=TOLERANCE)
        row = judge(
            made, scores_of_arrays({"lda": scores}), folds_of(), tables_of(draws=5)
        )["c"]
        draws = scores.mean(axis=1).reshape(5, 2).mean(axis=1)
        half = t.ppf(0.95, 4) * draws.std(ddof=1) * np.sqrt(1 + 1 / 5) + 0.0005
        assert row["high"] == pytest.approx(row["difference"] + half)
        assert reason(row, Repeats) == Repeats("draws", 5)


class TestWithoutChance:
    def test_tolerance_is_at_least_one_test_case(self, tmp_path: Path) -> None:
        narrow = {
            "resampling": LOO,
            "more": '\ntolerance: {accuracy: 0.001, why: "narrow"}\n',
        }
        row = one(
            tmp_path,
            177 / 178,
            folds_of(1, 178, 177, 1),
            narrow,
            value='"98.9"',
            unit="percent",
        )
        assert row["tolerance"] == pytest.approx(0.1)
        assert (
            row["tolerance_used"]
            == reason(row, j.ToleranceWidened).used
            == pytest.approx(100 / 178 + 0.1)
        )
        assert row["agreement"] == "reproduced"

    def test_one_lucky_seed_is_not_exact(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            [[0.9]],
            folds_of(1, 1),
            {"resampling": FIXED},
            family="random_forest",
        )
        assert (row["agreement"], row["cause"], row["difference"]) == (
            "fits",
            "seed",
            0,
        )
        assert row["settle"] == "seeds"

    @pytest.mark.parametrize("repeats", [3, 12])
    def test_a_repeat_of_drawn_splits_is_no_other_seed_of_the_same(
        self, tmp_path: Path, repeats: int
    ) -> None:
        scores = (
            around(0.9, 0.01)[:repeats]
            if repeats < 10
            else np.vstack([around(0.9, 0.01), around(0.9, 0.01)[:2]])
        )
        row = one(
            tmp_path,
            scores,
            folds_of(repeats),
            family="random_forest",
            splits="same",
            value='"0.90"',
        )
        assert (row["agreement"], row["cause"]) == ("fits", "seed")
        assert row["settle"] == "paper_noise"

    def test_leave_one_out_has_no_seeds_to_repeat(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            0.9,
            folds_of(1, 178, 177, 1),
            {"resampling": LOO},
            family="random_forest",
        )
        assert (row["agreement"], row["settle"]) == ("fits", "fixed_design")

    @pytest.mark.parametrize(
        ("resampling", "tuning", "draws"),
        [
            (FIXED, "{folds: 5}", "inner_folds"),
            (LOO, "{folds: 5}", "inner_folds"),
            ("{kind: time_ordered, folds: 2}", "{folds: 3}", None),
        ],
    )
    def test_tuning_makes_a_plain_family_random_where_it_draws(
        self, tmp_path: Path, resampling: str, tuning: str, draws: str | None
    ) -> None:
        """Inner folds in the order of time are the same for everyone."""
        families = {
            "several": "{lda: {solver: lsqr, shrinkage: [0, 0.5, 1]}}",
            "one": "{lda: {tune: false}}",
        }
        several, alone = (
            a_study(
                tmp_path,
                claim(),
                resampling=resampling,
                tune=tuning,
                families=one,
                more=TOLERANCE,
            )
            for one in families.values()
        )
        scores, folds = scores_of_arrays({"lda": [[0.8]]}), folds_of(1, 1, 528, 462)
        row = judge(several, scores, folds)["c"]
        assert row["agreement"] == ("differs" if draws is None else "off")
        if draws is not None:
            assert reason(row, SeedNotMeasured) == SeedNotMeasured(draws)
            assert row["settle"] == (
                "seeds"
                if resampling == FIXED and draws == "inner_folds"
                else "fixed_design"
            )
        assert judge(alone, scores, folds)["c"]["agreement"] == "differs"


class TestRunsOnTheSameRows:
    """A fixed split fitted five times with new seeds: seeds are the noise, and the test rows stay the same."""

    STUDY = {
        "resampling": '{kind: fixed_split, train: "1-90", test: "91-100", repeats: 5}',
        "more": TOLERANCE,
    }

    def test_runs_are_no_sample_of_rows(self, tmp_path: Path) -> None:
        """Three given folds: the folds vary, averaged over runs. One split: the seeds, without the rows."""
        values = around(0.9, 0.01, repeats=5, folds=3)
        series = series_of(scores_of_arrays({"lda": values}))["toy", "lda", "accuracy"]
        study = a_study(tmp_path)
        given, split = (
            setting_of(study, tables_of(), folds_of(5, n, same=True), "toy")
            for n in (3, 1)
        )
        sample = given.sample(series)
        assert sample is not None
        assert sample[0] == pytest.approx(values.mean(axis=0))
        single = series_of(scores_of_arrays({"lda": values[:, :1]}))[
            "toy", "lda", "accuracy"
        ]
        over_seeds = split.sample(single)
        assert over_seeds is not None
        assert (over_seeds[0].tolist(), over_seeds[1]) == (values[:, 0].tolist(), 0.0)
        assert split.seeds and not given.seeds
        draws = setting_of(study, tables_of(draws=5), folds_of(5, 1, same=True), "toy")
        assert not draws.seeds  # of a simulation every draw has rows of its own


class TestOtherSample:
    def test_runs_of_the_same_folds_bring_no_rows(self, tmp_path: Path) -> None:
        scores, study = (
            around(0.9, 0.01, 3),
            {"resampling": "{kind: given_folds, column: f, repeats: 3}"},
        )
        row = one(
            tmp_path,
            scores,
            folds_of(3, same=True),
            study,
            splits="other_sample",
            repeats="5",
        )
        part = scores.mean(axis=0).var(ddof=1) * (1 / 10 + 1 / 9)
        half = t.ppf(0.95, 18) * np.sqrt(2 * part)
        assert row["high"] == pytest.approx(row["difference"] + half + 0.0005, abs=1e-8)


class TestLimits:
    @pytest.mark.parametrize(
        "change",
        [{"doubt": "method"}, {"doubt": "other_method"}, {"read": "memory"}],
    )
    def test_cannot_refute(self, tmp_path: Path, change: dict[str, str]) -> None:
        row = one(tmp_path, around(0.8, 0.002), **change)
        assert row["agreement"] == "differs"
        assert has(row, j.LesserEvidence)

    def test_may_still_reproduce(self, tmp_path: Path) -> None:
        assert (
            one(tmp_path, around(0.9, 0.002), doubt="method")["agreement"]
            == "reproduced"
        )

    def test_another_protocol_is_never_exact(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            around(0.9, 0.002),
            splits="same",
            doubt="split",
        )
        assert row["agreement"] == "reproduced"
        assert row["doubts"] == "split"

    def test_not_attempted(self, tmp_path: Path) -> None:
        row = one(
            tmp_path,
            around(0.9, 0.002),
            family="null",
            not_attempted='"no such method"',
        )
        assert row["agreement"] is None
        assert row["reasons"] == (NotAttempted("no such method"),)

    def test_missing(self, tmp_path: Path) -> None:
        made = a_study(tmp_path, claim(family="qda"), more=TOLERANCE)
        row = judge(made, scores_of_arrays({"lda": around(0.9, 0.002)}), folds_of())[
            "c"
        ]
        assert (row["status"], row["agreement"]) == ("missing", None)

    def test_a_failed_fold_makes_it_untestable(self, tmp_path: Path) -> None:
        scores = around(0.9, 0.002).astype(object)
        scores[3, 4] = None
        lost = {"dataset": "toy", "family": "lda", "variant": "plain", "repeat": 3, "fold": 4, "status": "timeout",
                "stage": "fit", "reason": "60 s were not enough", "policy": "none"}  # fmt: skip
        made = a_study(tmp_path, claim(), more=TOLERANCE)
        failures = sparse([lost], frames.FAILURES)
        row = judge(
            made, scores_of_arrays({"lda": scores}), folds_of(), failures=failures
        )["c"]
        assert row["reasons"] == (
            CellsFailed(1, "lda", "toy", "fit", "60 s were not enough"),
        )
        row = judge(made, scores_of_arrays({"lda": scores}), folds_of())["c"]
        assert row["status"] == "missing"

    def test_a_warning_is_no_failure(self, tmp_path: Path) -> None:
        warned = {
            "dataset": "toy",
            "family": "lda",
            "variant": "plain",
            "repeat": 0,
            "fold": 0,
            "status": "warning",
        }
        made = a_study(tmp_path, claim(), more=TOLERANCE)
        failures = sparse([warned], frames.FAILURES)
        scores = scores_of_arrays({"lda": around(0.9, 0.002)})
        assert (
            judge(made, scores, folds_of(), failures=failures)["c"]["agreement"]
            == "reproduced"
        )

    def test_undefined_folds_are_counted(self, tmp_path: Path) -> None:
        scores = around(0.9, 0.001)
        scores[0, 0] = np.nan
        assert reason(one(tmp_path, scores), j.UndefinedFolds) == j.UndefinedFolds(
            1, 100
        )

    def test_default_tolerance_is_said(self, tmp_path: Path) -> None:
        row = one(tmp_path, around(0.9, 0.002), study={"more": ""})
        assert reason(row, j.ToleranceCustomary).tolerance == 0.01

    def test_own_tolerance_wins(self, tmp_path: Path) -> None:
        assert (
            one(tmp_path, around(0.93, 0.002), tolerance="0.05")["agreement"]
            == "reproduced"
        )


class TestImpossible:
    @pytest.mark.parametrize(
        ("count", "n"),
        [(count, n) for n in (7, 50, 178) for count in range(0, n + 1, 3)],
    )
    def test_never_accuses_a_rounded_or_truncated_share(
        self, count: int, n: int
    ) -> None:
        exact = 100 * count / n
        for text in (
            f"{exact:.1f}",
            f"{np.floor(exact * 10 + 1e-9) / 10:.1f}",
            f"{exact:.2f}",
        ):
            assert share_possible(span(text, 100), n), (text, count, n)


class TestRules:
    """The rule itself, whatever the claim."""

    def test_the_interval_may_reach_the_tolerance(self) -> None:
        silent = Noise(0.0, np.inf)
        assert lie_within(0.51, silent, 1.0, 0.5).agreement == "off"
        assert lie_within(0.5, silent, 1.0, 0.5).agreement == "reproduced"
        assert lie_within(-1.0, silent, 1.0, 0.0).agreement == "reproduced"
        assert lie_within(-1.6, silent, 1.0, 0.5).agreement == "differs"

    def test_smallest_tolerance_would_reproduce(self) -> None:
        noise = Noise(0.3, 9)
        first = lie_within(0.4, noise, 0.5, 0.05)
        assert first.smallest_tolerance is not None
        assert first.agreement == "off"
        assert (
            lie_within(0.4, noise, first.smallest_tolerance, 0.05).agreement
            == "reproduced"
        )
        assert (
            lie_within(0.4, noise, first.smallest_tolerance - 1e-6, 0.05).agreement
            == "off"
        )

    @pytest.mark.parametrize(
        ("text", "half"),
        [("9.28", 0.005), ("98.9", 0.05), ("100", 0.5), ("1e-3", 5e-4)],
    )
    def test_half_a_printed_unit(self, text: str, half: float) -> None:
        assert Printed.of(text).half == half


def test_error_rates_of_the_rule() -> None:
    """Simulated: the published number is one repeat, ours are ten; true differences of 0, 1 and 2 tolerances."""
    generator = np.random.default_rng(3)
    counts: dict[float, dict[str, float]] = {}
    for shift in (0.0, 0.01, 0.02):
        answers = []
        for _ in range(400):
            means = generator.normal(0.9 + shift, 0.0025, 10)
            noise = noise_of(float(means.std(ddof=1)), 10)
            published = round(generator.normal(0.9, 0.0025), 3)
            answers.append(
                lie_within(
                    float(means.mean()) - published, noise, 0.01, 0.0005
                ).agreement
            )
        counts[shift] = {word: answers.count(word) / 400 for word in set(answers)}
    assert counts[0.0].get("differs", 0) == 0
    assert counts[0.0]["reproduced"] > 0.8
    assert counts[0.01].get("reproduced", 0) <= 0.07
    assert counts[0.01].get("differs", 0) <= 0.05
    assert counts[0.02].get("reproduced", 0) == 0
    assert counts[0.02]["differs"] > 0.8
