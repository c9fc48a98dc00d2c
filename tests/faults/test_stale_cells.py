"""Every key of a study that changes numbers changes the keys of its cells: a run with the cells of another study leaves
the bytes that a run without any leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench import Project
from tests.faults.test_faults_of_the_machine import frames
from tests.helpers.faults_kit import LONG

STUDY = """
title: t
task: classification
datasets:
  d:
    source: {kind: csv, file: data/t.csv}
    target: y
    drop: [t]
    group: g
    positive: "yes"
    types: {z: categorical}
    missing: ["?"]
clean: null
preprocess: [impute, scale, encode]
protocol:
  resampling: {kind: kfold, folds: 3, repeats: 1}
  tuning: {folds: 3}
  seed: 0
families:
  knn: {n_neighbors: [1, 5, 9]}
  lda: {}
  rf: {family: random_forest, n_estimators: 5, max_depth: [1, 3]}
metrics: {primary: accuracy, also: [roc_auc, f1_binary]}
compare: null
diagnostics: {halves: null}
tolerance: null
claims: null
"""
KFOLD, TUNING, OWN, NONE = (
    "{kind: kfold, folds: 3, repeats: 1}",
    "{folds: 3}",
    'missing: ["?"]',
    "diagnostics: {halves: null}",
)
#: What is written in the place of what.
EDITS = (
    ('"yes"', '"no"'), ("{z: categorical}", "{z: numeric}"), ('["?"]', '["-9"]'), ("[t]", "[t, x2]"),
    ("    group: g\n", ""), ("clean: null", "clean: [drop_duplicates]"),
    ("[impute, scale, encode]", "[impute, encode]"), ("[impute, scale, encode]", "[impute, encode, scale]"),
    (KFOLD, "{kind: kfold, folds: 4}"), (KFOLD, "{kind: kfold, folds: 3, repeats: 2}"),
    (KFOLD, "{kind: kfold, folds: 3, stratify: false}"), (KFOLD, "{kind: holdout, test_size: 0.3}"),
    (KFOLD, "{kind: group_kfold, folds: 3}"), (KFOLD, "{kind: given_folds, column: part}"),
    (KFOLD, '{kind: fixed_split, train: "1-40", test: "41-72", repeats: 2}'),
    (TUNING, "{folds: 4}"), (TUNING, "{folds: 3, metric: log_loss}"),
    (TUNING, "{folds: 3, metric: f1_binary}"),
    ("seed: 0", "seed: 1"), ("[1, 5, 9]", "[1, 5]"),
    ("[1, 5, 9]", "[1, 5, 9], weights: distance"), ("lda: {}", "lda: {preprocess: [impute, encode]}"),
    ("lda: {}", "lda: {solver: lsqr}"), ("n_estimators: 5", "n_estimators: 6"),
    (OWN, f"{OWN}\n    families: {{knn: {{n_neighbors: [3, 7]}}}}"), (OWN, f"{OWN}\n    preprocess: [impute, encode]"),
    (OWN, f"{OWN}\n    protocol: {{seed: 4}}"), (OWN, f"{OWN}\n    protocol: {{tuning: {{folds: 2}}}}"),
    (OWN, f"{OWN}\n    title: A table"), ("  d:\n", "  dd:\n"),
    ("accuracy, also: [roc_auc", "roc_auc, also: [accuracy"),
    ("f1_binary]}", "f1_binary], aggregation: {roc_auc: pooled}}"),
    (NONE, "diagnostics: {learning: {folds: 2}}"),
    (NONE, "diagnostics: {learning: {folds: 3}, inspect: {folds: 2}}"),
    (NONE, "diagnostics: {inspect: {folds: 3}, permutations: {count: 5}}"),
    (NONE, "diagnostics: {permutations: {count: 6}, overtuning: {}, variance: {draws: 3}}"),
    (NONE, "diagnostics: {variance: {draws: 4}, grouping: {}, halves: {repeats: 2, folds: 2}}"),
    (NONE, "diagnostics: {halves: {repeats: 3, folds: 2}}"),
)  # fmt: skip


def table() -> pl.DataFrame:
    random, i = np.random.default_rng(0), np.arange(72)
    x1, x2 = random.normal(size=72), random.normal(size=72) * 5
    return pl.DataFrame({
        "x1": x1, "x2": x2, "c": random.choice(["u", "v", "w"], 72), "g": i % 12, "t": i,
        "part": np.array(["a", "b", "c"])[i % 3], "z": np.where(i % 9 == 0, "-9", (i % 4).astype(str)),
        "y": np.where(x1 + 0.2 * x2 + random.normal(size=72) > 0, "yes", "no"),
    })  # fmt: skip


def run(root: Path, text: str) -> dict[str, str]:
    """The sha256 of every file of the results of a study in this project."""
    (root / "studies/s/data").mkdir(parents=True, exist_ok=True)
    (root / "studies/s/study.yaml").write_text(text)
    (root / "params.yaml").write_text("studies: [s]\nexecution: {workers: 2}\n")
    table().write_csv(root / "studies/s/data/t.csv")
    Project(root).run("s", progress=False)
    return frames(root, "results/s")


@pytest.mark.skipif(not LONG, reason="forty runs; `make fuzz` takes them")
def test_no_cell_of_another_study_is_taken(tmp_path: Path) -> None:
    run(tmp_path / "warm", STUDY)
    for number, (before, after) in enumerate(EDITS):
        assert before in STUDY
        text = STUDY.replace(before, after, 1)
        assert run(tmp_path / "warm", text) == run(tmp_path / f"cold-{number}", text), (
            after
        )
