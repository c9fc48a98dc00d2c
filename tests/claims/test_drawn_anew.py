"""What was drawn anew between two numbers: the same answer for a score, a difference, a mean, and for mean ranks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.text import chance
from tests.helpers.judge_cases import (
    FIXED,
    TOLERANCE,
    a_study,
    folds_of,
    has,
    judge,
    judge_given,
    reason,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.judge_cases import claim as line

TABLE = """
  given: {{source: {{kind: csv, file: t.csv}}, metric: accuracy,
    scores: {{dataset: d, family: m, value: v, repeat: r, repeats_are: {are}}}}}
"""
SETS = [f"d{i}" for i in range(7)]


def elsewhere(
    folder: Path, claims: str, are: str, rows: list[tuple[str, str, int, float]]
) -> dict[str, Any]:
    """The verdicts on claims by a table of scores of somebody else."""
    table = pl.DataFrame(rows, schema=["d", "m", "r", "v"], orient="row")
    return judge_given(folder, claims, TABLE.format(are=are), table)


def runs() -> list[tuple[str, str, int, float]]:
    """Six runs of A and B on seven datasets; A is ahead on five to seven of them in each run."""
    draw = np.random.default_rng(2)
    return [
        (name, family, run, 0.6 + ahead * (family == "A") + 0.02 * draw.normal())
        for name, ahead in zip(SETS, (0.2, 0.2, 0.2, 0.2, 0.2, 0.01, 0.01), strict=True)
        for family in "AB"
        for run in range(6)
    ]


#: One number of each kind, far from the scores.
NUMBERS = {
    "value": 'dataset: d0, value: "0.500"',
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize(
    ("are", "splits", "why", "agreement"),
    [
        ("seeds", "unknown", chance.SeedsNotSplits, "off"),
        ("seeds", "same", None, "differs"),
        ("splits", "unknown", None, "differs"),
        ("splits", "same", chance.Arithmetic, "differs"),
    ],
)
def test_all_kinds_ask_the_same(
    kind: str, are: str, splits: str, why: type | None, agreement: str, tmp_path: Path
) -> None:
    """Seeds refute no number of other splits."""
    about = f"family: A, metric: accuracy, splits: {splits}, where: T, read: source"
    row = elsewhere(
        tmp_path,
        f"  - {{id: c, kind: {kind}, {about}, {NUMBERS[kind]}}}\n",
        are,
        runs(),
    )["c"]
    assert row["agreement"] == agreement
    assert why is None or has(row, why)


def test_a_dataset_on_which_nothing_is_drawn_is_the_same_in_each_ranking(
    tmp_path: Path,
) -> None:
    """lda is first on a given split; on ten repeats of folds it is first in eight: ten rankings, not one."""
    sets = "  two: {source: {kind: sklearn, name: iris}, target: target, protocol: {resampling: FIXED}}"
    about = {
        "family": "lda",
        "value": '"1.1"',
        "tolerance": "0.5",
    }
    made = a_study(
        tmp_path,
        line("rank", **about, dataset="null"),
        datasets=sets.replace("FIXED", FIXED),
        more=TOLERANCE,
        families="{lda: {}, qda: {}}",
    )
    gains = np.where(np.arange(10) < 8, 0.1, -0.1)[:, None] * np.ones((10, 10))
    frame = pl.concat(
        [
            scores_of_arrays({"lda": 0.8 + gains, "qda": np.full((10, 10), 0.8)}),
            scores_of_arrays({"lda": [[0.9]], "qda": [[0.8]]}, dataset="two"),
        ]
    )
    folds = pl.concat([folds_of(10), folds_of(1, 1, dataset="two")])
    row = judge(made, frame, folds, tables_of("toy", "two"))["c"]
    assert row["ours"] == pytest.approx(1.1)
    assert reason(row, chance.Rankings) == chance.Rankings(10, 2, 2, "splits")
