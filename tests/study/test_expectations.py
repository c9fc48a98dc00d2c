"""`expect` and `falsified_if`: claims of the author, their places, and what is frozen of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.project.ledger import write_json
from bench.study import read_draft, read_study
from bench.study.preregistration import frozen_of, record_of, sha256_of
from bench.text.problems import IdTaken, UnknownWord

Project = Callable[..., Path]
BLOCKS = """expect:
  - {id: lda-first, kind: better, dataset: toy, family: lda, against: knn, metric: accuracy, note: "it is linear"}
falsified_if:
  - {id: knn-first, kind: better, dataset: toy, family: knn, against: lda, metric: accuracy}
"""


def folder(project: Project, text: str) -> Path:
    return project(toy=text) / "studies" / "toy"


def test_they_are_the_authors_claims_and_are_judged(project: Project, toy: str) -> None:
    study = read_study(folder(project, toy + BLOCKS))
    paper = len(study.claims or ())
    assert [one.id for one in study.judged[paper:]] == ["lda-first", "knn-first"]
    assert {(one.source, one.where, one.read) for one in study.judged[paper:]} == {
        ("author", "", "source")
    }
    assert {one.source for one in study.judged[:paper]} == {"paper"}


@pytest.mark.parametrize(
    ("old", "new", "path", "kind"),
    [
        ("id: knn-first", "id: lda-first", "falsified_if[0].id", IdTaken),
        (
            "id: knn-first",
            "id: knn-first, source: paper",
            "falsified_if[0].source",
            UnknownWord,
        ),
    ],
)
def test_a_mistake_has_its_place(
    project: Project, toy: str, old: str, new: str, path: str, kind: type
) -> None:
    (problem,) = read_draft(folder(project, toy + BLOCKS.replace(old, new))).problems
    assert (problem.path, type(problem.statement)) == (path, kind)


def test_what_is_frozen_holds_them(project: Project, toy: str) -> None:
    home = folder(project, toy + BLOCKS)
    record = record_of(read_study(home), home)
    write_json(home / "frozen.json", {"records": [record]})
    folder(project, toy + BLOCKS.replace("it is linear", "another reason"))
    assert frozen_of(read_study(home), home).changes == ()  # type: ignore[union-attr]
    folder(
        project,
        toy + BLOCKS.replace("family: knn, against: lda", "family: lda, against: knn"),
    )
    changes = frozen_of(read_study(home), home).changes  # type: ignore[union-attr]
    assert [one.path for one in changes] == [
        "falsified_if.knn-first.against",
        "falsified_if.knn-first.family",
    ]


def test_the_file_of_a_table_is_frozen_too(project: Project, toy: str) -> None:
    text = toy.replace(
        "{kind: synthetic, name: twonorm, rows: 80, seed: 1}",
        "{kind: csv, file: t.csv}",
    )
    home = folder(project, text)
    earlier = record_of(read_study(home), home)
    assert earlier["sections"].pop("files") == {}, "no such file yet"
    earlier["sha256"] = sha256_of(earlier["sections"])
    (home / "t.csv").write_text("x,target\n1,a\n2,b\n")
    write_json(home / "frozen.json", {"records": [earlier]})
    assert frozen_of(read_study(home), home).changes == ()  # type: ignore[union-attr]
    write_json(home / "frozen.json", {"records": [record_of(read_study(home), home)]})
    (home / "t.csv").write_text("x,target\n1,a\n3,b\n")
    changes = frozen_of(read_study(home), home).changes  # type: ignore[union-attr]
    assert [change.path for change in changes] == ["files.t.csv"]


def test_a_renamed_key_is_no_change_of_meaning(project: Project, toy: str) -> None:
    """A statement that moves from `expect` to `falsified_if` as it was; one that is another there is a change."""
    home = folder(project, toy + BLOCKS)
    write_json(home / "frozen.json", {"records": [record_of(read_study(home), home)]})
    expected = BLOCKS.splitlines(keepends=True)[1]
    moved = toy + BLOCKS.replace("id: lda-first", "id: was-first").replace(
        "falsified_if:\n", "falsified_if:\n" + expected
    )
    folder(project, moved)
    found = frozen_of(read_study(home), home)
    assert found is not None
    assert [(gone.path, came.path) for gone, came in found.moved] == [
        ("expect.lda-first", "falsified_if.lda-first")
    ]
    assert [one.path for one in found.meant] == ["expect.was-first"]


def test_an_earlier_record_had_none(project: Project, toy: str) -> None:
    home = folder(project, toy)
    record = record_of(read_study(home), home)
    sections = {
        name: one
        for name, one in record["sections"].items()
        if name not in ("expect", "falsified_if")
    }
    write_json(
        home / "frozen.json",
        {"records": [{"sha256": sha256_of(sections), "sections": sections}]},
    )
    assert frozen_of(read_study(home), home).changes == ()  # type: ignore[union-attr]
    folder(project, toy + BLOCKS)
    changes = frozen_of(read_study(home), home).changes  # type: ignore[union-attr]
    assert [one.path for one in changes] == [
        "expect.lda-first",
        "falsified_if.knn-first",
    ]


def test_what_differs_from_the_paper_is_frozen_too(project: Project, toy: str) -> None:
    """A deviation that is listed once the scores are seen would weaken what they say."""
    home = folder(project, toy)
    record = record_of(read_study(home), home)
    write_json(home / "frozen.json", {"records": [record]})
    text = toy + "deviations:\n  - {what: tuning, note: another grid}\n"
    folder(project, text)
    changes = frozen_of(read_study(home), home).changes  # type: ignore[union-attr]
    assert [change.path for change in changes] == ["deviations"]
    del record["sections"]["deviations"]
    record["sha256"] = sha256_of(record["sections"])
    write_json(home / "frozen.json", {"records": [record]})
    assert frozen_of(read_study(home), home).changes == ()  # type: ignore[union-attr]
