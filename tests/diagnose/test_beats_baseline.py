"""Worse than a constant guess: a note where nothing is to be learnt, an alarm where answers run against the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.findings import Finding
from bench.diagnose import DiagnosticEvidence, beats_baseline
from bench.scores.compute import scores_of
from bench.stats.halves import sharp
from bench.stats.intervals import class_mix
from bench.stats.paired import corrected_t
from tests.helpers.judge_cases import a_study, folds_of, tables_of
from tests.helpers.sparse import sparse

N, FOLDS = 200, 10


def judged(
    answers: np.ndarray,
    truth: np.ndarray,
    folder: Path,
    family: str = "lda",
    halves: np.ndarray | None = None,
) -> Finding:
    """The finding on a family that gives these labels, beside one that always says a; ten folds of 20 rows. halves:
    (J, 2), by how much it is the better of the two there."""
    study = a_study(folder, families=f"{{baseline: {{}}, {family}: {{}}}}")
    rows = [
        {
            "dataset": "toy",
            "family": family,
            "variant": "plain",
            "repeat": 0,
            "fold": i % FOLDS,
            "side": "test",
        }
        | {"row": i, "truth": "ab"[truth[i]], "label": "ab"[said[i]]}
        for family, said in (("baseline", np.zeros(N, dtype=int)), (family, answers))
        for i in range(N)
    ]
    predictions, tables = (
        sparse(rows, frames.CLASSIFICATION),
        tables_of().with_columns(positive=None),
    )
    nothing = (frames.TUNING, frames.REMARKS, frames.FAILURES, frames.DUPLICATES)
    tuning, remarks, failures, duplicates = map(frames.empty, nothing)
    folds, scores = (
        folds_of(1, FOLDS, 180, 20),
        scores_of(study, tables, predictions, tuning),
    )
    means = (
        {}
        if halves is None
        else {"baseline": np.full(halves.shape, 0.5), family: 0.5 + halves}
    )
    in_halves = [
        {
            "dataset": "toy",
            "family": name,
            "variant": f"half={j}{'ab'[h]}",
            "repeat": j,
            "fold": 0,
            "side": "test",
        }
        | {"metric": "accuracy", "value": float(value)}
        for name, values in means.items()
        for (j, h), value in np.ndenumerate(values)
    ]
    scores = pl.concat([scores, sparse(in_halves, frames.SCORES)])
    evidence = DiagnosticEvidence(
        study, tables, folds, scores, tuning, predictions, remarks, failures, duplicates
    )
    (finding,) = beats_baseline.DIAGNOSTIC.run(evidence)
    return finding


@pytest.mark.parametrize(("against", "severity"), [(False, "note"), (True, "warning")])
def test_answers_that_run_against_the_truth_are_an_alarm(
    against: bool, severity: str, tmp_path: Path
) -> None:
    """One row in four is b: always a is right in 75 %, guesses at random in half, those against the truth in less."""
    rng = np.random.default_rng(1)
    truth = (np.arange(N) // FOLDS) % 4 // 3
    guess = rng.integers(0, 2, N)
    answers = np.where(rng.random(N) < 0.5, 1 - truth, guess) if against else guess
    finding = judged(answers, truth, tmp_path)
    assert (
        finding.severity == severity and finding.high is not None and finding.high < 0
    )
    (worse,) = finding.statements
    assert (
        isinstance(worse, beats_baseline.WorseThanBaseline)
        and worse.against_truth is against
    )


def test_an_unstable_family_is_judged_by_halves(tmp_path: Path) -> None:
    """A tree that is right in nine of ten rows, but in some halves no better than a constant guess."""
    truth = (np.arange(N) // FOLDS) % 2
    wrong = ((np.arange(N) // FOLDS) % 10 == 0) | (np.arange(N) < FOLDS + 3)
    answers = np.where(wrong, 1 - truth, truth)
    apart = np.array([[0.5, -0.1], [0.4, 0.0], [-0.2, 0.6], [0.45, -0.05]])
    (by_folds,) = judged(answers, truth, tmp_path, "decision_tree").statements
    finding = judged(answers, truth, tmp_path, "decision_tree", apart)
    assert by_folds.code == "beats_baseline.better"
    by_halves, how = finding.statements
    assert how.code == "beats_baseline.by_halves", (
        "p is of halves, the interval around the difference on all rows"
    )
    assert by_halves.code == "beats_baseline.not_shown"
    assert by_halves.details["p"] == pytest.approx(sharp(apart).p_greater)
    (stable,) = judged(answers, truth, tmp_path, "lda", apart).statements
    assert stable.code == "beats_baseline.better"


def test_the_test_holds_the_class_mix_as_that_of_pairs_does(tmp_path: Path) -> None:
    """Two rows of b in each fold of 20, of which a model finds one or both: differences of .05 and .1."""
    truth = (np.arange(N) // FOLDS >= N // FOLDS - 2).astype(int)
    fold = np.arange(N) % FOLDS
    answers = np.where(
        (truth == 1) & ((fold % 2 == 0) | (np.arange(N) >= N - FOLDS)), 1, 0
    )
    finding = judged(answers, truth, tmp_path)
    gains = np.where(np.arange(FOLDS) % 2 == 0, 0.1, 0.05)
    mix = class_mix((answers == truth) - (truth == 0).astype(float), truth)
    test = corrected_t(
        gains, np.zeros(FOLDS), test_train_ratio=1 / 9, level=0.95, mix_variance=mix
    )
    assert mix > 0 and (finding.low, finding.high) == pytest.approx(
        (test.low, test.high)
    )
    assert finding.statements[0].p == pytest.approx(test.p_greater)  # type: ignore[attr-defined]


def test_a_few_equal_differences_are_not_tested(tmp_path: Path) -> None:
    """Right in every row of ten folds, where a constant guess is right in half: no standard error is known."""
    truth = (np.arange(N) // FOLDS) % 2
    finding = judged(truth, truth, tmp_path)
    assert (finding.outcome, finding.low) == ("passed", None)
    assert [one.code for one in finding.statements] == [
        "beats_baseline.untested",
        "claim.draws_agree",
    ]


def test_a_model_that_answers_like_the_guess_has_no_interval(tmp_path: Path) -> None:
    """Its p is 1 whatever the error is, which ten differences of 0 do not show."""
    truth = (np.arange(N) // FOLDS) % 2
    finding = judged(np.zeros(N, int), truth, tmp_path)
    assert (finding.outcome, finding.estimate, finding.low, finding.high) == (
        "found",
        0,
        None,
        None,
    )
