"""Scores on training rows that somebody else's fits left: columns beside the test scores, or rows of their own."""

from __future__ import annotations

import polars as pl
import pytest

from bench.cli.app import main
from tests.scores.test_elsewhere import Project, fold_scores, frame, go, made, text

DESIGN = "    scores: {family: method, repeat: r, fold: f, repeats_are: splits, train_rows: 80, test_rows: 20, %s}"
BESIDE = DESIGN % "value: acc, train: fitted" + "\n    metric: accuracy"
BLOCKS = DESIGN % "value: {accuracy: acc, roc_auc: auc}, train: {accuracy: fitted}"
ROWS = DESIGN % "value: acc, side: on" + "\n    metric: accuracy"
CLAIM = (
    "claims:\n  - {id: c, kind: value, dataset: cancer, family: A, side: train, metric: accuracy, value: '0.95', "
    "unit: fraction, tolerance: 0.02, where: p, read: source}"
)


def beside() -> pl.DataFrame:
    """Each training score lies .05 above its test score; B's gap varies a little."""
    return fold_scores().with_columns(
        fitted=pl.col("acc")
        + 0.05
        + pl.when(pl.col("method") == "B").then(pl.col("f") / 1000).otherwise(0.0)
    )


def by_rows() -> pl.DataFrame:
    tests = beside().with_columns(on=pl.lit("test"))
    return pl.concat(
        [tests, tests.with_columns(acc=pl.col("fitted"), on=pl.lit("train"))]
    )


def test_columns_and_rows_are_the_same(project: Project) -> None:
    root = made(project, text(BESIDE, more=CLAIM), beside())
    go()
    scores, verdict = frame(root, "scores"), frame(root, "verdicts").row(0, named=True)
    assert dict(scores.group_by("side").len().iter_rows()) == {"train": 40, "test": 40}
    given = beside().filter(pl.col("method") == "A")["fitted"].mean()
    assert (verdict["ours"], verdict["agreement"]) == (
        pytest.approx(given),
        "reproduced",
    )
    gaps = frame(root, "findings").filter(pl.col("diagnostic") == "train_test_gap")
    assert dict(gaps.select("family", "estimate").iter_rows()) == pytest.approx(
        {"A": 0.05, "B": 0.053}
    )
    assert "training rows" in (root / "reports" / "toy" / "index.html").read_text()
    made(project, text(ROWS, more=CLAIM), by_rows())
    go("fetch", "clean", "run", "judge")
    assert frame(root, "scores").equals(scores)


def test_a_block_of_metrics_need_not_name_them_all(project: Project) -> None:
    root = made(
        project,
        text(BLOCKS, metrics="{primary: roc_auc, also: [accuracy, error_rate]}"),
        beside(),
    )
    go("fetch", "clean", "run", "judge")
    counts = (
        frame(root, "scores")
        .group_by("metric", "side")
        .len()
        .sort("metric", "side")
        .rows()
    )
    metrics = [
        ("accuracy", "test"),
        ("accuracy", "train"),
        ("error_rate", "test"),
        ("error_rate", "train"),
    ]
    assert counts == [(*one, 40) for one in [*metrics, ("roc_auc", "test")]]


@pytest.mark.parametrize(
    ("dataset", "table", "said", "code"),
    [
        (ROWS, by_rows().with_columns(on=pl.lit("inner")), "row 1: inner in on is no side; expected train or", 2),
        (ROWS, pl.concat([by_rows(), by_rows()[-1:]]), "A on cancer has more than one training score of", 2),
        (ROWS, by_rows().filter(pl.col("on") == "train"), "every score is one of training rows; test scores lack", 2),
        (ROWS, by_rows()[:-1], "B has accuracy on training rows in repeat seed30, fold 5 on cancer, A has not", 2),
        (BESIDE, beside().with_columns(fitted=pl.lit(1.2)), "1.2 lies outside the range of accuracy", 2),
        (BESIDE.replace("fitted", "fited"), beside(), "train: unknown column fited; did you mean fitted?", 2),
        (BLOCKS.replace("{accuracy: fitted}", "{acuracy: fitted}"), beside(), "train.acuracy: unknown metric", 2),
        (BLOCKS.replace("{accuracy: fitted}", "fitted"), beside(), "`train` has the form of `value`", 2),
        (BESIDE.replace("train: fitted", "train: fitted, side: on"), by_rows(), "give one of them", 2),
    ],
)  # fmt: skip
def test_mistakes_are_sentences(
    dataset: str,
    table: pl.DataFrame,
    said: str,
    code: int,
    project: Project,
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = (
        "{primary: accuracy, also: [roc_auc]}"
        if "roc_auc" in dataset
        else "{primary: accuracy}"
    )
    made(project, text(dataset, metrics=metrics), table)
    stages = iter(("check", "fetch", "clean", "run"))
    assert next((one for stage in stages if (one := main([stage, "toy"]))), 0) == code
    shown = capsys.readouterr().err
    assert said in shown
