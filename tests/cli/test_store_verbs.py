"""`bench why`, and a run that has nothing to do: what people see of the cell store."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.cli.app import main
from bench.core.frames import sha256

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, toy: str) -> Path:
    """A project whose study has been run once: 3 families x 6 folds."""
    root = tmp_path_factory.mktemp("finished")
    (root / "studies" / "toy").mkdir(parents=True)
    (root / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 2}\n")
    (root / "studies" / "toy" / "study.yaml").write_text(toy)
    before = Path.cwd()
    os.chdir(root)
    try:
        assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run")] == [
            0,
            0,
            0,
        ]
    finally:
        os.chdir(before)
    return root


@pytest.fixture
def root(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A copy of it, to be changed."""
    shutil.copytree(finished, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    yield tmp_path / "project"


def change(root: Path, old: str, new: str) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(arguments) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(said(capsys, *arguments, "--json"))


def test_a_run_with_nothing_to_do_needs_no_fitting_library_and_no_process(
    root: Path,
) -> None:
    results = {path.name: sha256(path) for path in (root / "results" / "toy").glob("*")}
    program = """
import sys, subprocess
from bench.cli.app import main
def refuse(*a, **k): raise AssertionError("a process was started")
subprocess.Popen = refuse
code = main(["run", "toy"])
print(code, sorted({"sklearn", "xgboost", "pandas"} & set(sys.modules)))
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    out = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert out.stdout.splitlines()[-1] == "0 []", out.stderr
    assert "18 cells, 18 of them from the store" in out.stderr
    assert {
        path.name: sha256(path) for path in (root / "results" / "toy").glob("*")
    } == results


def test_a_damaged_cell_is_computed_anew_to_the_same_bytes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {
        path.name: sha256(path) for path in (root / "results" / "toy").glob("*.parquet")
    }
    with sqlite3.connect(root / ".bench" / "cells.sqlite") as database:
        database.execute("update cells set content = x'0102' where rowid = 5")
    (group,) = as_json(capsys, "why", "toy")["groups"]
    assert (group["cells"], group["reasons"]) == (1, ["its stored result was damaged"])
    assert main(["run", "toy"]) == 0
    assert "18 cells, 17 of them from the store" in capsys.readouterr().err
    assert {
        path.name: sha256(path) for path in (root / "results" / "toy").glob("*.parquet")
    } == before


def test_a_lost_file_is_begun_anew_to_the_same_bytes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {
        path.name: sha256(path) for path in (root / "results" / "toy").glob("*.parquet")
    }
    file = root / ".bench" / "cells.sqlite"
    file.write_bytes(b"no database" * 10_000)
    assert main(["run", "toy"]) == 0
    told = capsys.readouterr().err
    assert "put aside as cells.sqlite.aside-1" in told
    assert "18 cells, 0 of them from the store" in told
    assert {
        path.name: sha256(path) for path in (root / "results" / "toy").glob("*.parquet")
    } == before


def test_why_says_that_nothing_is_to_do(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "why", "toy") == "toy: nothing to do: all 18 cells are stored\n"
    assert as_json(capsys, "why", "toy") == {
        "schema_version": 1, "study": "toy", "cells": 18, "stored": 18, "groups": [], "workers": 2, "seconds": 0.0
    }  # fmt: skip


def test_why_counts_what_starts_from_fits_that_are_to_be_run(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says before a run is what the run does: the study's own cells, then those of learning curves."""
    change(root, "diagnostics: {halves: null}", "diagnostics: {learning: {folds: 3}}")
    change(root, "knn: {n_neighbors: [1, 5]}", "knn: {n_neighbors: [1, 7]}")
    found = as_json(capsys, "why", "toy")
    to_run = {
        (group["variant"], *group["families"]): group["cells"]
        for group in found["groups"]
    }
    before = found["cells"] - found["stored"]
    assert any(
        variant.startswith("train_share") and "knn" in family
        for variant, *family in to_run
    ), to_run
    done = as_json(capsys, "run", "toy")["cells"]
    assert (done["all"], done["all"] - done["stored"]) == (found["cells"], before)
    assert as_json(capsys, "why", "toy")["groups"] == []


REMOTE = "{kind: url, url: 'https://example.invalid/t.csv', sha256: '" + "0" * 64 + "'}"


def test_why_counts_by_the_protocol_what_was_not_fetched(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables of packages are at hand; of those that would be downloaded the protocol tells the study's own cells."""
    remote = toy.replace("{kind: synthetic, name: twonorm, rows: 80, seed: 1}", REMOTE)
    one_out = remote.replace(
        "{kind: kfold, folds: 3, repeats: 2}", "{kind: leave_one_out}"
    )
    project(
        toy=toy,
        remote=remote,
        one_out=one_out.replace("also: [roc_auc, log_loss]", "also: [log_loss]"),
    )
    assert as_json(capsys, "why", "toy")["cells"] == 18
    found = as_json(capsys, "why", "remote")
    assert (found["cells"], found["stored"], found["seconds"]) == (18, 0, None)
    assert [group["cells"] for group in found["groups"]] == [18]
    assert main(["why", "one-out"]) == 3


def test_why_names_a_changed_parameter_within_80_columns(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, "n_neighbors: [1, 5]", "n_neighbors: [1, 3, 5]")
    change(root, "  lda: {}", "  lda: {}\n  qda: {}")
    shown = said(capsys, "why", "toy")
    assert max(len(line) for line in shown.splitlines()) <= 80
    lines = " ".join(shown.split())
    changed = "parameter n_neighbors was [1, 5], is [1, 3, 5]"
    assert f"toy x knn: 6 cells: {changed}" in lines
    assert "toy x qda: 6 cells: never computed" in lines
    assert "toy: 12 of 24 cells would be run; 12 are stored" in lines
    found = as_json(capsys, "why", "toy")
    assert {tuple(group["families"]) for group in found["groups"]} == {
        ("knn",),
        ("qda",),
    }
    assert found["seconds"] is None, "nothing like qda was timed"
    change(root, "  qda: {}\n", "")
    assert as_json(capsys, "why", "toy")["seconds"] > 0


def test_why_reads_the_file_of_a_study_as_it_is_now(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pl.DataFrame({"x": range(40), "target": ["a", "b"] * 20})
    table.write_csv(root / "studies" / "toy" / "t.csv")
    change(
        root,
        "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
        "{kind: csv, file: t.csv}",
    )
    assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run")] == [0, 0, 0]
    assert as_json(capsys, "why", "toy")["groups"] == []
    table.with_columns(x=-pl.col("x")).write_csv(root / "studies" / "toy" / "t.csv")
    (group,) = as_json(capsys, "why", "toy")["groups"]
    assert (group["reasons"], group["cells"]) == (["data changed"], 18)
    table.with_columns(x=pl.col("x") + 1).write_csv(root / "studies" / "toy" / "t.csv")
    capsys.readouterr()
    for stage in ("run", "judge", "report"):
        assert main([stage, "toy"]) == 3
        assert "t.csv is another now" in capsys.readouterr().err


def test_why_tells_data_seed_and_more_repeats_apart(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, "folds: 3, repeats: 2", "folds: 3, repeats: 3")
    (group,) = as_json(capsys, "why", "toy")["groups"]
    assert (group["cells"], group["reasons"]) == (9, ["never computed"])
    change(root, "\n  seed: 0", "\n  seed: 1")
    seeds = {
        tuple(group["reasons"]): group["cells"]
        for group in as_json(capsys, "why", "toy")["groups"]
    }
    assert seeds == {("never computed",): 9, ("seed was 0, is 1",): 18}
    change(root, "\n  seed: 1", "\n  seed: 0")
    change(root, "rows: 80, seed: 1", "rows: 80, seed: 2")
    data = {
        tuple(group["reasons"]): group["cells"]
        for group in as_json(capsys, "why", "toy")["groups"]
    }
    assert data == {("never computed",): 9, ("data changed",): 18}


def test_a_store_of_an_earlier_form_is_met_kindly(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / ".bench" / "cells.sqlite"
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute(
            "create table cells (key text primary key, sha256 text, content blob, dataset text)"
        )
    assert main(["why", "toy"]) == 0
    shown = capsys.readouterr()
    assert "earlier version of bench" in shown.err
    assert "18 of 18 cells would be run" in " ".join(shown.out.split())
    assert len(list(file.parent.glob("cells.sqlite.aside-*"))) == 1


def test_a_dropped_column_makes_every_cell_another(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    assert "nothing to do" in said(capsys, "why", "toy")
    file.write_text(
        file.read_text().replace(
            "    target: target\n", "    target: target\n    drop: [x1]\n", 1
        )
    )
    assert "18 of 18 cells would be run" in " ".join(said(capsys, "why", "toy").split())


def test_a_store_that_everybody_can_write_stops_the_run_with_a_sentence(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / ".bench").chmod(0o777)
    assert main(["run", "toy"]) == 3
    assert "can be written by everybody" in capsys.readouterr().err


def test_a_study_that_was_found_right_is_looked_at_again_when_it_changes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "toy"]) == 0
    change(root, "  lda: {}", "  lda: {solver: magic}")
    assert main(["check", "toy"]) == 2
    assert main(["check", "toy"]) == 2
    assert "solver" in capsys.readouterr().err


def test_a_study_that_names_code_is_never_believed_unseen(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, "  lda: {}", "  lda: {estimator: json.JSONDecoder}")
    assert main(["check", "toy"]) == 2
    (root / "params.yaml").write_text("studies: [toy]\ntrusted: [json]\n")
    assert main(["check", "toy"]) == 2
    change(root, "json.JSONDecoder", "sklearn.naive_bayes.GaussianNB")
    before = len(list((root / ".bench" / "checked").iterdir()))
    assert main(["check", "toy"]) == 0
    assert len(list((root / ".bench" / "checked").iterdir())) == before
