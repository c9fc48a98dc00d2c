"""One toy study from YAML to HTML in seconds, in a project of its own: the way a user goes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main
from bench.core.comparisons import COMPARISONS
from bench.core.frames import (
    CLASSIFICATION,
    COSTS,
    FAILURES,
    FINDINGS,
    FOLDS,
    SCORES,
    TUNING,
)
from bench.core.judgements import VERDICTS
from bench.project.pipeline import STAGES_IN_ORDER, bundle_of
from bench.project.project import Project
from bench.report.page import pages

SCHEMAS = {
    "predictions": CLASSIFICATION,
    "tuning": TUNING,
    "failures": FAILURES,
    "costs": COSTS,
    "folds": FOLDS,
    "scores": SCORES,
    **COMPARISONS,
    "verdicts": VERDICTS,
    "findings": FINDINGS,
}


def go(study: str = "toy", stages: tuple[str, ...] = STAGES_IN_ORDER) -> None:
    for stage in stages:
        assert main([stage, study]) == 0, stage


def hashes(root: Path) -> dict[str, str]:
    """sha256 of everything that a study leaves."""
    files = [
        path
        for top in ("data", "results", "reports", "summaries")
        for path in (root / top).rglob("*")
    ]
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def test_from_yaml_to_page(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy + "paper: {citation: A. Author (1999). Toys., year: 1999}\n")
    go()
    assert main(["index"]) == 0
    results = root / "results" / "toy"
    for name, schema in SCHEMAS.items():
        assert pl.read_parquet(results / f"{name}.parquet").schema == schema, name
    predictions = pl.read_parquet(results / "predictions.parquet")
    test = predictions.filter(pl.col("side") == "test")
    assert len(test) == 80 * 2 * 3  # rows x repeats x families
    tuning = pl.read_parquet(results / "tuning.parquet")
    assert set(tuning["family"]) == {"knn", "lda"}
    assert (
        len(tuning.filter(pl.col("family") == "knn")) == 2 * 2 * 3 * 2
    )  # candidates x inner folds x folds x repeats
    costs = dict(
        pl.read_parquet(results / "costs.parquet").select("family", "fits").iter_rows()
    )
    assert (costs["baseline"], costs["knn"]) == (6, 6 * (2 * 2 + 1))
    assert pl.read_parquet(results / "verdicts.parquet")["claim"].to_list() == ["knn"]
    assert json.loads((results / "metrics.json").read_text())
    page = (root / "reports" / "toy" / "index.html").read_text()
    assert "A. Author (1999). Toys." in page
    assert pages(bundle_of(Project.here(), "toy"))["index.html"] == page
    assert "A. Author" in (root / "reports" / "index.html").read_text()
    capsys.readouterr()
    assert main(["show", "toy"]) == 0
    shown = capsys.readouterr().out
    assert "knn" in shown
    assert main(["show", "toy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema_version"] == 1
    (root / "params.yaml").write_text("studies: []\nslow: [toy, not-run-yet]\n")
    assert main(["index"]) == 0
    assert "A. Author" in (root / "reports" / "index.html").read_text()
    (root / "summaries" / "toy.json").write_text(
        '{"id": "toy", "title": "of an older bench"}'
    )
    assert main(["index"]) == 3
    assert "run `bench repro toy`" in capsys.readouterr().err


def test_the_same_bytes_for_one_and_two_workers_and_without_the_store(
    project: Callable[..., Path], toy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(toy=toy)
    go()
    two = hashes(root)
    monkeypatch.setenv("BENCH_STORE", "off")
    params = root / "params.yaml"
    params.write_text(params.read_text().replace("workers: 2", "workers: 1"))
    go()
    assert hashes(root) == two
    assert str(root) not in (root / "reports" / "toy" / "index.html").read_text()


def fits(root: Path) -> int:
    """How many cells the store holds."""
    import sqlite3

    with sqlite3.connect(root / ".bench" / "cells.sqlite") as database:
        return int(database.execute("select count(*) from cells").fetchone()[0])


def test_one_more_family_fits_its_own_cells_and_a_metric_none(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy)
    go()
    assert fits(root) == 18
    before = pl.read_parquet(root / "results" / "toy" / "predictions.parquet")
    project(toy=toy.replace("  lda: {}", "  lda: {}\n  naive_bayes: {}"))
    go()
    assert fits(root) == 18 + 6
    after = pl.read_parquet(root / "results" / "toy" / "predictions.parquet")
    assert after.filter(pl.col("family") != "naive_bayes").equals(before)
    project(
        toy=toy.replace("A toy", "Another toy").replace(
            "log_loss]", "log_loss, mcc, brier]"
        )
    )
    go(stages=("run", "judge", "report"))
    assert fits(root) == 18 + 6
    assert {"mcc", "brier"} <= set(
        pl.read_parquet(root / "results" / "toy" / "scores.parquet")["metric"]
    )


FAILING = """
title: Some cells fail
task: classification
datasets:
  toy: {source: {kind: synthetic, name: twonorm, rows: 60, seed: 1}, target: target}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 3}, tuning: null, seed: 0}
