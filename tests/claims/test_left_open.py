"""What a paper leaves open: the averaging of F1, the number of folds; and over which of the datasets a mean goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.claims import check_claim, remarks
from bench.claims.arithmetic import impossibilities
from bench.core.outcomes import decoded
from bench.text.chance import MeanOverDatasets
from bench.text.claim_problems import DoesNotFollow
from bench.text.compared import FewDatasets, SignedRanks
from bench.text.judgements import AmbiguousNumber, LesserEvidence, SameUnderAll, Settle
from bench.text.unjudged import NoSuchCount, NoSuchFoldMean
from tests.helpers.judge_cases import (
    a_study,
    around,
    faults,
    folds_of,
    has,
    judge,
    reason,
    scores_of_arrays,
)

ALSO = "[f1_macro, f1_weighted, f1_binary, balanced_accuracy, rmse]"
TWO = "  two: {source: {kind: sklearn, name: iris}, target: target}\n"
THREE = TWO + "  three: {source: {kind: sklearn, name: digits}, target: target}"


def claim(**changes: str) -> str:
    fields = {
        "id": "c", "kind": "value", "dataset": "toy", "family": "lda", "metric": "f1_macro", "value": '"0.900"',
        "unit": "fraction", "tolerance": "0.02", "where": '"Table 1"', "read": "source",
    } | changes  # fmt: skip
    return (
        "  - {"
        + ", ".join(f"{key}: {value}" for key, value in fields.items() if value)
        + "}\n"
    )


def f1(macro: float, weighted: float, sd: float = 0.002) -> pl.DataFrame:
    return pl.concat(
        [
            scores_of_arrays({"lda": around(mean, sd)}, metric=metric)
            for metric, mean in (("f1_macro", macro), ("f1_weighted", weighted))
        ]
    )


def judged(folder: Path, scores: pl.DataFrame, **changes: str) -> dict[str, Any]:
    study = a_study(folder, claim(**changes), also=ALSO)
    assert isinstance(study.claims, tuple)
    assert check_claim(study.claims[0], study) == []
    return judge(study, scores, folds_of())["c"]


class TestAveraging:
    OPEN = {"metric_alternatives": "[f1_weighted]"}

    def test_a_verdict_that_every_reading_gives_is_kept(self, tmp_path: Path) -> None:
        """The smallest tolerance is that of the reading that lies farther off."""
        row = judged(tmp_path, f1(0.901, 0.905), **self.OPEN)
        far = judged(tmp_path, f1(0.901, 0.905), metric="f1_weighted")
        assert (row["agreement"], row["metric"], row["ours"]) == (
            "reproduced",
            "f1_macro",
            pytest.approx(0.901),
        )
        assert row["smallest_tolerance"] == far["smallest_tolerance"]
        assert reason(row, SameUnderAll).readings == (
            ("f1_macro", None),
            ("f1_weighted", None),
        )

    def test_all_readings_must_refute(self, tmp_path: Path) -> None:
        row = judged(tmp_path, f1(0.800, 0.850), **self.OPEN)
        near = judged(tmp_path, f1(0.800, 0.850), metric="f1_weighted")
        assert row["agreement"] == "differs"
        assert row["p"] == near["p"] > judged(tmp_path, f1(0.800, 0.850))["p"]

    @pytest.mark.parametrize("scores", [f1(0.900, 0.800), f1(0.800, 0.900)])
    def test_where_readings_disagree_nothing_is_decided(
        self, tmp_path: Path, scores: pl.DataFrame
    ) -> None:
        row = judged(tmp_path, scores, **self.OPEN)
        assert row["agreement"] == "unclear"
        ambiguous = reason(row, AmbiguousNumber)
        assert (ambiguous.open, ambiguous.readings[0][:2]) == (
            ("averaging",),
            ("f1_macro", None),
        )
        assert row["cause"] == "ambiguous"
        assert Settle("source") in decoded(row["settle"])

    def test_its_meaning_decides_nothing_where_no_reading_does(
        self, tmp_path: Path
    ) -> None:
        """One is consistent, the other unclear: .9 and .945 against .900, each about +-.038."""
        row = judged(tmp_path, f1(0.900, 0.945, 0.02), **self.OPEN)
        assert [one[-1] for one in reason(row, AmbiguousNumber).readings] == [
            "consistent",
            "unclear",
        ]
        assert Settle("source") not in decoded(row["settle"])

    def test_a_reading_without_scores_leaves_it_open(self, tmp_path: Path) -> None:
        row = judged(
            tmp_path,
            scores_of_arrays({"lda": around(0.9, 0.002)}, metric="f1_macro"),
            **self.OPEN,
        )
        assert row["agreement"] == "unclear"
        assert ("f1_weighted", None, "missing") in reason(row, AmbiguousNumber).readings
        assert row["p"] is row["smallest_tolerance"] is None

    def test_without_any_scores_it_is_not_testable(self, tmp_path: Path) -> None:
        row = judged(
            tmp_path, scores_of_arrays({"lda": around(0.9, 0.002)}), **self.OPEN
        )
        assert (row["status"], row["agreement"]) == ("missing", None)

    def test_claims_that_compare_are_judged_both_ways_too(self, tmp_path: Path) -> None:
        """By macro F1 lda is ahead, by weighted F1 behind."""
        parts = [("f1_macro", 0.9, 0.8), ("f1_weighted", 0.8, 0.9)]
        scores = pl.concat(
            [
                scores_of_arrays(
                    {"lda": around(a, 0.002), "qda": around(b, 0.002)}, metric=m
                )
                for m, a, b in parts
            ]
        )
        better = {
            "kind": "better",
            "against": "qda",
            "value": "",
            "unit": "",
            "tolerance": "",
        }
        assert judged(tmp_path, scores, **better)["agreement"] == "reproduced"
        row = judged(tmp_path, scores, **better, **self.OPEN)
        assert row["agreement"] == "unclear"
        assert ("f1_weighted", None, "differs") in reason(row, AmbiguousNumber).readings

    def test_an_unchecked_number_refutes_under_no_reading(self, tmp_path: Path) -> None:
        row = judged(tmp_path, f1(0.800, 0.800), read="memory", **self.OPEN)
        assert row["agreement"] == "differs"
        assert has(row, LesserEvidence)

    def test_what_no_table_of_labels_gives_is_impossible_only_if_no_reading_gives_it(
        self, tmp_path: Path
    ) -> None:
        """No count of 10 cases is an accuracy of .93; a balanced accuracy it may be."""
        one = {
            "metric": "accuracy",
            "value": '"0.93"',
            "n": "10",
            "aggregation": "pooled",
            "repeats": "1",
        }
        alone = a_study(tmp_path, claim(**one), also=ALSO)
        assert isinstance(impossibilities(alone)["c"][0], NoSuchCount)
        both = a_study(
            tmp_path, claim(**one, metric_alternatives="[balanced_accuracy]"), also=ALSO
        )
        assert remarks(both) == {}


class TestFolds:
    def test_a_spread_over_an_unknown_number_of_folds(self, tmp_path: Path) -> None:
        """A standard error of .03 is an sd of .03 sqrt(K), whose folds have 1 / (K - 1) test rows for each of training:
        .03 sqrt(1 + 5 / 4) = .045 on 4 degrees, .03 sqrt(1 + 20 / 19) = .043 on 19."""
        sample = {"metric": "accuracy", "splits": "other_sample", "tolerance": "0.09"}
        spread = {"spread": '{value: "0.03", kind: se, over: folds}'}
        scores = scores_of_arrays({"lda": around(0.9, 0.002)})
        few, many = (
            judged(tmp_path, scores, **sample, **spread, folds=k) for k in ("5", "20")
        )
        assert few["smallest_tolerance"] > many["smallest_tolerance"]
        assert [few["agreement"], many["agreement"]] == ["consistent", "reproduced"]
        either = judged(
            tmp_path, scores, **sample, **spread, folds="20", folds_alternatives="[5]"
        )
        assert either["agreement"] == "consistent"
        readings = ((None, 20, "reproduced"), (None, 5, "consistent"))
        assert reason(either, AmbiguousNumber) == AmbiguousNumber(("folds",), readings)

    def test_a_mean_over_so_many_folds_of_n_cases(self, tmp_path: Path) -> None:
        """.9935 is a mean over folds of equal size of 150 cases in no way; over seven, which are not, it can be."""
        made = {
            "metric": "accuracy",
            "value": '"0.9935"',
            "n": "150",
            "aggregation": "fold_mean",
            "repeats": "1",
        }
        (alone,) = impossibilities(a_study(tmp_path, claim(**made, folds="5")))["c"]
        assert alone == NoSuchFoldMean("0.9935", 150, 5, 1)
        assert remarks(a_study(tmp_path, claim(**made, folds="7"))) == {}
        assert (
            remarks(
                a_study(tmp_path, claim(**made, folds="5", folds_alternatives="[7]"))
            )
            == {}
        )
        each = impossibilities(
            a_study(tmp_path, claim(**made, folds="5", folds_alternatives="[3, 10]"))
        )["c"]
        assert [one.folds for one in each if isinstance(one, NoSuchFoldMean)] == [
            5,
            3,
            10,
        ]


MEAN = {"kind": "mean", "dataset": ""}
BEST = {"kind": "best", "value": ""}


@pytest.mark.parametrize(
    ("change", "keys", "code"),
    [
        (
            {"metric_alternatives": "[f1_wieghted]"},
            "metric_alternatives",
            "problem.unknown_word",
        ),
        (
            {"metric_alternatives": "[f1_macro]"},
            "metric_alternatives",
            "problem.claim.metric_itself",
        ),
        (
            {"metric_alternatives": "[kappa]"},
            "metric_alternatives",
            "problem.claim.not_computed",
        ),
        (
            {"metric_alternatives": "[rmse]"},
            "metric_alternatives",
            "problem.claim.not_alike",
        ),
        ({"metric_alternatives": "[]"}, "metric_alternatives", "problem.out_of_range"),
        (
            {"metric_alternatives": '"f1_weighted, f1_binary"'},
            "metric_alternatives",
            "problem.list_as_text",
        ),
        ({"folds_alternatives": "[5]"}, "folds", "problem.claim.no_first_reading"),
        (
            {"folds": "10", "folds_alternatives": "[ten]"},
            "folds_alternatives[0]",
            "problem.wrong_type",
        ),
        (
            {"folds": "10", "folds_alternatives": "[5, 10]", "n": "50"},
            "folds_alternatives",
            "problem.claim.folds_repeated",
        ),
        (
            {"folds": "10", "folds_alternatives": "[5]"},
            "folds_alternatives",
            "problem.claim.folds_idle",
        ),
        (
            BEST | {"folds_alternatives": "[5]"},
            "folds_alternatives",
            "problem.not_of_kind",
        ),
        ({"datasets": "[toy, two]"}, "datasets", "problem.not_of_kind"),
        (MEAN | {"datasets": "[toy]"}, "datasets", "problem.claim.one_dataset"),
        (MEAN | {"datasets": "[toy, toy]"}, "datasets", "problem.twice"),
        (MEAN | {"datasets": "[toy, tow]"}, "datasets", "problem.unknown_word"),
        (
            BEST | {"datasets": "[toy, two]"},
            "datasets",
            "problem.claim.dataset_and_datasets",
        ),
    ],
)
def test_mistakes_have_codes(
    tmp_path: Path, change: dict[str, str], keys: str, code: str
) -> None:
    assert (keys, code) in faults(tmp_path, claim(**change), also=ALSO, datasets=TWO)


class TestSomeDatasets:
    """lda is .9, .8 and .1 on three datasets; qda is .1 below, but on the third above."""

    LDA = {"toy": 0.9, "two": 0.8, "three": 0.1}
    QDA = {"toy": 0.8, "two": 0.7, "three": 0.6}

    def judged(self, folder: Path, **changes: str) -> dict[str, Any]:
        fields = {
            "metric": "accuracy",
            "dataset": "",
            "datasets": "[toy, two]",
        } | changes
        study = a_study(folder, claim(**fields), datasets=THREE)
        assert isinstance(study.claims, tuple)
        assert check_claim(study.claims[0], study) == []
        scores = pl.concat(
            [
                scores_of_arrays(
                    {
                        "lda": around(self.LDA[d], 0.002),
                        "qda": around(self.QDA[d], 0.002),
                    },
                    dataset=d,
                )
                for d in self.LDA
            ]
        )
        return judge(study, scores, pl.concat([folds_of(dataset=d) for d in self.LDA]))[
            "c"
        ]

    def test_a_mean_is_over_those_that_it_names(self, tmp_path: Path) -> None:
        row = self.judged(tmp_path, kind="mean", value='"0.850"')
        assert (row["ours"], row["agreement"]) == (pytest.approx(0.85), "reproduced")
        assert reason(row, MeanOverDatasets).datasets == 2
        assert self.judged(tmp_path, kind="mean", value='"0.600"', datasets="")[
            "ours"
        ] == pytest.approx(0.6)

    def test_a_mean_rank_too(self, tmp_path: Path) -> None:
        rank = {"kind": "rank", "unit": "", "tolerance": "0.4", "among": "[lda, qda]"}
        assert self.judged(tmp_path, **rank, value='"1.00"')["ours"] == 1.0
        assert self.judged(tmp_path, **rank, value='"1.33"', datasets="")[
            "ours"
        ] == pytest.approx(4 / 3)

    def test_how_many_datasets_can_decide_counts_those(self, tmp_path: Path) -> None:
        better = {
            "kind": "better",
            "against": "qda",
            "value": "",
            "unit": "",
            "tolerance": "",
        }
        row = self.judged(tmp_path, **better)
        assert reason(row, FewDatasets).datasets == 2
        assert (reason(row, SignedRanks).better, reason(row, SignedRanks).datasets) == (
            2,
            2,
        )
        assert (
            reason(self.judged(tmp_path, **better, datasets=""), SignedRanks).datasets
            == 3
        )

    def test_a_mean_is_held_against_the_values_of_those(self, tmp_path: Path) -> None:
        values = "".join(
            claim(id=f"v{d}", metric="accuracy", dataset=d, value=f'"{value:.2f}"')
            for d, value in self.LDA.items()
        )
        wrong = claim(
            kind="mean",
            metric="accuracy",
            dataset="",
            value='"0.60"',
            datasets="[toy, two]",
        )
        right = claim(
            kind="mean",
            metric="accuracy",
            dataset="",
            value='"0.85"',
            datasets="[toy, two]",
        )
        unlike = DoesNotFollow("0.60", (("0.90", "vtoy"), ("0.80", "vtwo")))
        assert remarks(a_study(tmp_path, values + wrong, datasets=THREE)) == {
            "c": [("value", unlike)]
        }
        assert remarks(a_study(tmp_path, values + right, datasets=THREE)) == {}
