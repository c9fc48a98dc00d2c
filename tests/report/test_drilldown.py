"""Datasets up close: what is counted from predictions and frames, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.core.outcomes import encoded
from bench.report.blocks import Block, Figure, Note, Paragraph, Table
from bench.report.charts.marks import Band, list_marks
from bench.report.panel import drawn_by_row
from bench.report.panels.effects import furthest_moves
from bench.report.panels.importance import importances, mean_losses, rank_features
from bench.report.panels.learning import learning
from bench.report.plain import plain
from bench.report.sections.explanations import explanations
from bench.report.styles import styles_of
from bench.report.values import Value, show
from bench.stats.dependence import together
from bench.stats.intervals import corrected_mean
from bench.text.explanations import ToleranceBand
from tests.helpers import bundles
from tests.helpers.bundles import classification
from tests.helpers.sparse import sparse


def learnt(steps: dict[str, list[float]], **more: Any) -> Figure | None:
    """Test scores of svm at half of the rows and at all of them, in the folds of one repeat."""
    study = bundles.study(**more)
    key = {
        "dataset": "wine",
        "family": "svm",
        "repeat": 0,
        "side": "test",
        "metric": study.metrics.primary,
    }
    rows = [
        key | {"variant": variant, "fold": fold, "value": value}
        for variant, values in steps.items()
        for fold, value in enumerate(values)
    ]
    size = {"dataset": "wine", "repeat": 0, "train_rows": 80, "test_rows": 20}
    sizes = [size | {"fold": fold, "rows_sha256": ""} for fold in range(4)]
    bundle = bundles.made_of(study, scores=rows, folds=sizes)
    found = list(learning(bundle, styles_of(bundle), "wine"))
    return found[0] if found and isinstance(found[0], Figure) else None


def last_step(figure: Figure | None) -> Value | str:
    """The gain of the last step in the table; empty where it has no interval."""
    assert figure is not None and figure.table is not None
    cell = figure.table.rows[-1][-1]
    assert isinstance(cell, Value | str)
    return cell


LESS = [0.80, 0.82, 0.81, 0.79]


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([0.040, 0.041, 0.041, 0.039], "more rows helped"),
        ([0.001, 0.002, 0.000, 0.001], "is ruled out"),
        ([0.060, -0.040, 0.050, 0.010], "cannot be told"),
    ],
)
def test_more_rows_or_another_model(gains: list[float], said: str) -> None:
    more = [a + b for a, b in zip(LESS, gains, strict=True)]
    figure = learnt({"train_share=0.5": LESS, "plain": more})
    expected = corrected_mean(np.array(gains), test_train_ratio=0.25)
    step = last_step(figure)
    assert isinstance(step, Value) and figure is not None
    assert (step.number, step.low, step.high) == pytest.approx(
        (100 * expected.estimate, 100 * expected.low, 100 * expected.high)
    )
    assert said in plain(figure.result)


def test_every_point_of_a_learning_curve_is_on_the_same_folds() -> None:
    """A fold that only the whole training set has, 0.10, would make its mean 0.71."""
    figure = learnt({"train_share=0.5": LESS, "plain": [0.85, 0.87, 0.86, 0.86, 0.10]})
    assert figure is not None and figure.table is not None
    assert [show(row[2]) for row in figure.table.rows] == ["0.805", "0.860"]  # type: ignore[arg-type]


def test_a_few_folds_that_all_gained_the_same_rule_nothing_out() -> None:
    half = [0.5, 0.5, 0.5, 0.5]
    for gain in (0.0, 0.1):
        figure = learnt(
            {"train_share=0.5": half, "plain": [one + gain for one in half]}
        )
        assert figure is not None and last_step(figure) == ""
        assert "cannot be told" in plain(figure.result)


def test_a_falling_error_is_a_gain_and_nothing_is_extrapolated() -> None:
    figure = learnt(
        {"train_share=0.5": [60.0, 62, 61, 59], "plain": [54.0, 56, 55, 53.5]},
        task="regression",
        metrics={"primary": "rmse"},
        compare={"level": 0.95, "rope": 1.0, "why": "a point"},
    )
    step = last_step(figure)
    assert isinstance(step, Value) and step.number == pytest.approx(5.875)
    assert figure is not None and figure.charts[0].x.high == 80


def test_without_smaller_training_sets_there_is_no_learning_curve() -> None:
    bundle = bundles.leave_one_out()
    assert not list(learning(bundle, styles_of(bundle), "wine"))


def test_losses_by_hand_rank_features_by_their_share_of_the_largest() -> None:
    families, features = ["a"] * 6 + ["b"] * 6, ["x", "x", "y", "y", "z", "z"] * 2
    values = [4.0, 2.0, 1.0, -1.0, 2.0, 2.0, 0.3, 0.3, 0.1, 0.2, 0.2, 0.2]
    rows = {"family": families, "feature": features, "value": values}
    losses = mean_losses(pl.DataFrame(rows))
    assert losses.row(0)[2:] == (3.0, pytest.approx(np.sqrt(2)), 1.0)
    assert losses["above"].to_list()[1] == 0.5
    assert rank_features(losses) == ["x", "z", "y"]
    hurts = {"family": ["a"] * 3, "feature": ["x", "y", "z"], "mean": [0.5, -4.0, 0.1]}
    assert rank_features(pl.DataFrame(hurts)) == ["x", "z", "y"]


def test_importances_are_losses_in_points_with_their_spread() -> None:
    bundle = classification()
    figure, *_ = importances(bundle, styles_of(bundle), "wine")
    assert isinstance(figure, Figure) and figure.table is not None
    values = bundle.frame("importance").filter(
        dataset="wine", family="svm", feature="alcohol", kind="permutation"
    )["value"]
    svm = styles_of(bundle).family("svm").named
    (row,) = (row for row in figure.table.rows if row[:2] == ("alcohol", svm))
    numbers = [cell.number for cell in row[2:4] if isinstance(cell, Value)]
    assert numbers == pytest.approx([100 * values.mean(), 100 * values.std()])  # type: ignore[operator]


def test_features_that_say_nearly_the_same_are_named_beside_importances() -> None:
    bundle = classification()
    shuffled = bundle.frame("importance").filter(dataset="wine", kind="permutation")
    a, b, c = shuffled["feature"].unique(maintain_order=True).to_list()[:3]
    pairs = [(0, 1, a, b, -0.95), (0, 2, a, c, 0.89), (1, 0, b, a, -0.95), (0, 3, a, "no", 1.0)]  # fmt: skip
    columns = ("i", "j", "a", "b", "r")
    rows = [{"dataset": "wine"} | dict(zip(columns, pair, strict=True)) for pair in pairs]  # fmt: skip
    found = sparse(rows, frames.CORRELATIONS)
    bundle = replace(bundle, frames=dict(bundle.frames) | {"correlations": found})
    *_, note = importances(bundle, styles_of(bundle), "wine")
    assert isinstance(note, Note)
    assert f"{a} with {b} (r = −0.950)." in plain(note.pieces)


def test_effects_are_of_the_features_that_move_the_prediction_most() -> None:
    rows = [
        {"feature": feature, "class": of, "family": "a", "repeat": 0, "fold": fold, "value": value}
        for feature, of, spans in (("x", "p", (1, 2)), ("x", "q", (3, 2)), ("y", None, (9, 0)))
        for fold, span in enumerate(spans)
        for value in (0.5, 0.5 + span)
    ]  # fmt: skip
    moved = furthest_moves(pl.DataFrame(rows, infer_schema_length=None))
    assert moved.rows() == [("y", None, 4.5), ("x", "q", 2.5)]


def test_curves_of_folds_at_other_places_are_put_together_without_extrapolating() -> (
    None
):
    one = together(
        [
            (np.array([0.0, 4.0]), np.array([0.0, 4.0])),
            (np.array([2.0, 6.0]), np.array([4.0, 8.0])),
        ]
    )
    assert one.x.tolist() == [0, 2, 4, 6]
    assert one.mean.tolist() == [0, 3, 5, 8]
    assert one.folds.tolist() == [1, 2, 2, 1]
    assert one.sd.tolist() == pytest.approx([0, np.sqrt(2), np.sqrt(2), 0])
    many = [(np.linspace(0, 1, 50) + s / 1000, np.ones(50)) for s in range(5)]
    assert len(together(many, 20).x) <= 20
    with pytest.raises(ValueError, match="one curve or more"):
        together([])


def explained(rows: list[dict[str, object]], *verdicts: Any) -> list[Block]:
    made = bundles.made_of(bundles.study(), explanations=rows, verdicts=[*verdicts])
    return list(explanations(made))


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ([("valid", True), ("error", False)], "fits valid 0 (valid, 90.00"),
        ([("valid", True), ("error", True)], ", and error 1 (error, 90.00"),
        ([("valid", False), ("control", True)], "fits control 1 (control"),
        ([("valid", False), ("error", True)], "that print a number as far off: 0.4"),
        ([("valid", False), ("error", False)], "fits no protocol that was tried"),
        ([("valid", None), ("error", None)], "cannot be told: 2\u00a0protocols."),
    ],
)
def test_a_published_number_among_what_protocols_give(
    ways: list[tuple[str, bool | None]], said: str
) -> None:
    told = [
        bundles.way(kind, f"{kind} {i}", 90.0, fits, beyond=0.004)
        for i, (kind, fits) in enumerate(ways)
    ]
    rows = bundles.explanations("c1", "wine", "svm", told)
    verdict = bundles.verdict("c1", "not_reproduced", "wine", "svm", "96.4")
    figure = explained(rows, verdict)[0]
    assert isinstance(figure, Figure) and said in plain(figure.result)
    places = {x for _, x, _ in list_marks(figure.charts[0])}
    assert list(places) == [pytest.approx(90 - 96.4)]


def test_several_numbers_are_answered_together() -> None:
    def told(claim: str, family: str, *fits: bool) -> list[dict[str, object]]:
        ways = [("valid", "Stated"), ("error", "Copies kept"), ("error", "Train score")]
        named = {"valid": "explanation=protocol"}
        rows = [
            bundles.way(kind, title, 90.0, fit, together=fit)
            | {"variant": named.get(kind, title)}
            for (kind, title), fit in zip(ways, fits, strict=True)
        ]
        return bundles.explanations(claim, "wine", family, rows)

    verdicts = [
        bundles.verdict("c1", "not_reproduced", "wine", "svm", "96.4"),
        bundles.verdict("c2", "not_reproduced", "wine", "knn", "96.4"),
    ]
    rows = told("c1", "svm", False, True, True) + told("c2", "knn", True, True, False)
    figure, said, table = explained(rows, *verdicts)
    assert isinstance(said, Paragraph) and isinstance(table, Table)
    assert plain(said.pieces) == (
        "All 2 published numbers fit one protocol: no valid one; errors that fit all: Copies kept."
    )
    assert [[plain(cell)[0] for cell in row[2:4]] for row in table.rows] == [
        ["◆", "1"], ["●", "2"], ["◆", "1"],
    ]  # fmt: skip
    assert isinstance(figure, Figure) and len(figure.charts[0].lines) == 8
    alone = explained(rows[:3], *verdicts)
    assert len(alone) == 1


def test_where_nothing_is_random_the_tolerance_is_the_band() -> None:
    still = encoded([ToleranceBand()])
    told = [
        bundles.way("error", "Training score", 0.0, True, reasons=still)
        | {"low": 0.0, "high": 5.5},
    ]
    key = {"claim": "c1", "dataset": "wine", "family": "svm", "metric": "error_rate"}
    rows = [key | {"reasons": "[]", "source": "author"} | row for row in told]
    verdict = bundles.verdict(
        "c1", "fits", "wine", "svm", "3", metric="error_rate", source="author"
    )
    figure = explained(rows, verdict)[0]
    assert isinstance(figure, Figure)
    (band,) = (one for one in figure.charts[0].marks if isinstance(one, Band))
    assert (band.low, band.high) == (-5.5, 5.5)
    assert "±5.5" in plain(figure.marks)


def test_models_are_drawn_in_the_order_of_the_study() -> None:
    bundle = classification()
    names = [style.name for style in drawn_by_row(bundle, styles_of(bundle), "wine")]
    assert (
        names
        == ["logistic_regression", "svm", "random_forest", "big_forest", "extra"]
        == list(bundle.families)[1:]
    )