families:
  lda: {}
  few: {family: knn, n_neighbors: 1000}
metrics: {primary: accuracy}
diagnostics: {halves: null}
"""


def test_cells_that_fail_are_rows_and_the_rest_finishes(
    project: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = project(toy=FAILING)
    go(stages=("fetch", "clean"))
    assert main(["run", "toy"]) == 4
    assert "3 cells failed" in capsys.readouterr().err
    monkeypatch.setenv("DVC_STAGE", "run@toy")
    go(stages=("run", "judge", "report"))
    failures = pl.read_parquet(root / "results" / "toy" / "failures.parquet")
    assert failures.select("family", "status", "stage").unique().rows() == [
        ("few", "failed", "predict")
    ]
    assert len(failures) == 3
    scores = pl.read_parquet(root / "results" / "toy" / "scores.parquet")
    assert set(scores.select("family", "variant").iter_rows()) == {
        ("lda", "plain"),
        ("few", "fallback"),
    }
    assert os.environ["DVC_STAGE"]


SIMULATION = """
title: No signal
task: classification
datasets:
  no_signal: {source: {kind: synthetic, name: noise, rows: 40, columns: 5, draws: 6, seed: 2}, target: target}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 2}, tuning: null, seed: 0}
families: {one_nn: {family: knn, n_neighbors: 1}}
metrics: {primary: error_rate}
diagnostics: {halves: null}
"""


def test_a_simulation_repeats_over_its_draws(project: Callable[..., Path]) -> None:
    root = project(toy=SIMULATION)
    go()
    folds = pl.read_parquet(root / "results" / "toy" / "folds.parquet")
    assert sorted(folds["repeat"].unique()) == list(range(6))
    assert set(folds["test_rows"]) == {20}
    estimates = pl.read_parquet(root / "results" / "toy" / "estimates.parquet")
    low, high = estimates["low"][0], estimates["high"][0]
    assert low < 0.5 < high


SCORES_STUDY = """
title: Four variants of a tree learner, judged again
task: null
datasets:
  auc:
    source: {kind: csv, file: data/auc.csv}
    scores: {dataset: dataset, family: method, value: auc}
    metric: roc_auc
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: roc_auc}
diagnostics: {halves: null}
claims:
  - {id: friedman, kind: statistic, statistic: friedman_chi2, value: "5.00", where: "made up", read: source}
"""


def test_a_study_whose_data_are_scores_fits_nothing(
    project: Callable[..., Path],
) -> None:
    root = project(toy=SCORES_STUDY)
    table = ["dataset,method,auc"]
    for number, (a, b, c) in enumerate(
        [(0.7, 0.8, 0.9), (0.6, 0.9, 0.8), (0.5, 0.6, 0.7), (0.65, 0.7, 0.8)]
    ):
        table += [f"d{number},a,{a}", f"d{number},b,{b}", f"d{number},c,{c}"]
    (root / "studies" / "toy" / "data").mkdir()
    (root / "studies" / "toy" / "data" / "auc.csv").write_text("\n".join(table) + "\n")
    go()
    # ranks: a 3 3 3 3, b 2 1 2 2, c 1 2 1 1: means 3, 1.75, 1.25; chi2 = 12*4/(3*4) * (9 + 3.0625 + 1.5625 - 12) = 6.5
    verdict = pl.read_parquet(root / "results" / "toy" / "verdicts.parquet").row(
        0, named=True
    )
    assert (verdict["ours"], verdict["agreement"]) == (pytest.approx(6.5), "differs")
