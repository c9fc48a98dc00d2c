"""Counts and ranges as papers print them, through the three doors: a study, its CSV of claims, `bench judge`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import bench
from bench.cli.app import main
from bench.core.judgements import Agreement
from bench.core.outcomes import Statement
from bench.project.project import Project
from bench.study.noted import StudyError
from bench.study.printed_numbers import read_score
from bench.text import claim_problems as c
from bench.text import problems as p

SCORES = [[170 / 178, 172 / 178], [171 / 178, 171 / 178], [172 / 178, 170 / 178]]
#: Of 30 rows x and y agree on 24: the score of a tree of one split, on all of them and on the last six.
STUDY = """
title: Counts
task: classification
datasets: {data: {source: {kind: csv, file: data.csv}, target: y}}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 5, stratify: true}, tuning: null, seed: 0}
families: {tree: {family: decision_tree, max_depth: 1}}
metrics: {primary: accuracy, also: [log_loss]}
diagnostics: null
tolerance: {accuracy: 0.05, log_loss: 0.1, why: a test}
"""
CLAIMS = """claims:
  - {id: a, kind: value, where: Table 1, read: source, family: tree, dataset: data, MORE}
"""


def lines() -> str:
    """30 rows: x tells y, but for the first six."""
    rows = [(i % 2, (i % 2) if i > 5 else 1 - i % 2) for i in range(30)]
    return "\n".join(["x,y", *(f"{x},{y}" for x, y in rows)]) + "\n"


def read_all(folder: Path) -> dict[Path, bytes]:
    """What git sees of a project."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if ".bench" not in path.parts}


@pytest.fixture
def study(project: Callable[..., Path]) -> Callable[[str], Path]:
    """A project whose study has one claim, of these further keys."""

    def make(more: str) -> Path:
        folder = project(counts=STUDY + CLAIMS.replace("MORE", more))
        (folder / "studies" / "counts" / "data.csv").write_text(lines())
        return folder

    return make


@pytest.mark.parametrize(
    ("text", "low", "high", "cases"),
    [
        ("97.50", Fraction(195, 2), Fraction(195, 2), None),
        ("1e-5", Fraction(1, 100000), Fraction(1, 100000), None),
        ("171 of 178", Fraction(171, 178), Fraction(171, 178), 178),
        ("171/178", Fraction(171, 178), Fraction(171, 178), 178),
        ("3 out of 4", Fraction(3, 4), Fraction(3, 4), 4),
        ("68-69", Fraction(68), Fraction(69), None),
        ("68.1–69.25", Fraction(681, 10), Fraction(277, 4), None),
        ("-5 to -3", Fraction(-5), Fraction(-3), None),
    ],
)  # fmt: skip
def test_what_a_printed_score_says(
    text: str, low: Fraction, high: Fraction, cases: int | None
) -> None:
    found = read_score(text)
    assert (found.low, found.high, found.cases) == (low, high, cases)


@pytest.mark.parametrize(
    ("value", "unit", "published", "ours", "agreement"),
    [
        ("171 of 178", "fraction", "0.9607", 171 / 178, Agreement.EXACT),
        ("171/178", "percent", "96.07", 17100 / 178, Agreement.EXACT),
        ("170 of 178", "fraction", "0.9551", 171 / 178, Agreement.DIFFERS),
        ("96-97", "percent", "96.5", 17100 / 178, Agreement.REPRODUCED),
        ("0.96–0.97", "fraction", "0.965", 171 / 178, Agreement.REPRODUCED),
        ("97-98", "percent", "97.5", 17100 / 178, Agreement.DIFFERS),
        ("94-95", "percent", "94.5", 17100 / 178, Agreement.DIFFERS),
    ],
)
def test_the_same_scores_are_held_against_counts_and_ranges(
    value: str, unit: str, published: str, ours: float, agreement: Agreement
) -> None:
    claim = {"value": value, "unit": unit, "splits": "same"}
    judged = bench.judge({"claims": [claim], "scores": [{"values": SCORES}]})
    (row,) = judged.verdicts.iter_rows(named=True)
    assert (row["printed"], row["published"]) == (value, published)
    assert row["ours"] == pytest.approx(ours)
    assert row["agreement"] == agreement


