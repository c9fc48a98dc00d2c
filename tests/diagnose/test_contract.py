"""Every diagnostic is silent on a healthy study and speaks on a sick one, says when it cannot look, and never fits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.data.dataset import Column, Dataset
from bench.diagnose import DIAGNOSTICS, Diagnostic, DiagnosticEvidence, failed_cells
from bench.diagnose import findings as found_by
from bench.diagnose.diagnostic import ALARMS, FACTS
from tests.helpers.judge_cases import FIXED, LOO, a_study, around, folds_of, scores_of_arrays, tables_of
from tests.helpers.sparse import sparse

ALL = pytest.mark.parametrize("diagnostic", DIAGNOSTICS.values(), ids=list(DIAGNOSTICS))


def findings(*have: Any, **more: Any) -> pl.DataFrame:
    return found_by(DiagnosticEvidence(*have, **more))


def dealt(low: float, count: int = 99) -> dict[str, Any]:
    """What so many permutations of the target reach: around .5, the last one `low`."""
    return {f"permuted={i}": {"lda": np.full((1, 10), 0.5 if i else low)} for i in range(count)}


def healthy_variants() -> dict[str, dict[str, Any]]:
    """What probes find in a healthy study: nothing gained by more rows, by tuning, by random folds."""
    near = around(0.9, 0.005) + 0.01 * np.random.default_rng(3).normal(size=(10, 10))
    return {"train_share=0.75": {"lda": near}, "untuned": {"lda": near}, "random_split": {"lda": near}} | dealt(0.5)


def leaned_on(steady: bool) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    names = {"dataset": "toy", "family": "lda", "repeat": 0, "kind": "permutation"}
    return [
        names | {"fold": fold, "feature": f"x{i}", "value": float(i if steady else rng.normal())}
        for fold in range(5)
        for i in range(6)
    ]


def ways(compatible: str) -> list[dict[str, Any]]:
    names = {"claim": "c", "dataset": "toy", "family": "lda", "metric": "accuracy"}
    return [
        names | {"variant": f"{kind}=x", "kind": kind, "title": f"the {kind} way", "estimate": 0.9, "low": 0.89,
                 "high": 0.91, "compatible": kind == compatible, "beyond": 0.01 if kind == "valid" else None}
        for kind in ("valid", "error")
    ]  # fmt: skip


ROWS = 200


def table(**changes: Any) -> Dataset:
    """200 rows of four numbers, each of which says a little of the class; `changes` takes the place of its parts."""
    generator = np.random.default_rng(3)
    y = np.arange(ROWS) % 2
    parts: dict[str, Any] = {
        "X": generator.normal(size=(ROWS, 4)) + 0.5 * y[:, None],
        "y": y,
        "row": np.arange(ROWS),
        "classes": ("a", "b"),
        "columns": tuple(Column(name, "numeric") for name in ("first", "second", "third", "fourth")),
    }
    return Dataset(name="toy", task="classification", fingerprint="", **(parts | changes))


def with_copy_of_target() -> Dataset:
    healthy = table()
    healthy.X[:, 2] = 7.5 - 3 * healthy.y
    return healthy


def with_near_copies() -> Dataset:
    healthy = table()
    healthy.X[101:121] = healthy.X[:20] + 1e-4
    return healthy


def of_few_origins() -> Dataset:
    """Runs of ten rows that share most of what they are."""
    healthy = table()
    healthy.X[:] += 2 * np.random.default_rng(5).normal(size=(20, 4)).repeat(10, axis=0)
    return healthy


def with_other_test_rows() -> Dataset:
    healthy = table()
    healthy.X[150:, 1] += 3
    return healthy


@dataclass
class Case:
    """What a run left: scores by side, what was chosen, predictions, remarks; and the clean table."""

    test: dict[str, Any] = field(default_factory=lambda: {"baseline": around(0.5, 0.005), "lda": around(0.9, 0.005)})
    train: dict[str, Any] = field(default_factory=lambda: {"baseline": around(0.5, 0.005), "lda": around(0.9, 0.005)})
    inner: dict[str, Any] = field(default_factory=lambda: {"lda": around(0.9, 0.005)})
    chosen: list[int] = field(default_factory=lambda: [1] * 90 + [0] * 10)
    constant: bool = False
    confidence: float = 0.75
    right: float = 0.75
    remarks: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    study: dict[str, str] = field(default_factory=dict)
    metric: str = "accuracy"
    variants: dict[str, dict[str, Any]] = field(default_factory=healthy_variants)
    steady: bool = True
    compatible: str = "valid"
    wrong: float = 0.04
    data: Dataset | None = field(default_factory=table)
    tested: range = range(ROWS)

    def findings(self, tmp_path: Path) -> pl.DataFrame:
        study = a_study(tmp_path, **({"families": "{baseline: {}, lda: {}}", "primary": self.metric} | self.study))
        scores = pl.concat(
            scores_of_arrays(
                getattr(self, side), side=side, metric=self.metric, pooled="leave_one_out" in str(self.study)
            )
            for side in ("test", "train", "inner")
        )
        if self.study == {} and self.metric == "accuracy":
            more = [
                scores_of_arrays(table, side="test").with_columns(variant=pl.lit(name))
                for name, table in self.variants.items()
            ]
            scores = pl.concat([scores, *more])
        found = findings(
            study,
            tables_of(),
            folds_of(),
            scores,
            self.tuning(),
            self.predictions(),
            sparse(self.remarks, frames.REMARKS),
            frames.empty(frames.FAILURES),
            sparse([{"dataset": "toy", "row": row, "duplicates": n} for row, n in self.duplicates], frames.DUPLICATES),
            lambda name: self.data,
            importance=sparse(leaned_on(self.steady), frames.IMPORTANCE),
            explanations=sparse(ways(self.compatible), frames.EXPLANATIONS),
            variance=sparse([SPLIT_VARIES], frames.VARIANCE),
            self_checks=sparse([alarms_of(self.wrong)], frames.SELF_CHECKS),
        )
        return frames.checked(found, frames.FINDINGS)

    def tuning(self) -> pl.DataFrame:
        rows = [
            {"dataset": "toy", "family": "lda", "variant": "plain", "repeat": i // 10, "fold": i % 10,
             "candidate": candidate, "parameters": json.dumps({"C": [0.1, 1, 10][candidate], "kernel": "rbf"}),
             "inner_fold": inner, "metric": self.metric, "value": 0.9, "chosen": candidate == chosen}
            for i, chosen in enumerate(self.chosen)
            for candidate in range(3)
            for inner in range(2)
        ]  # fmt: skip
        return sparse(rows, frames.TUNING)

    def predictions(self) -> pl.DataFrame:
        """200 rows a repeat; of each twenty the given share is right, and says so with the given confidence."""
        other, rows = {"a": "b", "b": "a"}, []
        folds = 10 if len(self.tested) == ROWS else 1
        for family in ("baseline", "lda"):
            for repeat in range(2):
                for row in self.tested:
                    truth = "ab"[row % 2]
                    said = truth if row % 20 < round(20 * self.right) else other[truth]
                    said = "a" if family == "baseline" or self.constant else said
                    p = [self.confidence, 1 - self.confidence]
                    rows.append(
                        {"dataset": "toy", "family": family, "variant": "plain", "repeat": repeat,
                         "fold": row % folds, "side": "test", "row": row, "truth": truth, "label": said,
                         "p": p if said == "a" else p[::-1]}
                    )  # fmt: skip
        return sparse(rows, frames.CLASSIFICATION)


def odd_fold() -> dict[str, Any]:
    values = around(0.9, 0.005)
    values[4, 2] = 0.2
    return {"baseline": around(0.5, 0.005), "lda": values}


def seldom_first() -> dict[str, Any]:
    """Two families; the one with the better mean wins in three repeats of ten, by far."""
    ahead = np.where(np.arange(10) < 3, 0.1, -0.02)[:, np.newaxis]
    lda = around(0.8, 0.005)
    return {"baseline": lda - ahead, "lda": lda}


def alarms_of(rate: float) -> dict[str, Any]:
    """A self-check: how often a pair of equal families was called different."""
    return {"dataset": "toy", "check": "false_alarm", "rate": rate, "low": rate - 0.02, "high": rate + 0.02,
            "trials": 1000, "nominal": 0.05, "reason": "rows right"}  # fmt: skip


SPLIT_VARIES = {
    "dataset": "toy", "family": "lda", "metric": "accuracy", "source": "split", "share": 1.0, "sd": 0.01, "low": 0.007,
    "high": 0.02, "draws": 10,
}  # fmt: skip
#: Diagnostics that print a number and never alarm.
NEVER_ALARM = {"selection", "waterfall", "repeats", "variance_budget"}
SICK: dict[str, Callable[[], Case]] = {
    "learning_curve": lambda: Case(variants={"train_share=0.5": {"lda": around(0.8, 0.005)}}),
    "permuted_labels": lambda: Case(variants={f"permuted={i}": {"lda": np.full((1, 10), 0.95)} for i in range(99)}),
    "overtuning": lambda: Case(variants={"untuned": {"lda": around(0.95, 0.005)}}),
    "split_gap": lambda: Case(variants={"random_split": {"lda": around(0.99, 0.005)}}),
    "variance_budget": Case,
    "explanations": lambda: Case(compatible="error"),
    "importances": lambda: Case(steady=False),
    "self_check": lambda: Case(wrong=0.2),
    "calibration": lambda: Case(confidence=0.99),
    "first_place": lambda: Case(test=seldom_first()),
    "selection": Case,
    "waterfall": Case,
    "repeats": Case,
    "illegitimate_features": lambda: Case(data=with_copy_of_target()),
    "near_duplicates": lambda: Case(data=with_near_copies()),
    "file_order": lambda: Case(data=of_few_origins()),
    "biased_test": lambda: Case(data=with_other_test_rows(), tested=range(150, ROWS), study={"resampling": FIXED}),
    "temporal": lambda: Case(data=table(time=np.arange(ROWS)), study={"of_toy": ", time: day"}),
    "leakage": lambda: Case(
        remarks=[
            {
                "dataset": "toy",
                "code": "possible_group",
                "column": "patient",
                "severity": "note",
                "count": 9,
                "reason": "looks like a group",
            }
        ]
    ),
    "duplicates_across": lambda: Case(duplicates=[(row, row // 2) for row in range(40)]),
    "train_test_gap": lambda: Case(train={"baseline": around(0.5, 0.005), "lda": around(1.0, 0, fold_sd=0)}),
    "tuning_optimism": lambda: Case(inner={"lda": around(0.97, 0.005)}),
    "grid_edge": lambda: Case(chosen=[2] * 80 + [1] * 20),
    "candidate_stability": lambda: Case(chosen=[0, 1, 2, 1, 0, 2] * 5),
    "beats_baseline": lambda: Case(test={"baseline": around(0.5, 0.005), "lda": around(0.5, 0.01, fold_sd=0.05)}),
    "degenerate": lambda: Case(constant=True),
    "outlier_folds": lambda: Case(test=odd_fold()),
    "data_remarks": lambda: Case(
        remarks=[{"dataset": "toy", "code": "duplicates", "severity": "warning", "count": 3, "reason": "3 rows twice"}]
    ),
}
#: Where the healthy case of all has nothing that a diagnostic could look at.
HEALTHY = {
    "temporal": lambda: Case(
        data=table(time=np.arange(ROWS)),
        tested=range(150, ROWS),
        study={"of_toy": ", time: day", "resampling": FIXED},
    ),
    "biased_test": lambda: Case(tested=range(150, ROWS), study={"resampling": FIXED}),
}


def of(frame: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    return frame.filter(pl.col("diagnostic") == name).rows(named=True)


@ALL
def test_the_file_is_whole(diagnostic: Diagnostic) -> None:
    assert all((diagnostic.title, diagnostic.code, diagnostic.why, diagnostic.what_to_do))
    assert [*(one.code for one in DIAGNOSTICS.values()), failed_cells.CODE].count(diagnostic.code) == 1
    assert diagnostic.name in SICK, "give it a sick case here"


@ALL
def test_silent_on_a_healthy_study(diagnostic: Diagnostic, tmp_path: Path) -> None:
    rows = of(HEALTHY.get(diagnostic.name, Case)().findings(tmp_path), diagnostic.name)
    assert rows
    assert {row["outcome"] for row in rows} <= {"passed", "not_applicable"}, rows
    assert "passed" in {row["outcome"] for row in rows}
    assert all(row["reason"] for row in rows)


@ALL
def test_speaks_on_a_sick_study(diagnostic: Diagnostic, tmp_path: Path) -> None:
    rows = of(SICK[diagnostic.name]().findings(tmp_path), diagnostic.name)
    found = [row for row in rows if row["outcome"] == "found"]
    if diagnostic.name in NEVER_ALARM:
        assert not found
        return
    assert found
    assert all(row["dataset"] == "toy" for row in found)
    assert all(row["severity"] in ("note", "warning", "serious") for row in found)
    assert all(row["code"].split(".")[0] == diagnostic.code for row in found)
    if diagnostic.name not in (*ALARMS, *FACTS):
        assert {row["severity"] for row in found} == {"note"}, "an alarm needs a part of the budget"


@ALL
def test_says_when_it_has_nothing_to_look_at(diagnostic: Diagnostic, tmp_path: Path) -> None:
    study = a_study(tmp_path, families="{lda: {}}")
    nothing = findings(
        study,
        frames.empty(frames.TABLES),
        *(frames.empty(schema) for schema in (
            frames.FOLDS, frames.SCORES, frames.TUNING, frames.CLASSIFICATION, frames.REMARKS, frames.FAILURES,
            frames.DUPLICATES,
        )),
    )  # fmt: skip
    (row,) = of(nothing, diagnostic.name)
    assert row["outcome"] == "not_applicable"
    assert row["reason"]


@ALL
def test_can_be_left_out(diagnostic: Diagnostic, tmp_path: Path) -> None:
    case = Case(study={"diagnostics": f'{{leave_out: [{diagnostic.name}], why: "by hand"}}'})
    found = case.findings(tmp_path)
    assert of(found, diagnostic.name) == []
    assert len(set(found["diagnostic"])) == len(DIAGNOSTICS) - 1


class TestNumbers:
    def test_gap_is_positive_when_training_looks_better(self, tmp_path: Path) -> None:
        """Of an error the lower one is better, so the gap turns round."""
        for metric, train, test in (("accuracy", 0.98, 0.9), ("error_rate", 0.02, 0.1)):
            case = Case(test={"lda": around(test, 0.005)}, train={"lda": around(train, 0.005)}, inner={}, metric=metric)
            (row,) = of(case.findings(tmp_path), "train_test_gap")
            assert row["estimate"] == pytest.approx(0.08)
            assert (row["low"], row["high"]) == pytest.approx((0.08, 0.08))  # a gap without spread

    def test_a_featureless_model_has_no_gap(self, tmp_path: Path) -> None:
        rows = of(Case().findings(tmp_path), "train_test_gap")
        assert [row["estimate"] for row in rows] == pytest.approx([0, 0], abs=1e-12)

    def test_optimism(self, tmp_path: Path) -> None:
        (row,) = of(SICK["tuning_optimism"]().findings(tmp_path), "tuning_optimism")
        assert row["estimate"] == pytest.approx(0.07)
        assert row["severity"] == "note"

    def test_the_alarm_level_is_shared_by_all_families(self, tmp_path: Path) -> None:
        """The same gap has a wider interval where two families are looked at than where one is."""
        widths = []
        for test in ({"lda": around(0.9, 0.005)}, {"lda": around(0.9, 0.005), "baseline": around(0.5, 0.005)}):
            case = Case(test=test, train={name: values + 0.01 * odd() for name, values in test.items()})
            row = next(row for row in of(case.findings(tmp_path), "train_test_gap") if row["family"] == "lda")
            widths.append(row["high"] - row["low"])
        assert widths[1] > widths[0]

    def test_pooled_scores_have_an_estimate_and_no_interval(self, tmp_path: Path) -> None:
        case = Case(test={"lda": 0.9}, train={"lda": 1.0}, inner={}, study={"resampling": LOO})
        (row,) = of(case.findings(tmp_path), "train_test_gap")
        assert row["estimate"] == pytest.approx(0.1)
        assert row["low"] is None
        assert "no error rate" in row["reason"]

    def test_edge_says_which(self, tmp_path: Path) -> None:
        (row,) = of(SICK["grid_edge"]().findings(tmp_path), "grid_edge")
        assert row["reason"].startswith("C: largest value 10 was chosen in 80 of 100 outer folds")
        assert row["estimate"] == pytest.approx(0.8)

    def test_remarks_keep_their_kind_behind_the_code(self, tmp_path: Path) -> None:
        (row,) = of(SICK["data_remarks"]().findings(tmp_path), "data_remarks")
        assert row["code"] == "D1.duplicates"
        assert row["estimate"] == 3

    def test_a_constant_regressor(self, tmp_path: Path) -> None:
        rows = [
            {"dataset": "toy", "family": family, "variant": "plain", "repeat": 0, "fold": fold, "side": "test",
             "row": row, "truth": float(row), "value": float(fold) if family == "lda" else float(row)}
            for family in ("lda", "qda")
            for fold in range(3)
            for row in range(5)
        ]  # fmt: skip
        study = a_study(
            tmp_path, task="regression", families="{lda: {family: ridge}, qda: {family: ridge}}", primary="rmse"
        )
        found = findings(
            study, tables_of(), folds_of(1, 3), frames.empty(frames.SCORES), frames.empty(frames.TUNING),
            sparse(rows, frames.REGRESSION), frames.empty(frames.REMARKS), frames.empty(frames.FAILURES),
            frames.empty(frames.DUPLICATES),
        )  # fmt: skip
        outcomes = {row["family"]: row["outcome"] for row in of(found, "degenerate")}
        assert outcomes == {"lda": "found", "qda": "passed"}


def odd() -> np.ndarray:
    return np.random.default_rng(9).normal(size=(10, 10))


def test_expected_optimism_of_the_best_of_many(tmp_path: Path) -> None:
    """Simulated: ten useless configurations, each inner score .5 with s.e. .05; the best of them is .077 too good.

    E[max of 10 normals] = 1.5388 (Tippett), times .05.
    """
    generator = np.random.default_rng(4)
    inner = 0.5 + 0.05 * generator.normal(size=(40, 10, 10)).max(axis=2)
    test = 0.5 + 0.05 * generator.normal(size=(40, 10))
    case = Case(test={"lda": test}, train={"lda": test}, inner={"lda": inner}, chosen=[])
    study = a_study(tmp_path, families="{lda: {}}")
    scores = pl.concat(scores_of_arrays(getattr(case, side), side=side) for side in ("test", "train", "inner"))
    found = findings(
        study, tables_of(), folds_of(40), scores, case.tuning(), case.predictions(), frames.empty(frames.REMARKS),
        frames.empty(frames.FAILURES), frames.empty(frames.DUPLICATES),
    )  # fmt: skip
    (row,) = of(found, "tuning_optimism")
    assert row["outcome"] == "found"
    assert row["estimate"] == pytest.approx(0.0769, abs=0.01)


def test_healthy_studies_are_seldom_called_sick(tmp_path: Path) -> None:
    """Simulated: eight families without any gap; an alarm in at most a few of a hundred studies, for each test."""
    generator, alarms, runs = np.random.default_rng(8), 0, 40
    study = a_study(tmp_path, families="{" + ", ".join(f"f{i}: {{family: lda}}" for i in range(8)) + "}")
    for _ in range(runs):
        parts = []
        for side in ("test", "train"):
            shared = generator.normal(size=(8, 1, 1)) * np.sqrt(0.1)
            table = 0.7 + 0.02 * (shared + generator.normal(size=(8, 5, 10)) * np.sqrt(0.9))
            parts.append(scores_of_arrays({f"f{i}": table[i] for i in range(8)}, side=side))
        found = findings(
            study, tables_of(), folds_of(5), pl.concat(parts), frames.empty(frames.TUNING),
            frames.empty(frames.CLASSIFICATION), frames.empty(frames.REMARKS), frames.empty(frames.FAILURES),
            frames.empty(frames.DUPLICATES),
        )  # fmt: skip
        alarms += any(row["outcome"] == "found" for row in of(found, "train_test_gap"))
    assert alarms / runs < 0.2


def test_folds_of_the_other_kind_are_an_alarm_only_for_a_study_on_random_ones(tmp_path: Path) -> None:
    """What random folds would flatter is no fault of a study that keeps rows together; what they flatter here is."""
    for variant, score, severity in (("random_split", 0.99, "note"), ("grouped_split", 0.7, "warning")):
        case = Case(variants={variant: {"lda": around(score, 0.005)}})
        (row,) = of(case.findings(tmp_path), "split_gap")
        assert (row["outcome"], row["severity"]) == ("found", severity)
        assert ("its scores stand" in row["reason"]) == (severity == "note")
