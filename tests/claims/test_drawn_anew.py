"""What was drawn anew between two numbers: the same answer for a score, a mean, a mean rank and a share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core.outcomes import decoded
from bench.scores.external import external_results
from bench.text import chance
from bench.text.judgements import Settle
from tests.helpers.judge_cases import (
    FIXED,
    LOO,
    TOLERANCE,
    a_study,
    around,
    folds_of,
    has,
    judge,
    one,
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


def elsewhere(folder: Path, claims: str, are: str, rows: list[tuple[str, str, int, float]]) -> dict[str, Any]:
    """The verdicts on claims by a table of scores of somebody else."""
    made = a_study(folder, claims, families="null", datasets=TABLE.format(are=are))
    made = made.model_copy(update={"datasets": {"given": made.datasets["given"]}, "protocol": None, "task": None})
    table = pl.DataFrame(rows, schema=["d", "m", "r", "v"], orient="row")
    given = external_results(made, tables_of("given"), lambda _: table)
    return judge(given.study, given.scores, given.folds, given.tables)


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
    "mean": 'value: "0.500"',
    "rank": 'value: "2.0", tolerance: 0.1',
    "share": 'dataset: d0, threshold: 0.5, value: "90", unit: percent, tolerance: 1, n: 100',
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize(
    ("are", "splits", "why", "agreement"),
    [
        ("seeds", "unknown", chance.SeedsNotSplits, "unclear"),
        ("seeds", "same", None, "differs"),
        ("splits", "unknown", None, "differs"),
        ("splits", "same", chance.Arithmetic, "differs"),
        ("splits", "other_sample", None, None),
        ("seeds", "other_sample", None, None),
    ],
)
def test_all_kinds_ask_the_same(
    kind: str, are: str, splits: str, why: type | None, agreement: str | None, tmp_path: Path
) -> None:
    """Seeds do not refute a number of other splits, and nothing refutes one of another sample without its error."""
    about = f"family: A, metric: accuracy, splits: {splits}, where: T, read: source"
    row = elsewhere(tmp_path, f"  - {{id: c, kind: {kind}, {about}, {NUMBERS[kind]}}}\n", are, runs())["c"]
    if agreement is not None:
        assert row["agreement"] == agreement
        assert why is None or has(row, why)
    elif kind in ("rank", "share"):
        unknown = chance.RankErrorUnknown if kind == "rank" else chance.OtherSampleUnknown
        assert (row["agreement"], has(row, unknown)) == ("unclear", True)
    if kind == "rank" and agreement == "differs" and why is None:
        assert reason(row, chance.Rankings) == chance.Rankings(
            6, 2, 7, "external_seeds" if are == "seeds" else "splits"
        )


def test_a_share_on_the_papers_own_splits_is_arithmetic(tmp_path: Path) -> None:
    """A is below .785 on d0 in so many of six runs: the paper's number is that one, or another."""
    below = sum(value < 0.785 for name, family, _, value in runs() if (name, family) == ("d0", "A"))
    assert 0 < below < 6
    about = "kind: share, dataset: d0, family: A, metric: accuracy, threshold: 0.785, unit: percent, tolerance: 1"
    texts = [f"{100 * hits / 6:.1f}" for hits in (below, below + 1)]
    claims = "".join(
        f'  - {{id: c{i}, {about}, value: "{text}", splits: same, where: T, read: source}}\n'
        for i, text in enumerate(texts)
    )
    rows = elsewhere(tmp_path, claims, "splits", runs())
    assert [rows[name]["agreement"] for name in ("c0", "c1")] == ["exact", "differs"]
    assert rows["c0"]["p"] is None


