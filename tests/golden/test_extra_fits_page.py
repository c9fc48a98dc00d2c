"""All extra fits from YAML to page, killed in their middle: the same bytes as a run that nobody disturbed."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from html import escape
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main
from bench.core.outcomes import codes, encoded
from bench.diagnose import DIAGNOSTICS, reason
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES
from bench.text.findings import NotRequested
from bench.text.refusals import NoSeed
from tests.helpers.forks import Started

pytestmark = pytest.mark.long

STUDY = """
title: Everything asked
task: classification
datasets:
  toy:
    source: {kind: csv, file: data/toy.csv}
    target: target
    group: who
    drop: [leak]
clean: [drop_duplicates]
preprocess: [impute, scale]
protocol: {resampling: {kind: kfold, folds: 2}, tuning: {folds: 2}, seed: 0}
families:
  baseline: {}
  knn: {n_neighbors: [1, 5]}
metrics: {primary: accuracy}
diagnostics:
  learning: {folds: 2}
  inspect: {folds: 2}
  permutations: {count: 5}
  overtuning: {}
  variance: {draws: 3}
  grouping: {}
  explain:
    family: knn
    repeats: 5
    variants: [tuned_on_test, flat_maximum, duplicates_kept, scaling_before_split,
            {selection_before_split: {k: 1}}, best_of_splits, best_of_seeds, train_score]
claims:
  - {id: one, kind: value, dataset: toy, family: knn, metric: accuracy, value: "0.99", unit: fraction,
     where: "nowhere", read: source}
"""


def table() -> str:
    """40 rows of ten people, of which eight stand there twice; `leak` is the target."""
    lines = []
    for i in range(40):
        y = (i * 7) % 5 < 2
        lines.append(
            f"{(i * 37) % 40 / 10 + y},{(i * 11) % 17},{i % 3},{int(y)},p{i // 4},{'yes' if y else 'no'}"
        )
    return "\n".join(["a,b,c,leak,who,target", *lines, *lines[:8]]) + "\n"


def stored() -> int:
    try:
        with closing(sqlite3.connect(".bench/cells.sqlite")) as database:
            return int(database.execute("select count(*) from cells").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def killed_after(cells: int) -> None:
    """`bench run toy`, killed with its workers' supervisor when so many cells are stored."""
    process = Started("run", "toy", cwd=Path.cwd())
    deadline = time.monotonic() + 90
    while stored() < cells and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def frames(root: Path) -> dict[str, bytes]:
    return {
        name: (root / "results" / "toy" / f"{name}.parquet").read_bytes()
        for name in RUN_FRAMES
    }


def test_all_extra_fits_from_yaml_to_page(project: Callable[..., Path]) -> None:
    root = project(toy=STUDY)
    data = root / "studies" / "toy" / "data"
    data.mkdir()
    (data / "toy.csv").write_text(table())
    for stage in ("fetch", "clean"):
        assert main([stage, "toy"]) == 0
    killed_after(10)  # the plain ones are four
    before = stored()
    assert main(["run", "toy"]) == 0
    assert stored() > before >= 10
    resumed = frames(root)
    for stage in ("judge", "report"):
        assert main([stage, "toy"]) == 0
    (root / ".bench" / "cells.sqlite").unlink()
    assert main(["run", "toy"]) == 0
    assert frames(root) == resumed

    results = {
        name: pl.read_parquet(root / "results" / "toy" / f"{name}.parquet")
        for name in (*RUN_FRAMES, *JUDGE_FRAMES)
    }
    assert results["failures"].filter(pl.col("status") != "warning").is_empty()
    found = results["findings"]
    assert {one.name for one in DIAGNOSTICS.values() if not one.required} <= set(
        found["diagnostic"]
    )
    for name in (
        "learning_curve",
        "permuted_labels",
        "overtuning",
        "split_gap",
        "explanations",
        "importances",
    ):
        rows = found.filter(
            (pl.col("diagnostic") == name) & (pl.col("family") == "knn")
        )
        assert len(rows) == 1, name
        assert NotRequested.code not in codes(rows["details"][0])
    assert set(results["importance"]["feature"]) == {"a", "b", "c"}
    assert set(results["effects"]["feature"]) == {"a", "b", "c"}
    ways = results["explanations"]
    estimates = dict(
        ways.drop_nulls("estimate").select("variant", "estimate").iter_rows()
    )
    assert {
        "explanation=duplicates_kept",
        "explanation=tuned_on_test",
        "explanation=flat_maximum",
        "explanation=train_score",
    } <= set(estimates)
    assert ways.filter(pl.col("variant") == "explanation=best_of_seeds")["reasons"][
        0
    ] == encoded([NoSeed()])
    assert "split" in results["variance"]["source"].to_list()
    page = (root / "reports" / "toy" / "index.html").read_text().casefold()
    details = found.filter(pl.col("outcome") == "found")["details"].to_list()
    assert details
    assert all(escape(reason(one), quote=False).casefold() in page for one in details)
