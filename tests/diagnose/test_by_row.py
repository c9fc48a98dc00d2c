"""What is counted from predictions row by row: by hand, and against scikit-learn, numpy and a plain count in Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from bench.core import frames
from bench.core.by_row import (
    BY_ROW,
    DRAWN,
    GRID,
    ConfusionCount,
    FarRow,
    NotCounted,
    PairByRow,
    RegressionFit,
    SetsTested,
    WrongCount,
    WrongRow,
)  # fmt: skip
from bench.core.frames import records
from bench.core.spare import sparing
from bench.diagnose.by_row.errors import (
    CELL,
    missed_by,
    missed_rows,
    residuals,
    side_by_side,
    with_duplicates,
    wrong_rows,
)
from bench.diagnose.by_row.tested import with_enums
from bench.report.sections.drilldown import examine
from bench.report.styles import styles_of
from tests.helpers import bundles
from tests.helpers.sparse import sparse


def predicted_rows(rows: list[tuple[str, int, int, str, str]]) -> pl.DataFrame:
    """(family, repeat, row, truth, label) as predictions."""
    key = {"dataset": "wine", "variant": "plain", "fold": 0, "side": "test"}
    told = [
        key | dict(zip(("family", "repeat", "row", "truth", "label"), one, strict=True))
        for one in rows
    ]
    return sparse(told, frames.CLASSIFICATION)


TESTS = predicted_rows(
    [("a", r, 0, "x", "y") for r in (0, 1)]
    + [("b", 0, 0, "x", "z"), ("b", 1, 0, "x", "y")]
    + [(f, r, 1, "y", "y") for f in "ab" for r in (0, 1)]
    + [
        ("a", 0, 2, "x", "z"),
        ("a", 1, 2, "x", "x"),
        ("b", 0, 2, "x", "x"),
        ("b", 1, 2, "x", "x"),
    ]
)


def test_wrong_rows_by_hand() -> None:
    """Row 0 is always wrong, three times y of four; row 2 once of four, so no family gets it wrong."""
    found = wrong_rows(TESTS, missed_by(TESTS)).to_dicts()
    assert [row["row"] for row in found] == [0, 2, 1]
    assert found[0] == {
        "row": 0,
        "truth": "x",
        "wrong": 1.0,
        "families": 2,
        "of": 2,
        "said": "y",
        "source": 0.75,
    }
    assert (found[1]["wrong"], found[1]["families"], found[1]["said"]) == (0.25, 0, "z")
    assert (found[2]["wrong"], found[2]["said"]) == (0.0, None)


def test_duplicates_are_counted_and_those_of_another_truth_named() -> None:
    duplicates = pl.DataFrame(
        {"row": [0, 1, 9], "duplicates": [4, 4, 4]},
        schema={"row": pl.Int64, "duplicates": pl.Int32},
    )
    found = with_duplicates(wrong_rows(TESTS, missed_by(TESTS)), TESTS, duplicates)
    assert dict(zip(found["row"], zip(found["equal"], found["other"], strict=True), strict=True)) == {
        0: (2, 1), 2: (0, 0), 1: (2, 1)
    }  # fmt: skip
    assert with_duplicates(
        wrong_rows(TESTS, missed_by(TESTS)), TESTS, duplicates.clear()
    )["equal"].to_list() == [
        0,
        0,
        0,
    ]


def test_rows_side_by_side_are_those_that_every_family_predicted() -> None:
    more = pl.concat([TESTS, predicted_rows([("a", 0, 7, "x", "x")])])
    said = side_by_side(with_enums(more), ["a", "b"])
    assert said.shape == (6, 2)
    assert int((said[:, 0] != said[:, 1]).sum()) == 2
    assert side_by_side(with_enums(more), ["a", "nobody"]).shape == (0, 2)


def test_missed_rows_and_residuals_by_hand() -> None:
    key = {"dataset": "d", "variant": "plain", "repeat": 0, "fold": 0, "side": "test"}
    rows = [
        ("a", 0, 10.0, 12.0),
        ("b", 0, 10.0, 4.0),
        ("a", 1, 1.0, 1.5),
        ("b", 1, 1.0, 0.0),
    ]
    told = [
        key | dict(zip(("family", "row", "truth", "value"), one, strict=True))
        for one in rows
    ]
    tests = sparse(told, frames.REGRESSION)
    first = missed_rows(tests).row(0, named=True)
    assert first == {
        "row": 0,
        "truth": 10.0,
        "error": 4.0,
        "low": 4.0,
        "high": 12.0,
        "of": 2,
    }
    assert sorted(residuals(tests, ["a", "b"]).tolist()) == [[-2.0, 6.0], [-0.5, 1.0]]


def counted(bundle: Any) -> dict[str, pl.DataFrame]:
    return bundles.counted_by_row(bundle.study, dict(bundle.frames))


def rows_of(bundle: Any, dataset: str, family: str) -> pl.DataFrame:
    return bundle.frame("predictions").filter(
        dataset=dataset, family=family, side="test", variant="plain"
    )


def test_confusions_and_recalls_are_those_of_scikit_learn() -> None:
    bundle = bundles.classification()
    found = records(
        counted(bundle)["confusions"].filter(dataset="wine"), ConfusionCount
    )
    classes = bundle.classes("wine")
    assert {one.family for one in found} == set(bundle.families) - {"baseline"}
    for family in ("svm", "random_forest"):
        mine, part = (
            [one for one in found if one.family == family],
            rows_of(bundle, "wine", family),
        )
        counts = {(one.truth, one.label): one.predictions for one in mine}
        grid = [
            [counts.get((truth, label), 0) for label in classes] for truth in classes
        ]
        assert (
            grid
            == confusion_matrix(part["truth"], part["label"], labels=classes).tolist()
        )
        right = {one.truth: one.predictions for one in mine if one.label == one.truth}
        of = Counter(part["truth"])
        shares = [right.get(name, 0) / of[name] for name in classes]
        assert shares == pytest.approx(
            recall_score(part["truth"], part["label"], labels=classes, average=None)
        )
        assert {one.truth: one.rows for one in mine} == {
            name: part.filter(truth=name)["row"].n_unique() for name in classes
        }


def test_pairs_hold_the_share_of_rows_with_other_labels() -> None:
    bundle = bundles.classification()
    pairs = records(counted(bundle)["family_pairs"].filter(dataset="wine"), PairByRow)
    assert len(pairs) == 5 * 4 // 2  # without the baseline
    for pair in pairs:
        a, b = (
            rows_of(bundle, "wine", family).sort(CELL)
            for family in (pair.family, pair.against)
        )
        assert pair.value == pytest.approx(float((a["label"] != b["label"]).mean()))


def test_the_rows_of_each_number_of_wrong_models_add_up() -> None:
    bundle = bundles.classification()
    made = counted(bundle)
    counts = records(made["wrong_counts"].filter(dataset="wine"), WrongCount)
    assert (
        sum(one.rows for one in counts)
        == bundle.frame("predictions").filter(dataset="wine")["row"].n_unique()
    )
    assert {one.models for one in counts} == {5}
    listed = records(made["wrong_rows"].filter(dataset="wine"), WrongRow)
    assert [(one.families, one.wrong) for one in listed] == sorted(
        [(one.families, one.wrong) for one in listed], reverse=True
    )
    assert len(listed) <= 10 and all(one.wrong > 0 for one in listed)


def test_the_test_sets_of_a_dataset_are_counted() -> None:
    bundle = bundles.classification()
    (one,) = records(counted(bundle)["test_sets"].filter(dataset="wine"), SetsTested)
    part = rows_of(bundle, "wine", "svm")
    sets = part.group_by("repeat", "fold").agg(pl.len(), pl.col("truth").n_unique())
    assert (one.sets, one.repeats) == (sets.height, part["repeat"].n_unique())
    assert (one.largest, one.one_class) == (
        sets["len"].max(),
        sets.filter(pl.col("truth") == 1).height,
    )
    assert one.ranked and one.calibrated


def test_a_regression_is_counted_in_a_grid_and_in_bins() -> None:
    bundle = bundles.regression()
    made = counted(bundle)
    fits = records(made["regression_fits"], RegressionFit)
    assert fits and not made["confusions"].height and not made["ranking_curves"].height
    for one in fits:
        part = rows_of(bundle, one.dataset, one.family)
        truth, value = part["truth"].to_numpy(), part["value"].to_numpy()
        grid, _, _ = np.histogram2d(
            truth, value, bins=GRID, range=[[one.low, one.high]] * 2
        )
        assert one.counts == grid.astype(int).ravel().tolist() and sum(
            one.counts
        ) == one.n == sum(one.in_bin)
        assert one.r == pytest.approx(np.corrcoef(truth, value)[0, 1])
        assert one.bias == pytest.approx((value - truth).mean())
    far = records(made["far_rows"], FarRow)
    assert [one.error for one in far] == sorted(
        (one.error for one in far), reverse=True
    )


def test_of_many_families_the_best_are_drawn_and_never_a_baseline() -> None:
    """Nine models of which the last are the best, and a baseline that would be first."""
    names = [f"model{i}" for i in range(9)]
    specs = {name: {"family": "logistic_regression"} for name in names}
    study = bundles.study(families={"baseline": {}, **specs})
    key = {"dataset": "wine", "variant": "plain", "repeat": 0, "side": "test"}
    told = [
        key | {"family": family, "fold": row % 2, "row": row, "truth": "ab"[row % 3 == 0], "label": "a"}
        for family in ("baseline", *names) for row in range(12)
    ]  # fmt: skip
    scores = [
        key | {"family": family, "fold": fold, "metric": "accuracy", "value": 0.5 + i / 100}
        for i, family in enumerate((*names, "baseline")) for fold in (0, 1)
    ]  # fmt: skip
    tables = bundles.tables(study, 12, 2, ["a", "b"])
    bundle = bundles.made_of(study, predictions=told, scores=scores, tables=tables)
    assert (
        bundle.frame("confusions")["family"].unique(maintain_order=True).to_list()
        == names[-DRAWN:]
    )


def test_without_predictions_nothing_is_counted() -> None:
    bundle = bundles.made_of(bundles.study())
    assert {name for name in BY_ROW if bundle.frame(name).height} == set()


def test_what_cannot_be_counted_is_told_and_the_rest_stands() -> None:
    """A probability that is no number: no curve can be made of it, and the confusions can."""
    whole = bundles.classification()
    broken = whole.frame("predictions").with_columns(
        p=pl.when(pl.col("family") == "svm")
        .then(pl.lit([float("nan")] * 3))
        .otherwise("p")
    )
    with sparing() as lost:
        made = bundles.counted_by_row(
            whole.study, dict(whole.frames) | {"predictions": broken}
        )
    assert len(lost) == made["not_counted"].height > 0
    assert {one.panel for one in records(made["not_counted"], NotCounted)} <= {
        "ranking",
        "calibration",
    }
    assert made["confusions"].equals(counted(whole)["confusions"])
    bundle = replace(whole, frames=dict(whole.frames) | made)
    (missing,) = examine(bundle, styles_of(bundle), "wine").missing
    assert missing.title == "Could not be made"
