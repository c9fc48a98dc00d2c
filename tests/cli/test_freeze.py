"""`bench freeze`: what was settled is written down, and every later change is listed, declared or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cli.app import main
from bench.report.sections import preregistration as text
from tests.helpers.problems import problems

Project = Callable[..., Path]


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == code
    out, err = capsys.readouterr()
    return " ".join((out + err).split())


def records(root: Path) -> list[dict[str, object]]:
    return list(
        json.loads((root / "studies" / "toy" / "frozen.json").read_text())["records"]
    )


def test_words_and_form_are_no_change(
    project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    assert "toy is frozen as" in said(capsys, "freeze", "toy")
    (record,) = records(root)
    assert set(record["sections"]) >= {
        "protocol",
        "families",
        "metrics",
        "compare",
        "tolerance",
        "claims",
    }  # type: ignore[call-overload]
    reworded = (
        toy.replace("A toy", "Another title")
        .replace('why: "a toy"', 'why: "another reason"')
        .replace('where: "nowhere"', 'where: "p. 7", note: "read again"')
        .replace(
            "  tuning: {folds: 2}",
            "  # a comment\n  tuning:\n    folds: 2\n    by: inner_cv",
        )
    )
    project(toy=reworded)
    assert "frozen, and nothing was changed since" in said(capsys, "check", "toy")
    assert records(root) == [record]


CHANGES = {
    "protocol.resampling.repeats": ("repeats: 2", "repeats: 4", "2 4"),
    "families.knn.n_neighbors": ("[1, 5]", "[1, 5, 9]", "[1,5] [1,5,9]"),
    "families.lda": ("  lda: {}\n", "", "{} not set"),
    "metrics.also": (
        "also: [roc_auc, log_loss]",
        "also: [mcc]",
        '["roc_auc","log_loss"] ["mcc"]',
    ),
    "compare": ("compare: null", "compare: {level: 0.9}", 'null {"level":0.9}'),
    "tolerance.accuracy": ("accuracy: 0.05", "accuracy: 0.1", "0.05 0.1"),
    "claims.knn.value": ('"0.95"', '"0.96"', '"0.95" "0.96"'),
    "datasets.toy.source.rows": ("rows: 80", "rows: 90", "80 90"),
}


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_is_listed_by_check_and_declared_in_the_study(
    path: str, project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy)
    said(capsys, "freeze", "toy")
    old, new, words = CHANGES[path]
    project(toy=toy.replace(old, new))
    shown = said(capsys, "check", "toy")
    assert f"{path} {words} not declared" in shown
    assert "1 value was changed, 1 of them not declared" in shown
    block = path.rpartition(".")[0] or path
    for what in (path, block):
        project(
            toy=toy.replace(old, new)
            + f'changes:\n  - {{what: {what}, why: "the first plan was wrong"}}\n'
        )
        assert f"{path} {words} the first plan was wrong" in said(
            capsys, "check", "toy"
        )


def test_json_has_the_changes(
    project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project(toy=toy)
    said(capsys, "freeze", "toy")
    project(toy=toy.replace("repeats: 2", "repeats: 4"))
    capsys.readouterr()
    assert main(["check", "toy", "--json"]) == 0
    ((change,),) = json.loads(capsys.readouterr().out)["changes"].values()
    assert change == {
        "path": "protocol.resampling.repeats",
        "was": "2",
        "now": "4",
        "why": None,
    }


def test_a_study_is_frozen_once(
    project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    said(capsys, "freeze", "toy")
    first = records(root)
    project(toy=toy.replace("repeats: 2", "repeats: 4"))
    assert "frozen already" in said(capsys, "freeze", "toy", code=2)
    assert records(root) == first


def test_wrong_usage(
    project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    assert "did you mean toy?" in said(capsys, "freeze", "tyo", code=2)
    project(toy=toy + 'changes:\n  - {what: claims, why: "so"}\n')
    assert problems(root) == {("changes", "problem.never_frozen")}
    project(toy=toy)
    said(capsys, "freeze", "toy")
    project(toy=toy + 'changes:\n  - {what: claims, why: "so"}\n')
    assert problems(root) == {("changes[0].what", "problem.changes_nothing")}
    project(toy=toy)
    file = root / "studies" / "toy" / "frozen.json"
    file.write_text(file.read_text().replace('"repeats": 2', '"repeats": 3'))
    assert problems(root) == {("", "problem.record_edited")}
    file.write_text("{}")
    assert problems(root) == {("", "no_record_file")}


def test_the_page_lists_the_changes(
    project: Project, toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(toy=toy)
    for stage in ("fetch", "clean", "run", "judge", "report"):
        assert main([stage, "toy"]) == 0
    page = root / "reports" / "toy" / "index.html"
    assert text.NOT_FROZEN in page.read_text()
    said(capsys, "freeze", "toy")
    raw = {
        path: path.read_bytes() for path in (root / "data" / "toy" / "raw").iterdir()
    }
    assert (
        main(["fetch", "toy"]) == 0
    )  # the folder of the study has changed, and what it gives has not
    assert {path: path.read_bytes() for path in raw} == raw
    project(toy=toy.replace("0.05", "0.1").replace("compare: null", "compare: {rope: 0.02}") + (
        'changes:\n  - {what: tolerance, why: "0.05 was a mistake"}\n'
    ))  # fmt: skip
    for stage in ("judge", "report"):
        assert main([stage, "toy"]) == 0
    shown = " ".join(page.read_text().split())
    assert text.NOT_FROZEN not in shown
    assert shown.count(">not declared<") == 1, "the rope has no reason"
    assert "0.05 was a mistake" in shown
