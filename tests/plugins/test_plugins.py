"""A package beside bench, installed and used as a person would: by pip, and by the commands.

Its kind of claim is the recipe of CONTRIBUTING.md, as it stands there.
"""

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
expect:
  - {id: lean, kind: as_good, family: nearest_mean, against: baseline, metric: accuracy, tolerance: 0.02}
falsified_if:
  - {id: same, kind: as_good, family: baseline, against: nearest_mean, metric: accuracy, tolerance: 0.02}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip installed the package."""
    source, target = (
        tmp_path_factory.mktemp("package") / name for name in ("source", "installed")
    )
    shutil.copytree(PACKAGE, source)
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = recipe.partition('title="bench/claims/as_good.py"\n')[2].partition("```")[0]
    (source / "bench_as_good.py").write_text(code, encoding="utf-8")
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


def pages_of(project: Path) -> str:
    folder = project / "reports" / "toy"
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))


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
    brought = json.loads((results / "run.json").read_text())["extensions"]
    assert {(one["group"], one["name"]) for one in brought} == {
        ("bench.families", "nearest_mean"),
        ("bench.metrics", "worst_recall"),
        ("bench.diagnostics", "few_rows"),
        ("bench.claims", "as_good"),
    }
    assert {(one["distribution"], one["version"]) for one in brought} == {
        ("bench-nearest-mean", "1.0")
    }


def test_its_kind_of_claim_is_judged_and_said_like_the_others(
    project: Path, packages: Path
) -> None:
    """Its words, its unit and what became of it, on the page, in an export and in the terminal."""
    page = " ".join(pages_of(project).split())
    assert "Nearest shrunken mean as good as" in page
    words = ("export", "toy", "--format", "markdown", "numbers", "--to", "made")
    done = bench(project, packages, *words)
    assert done.returncode == 0, done.stderr
    tables = (project / "made" / "tables.md").read_text(encoding="utf-8")
    assert "as good as Baseline | ● shown | +41.7 pp" in " ".join(tables.split())
    macros = (project / "made" / "numbers.tex").read_text(encoding="utf-8")
    assert "claim.lean.ours" in macros
    shown = bench(project, packages, "show", "toy").stdout
    assert "41.67 pp" in shown and "falsifiers, did not happen: same" in shown


def test_the_page_names_the_package(project: Path, packages: Path) -> None:
    pages = pages_of(project)
    assert "Code of other packages took part:" in pages
    for what in (
        "family <code>nearest_mean",
        "metric <code>worst_recall",
        "diagnostic <code>few_rows",
        "kind of claim <code>as_good",
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
