"""Models that diverged, most of them even, change nothing of what a page says of the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import bench

STUDY = """\
title: Scores of four models
task: null
datasets:
  s:
    source: {kind: csv, file: data/s.csv}
    scores: {family: m, repeat: r, fold: f, repeats_are: splits, train_rows: 80, test_rows: 20, value: {rmse: rmse}}
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: rmse}
diagnostics: {halves: null}
"""


def _project(folder: Path, means: dict[str, float]) -> bench.Project:
    draw, home = np.random.default_rng(3), folder / "studies" / "q"
    (home / "data").mkdir(parents=True)
    rows = [
        {"m": name, "r": r, "f": f, "rmse": mean * (1 + 0.02 * draw.normal())}
        for name, mean in means.items()
        for r in range(4)
        for f in range(5)
    ]
    pl.DataFrame(rows).write_csv(home / "data" / "s.csv")
    (home / "study.yaml").write_text(STUDY)
    (folder / "params.yaml").write_text("studies: [q]\nexecution: {workers: 1}\n")
    project = bench.Project(folder)
    for stage in ("fetch", "clean", "fit_cells", "judge", "report"):
        getattr(project, stage)("q")
    return project


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"d1": 2e7},
        {"d1": 2e12, "d2": 3e12},
        {"d1": 2e4, "d2": 3e9, "d3": 4e14},
        {"d1": 2e12, "exact": 0.0},
    ],
)
def test_the_best_model_leads(others: dict[str, float], tmp_path: Path) -> None:
    project = _project(tmp_path, {"mid": 0.3, "good": 0.1} | others)
    best = "exact" if "exact" in others else "good"
    assert project.result("q").headline.endswith(f", {best}")
    page = (tmp_path / "reports" / "q" / "index.html").read_text()
    assert "that this design calls significant" in page
