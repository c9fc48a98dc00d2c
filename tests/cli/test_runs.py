"""`bench log` and `bench diff`: what a change did, in a project of its own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bench.cli.app import main
from bench.project import run_log
from bench.project.project import Project

AT = "2026-01-01T00:00:00Z"


def go(*stages: str) -> None:
    assert [main([stage, "toy"]) for stage in stages] == [0] * len(stages)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, toy: str) -> Path:
    """A project with one run of three models."""
    root = tmp_path_factory.mktemp("finished")
    (root / "studies" / "toy").mkdir(parents=True)
    (root / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 2}\n")
    (root / "studies" / "toy" / "study.yaml").write_text(
        toy.replace("[roc_auc, log_loss]", "[]")
    )
    before = Path.cwd()
    os.chdir(root)
    try:
        go("fetch", "clean", "run", "judge")
    finally:
        os.chdir(before)
    return root


@pytest.fixture
def root(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(finished, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def change(root: Path, old: str, new: str) -> None:
    file = root / "studies" / "toy" / "study.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_a_change_and_what_it_did(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff"]) == 3  # one run, and two are compared
    kept = root / "kept"
    shutil.copytree(root / "results" / "toy", kept)
    go("judge")
    assert len(answer(capsys, "log", "toy")["runs"]) == 1  # equal to the last one
    change(root, "n_neighbors: [1, 5]", "n_neighbors: [21]")
    go("run", "judge")
    change(root, "accuracy: 0.05", "accuracy: 0.06")
    go("judge")
    runs = answer(capsys, "log", "toy")["runs"]
    assert [row["changed"] and row["changed"]["study"] for row in runs] == [None, 1, 1]
    assert runs[1]["moved"] == {"same": 2, "cannot_tell": 1}
    assert answer(capsys, "log")["runs"][0]["run"] == runs[2]["run"]

    found = answer(capsys, "diff")
    assert [row["name"] for row in found["study"]] == ["tolerance.accuracy"]
    found = answer(capsys, "diff", runs[0]["run"][:8], runs[1]["run"][:8])
    assert [(row["name"], row["was"], row["now"]) for row in found["study"]] == [
        ("families.knn.n_neighbors", "[1,5]", "[21]")
    ]
    assert {row["family"]: row["moved"] for row in found["scores"]}["lda"] == "same"
    assert [(row["name"], row["rope"]) for row in found["metrics"]] == [
        ("accuracy", 0.05)
    ]
    assert found["outcomes"] == {"accuracy": {"same": 2, "cannot_tell": 1}}
    for words in (
        ["kept"],
        ["kept", "toy"],
        [str(kept / "record.json"), "results/toy"],
    ):
        both = answer(capsys, "diff", *words)
        assert (both["was"]["run"], both["now"]["run"]) == (
            runs[0]["run"],
            runs[2]["run"],
        ), words

    page, comment = root / "page.html", root / "comment.md"
    assert main(["diff", "kept", "--html", str(page), "--markdown", str(comment)]) == 0
    lines = [
        line
        for line in capsys.readouterr().out.splitlines()
        if not line.startswith("wrote ")
    ]
    assert max(map(len, lines)) <= 80
    assert "families.knn.n_neighbors" in page.read_text()
    assert "families.knn.n\\_neighbors" in comment.read_text()
    for wrong, code in (("tyo", 2), ("ffff", 2), ("HEAD:toy", 3), ("studies", 3)):
        assert main(["diff", wrong]) == code, wrong


def test_a_rope_that_outlives_its_metric_is_told_with_its_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def remarks() -> list[tuple[str, int]]:
        file = root / "studies" / "toy" / "study.yaml"
        line = next(
            i
            for i, text in enumerate(file.read_text().splitlines(), 1)
            if "rope" in text
        )
        found = answer(capsys, "check", "toy")["remarks"]
        return [
            (one["details"]["was"], one["line"] - line)
            for one in found
            if one["code"] == "problem.rope_of_other"
        ]

    change(root, "compare: null", "compare: {rope: 0.01, why: a}")
    go("judge")
    assert remarks() == []
    change(root, "primary: accuracy, also: []", "primary: f1_macro, also: [accuracy]")
    assert remarks() == []  # a share, too
    change(root, "primary: f1_macro", "primary: log_loss")
    assert remarks() == [("accuracy", 0)]
    go("run", "judge")
    assert remarks() == [("accuracy", 0)]  # until it is stated anew
    change(root, "rope: 0.01", "rope: 0.02")
    assert remarks() == []


def test_runs_that_cannot_be_read_are_counted(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, "accuracy: 0.05", "accuracy: 0.06")
    go("judge")
    log = run_log.RunLog(Project.here(), "toy")
    log._place(log.runs[0].id).write_bytes(b"damaged")
    found = run_log.history(log)
    assert ([line.run for line in found.lines], found.unread) == ([log.runs[1].id], 1)
    assert main(["log", "toy"]) == 0


def test_a_record_of_another_form_hides_no_other_study(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as those of all studies but one after bench was renewed. Who names that study is told."""
    shutil.copytree(root / "studies" / "toy", root / "studies" / "old")
    shutil.copytree(root / "results" / "toy", root / "results" / "old")
    file = root / "results" / "old" / "record.json"
    file.write_bytes(file.read_bytes().replace(b'"form": ', b'"form": 1'))
    change(root, "accuracy: 0.05", "accuracy: 0.06")
    go("judge")
    run = answer(capsys, "log")["runs"]
    assert [row["study"] for row in run] == ["toy"]
    assert (
        answer(capsys, "diff")["now"]["run"]
        == answer(capsys, "diff", run[0]["run"][:8])["now"]["run"]
    )
    assert main(["log", "old"]) == main(["diff", "old"]) == 3


