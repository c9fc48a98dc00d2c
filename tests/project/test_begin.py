"""`bench init` in an empty folder and in a repository, and what follows, with real DVC."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.cli.app import main
from bench.cli.verbs import _reproduced_by_dvc
from bench.core.errors import DataError, UsageError
from bench.project.begin import EXAMPLE, ahead, begin
from bench.project.dvc import pipeline_files, write_pipeline
from bench.project.project import Project
from bench.text.formats import listed
from tests.helpers.forks import programs

pytestmark = pytest.mark.long

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
diagnostics: {halves: null}
tolerance: null
claims: null
"""


@pytest.fixture(autouse=True)
def as_a_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What DVC and its stages find in their environment: this Python, this package, no repository above."""
    monkeypatch.delenv("DVC_STAGE", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(sys, "executable", str(programs() / "python"))
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `bench init` leaves it, in a folder that is no repository."""
    folder = tmp_path_factory.mktemp("initialised")
    begin(folder)
    return folder


@pytest.fixture
def folder(initialised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the current directory."""
    shutil.copytree(initialised, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dvc_said(folder: Path, *command: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "dvc", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def made_quick(folder: Path, *more: str) -> None:
    """Put the quick study in the place of the example, under its id and those of `more`."""
    for study in (EXAMPLE, *more):
        (folder / "studies" / study).mkdir(exist_ok=True, parents=True)
        (folder / "studies" / study / "study.yaml").write_text(QUICK)


def test_without_dvc_the_example_goes_from_data_to_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--no-dvc", "mine"]) == 0
    told = capsys.readouterr().out
    assert "bench repro example" in told and "dvc" not in told
    folder = tmp_path / "mine"
    assert sorted(path.name for path in folder.iterdir()) == [
        ".gitignore",
        "params.yaml",
        "studies",
    ]
    monkeypatch.chdir(folder)
    assert main(["check"]) == main(["repro", EXAMPLE]) == 0
    told = capsys.readouterr().out
    assert "1 study is well formed" in told
    assert (folder / PAGE).is_file() and (folder / "reports" / "index.html").is_file()
    assert not (folder / ".dvc").exists()
    text = (folder / PAGE).read_text()
    assert "bench repro example" in text


def test_repro_records_what_a_run_took_where_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the option the terminal names the command."""
    begin(tmp_path, dvc=False)
    made_quick(tmp_path)
    monkeypatch.chdir(tmp_path)
    record = tmp_path / "studies" / EXAMPLE / "cost.json"
    assert main(["repro", EXAMPLE]) == 0 and not record.exists()
    assert "`bench cost example`" in capsys.readouterr().out
    assert main(["repro", EXAMPLE, "--cost"]) == 0
    assert json.loads(record.read_text())["fits"] == 4
    assert "bench cost" not in capsys.readouterr().out


def test_results_of_another_study_file_that_dvc_takes_for_current_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after `dvc commit` of an edited study; `bench open` says so, too."""
    begin(tmp_path, dvc=False)
    made_quick(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["repro", EXAMPLE]) == 0
    project, calls = Project(tmp_path), list[Sequence[str]]()
    capsys.readouterr()
    monkeypatch.setattr(
        "bench.project.dvc.dvc", lambda _, arguments: calls.append(arguments)
    )
    _reproduced_by_dvc(project, [EXAMPLE], False)
    target = f"pipeline/{EXAMPLE}/dvc.yaml"
    assert calls == [["repro", target]]
    assert main(["open", EXAMPLE, "--print"]) == 0
    assert not capsys.readouterr().err
    study = tmp_path / "studies" / EXAMPLE / "study.yaml"
    study.write_text(study.read_text().replace("seed: 0", "seed: 7"))
    _reproduced_by_dvc(project, [EXAMPLE], False)
    assert calls[1:] == [["repro", target], ["repro", "--force", target]]
    assert "protocol.seed" in capsys.readouterr().err
    assert main(["open", EXAMPLE, "--print"]) == 0
    assert "protocol.seed" in capsys.readouterr().err


def test_a_mistyped_study_is_told_with_the_nearest_one(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """By `bench repro`; by DVC too where params.yaml has the mistake. Of a mistyped target DVC says less."""
    for word in ("exmple", "pipeline/exmple/dvc.yaml:judge"):
        assert main(["repro", word]) == 2
        assert "did you mean example?" in capfd.readouterr().err
    params = folder / "params.yaml"
    params.write_text(params.read_text().replace("- example", "- exmple"))
    assert main(["repro"]) == 2
    ended = subprocess.run(
        [sys.executable, "-m", "dvc", "repro"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 255 and "did you mean example?" in ended.stderr


def test_a_study_by_hand_is_listed_when_it_is_named(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand, params = folder / "studies" / "by-hand", folder / "params.yaml"
    before, pipelines = params.read_bytes(), set(folder.glob("pipeline/*"))
    shutil.copytree(folder / "studies" / EXAMPLE, by_hand)
    assert "does not list by-hand: `bench repro ID`" in dvc_said(folder, "repro")
    with monkeypatch.context() as patch:
        patch.setattr("bench.project.lists.write_bytes", _refuse_to_write)
        assert main(["repro", "by-hand"]) == 2
        assert "params.yaml does not list it" in capfd.readouterr().err
    text = (by_hand / "study.yaml").read_text()
    (by_hand / "study.yaml").write_text(text + "no_key: 1\n")
    for verb in ("check", "repro"):
        assert main([verb, "by-hand"]) == 2
    assert (params.read_bytes(), set(folder.glob("pipeline/*"))) == (before, pipelines)
    (by_hand / "study.yaml").write_text(text)
    assert main(["repro", "by-hand"]) == 0
    assert "by-hand: added to `studies`" in capfd.readouterr().out
    assert params.read_bytes() == before.replace(
        b"  - example\n", b"  - example\n  - by-hand\n"
    )
    assert (folder / "reports" / "by-hand" / "index.html").is_file()
    assert "added" not in dvc_said(folder, "repro")


def _refuse_to_write(path: Path, content: bytes) -> None:
    raise DataError(f"{path}: cannot be written")


def _another_version_of_the_code_of_a_stage_reruns_that_stage(folder: Path) -> None:
    """DVC finds in its run cache what the stage made with this version before; other stages did not change."""
    lock = folder / "pipeline" / EXAMPLE / "dvc.lock"
    start, mark, rest = lock.read_text().partition("  judge:")
    versions = (folder / "versions.yaml").read_text().splitlines()
    judge = next(line.split()[1] for line in versions if line.startswith("judge"))
    assert lock.read_text().count(judge) == 1, (
        "the version stands in the lock of its stage alone"
    )
    lock.write_text(start + mark + rest.replace(judge, "f" * 64))
    again = dvc_said(folder, "repro")
    assert again.count("Running stage") == 1, "the one that writes the versions"
    assert "Stage 'pipeline/example/dvc.yaml:judge' is cached - skipping run" in again
    assert all(
        f"dvc.yaml:{name}' didn't change" in again
        for name in ("fetch", "clean", "run", "report")
    )


def test_with_dvc_a_second_repro_does_nothing_and_slow_studies_wait_to_be_named(
    folder: Path,
) -> None:
    made_quick(folder, "patient")
    params = folder / "params.yaml"
    params.write_text(params.read_text().replace("slow: []", "slow:\n  - patient"))
    ended = subprocess.run(
        [sys.executable, "-m", "dvc", "repro"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 255 and b"run `bench init`" in ended.stderr
    assert main(["repro"]) == 0
    assert (folder / PAGE).is_file() and not (folder / "data" / "patient").exists()
    _another_version_of_the_code_of_a_stage_reruns_that_stage(folder)
    dvc_said(folder, "repro", "pipeline/patient/dvc.yaml:fetch")
    assert (folder / "data" / "patient" / "raw" / "fetch.json").is_file()


def test_in_a_repository_dvc_works_with_git_and_no_file_is_overwritten(
    tmp_path: Path,
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.pyc\ndata/")
    begin(tmp_path)
    assert (tmp_path / ".gitignore").read_text().startswith("*.pyc\ndata/\n# bench")
    assert "\n/data/" not in (tmp_path / ".gitignore").read_text()
    own = tmp_path / "studies" / "mine" / "data" / "t.csv"
    own.parent.mkdir(parents=True)
    own.touch()
    ignored = [
        subprocess.run(
            ["git", "-C", tmp_path, "check-ignore", "-q", p], check=False
        ).returncode
        for p in (own, "data/x")
    ]
    assert ignored == [1, 0]  # a study's own tables go with it
    assert not (tmp_path / ".dvc" / "config").read_text().count("no_scm")
    (tmp_path / "params.yaml").write_text("studies: [example]\n# edited\n")
    before = {
        path: path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and ".git/" not in str(path)
    }
    told = begin(tmp_path)
    assert [line.split()[0] for line in told[:3]] == ["kept"] * 3 and told[3] == "next:"
    assert {path: path.read_bytes() for path in before} == before
    inside = tmp_path / "a" / "folder"
    begin(inside)
    assert (inside / ".dvc").is_dir()
    dvc_said(inside, "repro", "versions")
    assert (inside / "versions.yaml").is_file() and not (
        tmp_path / "versions.yaml"
    ).exists()


def test_of_a_folder_with_other_things_it_says_what_it_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal it asks, and no is no; an empty folder and a project need no question."""
    (tmp_path / "thesis.tex").write_text("mine")
    (tmp_path / ".gitignore").write_text("data/\n")
    names = [
        "params.yaml",
        f"studies/{EXAMPLE}/study.yaml",
        ".dvc",
        "dvc.yaml",
        "pipeline/",
    ]
    assert ahead(tmp_path) == [
        f"would make    {listed(names)}", "would add to  .gitignore", "leaves alone  .gitignore and thesis.tex"
    ]  # fmt: skip
    assert ahead(tmp_path / "new") == []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bench.cli.environment.is_answered", lambda: True)
    monkeypatch.setattr("bench.cli.verbs._agreed", lambda _: False)
    assert main(["init", "--no-dvc"]) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.tex", ".gitignore"}
    assert main(["init", "--no-dvc", "--yes"]) == 0
    assert "leaves alone  .gitignore and thesis.tex" in capsys.readouterr().out
    assert ahead(tmp_path, dvc=False) == []


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("params.yaml", "learning_rate: 1\n", "has no list `studies`"),
        ("dvc.yaml", "stages: {}\n", "a pipeline of another use"),
    ],
)
def test_a_folder_of_another_use_is_refused(
    tmp_path: Path, name: str, text: str, match: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=match):
        begin(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_failure_of_dvc_is_the_exit_code(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "studies" / EXAMPLE / "study.yaml").write_text(
        QUICK.replace("lda", "ldb")
    )
    assert main(["repro", EXAMPLE]) == 255
    assert (
        "dvc repro pipeline/example/dvc.yaml: ended with 255" in capfd.readouterr().err
    )


def test_pipeline_files_follow_params(tmp_path: Path) -> None:
    """One is made, changed or removed with its word in params.yaml; those of another use stay."""
    begin(tmp_path, dvc=False)
    made = [f"made     {path}" for path in ("dvc.yaml", "pipeline/example/dvc.yaml")]
    assert (
        not Project(tmp_path).has_pipeline and write_pipeline(Project(tmp_path)) == made
    )
    assert write_pipeline(Project(tmp_path)) == [] and Project(tmp_path).has_pipeline
    other = tmp_path / "pipeline" / "other" / "dvc.yaml"
    other.parent.mkdir()
    other.write_text("stages: {}\n")
    made_quick(tmp_path, "second")
    (tmp_path / "params.yaml").write_text("studies: [second]\nslow: [example]\n")
    changed = {
        "made     pipeline/second/dvc.yaml",
        "changed  pipeline/example/dvc.yaml",
    }
    assert set(write_pipeline(Project(tmp_path))) == changed
    (tmp_path / "params.yaml").write_text("studies: [second]\n")
    assert write_pipeline(Project(tmp_path)) == ["removed  pipeline/example/dvc.yaml"]
    assert other.is_file() and other not in pipeline_files(Project(tmp_path))