def test_copies_of_one_score_are_no_draws(tmp_path: Path) -> None:
    """One given split, fitted ten times without a seed: the share is 0 or 1, and nothing random has a part in it."""
    about = {"family": "lda", "threshold": "0.95", "unit": "percent", "tolerance": "10", "value": '"40"', "n": "1000"}
    ten = {"lda": np.full((10, 1), 0.9)}
    folds = folds_of(10, 1, 90, 10, same=True)
    row = one(tmp_path, ten, line("share", **about), folds, resampling=FIXED)
    assert (row["agreement"], row["p"]) == ("differs", None)
    assert has(row, chance.NothingDrawn) and not has(row, chance.DrawsCounted)
    row = one(tmp_path, ten, line("share", **about, splits="other_sample"), folds, resampling=FIXED)
    assert (row["agreement"], has(row, chance.OtherSampleUnknown)) == ("unclear", True)


def test_a_share_of_one_run_takes_repeats(tmp_path: Path) -> None:
    about = {"family": "lda", "threshold": "0.95", "unit": "percent", "tolerance": "10", "value": '"40"'}
    row = one(tmp_path, {"lda": around(0.9, 0.01, repeats=1)}, line("share", **about), folds_of(1))
    assert decoded(row["settle"]) == (Settle("repeats", 10),)


def test_a_mean_rank_of_all_repeats_is_of_unlike_numbers_of_them(tmp_path: Path) -> None:
    """A is behind in the first two runs and ahead by far in the others; the last dataset has two runs alone."""
    rows = [
        (name, family, run, 0.5 + (0.3 if run > 1 else -0.1) * (family == "A"))
        for name in SETS
        for family in "AB"
        for run in range(2 if name == SETS[-1] else 6)
    ]
    about = "kind: rank, family: A, metric: accuracy, splits: same, where: T, read: source, tolerance: 0.1"
    found = elsewhere(tmp_path, f'  - {{id: c, {about}, value: "1.14"}}\n', "splits", rows)["c"]
    assert (found["ours"], found["agreement"]) == (pytest.approx(8 / 7), "exact")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("better", {"family": "lda", "against": "qda"}),
        ("best", {"family": "lda", "among": "[lda, qda]"}),
        ("order", {"order": "[lda, qda]"}),
        ("equivalent", {"family": "lda", "against": "random_forest"}),
        ("rank", {"family": "lda", "value": '"1"', "among": "[lda, qda]"}),
    ],
)
def test_another_sample_has_other_test_rows(kind: str, fields: dict[str, str], tmp_path: Path) -> None:
    """Leave-one-out of families without a seed: on the paper's rows anybody gets these scores, on others nobody."""
    scores = {"lda": 0.9, "qda": 0.8, "random_forest": 0.9}
    for splits in ("unknown", "other_sample"):
        row = one(tmp_path, scores, line(kind, **fields, splits=splits), folds_of(1, 100, 99, 1), resampling=LOO)
        if splits == "other_sample":
            assert not row["agreement"].endswith("reproduced") and row["agreement"] != "differs"
            assert has(row, chance.OtherSampleUnknown)
        elif kind != "equivalent":  # a forest has a seed
            assert row["agreement"].endswith("reproduced")


def test_what_is_drawn_over_datasets_is_said_by_its_name(tmp_path: Path) -> None:
    """Two simulations, four draws of each, on which all rankings agree: further draws decide, no repeats."""
    sets = "  two: {source: {kind: sklearn, name: iris}, target: target}"
    about = {"family": "lda", "value": '"1.0"', "tolerance": "0.1", "among": "[lda, qda]", "dataset": "null"}
    made = a_study(tmp_path, line("rank", **about), datasets=sets, more=TOLERANCE, resampling=FIXED)
    values = {"lda": np.full((4, 1), 0.9), "qda": np.full((4, 1), 0.8)}
    names = ("toy", "two")
    frame = pl.concat([scores_of_arrays(values, dataset=name) for name in names])
    folds = pl.concat([folds_of(4, 1, 90, 10, dataset=name) for name in names])
    row = judge(made, frame, folds, tables_of(*names, draws=4))["c"]
    assert reason(row, chance.Rankings).differs == "draws"
    (settle,) = decoded(row["settle"])
    assert isinstance(settle, Settle) and settle.by == "draws"
