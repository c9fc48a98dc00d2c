"""Small tables that once broke a judgement or a page, from the file to the page (A06, A12, A16, A17, kept cases)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench import Project
from bench.core.errors import BenchError
from bench.diagnose import DIAGNOSTICS
from bench.project import pipeline
from bench.report.page import pages
from bench.report.panels import PANELS
from bench.report.sections import SECTIONS
from bench.text import formats
from tests.faults.test_hostile_data import STUDY, rows
from tests.helpers.faults_kit import LONG

KEPT = sorted((Path(__file__).parent / "kept").glob("*.txt"))
Make = Callable[[str, str], Project]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A project of one study and its table."""

    def made(study: str, table: str) -> Project:
        folder = tmp_path / "studies/s"
        (folder / "data").mkdir(parents=True)
        (tmp_path / "params.yaml").write_text("studies: [s]\nexecution: {workers: 1}\n")
        (folder / "study.yaml").write_text(
            study.replace("file: t.csv", "file: data/t.csv")
        )
        (folder / "data/t.csv").write_text(table)
        return Project(tmp_path)

    return made


def page_of(project: Project) -> str:
    """The visible text of the page, every part of which could be made."""
    project.run("s", progress=False)
    page, _, lost = pipeline.report(project, "s")
    assert not lost
    hidden = r"<(script|style)\b.*?</\1>|<!--.*?-->"
    return unescape(
        re.sub(r"<[^>]+>", " ", re.sub(hidden, " ", page.read_text(), flags=re.DOTALL))
    )


def numbers_are_numbers(text: str, project: Project) -> None:
    """No undefined number stands on the page as Python writes it, except in what an estimator said of itself."""
    said = pl.read_parquet(project.paths.results("s") / "failures.parquet")[
        "reason"
    ].to_list()
    for words in said:
        text = text.replace(words, "")
    text = re.sub(r"\w+Error: [^✕]*?(…|\n|  )", " ", text)
    assert not re.findall(r"(?<![\w'])(?:NaN|nan|[+-]?inf|Infinity)(?![\w'])", text)
    assert not re.findall(r"(?:[:=(,]\s*)None\b(?! (?:of|is|are|need|have|has))", text)


@pytest.mark.parametrize(
    "case", KEPT if LONG else KEPT[::4], ids=lambda case: case.stem
)
def test_a16_kept_cases_come_to_a_page_or_a_sentence(case: Path, make: Make) -> None:
    study, table = case.read_text().split("\n=====\n")
    project = make(study, table)
    try:
        text = page_of(project)
    except BenchError as refused:
        assert "beyond 1e+75" in str(refused)
        return
    numbers_are_numbers(text, project)


@pytest.mark.parametrize(
    "resampling",
    [
        '{kind: fixed_split, train: "1-50", test: "51-80"}',
        "{kind: holdout, test_size: 0.2, stratify: false}",
    ],
)
def test_a06_d02_a_class_in_no_test_row_is_no_failure(
    resampling: str, make: Make
) -> None:
    table = rows(lambda i: "1", 80).split("\n")
    for i in (3, 9, 20, 33):
        table[i] = "c" + table[i][1:]
    study = STUDY.replace("{kind: kfold, folds: 3}", resampling).replace(
        "decision_tree", "knn"
    )
    page_of(make(study, "\n".join(table)))


def test_a12_d14_columns_may_be_named_like_ours(make: Make) -> None:
    names = "fold,repeat,row,dataset,family,variant,truth,label"
    table = rows(
        lambda i: ",".join(str(i * n % 11) for n in range(3, 11)), header=f"y,x,{names}"
    )
    page_of(make(STUDY, table))


@pytest.mark.parametrize("cell", ["1", ""])
def test_a17_d04_d05_a_feature_that_says_nothing_is_inspected(
    cell: str, make: Make
) -> None:
    table = "\n".join(["y,x", *(f"{'ab'[i // 4 % 2]},{cell}" for i in range(40))])
    study = STUDY.replace(
        "diagnostics: {halves: null}", "diagnostics: {inspect: {folds: 2}}"
    )
    page_of(
        make(
            study.replace(
                "decision_tree: {}", "decision_tree: {}, logistic_regression: {}"
            ),
            table,
        )
    )


@pytest.mark.parametrize("scale", [1e-300, 1e25, 1e60, 1e74] if LONG else [1e25, 1e74])
def test_a16_d19_targets_of_any_size_come_to_a_page(scale: float, make: Make) -> None:
    table = "\n".join(
        ["x,y", *(f"{i % 7},{scale * (i * 37 % 11 - 5):.4g}" for i in range(30))]
    )
    study = STUDY.replace("classification", "regression").replace(
        "decision_tree", "ridge"
    )
    claim = '[{id: a, kind: value, dataset: d, family: ridge, metric: rmse, value: "80", where: x, read: source}]'
    study = study.replace("accuracy}", "rmse, also: [r2, mae]}").replace(
        "claims: null", f"claims: {claim}"
    )
    project = make(
        study.replace("tolerance: null", "tolerance: {rmse: 0.1, why: x}"), table
    )
    numbers_are_numbers(page_of(project), project)


def test_a16_the_largest_numbers_have_words() -> None:
    assert formats.score(1e300) == "1.000e300"


def test_what_cannot_be_made_is_said_and_the_rest_stands(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> Any:
        raise ZeroDivisionError("a mistake of ours")

    project = make(STUDY, rows(str))
    for registry, name in (
        (DIAGNOSTICS, "calibration"),
        (SECTIONS, "limits"),
        (PANELS, "rows"),
    ):
        member = registry[name]
        broken = (
            replace(member, run=breaks)
            if registry is DIAGNOSTICS
            else replace(member, fill=breaks)
        )
        monkeypatch.setitem(registry._members, name, broken)
    project.run("s", progress=False)
    found = (
        project.result("s")
        .findings.filter(diagnostic="calibration")["details"]
        .to_list()
    )
    assert len(found) == 1 and "finding.not_computed" in found[0]
    page, _, lost = pipeline.report(project, "s")
    assert len(lost) == 2 and page.read_text().count("That is a mistake of bench") == 2
    with pytest.raises(ZeroDivisionError):
        pages(pipeline.bundle_of(project, "s"))
