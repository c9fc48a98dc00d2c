"""A package beside bench, installed and used as a person would: by pip, and by the commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.helpers.forks import ROOT, ran

PACKAGE = Path(__file__).parent / "package"
STUDY = """
title: A package takes part
task: classification
datasets:
  toy: {source: {kind: synthetic, name: twonorm, rows: 60, seed: 1}, target: target}
clean: null
preprocess: null
protocol:
  resampling: {kind: kfold, folds: 3}
  tuning: {folds: 2, metric: worst_recall}
  seed: 0
families: {baseline: {}, nearest_mean: {}}
metrics: {primary: accuracy, also: [worst_recall]}
compare: null
diagnostics: {halves: null}
tolerance: null
claims: []
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip installed the package."""
    source, target = (
        tmp_path_factory.mktemp("package") / name for name in ("source", "installed")
    )
    shutil.copytree(PACKAGE, source)
    options = [
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--disable-pip-version-check",
        "-q",
    ]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        *options,
        "--target",
        str(target),
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def reworded(installed: Path, folder: Path, old: str, new: str) -> Path:
    """The installed package with some words of its files changed."""
    target = folder / "changed"
    shutil.copytree(installed, target, ignore=shutil.ignore_patterns("__pycache__"))
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in target.rglob("*")
        if path.is_file()
    }
    assert any(old in text for text in texts.values())
    for path, text in texts.items():
        path.write_text(text.replace(old, new), encoding="utf-8")
    return target


def bench(
    project: Path, packages: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    return ran(
        *words,
        cwd=project,
        env=os.environ | {"PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"},
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one study that uses the package."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "params.yaml").write_text("studies:\n  - toy\nexecution: {workers: 1}\n")
    (folder / "studies" / "toy").mkdir(parents=True)
    (folder / "studies" / "toy" / "study.yaml").write_text(STUDY)
    return folder


@pytest.fixture(scope="module")
def packages(project: Path, installed: Path) -> Path:
    """Where the package is installed, after every stage of the study."""
    done = bench(project, installed, "repro", "toy")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return installed


def test_its_family_metric_and_diagnostic_take_part(
    project: Path, packages: Path
) -> None:
    results = project / "results" / "toy"
    scores = pl.read_parquet(results / "scores.parquet").filter(
        pl.col("metric") == "worst_recall"
    )
    assert set(scores["family"]) == {"baseline", "nearest_mean"}
    assert "few_rows" in set(
        pl.read_parquet(results / "findings.parquet")["diagnostic"]
    )
    brought = json.loads((results / "provenance.json").read_text())["extensions"]
    assert {(one["group"], one["name"]) for one in brought} == {
        ("bench.families", "nearest_mean"),
        ("bench.metrics", "worst_recall"),
        ("bench.diagnostics", "few_rows"),
    }
    assert {(one["distribution"], one["version"]) for one in brought} == {
        ("bench-nearest-mean", "1.0")
    }


def test_the_page_names_the_package(project: Path, packages: Path) -> None:
    pages = "".join(
        path.read_text(encoding="utf-8")
        for path in (project / "reports" / "toy").rglob("*.html")
    )
    assert "Code of other packages took part:" in pages
    for what in (
        "family <code>nearest_mean",
        "metric <code>worst_recall",
        "diagnostic <code>few_rows",
    ):
        assert f"{what}</code> of <code>bench-nearest-mean 1.0</code>" in pages


def test_an_upgrade_makes_its_cells_and_stages_stale(
    project: Path, packages: Path, tmp_path: Path
) -> None:
    assert bench(project, packages, "versions").returncode == 0
    before = (project / "versions.yaml").read_text().splitlines()
    newer = reworded(packages, tmp_path, "Version: 1.0", "Version: 1.1")
    assert bench(project, newer, "versions").returncode == 0
    after = (project / "versions.yaml").read_text().splitlines()
    changed = {
        line.partition(":")[0]
        for line, other in zip(before, after, strict=True)
        if line != other
    }
    assert changed == {"run", "judge", "report", "index"}
    done = bench(project, newer, "why", "toy")
    assert "bench-nearest-mean was 1.0, is 1.1" in " ".join(done.stdout.split()), (
        done.stdout + done.stderr
    )


@pytest.mark.parametrize(
    ("own", "taken", "noun"),
    [
        ("nearest_mean", "lda", "family"),
        ("worst_recall", "mcc", "metric"),
        ("few_rows", "grid_edge", "diagnostic"),
    ],
)
def test_a_name_that_is_taken_is_a_sentence(
    project: Path, installed: Path, tmp_path: Path, own: str, taken: str, noun: str
) -> None:
    target = reworded(installed, tmp_path, f'name="{own}"', f'name="{taken}"')
    done = bench(project, target, "check", "toy")
    assert done.returncode == 2
    assert f"the {noun} {taken} is defined twice, first in bench." in " ".join(
        done.stderr.split()
    )
    assert "Traceback" not in done.stderr
