"""Datasets up close: what is counted from predictions and frames, and what is said of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from bench.core import frames
from bench.core.outcomes import encoded
from bench.report.bundle import Bundle
from bench.report.panel import View, drawn_by_row
from bench.report.panels._weights import Weight, top, weights
from bench.report.panels.importance import agreement, importances
from bench.report.panels.learning import learning
from bench.report.sections.explanations import explanations
from bench.report.styles import styles_of
from bench.report.text import importance as importance_text
from bench.report.text import learning as learning_text
from bench.report.text.explanations import answer_words
from bench.report.text.learning import LastStep
from bench.stats.dependence import together
from bench.stats.intervals import corrected_mean
from bench.text.explanations import ToleranceBand
from bench.text.words import measure
from tests.helpers import bundles
from tests.helpers.bundles import classification
from tests.helpers.sparse import sparse


def made(part: View | None) -> View:
    assert part is not None
    return part


def learnt(steps: dict[str, list[float]], **more: Any) -> View:
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
    sizes = [
        {
            "dataset": "wine",
            "repeat": 0,
            "fold": f,
            "train_rows": 80,
            "test_rows": 20,
            "rows_sha256": "",
        }
        for f in range(4)
    ]
    bundle = bundles.made_of(study, scores=rows, folds=sizes)
    return made(learning(bundle, styles_of(bundle), "wine"))


@pytest.mark.parametrize(
    ("gains", "answer"),
    [
        ([0.040, 0.041, 0.041, 0.039], LastStep.ROWS),
        ([0.001, 0.002, 0.000, 0.001], LastStep.MODEL),
        ([0.060, -0.040, 0.050, 0.010], LastStep.OPEN),
    ],
)
def test_more_rows_or_another_model(gains: list[float], answer: LastStep) -> None:
    less = [0.80, 0.82, 0.81, 0.79]
    part = learnt(
        {
            "train_share=0.5": less,
            "plain": [a + b for a, b in zip(less, gains, strict=True)],
        }
    )
    gain = learning_text.gain(
        corrected_mean(np.array(gains), test_train_ratio=0.25), measure("accuracy")
    )
    models = {answer: [f"Support vector machine (RBF) ({gain})"]}
    assert part.said[0] == learning_text.conclusions(
        models, (40, 80), 0.95, 0.01, measure("accuracy")
    )


def test_every_point_of_a_learning_curve_is_on_the_same_folds() -> None:
    """A fold that only the whole training set has, 0.10, would make its mean 0.71."""
    part = learnt(
        {
            "train_share=0.5": [0.80, 0.82, 0.81, 0.79],
            "plain": [0.85, 0.87, 0.86, 0.86, 0.10],
        }
    )
    table = part.figures[0].table
    assert table is not None
    half, whole = (cell.split(" ")[0] for cell in table.rows[0][1:])
    assert (half, whole) == ("0.805", "0.860") and "(+5.5" in part.said[0]


def test_a_few_folds_that_all_gained_the_same_rule_nothing_out() -> None:
    half = [0.5, 0.5, 0.5, 0.5]
    rope = {"level": 0.95, "rope": 0.02, "why": "two points"}
    for gain in (0.0, 0.1):
        part = learnt(
            {"train_share=0.5": half, "plain": [one + gain for one in half]},
            compare=rope,
        )
        assert "ndecided: " in part.said[0] and "[" not in part.said[0]


def test_a_falling_error_is_a_gain_and_nothing_is_extrapolated() -> None:
    less, more = [60.0, 62, 61, 59], [54.0, 56, 55, 53.5]
    part = learnt(
        {"train_share=0.5": less, "plain": more},
        task="regression",
        metrics={"primary": "rmse"},
        compare={"level": 0.95, "rope": 1.0, "why": "a point"},
    )
    assert "(+5.875" in part.said[0]
    ticks = re.findall(r'class="tick">([\d.]+)</text>', str(part.figures[0].body))
    assert ticks[-3:] == ["0", "40", "80"]


def test_without_smaller_training_sets_there_is_no_learning_curve() -> None:
    bundle = bundles.leave_one_out()
    assert (
        made(learning(bundle, styles_of(bundle), "wine")).empty
        == learning_text.NO_CURVE
    )


def test_weights_by_hand_and_their_agreement_against_scipy() -> None:
    rows = pl.DataFrame(
        {"family": ["a"] * 6 + ["b"] * 6, "feature": ["x", "x", "y", "y", "z", "z"] * 2,
         "value": [4.0, 2.0, 1.0, -1.0, 2.0, 2.0, 0.3, 0.3, 0.1, 0.2, 0.2, 0.2]}
    )  # fmt: skip
    found = weights(rows)
    assert found["a", "x"] == Weight(3.0, pytest.approx(np.sqrt(2)), 1.0, 2)
    assert found["a", "y"].above == 0.5
    assert top(found, 2, signed=True) == top(found, 2, signed=False) == ["x", "z"]
    hurts = {
        ("a", "x"): Weight(0.5, 0.0, 1.0, 2),
        ("a", "y"): Weight(-4.0, 0.0, 0.0, 2),
        ("a", "z"): Weight(0.1, 0, 1, 2),
    }
    assert top(hurts, 3, signed=False) == ["y", "x", "z"]
    assert top(hurts, 3, signed=True) == ["x", "z", "y"], "shuffling y raises the score"
    expected = spearmanr([3.0, 0.0, 2.0], [0.3, 0.15, 0.2]).statistic
    assert agreement(found, ["a", "b"])[0, 1] == pytest.approx(expected)


def test_importances_are_losses_in_points_with_their_spread() -> None:
    part = made(importances(classification(), styles_of(classification()), "wine"))
    assert len(part.figures) == 3
    rows = classification().frame("importance").filter(
        pl.col("dataset") == "wine", pl.col("family") == "svm", pl.col("feature") == "alcohol",
        pl.col("kind") == "permutation",
    )["value"]  # fmt: skip
    table = part.figures[0].table
    assert table is not None
    cell = next(row for row in table.rows if row[0] == "alcohol")[
        table.head.index("SVM")
    ]
    assert cell.startswith(f"+{100 * rows.mean():.1f} pp ± {100 * rows.std():.1f} pp")  # type: ignore[operator,str-format]


def test_features_that_say_nearly_the_same_are_named_beside_importances() -> None:
    bundle = classification()
    shuffled = (
        bundle.frame("importance")
        .filter(dataset="wine", kind="permutation")["feature"]
        .unique(maintain_order=True)
    )
    a, b, c = shuffled.to_list()[:3]
    rows = [
        {"dataset": "wine", "i": i, "j": j, "a": first, "b": second, "r": r}
        for i, j, first, second, r in (
            (0, 1, a, b, -0.95),
            (0, 2, a, c, 0.89),
            (1, 0, b, a, -0.95),
            (0, 3, a, "no", 1.0),
        )
    ]
    other = dict(bundle.frames) | {"correlations": sparse(rows, frames.CORRELATIONS)}
    bundle = Bundle(bundle.study, other, bundle.provenance)
    said = made(importances(bundle, styles_of(bundle), "wine")).said
    assert said == (importance_text.alike([(a, b, -0.95)], 1),)


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


@pytest.mark.parametrize(
    ("ways", "outcome", "errors"),
    [
        ([("valid", True), ("error", False)], "valid", 0),
        ([("valid", True), ("valid", False), ("error", False)], "valid", 0),
        ([("valid", False), ("control", True)], "control", 0),
        ([("control", True), ("error", True)], "control", 1),
        ([("valid", False), ("error", True)], "error", 1),
        ([("valid", False), ("error", True), ("error", True)], "error", 2),
        ([("valid", False), ("error", False)], "nothing", 0),
        ([("valid", None), ("error", None)], "unknown", 0),
    ],
)
def test_explanations_answer_with_sets_and_with_none(
    ways: list[tuple[str, bool | None]], outcome: str, errors: int
) -> None:
    told = [
        bundles.way(kind, f"{kind} {i}", 90.0, fits, beyond=0.004)
        for i, (kind, fits) in enumerate(ways)
    ]
    rows = bundles.explanations("c1", "wine", "svm", told)
    verdict = bundles.verdict("c1", "not_reproduced", "wine", "svm", "96.4")
    (case,) = explanations(
        bundles.made_of(bundles.study(), explanations=rows, verdicts=[verdict])
    ).cases
    answer = case.outcome
    assert (answer.published, answer.outcome, len(answer.errors)) == (
        "96.4\u202f%",
        outcome,
        errors,
    )
    assert answer.valid_tried == sum(
        fits is not None for kind, fits in ways if kind == "valid"
    )
    assert (
        case.answer.startswith(answer_words(answer))
        and case.answer in case.figure.body.unescape()
    )


def test_several_numbers_are_answered_together() -> None:
    def told(claim: str, family: str, *fits: bool) -> list[dict[str, object]]:
        ways = [("valid", "Stated"), ("error", "Copies kept"), ("error", "Train score")]
        named = {"valid": "explanation=protocol"}
        rows = [
            bundles.way(
                kind,
                title,
                90.0,
                fit,
                together=fit,
                beyond=0.02 if kind == "valid" else None,
            )
            | {"variant": named.get(kind, title)}
            for (kind, title), fit in zip(ways, fits, strict=True)
        ]
        return bundles.explanations(claim, "wine", family, rows)

    verdicts = [
        bundles.verdict(claim, "not_reproduced", "wine", "svm", "96.4")
        for claim in ("c1", "c2")
    ]
    rows = told("c1", "svm", False, True, True) + told("c2", "knn", True, True, False)
    made = explanations(
        bundles.made_of(bundles.study(), explanations=rows, verdicts=verdicts)
    )
    answer = made.together.outcome
    assert (answer.many, answer.outcome, answer.errors, answer.beyond) == (
        True,
        "error",
        ("Copies kept",),
        0.04,
    )
    assert [row[2:4] for row in made.together.rows] == [
        ("no", "1 of 2"), ("yes", "2 of 2"), ("no", "1 of 2"),
    ]  # fmt: skip
    assert made.together.rows[2][4] == "Support vector machine (RBF) (claim c2)"
    alone = explanations(
        bundles.made_of(bundles.study(), explanations=rows[:3], verdicts=verdicts)
    )
    assert alone.together is None


def test_an_explanation_within_the_tolerance_only_is_told_so() -> None:
    """3 % lies beyond what a study with the first error prints, and the training score is 0 whoever prints it."""
    still = encoded([ToleranceBand()])
    told = [
        bundles.way("valid", "Stated", 50.0, False, beyond=0.004)
        | {"low": 45.0, "high": 55.0},
        bundles.way("error", "Screened", 1.6, True) | {"low": 0.3, "high": 2.8},
        bundles.way("error", "Training score", 0.0, True, reasons=still)
        | {"low": -5.5, "high": 5.5},
        bundles.way("error", "Copies kept", 3.2, True) | {"low": 2.8, "high": 3.6},
    ]
    key = {
        "claim": "c1",
        "source": "author",
        "dataset": "wine",
        "family": "svm",
        "metric": "error_rate",
    }
    rows = [key | {"reasons": "[]"} | row for row in told]
    verdict = bundles.verdict(
        "c1", "fits", "wine", "svm", "3", metric="error_rate", source="author"
    )
    (case,) = explanations(
        bundles.made_of(bundles.study(), explanations=rows, verdicts=[verdict])
    ).cases
    assert not case.outcome.errors_near
    (near,) = explanations(
        bundles.made_of(bundles.study(), explanations=rows[:-1], verdicts=[verdict])
    ).cases
    assert near.outcome.errors_near


def test_models_are_drawn_in_the_order_of_the_study() -> None:
    bundle = classification()
    names = [style.name for style in drawn_by_row(bundle, styles_of(bundle), "wine")]
    assert (
        names
        == ["logistic_regression", "svm", "random_forest", "big_forest", "extra"]
        == list(bundle.families)[1:]
    )
