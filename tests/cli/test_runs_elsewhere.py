"""`bench diff` and `bench log` of studies that judge what others computed: folds pair by what they are called there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.cli.app import main

pytestmark = pytest.mark.long

Project = Callable[..., Path]
STUDY = """
title: Somebody else's numbers
task: {task}
datasets:
  d:
    source: {{kind: csv, file: data/t.csv}}
    {table}
clean: null
preprocess: null
protocol: null
families: null
metrics: {{primary: accuracy}}
compare: null
diagnostics: {{halves: null}}
{more}
"""
SCORES = "scores: {family: m, repeat: r, fold: f, repeats_are: splits, test_train_ratio: 0.25, value: acc}"
SCORES += "\n    metric: accuracy"
PREDICTIONS = "predictions: {family: m, repeat: r, fold: f, row: id, truth: y, label: p, repeats_are: %s}"


def scores(seeds: range, folds: int = 5, shift: float = 0.0) -> pl.DataFrame:
    """Models a, which moves, and b, which does not; repeats are called after their seeds."""
    rows = [
        {
            "m": m,
            "r": f"seed{10 + seed}",
            "f": fold,
            "acc": 0.8 + noise.normal(0, 0.01) + moved * (1 + 0.01 * fold),
        }
        for m, moved in (("a", shift), ("b", 0.0))
        for seed in seeds
        for noise in [np.random.default_rng([seed, ord(m)])]
        for fold in range(folds)
    ]
    return pl.DataFrame(rows)


def predictions(seeds: range, right: float = 0.7, split: bool = True) -> pl.DataFrame:
    """The same of labels of 60 rows; `split`: each repeat splits them anew."""
    truth = np.random.default_rng(0).integers(0, 2, 60)
    rows = []
    for seed in seeds:
        fold = np.random.default_rng(seed if split else 0).permutation(60) % 5
        for m, share in (("a", right), ("b", 0.8)):
            hits = np.random.default_rng([seed, ord(m)]).random(60) < share
            said = np.where(hits, truth, 1 - truth)
            rows += [
                {"m": m, "r": seed, "f": int(fold[i]), "id": f"row {i}", "y": ["no", "yes"][truth[i]],
                 "p": ["no", "yes"][said[i]]}
                for i in range(60)
            ]  # fmt: skip
    return pl.DataFrame(rows)


def judged(root: Path, table: pl.DataFrame) -> None:
    folder = root / "studies" / "toy" / "data"
    folder.mkdir(exist_ok=True)
    table.write_csv(folder / "t.csv")
    assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run", "judge")] == [
        0
    ] * 4


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("task", "table", "was", "now", "paired", "folds"),
    [
        ("null", SCORES, scores(range(4)), scores(range(4), shift=0.1), True, 20),
        ("null", SCORES, scores(range(4)), scores(range(1, 4), shift=0.1), True, 15),  # without the first seed
        ("null", SCORES, scores(range(4)), scores(range(4), folds=4, shift=0.1), False, 0),  # fold 1 of 4 is another
        ("classification", PREDICTIONS % "splits", predictions(range(3)), predictions(range(3), 0.9), True, 15),
        ("classification", PREDICTIONS % "splits", predictions(range(3)), predictions(range(1, 4), 0.9), True, 10),
        ("classification", PREDICTIONS % "seeds", predictions(range(3), split=False),
         predictions(range(1, 3), 0.9, split=False), True, 10),
        ("classification", PREDICTIONS % "splits", predictions(range(3)), predictions(range(5, 8), 0.9), False, 0),
    ],
)  # fmt: skip
def test_folds_that_others_made_pair_by_their_names(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    task: str,
    table: str,
    was: pl.DataFrame,
    now: pl.DataFrame,
    paired: bool,
    folds: int,
) -> None:
    """One model has other scores now; the other one has the same ones, and is identical where folds are in common."""
    root = project(toy=STUDY.format(task=task, table=table, more=""))
    judged(root, was)
    judged(root, now)
    found = answer(capsys, "diff", "toy")
    rows = {row["family"]: row for row in found["scores"]}
    assert {
        name: (row["paired"], row["folds"]) for name, row in rows.items()
    } == dict.fromkeys("ab", (paired, folds))
    assert (rows["b"]["moved"] == "same") == paired
    assert rows["a"]["moved"] != "same"
    assert [row["name"] for row in found["data"]] == ["d"]


def renamed(table: pl.DataFrame, names: str) -> pl.DataFrame:
    """The row "row 10" under another name, or every row under its number."""
    one = pl.lit("row 99") if names == "one" else pl.col("id").str.strip_prefix("row ")
    return table.with_columns(
        id=pl.when((pl.col("id") == "row 10") | (names == "all"))
        .then(one)
        .otherwise("id")
    )


@pytest.mark.parametrize(
    ("now", "paired", "folds"),
    [
        (renamed(predictions(range(3), 0.9), "one"), True, 12),
        (renamed(predictions(range(3), 0.9), "all"), False, 0),
        (predictions(range(3), 0.9).reverse(), True, 15),
        (predictions(range(5, 8), 0.9), False, 0),
    ],
)
@pytest.mark.parametrize("dataset", ["", "dataset: where, "])
def test_rows_that_others_made_are_known_by_their_names(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    now: pl.DataFrame,
    paired: bool,
    folds: int,
    dataset: str,
) -> None:
    """As many rows are not the same ones: the folds in common are compared."""
    table = (PREDICTIONS % "splits").replace("{", "{" + dataset)
    root = project(toy=STUDY.format(task="classification", table=table, more=""))
    judged(root, predictions(range(3)).with_columns(where=pl.lit("here")))
    judged(root, now.with_columns(where=pl.lit("here")))
    found = answer(capsys, "diff", "toy")
    assert {
        row["family"]: (row["paired"], row["folds"]) for row in found["scores"]
    } == dict.fromkeys("ab", (paired, folds))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('positive: "yes"', 'positive: "no"', ("positive", "yes", "no")),
        ("truth: y", "truth: y2", ("target", "y", "y2")),
        (
            'positive: "yes"',
            "title: t",
            None,
        ),  # of two classes as frequent the last one, named or not
    ],
)
@pytest.mark.parametrize("dataset", ["", "dataset: where, "])
@pytest.mark.parametrize("moved", [0.0, 0.2])
def test_another_question_about_one_file_is_not_compared(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    what: tuple[str, str, str] | None,
    dataset: str,
    moved: float,
) -> None:
    """And one question is compared, under whatever key the table stands. A study knows which column others predicted,
    also of datasets that are named in the file."""
    half = (
        pl.when(pl.col("id").rank("dense") <= 30)
        .then(pl.lit("no"))
        .otherwise(pl.lit("yes"))
    )
    was, now = (
        predictions(range(3), 0.7 + shift).with_columns(
            where=pl.lit("d"), y=half, y2=half.reverse()
        )
        for shift in (0, moved)
    )
    said = (PREDICTIONS % "splits").replace(
        "{", "{" + dataset
    ) + '\n    positive: "yes"'
    text = STUDY.format(task="classification", table=said, more="")
    root = project(toy=text)
    judged(root, was)
    text = text.replace(old, new).replace("  d:", "  all:" if dataset else "  d:")
    (root / "studies" / "toy" / "study.yaml").write_text(text)
    judged(root, now)
    found = answer(capsys, "diff", "toy", "--strict")
    assert [
        (row["dataset"], row["what"], row["was"], row["now"])
        for row in found["targets"]
    ] == [("d", *one) for one in [what] if one is not None]
    assert {(row["paired"], row["untested"]) for row in found["scores"]} == (
        {(True, None)} if what is None else {(None, "other_target")}
    )


def test_what_became_of_a_falsifier_is_told(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = "{{id: {}, kind: better, dataset: d, family: {}, against: {}, metric: accuracy}}"
    more = f"expect: [{claim.format('x', 'b', 'a')}]\nfalsified_if: [{claim.format('f', 'a', 'b')}]"
    root = project(toy=STUDY.format(task="null", table=SCORES, more=more))
    judged(root, scores(range(4), shift=-0.1))
    judged(root, scores(range(4), shift=0.1))
    found = answer(capsys, "diff", "toy")
    became = {
        row["claim"]: (row["was"]["became"], row["now"]["became"])
        for row in found["claims"]
    }
    assert became == {
        "x": (None, None),
        "f": ("did_not_happen", "happened"),
    }
    runs = answer(capsys, "log", "toy")["runs"]
    assert [run["falsifiers"] for run in runs] == [
        {"did_not_happen": 1},
        {"happened": 1},
    ]
    assert [(run["claims"], run["own"]) for run in runs] == [
        ({"reproduced": 1}, True),
        ({"differs": 1}, True),
    ]
    assert main(["log", "toy"]) == 0
    said = capsys.readouterr().out
    assert "falsifiers:" in said and "reproduced" not in said
