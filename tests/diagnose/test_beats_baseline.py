"""Worse than a constant guess: a note where nothing is to be learnt, an alarm where answers run against the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.core import frames
from bench.core.findings import Finding
from bench.diagnose import DiagnosticEvidence, beats_baseline
from bench.scores.compute import scores_of
from tests.helpers.judge_cases import a_study, folds_of, tables_of
from tests.helpers.sparse import sparse

N, FOLDS = 200, 10


def judged(answers: np.ndarray, truth: np.ndarray, folder: Path) -> Finding:
    """The finding on a family that gives these labels, beside one that always says a; ten folds of 20 rows."""
    study = a_study(folder, families="{baseline: {}, lda: {}}")
    rows = [
        {"dataset": "toy", "family": family, "variant": "plain", "repeat": 0, "fold": i % FOLDS, "side": "test"}
        | {"row": i, "truth": "ab"[truth[i]], "label": "ab"[said[i]]}
        for family, said in (("baseline", np.zeros(N, dtype=int)), ("lda", answers))
        for i in range(N)
    ]
    predictions, tables = sparse(rows, frames.CLASSIFICATION), tables_of().with_columns(positive=None)
    nothing = (frames.TUNING, frames.REMARKS, frames.FAILURES, frames.DUPLICATES)
    tuning, remarks, failures, duplicates = map(frames.empty, nothing)
    folds, scores = folds_of(1, FOLDS, 180, 20), scores_of(study, tables, predictions, tuning)
    evidence = DiagnosticEvidence(study, tables, folds, scores, tuning, predictions, remarks, failures, duplicates)
    (finding,) = beats_baseline.DIAGNOSTIC.run(evidence)
    return finding


@pytest.mark.parametrize(("against", "severity"), [(False, "note"), (True, "warning")])
def test_answers_that_run_against_the_truth_are_an_alarm(against: bool, severity: str, tmp_path: Path) -> None:
    """One row in four is b: always a is right in 75 %, guesses at random in half, those against the truth in less."""
    rng = np.random.default_rng(1)
    truth = (np.arange(N) // FOLDS) % 4 // 3
    guess = rng.integers(0, 2, N)
    answers = np.where(rng.random(N) < 0.5, 1 - truth, guess) if against else guess
    finding = judged(answers, truth, tmp_path)
    assert finding.severity == severity and finding.high is not None and finding.high < 0
    (worse,) = finding.statements
    assert isinstance(worse, beats_baseline.WorseThanBaseline) and worse.against_truth is against