def test_earlier_results_that_come_back_are_a_run(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `dvc checkout` brings them: nothing was judged, and the log has them all the same."""
    shutil.copytree(root / "results" / "toy", root / "kept")
    change(root, "accuracy: 0.05", "accuracy: 0.06")
    go("judge")
    shutil.copy(root / "kept" / "record.json", root / "results" / "toy" / "record.json")
    runs = answer(capsys, "log", "toy")["runs"]
    assert [runs[0]["run"] == row["run"] for row in runs] == [True, False, True]


def test_the_log_is_small(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log, "MOST", 2)
    for was, now in (("0.05", "0.06"), ("0.06", "0.07")):
        change(root, f"accuracy: {was}", f"accuracy: {now}")
        go("judge")
    log = run_log.RunLog(Project.here(), "toy")
    assert len(log.runs) == 2 == len(list(log.folder.glob("toy/*.gz")))
    log._place(log.runs[0].id).write_bytes(b"damaged")
    assert main(["diff", "toy"]) == 3


def test_results_are_whole_without_a_log(root: Path) -> None:
    shutil.rmtree(root / ".bench" / "log")
    (root / ".bench" / "log").write_text("in the way")
    go("judge")
    assert main(["log", "toy"]) == 3


def test_nothing_is_kept_where_the_store_is_off(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / ".bench" / "log")
    monkeypatch.setenv("BENCH_STORE", "off")
    go("judge")
    assert (root / "results" / "toy" / "record.json").is_file() and not (
        root / ".bench" / "log"
    ).exists()


def test_lines_that_name_no_record_are_passed_over(root: Path) -> None:
    log = run_log.RunLog(Project.here(), "toy")
    (kept,) = log.runs
    odd = [
        "[" * 100_000,
        *(
            json.dumps({"id": one, "at": AT, "commit": None})
            for one in ("../x", "a" * 5000, 5)
        ),
    ]
    odd += [
        json.dumps({"id": "a" * 64, "at": at, "commit": commit})
        for at, commit in ((5, None), ("", None), (AT, {}), (AT, "\x1b[2J"))
    ]
    with log.file.open("a") as file:
        file.write("\n".join(odd) + "\n")
    assert run_log.RunLog(Project.here(), "toy").runs == (kept,)


def test_a_record_under_the_name_of_another_is_not_compared(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = run_log.RunLog(Project.here(), "toy").runs
    change(root, "n_neighbors: [1, 5]", "n_neighbors: [3, 5]")
    go("run", "judge")
    runs = run_log.RunLog(Project.here(), "toy").runs
    folder = root / ".bench" / "log" / "toy"
    own, other = (folder / f"{run.id}.json.gz" for run in runs)
    content = own.read_bytes()
    for damaged in (
        other.read_bytes(),
        content[:-9],
        content[:30] + b"\xff" * 8 + content[38:],
        b"",
    ):
        own.write_bytes(damaged)
        assert main(["diff", "toy"]) == 3
        assert first.id in capsys.readouterr().err
    own.write_bytes(content)
    assert main(["diff", "toy"]) == 0


@pytest.mark.parametrize("word", ["", "../toy", "toy\n", "."])
def test_what_is_no_id_has_no_log(root: Path, word: str) -> None:
    assert main(["log", word]) == 2
