"""Tests of pairs: one kind of sample a table, each metric its own, and no share of draws is certain."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.stats import rankdata, wilcoxon

from bench.comparisons import comparisons
from bench.report.blocks import Figure, Table, find_figures, find_tables
from bench.report.bundle import Bundle
from bench.report.plain import plain
from bench.report.sections.differences import differences, never_certain
from bench.report.values import Value, show
from bench.text.formats import THIN
from tests.helpers import bundles

WIDTHS = {"t_over_seeds": 0.04, "mcnemar": 0.07}
FAMILIES = ("logistic_regression", "random_forest", "svm")
SETS = tuple(f"set{i}" for i in range(9))
#: Accuracy has the families in one order on eight of nine datasets; log loss has them the other way round.
ACCURACY = np.array(
    [[0.90, 0.85, 0.80 + 0.001 * i] for i in range(8)] + [[0.5, 0.6, 0.7]]
)
LOSS = np.array([[0.7, 0.5, 0.3 + 0.01 * i] for i in range(8)] + [[0.1, 0.2, 0.9]])


@cache
def many() -> Bundle:
    """Nine datasets; a claim compares models by log loss."""
    made = bundles.study(
        datasets={name: bundles.wine() for name in SETS},
        metrics={"primary": "accuracy", "also": ["log_loss"]},
        protocol={
            "resampling": {"kind": "kfold", "folds": 2, "repeats": 2},
            "tuning": None,
            "seed": 7,
        },
    )
    scores = [
        {
            "variant": "plain", "side": "test", "dataset": d, "family": f, "repeat": r, "fold": k, "metric": m,
            "value": v[i, j] + 0.001 * (-1) ** (r + k),
        }
        for m, v in (("accuracy", ACCURACY), ("log_loss", LOSS))
        for i, d in enumerate(SETS)
        for j, f in enumerate(FAMILIES)
        for r in range(2)
        for k in range(2)
    ]  # fmt: skip
    parts = {
        "scores": scores,
        "folds": bundles.folds(made, 100),
        "tables": bundles.tables(made, 100, 3, ["a", "b"]),
    }
    bundle = bundles.made_of(made, **parts)
    frames = [bundle.frame(name) for name in ("tables", "folds", "scores")]
    claim = {"claim": "c", "dataset": SETS[0], "family": "svm", "kind": "better", "metric": "log_loss"}  # fmt: skip
    claimed = {"verdicts": bundles.made_of(made, verdicts=[claim]).frame("verdicts")}
    compared = comparisons(made, *frames).frames
    return Bundle(made, dict(bundle.frames) | compared | claimed, bundle.provenance)


def tables(bundle: Bundle) -> dict[str, Table]:
    return {table.id: table for table in find_tables(differences(bundle))}


def test_mean_ranks_are_those_of_the_means() -> None:
    (figure,) = [one for one in find_figures(differences(many())) if one.id == "mean-ranks"]  # fmt: skip
    assert isinstance(figure, Figure)
    ranks = rankdata(-ACCURACY.round(9), axis=1).mean(axis=0)
    drawn = [line.number.number for line in figure.charts[0].lines if line.number]
    assert drawn == pytest.approx(sorted(ranks))


@pytest.mark.parametrize(
    ("name", "values"), [("pairs", ACCURACY), ("pairs-log_loss", LOSS)]
)
def test_pairs_over_datasets_have_the_p_of_their_metric(
    name: str, values: np.ndarray
) -> None:
    p = [
        float(wilcoxon(values[:, a], values[:, b], method="exact").pvalue)
        for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    possible = [min(1.0, k * one) for one in p for k in (1, 2, 3)]
    rows = tables(many())[name].rows
    assert len(rows) == 3
    for row in rows:
        assert isinstance(row[3], Value)
        assert any(row[3].number == pytest.approx(one) for one in possible)


def test_each_kind_of_sample_has_its_own_figure_and_table() -> None:
    """The first pair of each dataset is tested on rows, the others over seeds."""
    made = bundles.study()
    scores = bundles.scores(made, 50, lambda d, f, m: 0.5 + len(f) / 50)
    parts = bundles.comparisons(made, scores, 0.02)
    seen: set[tuple[Any, ...]] = set()
    for row in parts["pairs"]:
        place = row["dataset"], row["metric"]
        row["test"] = "t_over_seeds" if place in seen else "mcnemar"
        row["resolution"] = WIDTHS[row["test"]]
        seen.add(place)
    bundle = bundles.made_of(made, scores=scores, folds=bundles.folds(made, 50), **parts)  # fmt: skip
    tests = {id: {plain(row[4]) for row in table.rows} for id, table in tables(bundle).items()}  # fmt: skip
    assert tests == {"pairs-Wine": {"t over seeds"}, "pairs-Wine-rows": {"McNemar"}}
    results = {one.id: plain(one.result) for one in find_figures(differences(bundle))}
    assert "4.0" in results["distance-from-the-best"]
    assert "7.0" not in results["distance-from-the-best"]


@pytest.mark.parametrize("chance", [0.0, 1e-12, 1.0, 1 - 1e-12])
def test_a_share_of_draws_is_never_certain(chance: float) -> None:
    assert show(never_certain(chance)) in (f"< 1{THIN}%", f"> 99{THIN}%")


@pytest.mark.parametrize(("primary", "metrics"), [("error_rate", 1), ("f1_macro", 2)])
def test_a_metric_that_the_primary_one_gives_has_no_tests_of_its_own(
    primary: str, metrics: int
) -> None:
    made = bundles.study(metrics={"primary": primary, "also": ["accuracy"]}, diagnostics=None)  # fmt: skip
    scores = bundles.scores(made, 50, lambda d, f, m: 0.5 + 0.1 * len(f) / 20)
    claim = {"kind": "better", "against": "random_forest"}
    row = bundles.verdict("c1", "reproduced", "wine", "svm", "1") | claim
    parts = bundles.comparisons(made, scores, 0.02)
    bundle = bundles.made_of(made, scores=scores, folds=bundles.folds(made, 50), verdicts=[row], **parts)  # fmt: skip
    assert len(tables(bundle)) == metrics
