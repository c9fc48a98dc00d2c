"""Ranks over datasets by every metric: each its own tests, on its own panel, and said to be so."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.stats import rankdata, wilcoxon

from bench.comparisons import comparisons
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.sections.differences import DifferencesView, differences
from bench.text import formats
from tests.helpers import bundles
from tests.helpers.pages import figures, section

FAMILIES = ("logistic_regression", "random_forest", "svm")
SETS = tuple(f"set{i}" for i in range(9))
#: Accuracy has the families in one order on eight of nine datasets; log loss has them the other way round.
ACCURACY = np.array(
    [[0.90, 0.85, 0.80 + 0.001 * i] for i in range(8)] + [[0.5, 0.6, 0.7]]
)
LOSS = np.array([[0.7, 0.5, 0.3 + 0.01 * i] for i in range(8)] + [[0.1, 0.2, 0.9]])


@cache
def many() -> Bundle:
    made = bundles.study(
        datasets={name: bundles.wine() for name in SETS},
        metrics={"primary": "accuracy", "also": ["log_loss"]},
        protocol={
            "resampling": {"kind": "kfold", "folds": 2, "repeats": 2},
            "tuning": None,
            "seed": 7,
        },
    )
    key = {"variant": "plain", "side": "test"}
    scores = [
        key
        | {
            "dataset": d,
            "family": f,
            "repeat": r,
            "fold": k,
            "metric": m,
            "value": v[i, j] + 0.001 * (-1) ** (r + k),
        }
        for m, v in (("accuracy", ACCURACY), ("log_loss", LOSS))
        for i, d in enumerate(SETS)
        for j, f in enumerate(FAMILIES)
        for r in range(2)
        for k in range(2)
    ]
    parts = {
        "scores": scores,
        "folds": bundles.folds(made, 100),
        "tables": bundles.tables(made, 100, 3, ["a", "b"]),
    }
    bundle = bundles.made_of(made, **parts)
    compared = comparisons(
        made, *(bundle.frame(name) for name in ("tables", "folds", "scores"))
    )
    return Bundle(made, dict(bundle.frames) | compared.frames, bundle.provenance)


@cache
def shown() -> DifferencesView:
    """The section of differences where a claim compares models by log loss."""
    row = {
        "claim": "c",
        "dataset": SETS[0],
        "family": "svm",
        "kind": "better",
        "metric": "log_loss",
    }
    claimed = bundles.made_of(many().study, verdicts=[row]).frame("verdicts")
    return differences(
        Bundle(
            many().study, dict(many().frames) | {"verdicts": claimed}, many().provenance
        )
    )


def test_each_metric_has_its_own_ranks_and_tests() -> None:
    """Mean ranks and p-values beside those of scipy, on the means alone."""
    for panel, values, sign in zip(
        shown().metrics, (ACCURACY, LOSS), (-1, 1), strict=True
    ):
        ranks = rankdata(sign * values.round(9), axis=1).mean(axis=0)
        (strip,) = [f for f in panel.overall.figures if f.id.startswith("mean-ranks")]
        assert {row[0]: row[1] for row in strip.table.rows} == {
            title: formats.rank(rank)
            for title, rank in zip(
                (
                    "Logistic regression",
                    "Random forest",
                    "Support vector machine (RBF)",
                ),
                ranks,
                strict=True,
            )
        }
        p = [
            float(wilcoxon(values[:, a], values[:, b], method="exact").pvalue)
            for a, b in ((0, 1), (0, 2), (1, 2))
        ]
        assert len(panel.overall.pairs) == 3
        assert {row.p for row in panel.overall.pairs} <= {
            formats.p_value(min(1.0, k * q)) for q in p for k in (1, 2, 3)
        }


def test_the_order_turns_with_the_metric_and_names_do_not_clash() -> None:
    first, second = ([f.id for f in panel.overall.figures] for panel in shown().metrics)
    assert (first, second) == (
        ["mean-ranks"],
        ["mean-ranks-log_loss", "rank-groups-log_loss"],
    )
    best = [panel.overall.figures[0].table.rows[0][0] for panel in shown().metrics]
    assert best == ["Logistic regression", "Support vector machine (RBF)"]


def test_a_metric_by_which_no_claim_compares_models_has_no_tests_on_the_page() -> None:
    assert [one.by for one in shown().metrics] == ["", "By log loss"]
    assert [one.by for one in differences(many()).metrics] == [""]
    page = section(render(many()), "differences")
    assert 'id="fig-mean-ranks"' in page and "log loss" not in page


def test_a_tie_is_measured_in_the_metric_it_is_of() -> None:
    assert figures(shown().overall.ties) == ["1"] and "pp" in shown().overall.ties
    assert "pp" not in shown().metrics[1].overall.ties
