"""What DVC shows of a study: few metrics, tables of plots; and, with real DVC, plots, pull and experiments apart."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from bench.claims import verdicts
from bench.cli.app import main
from bench.comparisons import comparisons
from bench.core import frames
from bench.project.begin import begin
from bench.project.dvc_values import MOST_MODELS, PLOTS, metrics_of, plot_tables
from bench.project.folder import Layout
from tests.helpers.forks import programs
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    scores_of_arrays,
    tables_of,
)
from tests.project.test_begin import QUICK, ROOT

pytestmark = pytest.mark.long

CLAIM = '  - {id: c, kind: value, dataset: toy, family: lda, metric: accuracy, value: "91.5", unit: percent,\n'
CLAIM += "     where: a, read: source}\n"


def judged_of(
    folder: Path, families: tuple[str, ...], claims: str = CLAIM
) -> tuple[object, dict[str, pl.DataFrame]]:
    named = f"{{{', '.join(f'{name}: {{family: lda}}' for name in families)}}}"
    study = a_study(
        folder, claims, families=named, more="tolerance: {accuracy: 0.05, why: a}"
    )
    values = {name: around(0.9, 0.01) for name in families}
    test, train = (
        scores_of_arrays(values),
        scores_of_arrays({n: v + 0.05 for n, v in values.items()}, side="train"),
    )
    half = scores_of_arrays({families[0]: around(0.8, 0.01)}).with_columns(
        variant=pl.lit("train_share=0.5")
    )
    scores = pl.concat([test, train, half])
    compared = comparisons(study, tables_of(), folds_of(), scores)
    judged = verdicts(
        study,
        {
            "tables": tables_of(),
            "folds": folds_of(),
            "scores": scores,
            "estimates": compared.estimates,
            "failures": frames.empty(frames.FAILURES),
        },
    )
    found = {
        "scores": scores,
        **compared.frames,
        "verdicts": judged,
        "findings": frames.empty(frames.FINDINGS),
    }
    return study, found


def test_metrics_are_few(tmp_path: Path) -> None:
    study, judged = judged_of(tmp_path, ("lda", *(f"m{n}" for n in range(12))))
    found = metrics_of(study, judged, frames.empty(frames.FAILURES))  # type: ignore[arg-type]
    assert list(found) == ["accuracy", "claims", "warnings", "failed"]
    assert found["accuracy"] == dict.fromkeys(
        ("lda", *(f"m{n}" for n in range(MOST_MODELS - 1))), 0.9
    )
    assert (found["claims"], found["warnings"], found["failed"]) == (
        {"reproduced": 1},
        0,
        0,
    )


def test_tables_of_plots(tmp_path: Path) -> None:
    study, judged = judged_of(tmp_path, ("lda", "qda"))
    rows = [
        ("toy", "lda", "plain", 0, 0, c, f"{c}", f, "accuracy", 0.5 + c, c == 1)
        for c in (0, 1)
        for f in (0, 1)
    ]
    tuning = pl.DataFrame(rows, schema=frames.TUNING, orient="row")
    found = plot_tables(study, judged, tuning)  # type: ignore[arg-type]
    assert list(found) == [plot.name for plot in PLOTS]
    for plot in PLOTS:
        assert {plot.x, plot.y} <= set(found[plot.name].columns), plot.name
    assert found["gap"]["gap"].to_list() == pytest.approx([0.05, 0.05])
    row = found["published"].row(0, named=True)
    assert (row["published"], row["ours"], row["difference"]) == (
        "91.5",
        pytest.approx(0.9),
        pytest.approx(-0.015),
    )
    assert found["learning"].rows() == [
        ("lda", 0.5, pytest.approx(0.8)), ("lda", 1.0, pytest.approx(0.9)), ("qda", 1.0, pytest.approx(0.9)),
    ]  # fmt: skip
    assert found["validation"]["chosen"].to_list() == [0, 1]


def test_an_experiment_in_a_copy_uses_the_store_of_the_project() -> None:
    copy = Path("/home/of/project/.dvc/tmp/exps/tmp1234")
    assert Layout(copy).store == Path("/home/of/project/.bench/cells.sqlite")
    assert Layout(Path("/home/of/project")).cache == Path("/home/of/project/.bench")


def test_plots_pull_and_experiments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project with a remote, a clone of it, and an experiment in a copy."""
    monkeypatch.delenv("DVC_STAGE", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sys, "executable", str(programs() / "python"))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "a")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.org")
    project, clone = tmp_path / "project", tmp_path / "clone"

    def run(folder: Path, *command: str) -> str:
        words = [sys.executable, "-m", *command] if command[0] == "dvc" else [*command]
        ended = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    project.mkdir()
    run(project, "git", "init", "-q")
    begin(project)
    shutil.rmtree(project / "studies" / "example")
    for study in ("quick", "later"):  # the second one is never run
        (project / "studies" / study).mkdir(parents=True)
        (project / "studies" / study / "study.yaml").write_text(QUICK)
    (project / "params.yaml").write_text("studies: [quick, later]\n")
    begin(project)
    run(project, "dvc", "repro", "pipeline/quick/dvc.yaml")
    run(project, "dvc", "plots", "show", "pipeline/quick/dvc.yaml", "-o", "out")
    assert (
        "quick: Scores with intervals" in (project / "out" / "index.html").read_text()
    )
    with (project / ".dvc" / "config").open("a") as config:
        config.write(
            f"[core]\n    remote = store\n['remote \"store\"']\n    url = {tmp_path / 'remote'}\n"
        )
    run(project, "dvc", "push", "pipeline/quick/dvc.yaml", "--with-deps")
    run(project, "git", "add", "-A")
    run(project, "git", "commit", "-qm", "run")
    run(tmp_path, "git", "clone", "-q", "project", "clone")
    monkeypatch.chdir(clone)
    assert main(["show", "quick"]) == 3
    assert main(["pull"]) == 0
    assert main(["show", "quick"]) == 0
    shutil.rmtree(clone / "results" / "quick" / "plots")
    run(clone, "dvc", "pull", "pipeline/quick/dvc.yaml")
    assert (clone / "results" / "quick" / "plots" / "scores.csv").is_file()
    said = run(project, "dvc", "exp", "run", "--temp", "-S", "studies/quick/study.yaml:+families.lda.tol=0.001",
               "pipeline/quick/dvc.yaml:run")  # fmt: skip
    assert "4 cells, 2 of them from the store" in said
    shown = run(project, "dvc", "exp", "show", "--csv")
    (head,) = [line for line in shown.splitlines() if line.startswith("Experiment")]
    metrics = [
        name
        for name in head.split(",")
        if name.startswith(("accuracy", "claims", "warnings", "failed"))
    ]
    assert sorted(metrics) == [
        "accuracy.baseline",
        "accuracy.lda",
        "failed",
        "warnings",
    ]
    (name,) = run(project, "dvc", "exp", "list", "--name-only").split()
    run(project, "dvc", "exp", "run", "--queue", "-S", "studies/quick/study.yaml:+families.lda.tol=0.01",
        "pipeline/quick/dvc.yaml:run")  # fmt: skip
    assert "4 cells, 2 of them from the store" in run(
        project, "dvc", "exp", "run", "--run-all"
    )
    assert len(run(project, "dvc", "exp", "list", "--name-only").split()) == 2
    run(project, "dvc", "plots", "diff", "HEAD", name, "-o", "changed")
    assert "baseline" in (project / "changed" / "index.html").read_text()
    assert json.loads(
        (clone / "results" / "quick" / "metrics.json").read_text()
    ).keys() >= {"accuracy", "claims"}
