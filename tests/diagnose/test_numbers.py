"""The numbers of diagnostics on toy studies, by hand and by simulation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.findings import Finding, Outcome, Severity
from bench.diagnose import DIAGNOSTICS, grid_edge
from bench.diagnose.case import Case, around, rows_of_scores
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.run_all import answers
from bench.text.findings import NoInterval
from tests.helpers.judge_cases import (
    LOO,
    a_study,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse


def found_by(name: str, evidence: DiagnosticEvidence) -> list[Finding]:
    return answers(DIAGNOSTICS[name], evidence)


def alone(test: Any, train: Any, **changes: Any) -> DiagnosticEvidence:
    """A case of one family, `lda`."""
    return Case(
        test={"lda": test}, train={"lda": train}, inner={}, **changes
    ).evidence()


def spread() -> np.ndarray:
    return np.random.default_rng(9).normal(size=(10, 10))


def test_gap_is_positive_when_training_looks_better() -> None:
    """Of an error the lower one is better, so the gap turns round."""
    for metric, train, test in (("accuracy", 0.98, 0.9), ("error_rate", 0.02, 0.1)):
        study = {"metrics": {"primary": metric}}
        scores = [
            rows_of_scores({"lda": around(mean, 0.005)}, side, metric=metric)
            for side, mean in (("test", test), ("train", train))
        ]
        evidence = replace(Case(study=study).evidence(), scores=pl.concat(scores))
        (finding,) = found_by("train_test_gap", evidence)
        assert (finding.estimate, finding.low, finding.high) == pytest.approx(
            (0.08, 0.08, 0.08)
        )  # without spread


def test_a_step_to_the_baseline_has_no_interval() -> None:
    """It compares two models: its interval stands with their comparison."""
    found = {
        finding.part: finding
        for finding in found_by("waterfall", Case(inner={}).evidence())
    }
    assert found["train_to_outer"].low is not None
    step = found["outer_to_baseline"]
    assert step.estimate > 0.1 and (step.low, step.high) == (None, None)


def test_the_alarm_level_is_shared_by_all_families() -> None:
    """The same gap has a wider interval where two families are looked at than where one is."""
    widths = []
    for test in (
        {"lda": around(0.9, 0.005)},
        {"lda": around(0.9, 0.005), "baseline": around(0.5, 0.005)},
    ):
        case = Case(
            test=test,
            train={name: values + 0.01 * spread() for name, values in test.items()},
        )
        finding = next(
            one
            for one in found_by("train_test_gap", case.evidence())
            if one.family == "lda"
        )
        assert finding.low is not None and finding.high is not None
        widths.append(finding.high - finding.low)
    assert widths[1] > widths[0]


def test_pooled_scores_have_an_estimate_and_no_interval(tmp_path: Any) -> None:
    study = a_study(tmp_path, families="{baseline: {}, lda: {}}", resampling=LOO)
    scores = [
        scores_of_arrays({"lda": value}, side=side, pooled=True)
        for side, value in (("test", 0.9), ("train", 1.0))
    ]
    (finding,) = found_by(
        "train_test_gap",
        replace(Case().evidence(), study=study, scores=pl.concat(scores)),
    )
    assert finding.estimate == pytest.approx(0.1)
    assert finding.low is None
    assert finding.statements == (NoInterval(),)


def test_the_edge_says_which() -> None:
    (finding,) = found_by("grid_edge", Case(chosen=[2] * 80 + [1] * 20).evidence())
    assert finding.statements == (
        grid_edge.say(
            "edge",
            parameter="C",
            largest=True,
            value=10.0,
            folds=80,
            total=100,
            commonest=False,
            seeds=False,
        ),
        grid_edge.say("beyond"),
    )
    assert finding.estimate == pytest.approx(0.8)


def test_remarks_keep_their_kind_as_the_part() -> None:
    diagnostic = DIAGNOSTICS["data_remarks"]
    assert diagnostic.sick is not None
    (finding,) = answers(diagnostic, diagnostic.sick().evidence())
    assert (finding.part, finding.estimate) == ("duplicates", 3)


def test_a_constant_regressor(tmp_path: Any) -> None:
    rows = [
        {"dataset": "toy", "family": family, "variant": "plain", "repeat": 0, "fold": fold, "side": "test",
         "row": row, "truth": float(row), "value": float(fold) if family == "lda" else float(row)}
        for family in ("lda", "qda")
        for fold in range(3)
        for row in range(5)
    ]  # fmt: skip
    study = a_study(
        tmp_path,
        task="regression",
        families="{lda: {family: ridge}, qda: {family: ridge}}",
        primary="rmse",
    )
    evidence = replace(
        Case().evidence(), study=study, folds=folds_of(1, 3), scores=frames.empty(frames.SCORES),
        predictions=sparse(rows, frames.REGRESSION),
    )  # fmt: skip
    outcomes = {
        finding.family: finding.outcome for finding in found_by("degenerate", evidence)
    }
    assert outcomes == {"lda": Outcome.FOUND, "qda": Outcome.PASSED}


def test_expected_optimism_of_the_best_of_many() -> None:
    """Simulated: ten useless configurations, each inner score .5 with s.e. .05; the best of them is .077 too good.

    E[max of 10 normals] = 1.5388 (Tippett), times .05.
    """
    generator = np.random.default_rng(4)
    inner = 0.5 + 0.05 * generator.normal(size=(40, 10, 10)).max(axis=2)
    test = 0.5 + 0.05 * generator.normal(size=(40, 10))
    case = Case(
        test={"lda": test}, train={"lda": test}, inner={"lda": inner}, chosen=[]
    )
    protocol = {
        "resampling": {"kind": "kfold", "folds": 10, "repeats": 40},
        "tuning": None,
        "seed": 1,
    }
    case.study = {"families": {"lda": {}}, "protocol": protocol}
    (finding,) = found_by(
        "tuning_optimism", replace(case.evidence(), folds=folds_of(40))
    )
    assert finding.outcome is Outcome.FOUND
    assert finding.estimate == pytest.approx(0.0769, abs=0.01)


def test_healthy_studies_are_seldom_called_sick(tmp_path: Any) -> None:
    """Simulated: eight families without any gap; an alarm in at most a few of a hundred studies, for each test."""
    generator, alarms, runs = np.random.default_rng(8), 0, 40
    study = a_study(
        tmp_path,
        families="{" + ", ".join(f"f{i}: {{family: lda}}" for i in range(8)) + "}",
    )
    toy = Case().evidence()
    for _ in range(runs):
        parts = []
        for side in ("test", "train"):
            shared = generator.normal(size=(8, 1, 1)) * np.sqrt(0.1)
            table = 0.7 + 0.02 * (
                shared + generator.normal(size=(8, 5, 10)) * np.sqrt(0.9)
            )
            parts.append(
                scores_of_arrays({f"f{i}": table[i] for i in range(8)}, side=side)
            )
        evidence = replace(
            toy,
            study=study,
            tables=tables_of(),
            folds=folds_of(5),
            scores=pl.concat(parts),
        )
        alarms += any(
            finding.outcome is Outcome.FOUND
            for finding in found_by("train_test_gap", evidence)
        )
    assert alarms / runs < 0.2


@pytest.mark.parametrize(
    ("variant", "score", "severity"),
    [("random_split", 0.99, Severity.NOTE), ("grouped_split", 0.7, Severity.WARNING)],
)
def test_folds_of_the_other_kind_are_an_alarm_only_for_a_study_on_random_ones(
    variant: str, score: float, severity: Severity
) -> None:
    """A study that keeps related rows together has valid scores, whatever random folds would give."""
    (finding,) = found_by(
        "split_gap", Case(variants={variant: {"lda": around(score, 0.005)}}).evidence()
    )
    assert (finding.outcome, finding.severity) == (Outcome.FOUND, severity)
    assert any(one.code == "split_gap.scores_stand" for one in finding.statements) == (
        severity is Severity.NOTE
    )


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(1.0, "not_applicable"), (0.99, "found")]
)
def test_hard_votes_get_no_verdict(confidence: float, outcome: str) -> None:
    """A family that prints 0 or 1 has no calibration: any error would be certain evidence against it."""
    evidence = Case(confidence=confidence).evidence()
    (finding,) = found_by("calibration", evidence)
    is_hard = finding.statements[0].code == "calibration.hard_votes"
    assert (finding.outcome, is_hard) == (outcome, confidence == 1.0)
