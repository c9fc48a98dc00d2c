"""`bench init` in an empty folder and in a repository, and what follows, with real processes and real DVC."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.core.errors import UsageError
from bench.project.begin import EXAMPLE, begin, write_pipeline
from bench.project.dvc import dvc_text
from bench.project.project import Project

ROOT = Path(__file__).parents[2]
PAGE = Path("reports") / EXAMPLE / "index.html"
#: A study that is quicker still.
QUICK = """
title: Quick
task: classification
datasets:
  made:
    source: {kind: synthetic, name: twonorm, rows: 60, seed: 1}
    target: target
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 2, repeats: 1}, tuning: null, seed: 0}
families: {baseline: {}, lda: {}}
metrics: {primary: accuracy, also: []}
compare: null
diagnostics: null
tolerance: null
claims: null
"""


def called(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DVC_STAGE"}
    environment |= {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def succeeded(folder: Path, *command: str) -> str:
    ended = called(folder, *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


BENCH = (sys.executable, "-m", "bench")
DVC = (sys.executable, "-m", "dvc")


def made_quick(folder: Path, *more: str) -> None:
    """Put the quick study in the place of the example, under its id and those of `more`."""
    for study in (EXAMPLE, *more):
        (folder / "studies" / study).mkdir(exist_ok=True, parents=True)
        (folder / "studies" / study / "study.yaml").write_text(QUICK)


def test_without_dvc_the_example_goes_from_data_to_page(tmp_path: Path) -> None:
    told = succeeded(tmp_path, *BENCH, "init", "--no-dvc", "mine")
    assert "bench repro example" in told and "dvc" not in told
    folder = tmp_path / "mine"
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "params.yaml", "studies"]
    assert "1 study is well formed" in succeeded(folder, *BENCH, "check")
    assert "The stated claim holds up" in succeeded(folder, *BENCH, "repro", EXAMPLE)
    assert (folder / PAGE).is_file() and (folder / "reports" / "index.html").is_file()
    assert not (folder / ".dvc").exists()
    text = (folder / PAGE).read_text()
    assert "bench repro example" in text and "dvc repro" not in text


def _another_version_of_the_code_of_a_stage_reruns_that_stage(folder: Path) -> None:
    """DVC finds in its run cache what the stage made with this version before; other stages did not change."""
    lock = folder / "dvc.lock"
    start, mark, rest = lock.read_text().partition("  judge@example:")
    versions = (folder / "versions.yaml").read_text().splitlines()
    judge = next(line.split()[1] for line in versions if line.startswith("judge"))
    assert lock.read_text().count(judge) == 1, "the version stands in the lock of its stage alone"
    lock.write_text(start + mark + rest.replace(judge, "f" * 64))
    again = succeeded(folder, *DVC, "repro", "report@example")
    assert "Stage 'judge@example' is cached - skipping run" in again
    assert all(f"Stage '{name}@example' didn't change" in again for name in ("fetch", "clean", "run", "report"))


def test_with_dvc_a_second_repro_does_nothing_and_slow_studies_wait_to_be_named(tmp_path: Path) -> None:
    succeeded(tmp_path, *BENCH, "init")
    assert (tmp_path / "dvc.yaml").read_text() == dvc_text("studies")
    made_quick(tmp_path, "patient")
    params = tmp_path / "params.yaml"
    params.write_text(params.read_text().replace("slow: []", "slow:\n  - patient"))
    assert "made     slow/dvc.yaml" in succeeded(tmp_path, *BENCH, "init")
    succeeded(tmp_path, *DVC, "repro")
    assert (tmp_path / PAGE).is_file() and not (tmp_path / "data" / "patient").exists()
    assert succeeded(tmp_path, *DVC, "status", "dvc.yaml").split() == ["versions:", "always", "changed"]
    again = succeeded(tmp_path, *DVC, "repro")
    assert again.count("Running stage") == 1 and "Stage 'report@example' didn't change, skipping" in again
    succeeded(tmp_path, *BENCH, "repro", "patient")
    assert (tmp_path / "reports" / "patient" / "index.html").is_file()
    _another_version_of_the_code_of_a_stage_reruns_that_stage(tmp_path)


def test_in_a_repository_dvc_works_with_git_and_no_file_is_overwritten(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.pyc\ndata/")
    succeeded(tmp_path, *BENCH, "init")
    assert (tmp_path / ".gitignore").read_text().startswith("*.pyc\ndata/\n# bench")
    assert (tmp_path / ".gitignore").read_text().count("data/") == 1
    assert not (tmp_path / ".dvc" / "config").read_text().count("no_scm")
    (tmp_path / "dvc.yaml").write_text("# python -m bench, edited\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and ".git/" not in str(path)}
    told = succeeded(tmp_path, *BENCH, "init")
    assert told.count("kept") == 4 and "made" not in told
    assert {path: path.read_bytes() for path in before} == before
    succeeded(tmp_path, *BENCH, "init", "--update")
    assert (tmp_path / "dvc.yaml").read_text() == dvc_text("studies")
    inside = tmp_path / "a" / "folder"
    inside.mkdir(parents=True)
    succeeded(inside, *BENCH, "init")
    assert (inside / ".dvc").is_dir()
    made_quick(inside)
    succeeded(inside, *DVC, "repro")
    assert (inside / PAGE).is_file()


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("params.yaml", "learning_rate: 1\n", "has no list `studies`"),
        ("dvc.yaml", "stages: {}\n", "a pipeline of another use"),
    ],
)
def test_a_folder_of_another_use_is_refused(tmp_path: Path, name: str, text: str, match: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=match):
        begin(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_failure_of_dvc_is_the_exit_code(tmp_path: Path) -> None:
    succeeded(tmp_path, *BENCH, "init")
    (tmp_path / "studies" / EXAMPLE / "study.yaml").write_text(QUICK.replace("lda", "ldb"))
    ended = called(tmp_path, *BENCH, "repro", EXAMPLE)
    assert ended.returncode == 255 and "dvc repro report@example: ended with 255" in ended.stderr


def test_the_pipeline_can_be_written_for_a_project_that_has_none(tmp_path: Path) -> None:
    begin(tmp_path, dvc=False)
    assert write_pipeline(Project(tmp_path)) == ["made     dvc.yaml"]