def test_a_range_holds_up_to_the_tolerance_beyond_its_ends() -> None:
    """Its ends are bounds: with the same width of tolerance a number at the middle would not hold."""
    scores = [[0.970, 0.972], [0.971, 0.973], [0.970, 0.972], [0.971, 0.973]]
    found = [
        bench.judge(value, scores=scores, tolerance=0.01).agreement
        for value in ("0.94-0.968", "0.954", "0.94-0.950")
    ]
    assert found == [Agreement.REPRODUCED, Agreement.DIFFERS, Agreement.DIFFERS]


@pytest.mark.parametrize(
    ("value", "statement"),
    [
        ("171 of 0", p.CountTooLarge("171 of 0")),
        ("180 of 178", p.CountTooLarge("180 of 178")),
        ("69-68", p.EndsSwapped("69-68", "68-69")),
        ("1 of", p.WrongType("printed score", "'1 of'")),
    ],
)
def test_what_cannot_be_is_refused(value: str, statement: Statement) -> None:
    content = {"claims": [{"value": value, "unit": "percent"}], "scores": [{"score": 1.0}]}  # fmt: skip
    with pytest.raises(StudyError) as error:
        bench.judge(content)
    assert [one.statement for one in error.value.problems] == [statement]


@pytest.mark.parametrize(
    ("more", "key", "statement"),
    [
        ('value: "24 of 30"', "", None),
        ('value: "5 of 6"', "", None),
        ('value: "24 of 31"', "value", c.OtherCases("24 of 31", 31, "data", 30, 6)),
        ('value: "24 of 31", splits: other_sample', "", None),
        ('value: "240 of 300", repeats: 10', "", None),
        ('value: "3/4", metric: log_loss', "value", c.NoCountOfCases("3/4", "log_loss")),
        ('value: "0.9-0.8", unit: fraction', "value", p.EndsSwapped("0.9-0.8", "0.8-0.9")),
    ],
)  # fmt: skip
def test_a_count_is_out_of_the_cases_of_the_dataset(
    study: Callable[[str], Path], more: str, key: str, statement: Statement | None
) -> None:
    folder = study(more)
    before = read_all(folder)
    (draft,) = Project(folder).check()
    found = [(one.path, one.line, one.statement) for one in draft.problems]
    assert found == ([] if statement is None else [(f"claims[0].{key}", 13, statement)])
    assert before == read_all(folder)


def test_a_count_of_other_cases_is_refused_before_anything_is_fitted(
    study: Callable[[str], Path],
) -> None:
    """A table of another source is not there when a study is checked."""
    folder = study('value: "171 of 178", unit: fraction')
    file = folder / "studies" / "counts" / "study.yaml"
    text = file.read_text().replace(
        "source: {kind: csv, file: data.csv}, target: y",
        "source: {kind: sklearn, name: iris}, target: target",
    )
    file.write_text(text)
    with pytest.raises(StudyError) as error:
        Project(folder).run("counts", progress=False)
    (problem,) = error.value.problems
    assert problem.statement == c.OtherCases("171 of 178", 178, "data", 150, 30)
    assert (problem.line, problem.path) == (13, "claims[0].value")
    assert not (folder / "results" / "counts" / "scores.parquet").exists()


def test_a_study_prints_a_count_as_the_paper_does(
    study: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = study("table: x")
    home = folder / "studies" / "counts"
    (home / "claims.csv").write_text(
        "id,kind,where,read,family,value,unit,side\n"
        "count,value,Table 1,source,tree,24 of 30,,\n"
        "range,value,Table 1,source,tree,75-85,percent,train\n"
    )
    text = STUDY + "claims: {table: claims.csv}\n"
    (home / "study.yaml").write_text(text)
    result = bench.Project(folder).run("counts", progress=False)
    rows = result.verdicts.select("claim", "published", "printed").rows()
    assert rows == [("count", "0.800", "24 of 30"), ("range", "80.0", "75-85")]
    result.report(folder / "page.html")
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "24 of 30" in page and "75–85" in page


def test_the_terminal_takes_counts_and_ranges(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scores.csv"
    pl.DataFrame({"score": [171 / 178] * 3}).write_csv(file)

    def judge(*words: str) -> tuple[int, str]:
        code = main(["judge", "--scores", str(file), "--published", *words])
        said: Any = capsys.readouterr()
        return code, said.out + said.err

    assert judge("171 of 178", "--tolerance", "0.01")[0] == 0
    assert judge("95-97 %", "--tolerance", "0.01")[0] == 0
    for wrong in ("171 of 0", "180 of 178", "97-95 %"):
        code, said = judge(wrong)
        assert code == 2
        assert said.startswith("published: ") and len(said.splitlines()) == 1
