"""What would falsify an expectation is bad news where it happened, and only there: in each answer of the tool."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.cli.app import main
from bench.project.project import Project

STUDY = """
title: Two models
task: null
datasets:
  d:
    source: {kind: csv, file: data/d.csv}
    scores: {family: m, repeat: rep, fold: fold, repeats_are: splits, train_rows: 80, test_rows: 20,
             value: {accuracy: accuracy}, made_by: me}
clean: null
preprocess: null
protocol: null
families: null
metrics: {primary: accuracy}
diagnostics: {halves: null}
tolerance: {accuracy: 0.02, why: a}
claims: []
falsified_if:
  - {id: order, kind: better, dataset: d, family: FIRST, against: SECOND, metric: accuracy}
  - {id: number, kind: value, dataset: d, family: a, metric: accuracy, value: "NUMBER", unit: percent}
"""
#: Both models, as the study that fears the one or the other has them; a is better, with 85 %.
HAPPENED = {"FIRST": "a", "SECOND": "b", "NUMBER": "85.0"}
NOT = {"FIRST": "b", "SECOND": "a", "NUMBER": "60.0"}


def written(words: dict[str, str]) -> str:
    text = STUDY
    for word, value in words.items():
        text = text.replace(word, value)
    return text


@pytest.fixture
def root(project: Callable[..., Path]) -> Path:
    claim = '{id: said, kind: value, dataset: d, family: a, metric: accuracy, value: "85.0", unit: percent, '
    paper = written(HAPPENED).replace(
        "claims: []", f"claims: [{claim}where: T, read: source}}]"
    )
    paper += "paper: {citation: X (2000), year: 2000}\n"
    root = project(bad=written(HAPPENED), good=written(NOT), paper=paper)
    random = np.random.default_rng(1)
    for name in ("bad", "good", "paper"):
        (root / "studies" / name / "data").mkdir()
        with (root / "studies" / name / "data" / "d.csv").open("w") as file:
            out = csv.writer(file)
            out.writerow(["m", "rep", "fold", "accuracy"])
            for model, mean in (("a", 0.85), ("b", 0.80)):
                shown = random.normal(0, 0.01, (5, 4))
                shown += mean - shown.mean()
                out.writerows(
                    (model, i, j, repr(float(v))) for (i, j), v in np.ndenumerate(shown)
                )
    return root


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_falsifier_is_bad_news_where_it_happened_and_only_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["repro", "bad", "good"]) == 0
    said = capsys.readouterr().out
    names = ["number", "order"]

    # the check that a pipeline makes
    for study, code, happened in (
        ("bad", 5, ["bad/order", "bad/number"]),
        ("good", 0, []),
    ):
        assert main(["check", study, "--strict"]) == code
        found, checked = answer(capsys, "check", study, "--strict")
        assert (found, checked["happened"]) == (code, happened)
        assert checked["not_reproduced"] == checked["not_as_expected"] == []

    # the end of a run: no table of claims without a claim
    bad, good = said.split("run good", 1)
    assert "! falsifiers, happened: order, number\nbad: Two models: 2 of 2" in bad
    assert (
        "✓ falsifiers, did not happen: order, number" in good
        and "! falsifiers" not in good
    )
    assert not {"published", "differs"} & set(said.split())

    # tables for programs, and for spreadsheets
    for study, became in (("bad", "happened"), ("good", "did_not_happen")):
        rows = answer(capsys, "show", study)[1]["verdicts"]
        assert sorted((row["claim"], row["falsified"]) for row in rows) == [
            (name, became) for name in names
        ]
        assert {
            one.value for one in Project(root).result(study).falsified.values()
        } == {became}
        assert main(["export", study]) == 0
        exports = root / "exports" / study
        results = json.loads((exports / "results.json").read_text())
        assert {row["falsified"] for row in results["verdicts"]} == {became}
        sheet = pl.read_csv(exports / "data" / "verdicts.csv")
        assert set(sheet["falsified"]) == {became}
        numbers = (exports / "numbers.tex").read_text()
        words = {"happened": "happened", "did_not_happen": "ruled out"}[became]
        assert all(
            f"claim.{name}.agreement\\endcsname{{{words}}}" in numbers for name in names
        )
        metrics = json.loads((root / "results" / study / "metrics.json").read_text())
        assert (metrics["claims"], metrics["falsifiers"]) == ({}, {became: 2})
        assert (
            not (root / "results" / study / "plots" / "published.csv")
            .read_text()
            .count("number")
        )

    # page, card and index: the same headline, against the author or not
    for study, told in (
        ("bad", "2 of 2 tests go against"),
        ("good", "0 of 2 tests go against"),
    ):
        page = (root / "reports" / study / "index.html").read_text()
        card = (root / "exports" / study / "card.md").read_text()
        summary = (root / "summaries" / f"{study}.json").read_text()
        shown = (page, card, summary)
        assert all(told in text for text in shown)
        assert json.loads(summary)["claims"] == []
    assert (root / "reports" / "index.html").read_text().count("go against") == 2


def test_beside_the_claims_of_a_paper_it_is_told_and_never_counted(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["repro", "paper"]) == 0
    said = capsys.readouterr().out
    assert (
        "! falsifiers, happened: order, number" in said
        and ": holds (1 of 1 hold)" in " ".join(said.split())
    )
    code, checked = answer(capsys, "check", "paper", "--strict")
    assert (
        code == 5
        and checked["happened"] == ["paper/order", "paper/number"]
        and not checked["not_reproduced"]
    )
    assert [
        one["claim"]
        for one in json.loads((root / "summaries" / "paper.json").read_text())["claims"]
    ] == ["said"]
    assert (
        sum(
            json.loads((root / "results" / "paper" / "metrics.json").read_text())[
                "claims"
            ].values()
        )
        == 1
    )
