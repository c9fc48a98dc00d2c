"""Scores on training rows that somebody else's fits left, in rows of their own."""

from __future__ import annotations

import polars as pl
import pytest

from bench.cli.app import main
from tests.scores.test_elsewhere import Project, fold_scores, frame, go, made, text

DESIGN = "    scores: {family: method, repeat: r, fold: f, repeats_are: splits, train_rows: 80, test_rows: 20, %s}"
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


def test_rows_of_training_scores(project: Project) -> None:
    root = made(project, text(ROWS, more=CLAIM), by_rows())
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
    go("report")
    assert "training rows" in (root / "reports" / "toy" / "index.html").read_text()


@pytest.mark.parametrize(
    ("dataset", "table", "said", "code"),
    [
        (ROWS, by_rows().with_columns(on=pl.lit("inner")), "row 1: inner in on is no side; expected train or", 2),
        (ROWS, pl.concat([by_rows(), by_rows()[-1:]]), "A on cancer has more than one training score of", 2),
        (ROWS, by_rows().filter(pl.col("on") == "train"), "every score is one of training rows; test scores lack", 2),
        (ROWS, by_rows()[:-1], "B has accuracy on training rows in repeat seed30, fold 5 on cancer, A has not", 2),
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
    made(project, text(dataset, metrics="{primary: accuracy}"), table)
    stages = iter(("check", "fetch", "clean", "run"))
    assert next((one for stage in stages if (one := main([stage, "toy"]))), 0) == code
    shown = capsys.readouterr().err
    assert said in shown
