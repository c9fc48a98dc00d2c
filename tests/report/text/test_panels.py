"""Sentences of the panels about one dataset."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from bench.report.panels.disagreement import _labels, _residuals
from bench.report.text import (
    calibration,
    classes,
    disagreement,
    effects,
    fit,
    importance,
    learning,
    rows,
)
from bench.report.text.learning import LastStep
from bench.stats.intervals import Interval
from bench.text.words import measure

ACCURACY = measure("accuracy")


def test_rows() -> None:
    assert rows.missed(10, 100, 2) == "10 of 100 rows are misclassified by both models."
    assert (
        rows.missed(0, 100, 3)
        == "None of 100 rows is misclassified by all three models shown."
    )
    assert rows.missed(1, 9, 1) == "1 of 9 rows is misclassified by the model."
    assert (rows.equal_rows(0, 0, "label"), rows.equal_rows(2, 1, "label")) == (
        "–",
        "2 equal rows, 1 with another label",
    )


def test_classes() -> None:
    assert classes.conclusion(("a", 0.5), ("b", 0.9), models=2).replace(
        "\u202f", " "
    ) == (
        "Lowest recall on average over the models shown: class a (50.0 %); highest: class b (90.0 %)."
    )
    assert classes.note(0.95, 8, 12).endswith("The 8 hardest of 12 classes.")


def test_disagreement() -> None:
    said = disagreement.labels([("a", "b")], 0.2, [("a", "c")], 0.1).replace(
        "\u202f", " "
    )
    assert said == "Most: a and b (20.0 %); least: a and c (10.0 %)."
    assert disagreement.labels([("a", "b")], 0.2, [("a", "b")], 0.2).startswith(
        "a and b disagree on "
    )
    four = [("a", one) for one in "bcde"]
    assert disagreement.labels(four, 0.2, [("b", "c")], 0.1).startswith(
        "Most: four pairs ("
    )


def test_pairs_that_disagree_equally_are_named_together() -> None:
    """The last digit of one share is float noise."""
    shown = [SimpleNamespace(title=name) for name in "abc"]
    values = np.array([[0, 0.1, 0.3], [0.1, 0, 0.1 + 0.2], [0.3, 0.1 + 0.2, 0]])
    assert _labels(shown, values).startswith("Most: a and c, and b and c (30.0")  # type: ignore[arg-type]
    assert _residuals(shown, -values) == "Lowest: a and c, and b and c (−0.300)."  # type: ignore[arg-type]


def test_learning() -> None:
    step = Interval(0.04, 0.03, 0.05, 0.005, 9)
    said = learning.conclusions(
        {LastStep.ROWS: ["SVM"], LastStep.OPEN: ["kNN"]}, (40, 80), 0.95, 0.01, ACCURACY
    )
    assert (
        said.endswith(": more rows helped SVM. Undecided: kNN.")
        and "40 to 80 training rows" in said
    )
    model = learning.conclusions(
        {LastStep.MODEL: ["SVM"]}, (40, 80), 0.95, 0.01, ACCURACY
    )
    assert model.endswith("a gain of 1 pp or more is ruled out for SVM.")
    assert learning.conclusions({}, (40, 80), 0.95, 0.01, ACCURACY) == ""
    assert learning.gain(step, ACCURACY) == "+4.0 pp [+3.0 pp, +5.0 pp]"


def test_calibration() -> None:
    error = calibration.Error("SVM", 0.06, 0.04, 0.05, 0.03, 2, 10)
    assert (
        calibration.conclusion([error], [])
        == "Not calibrated: SVM (overconfident by 0.030 on average)."
    )
    assert calibration.conclusion([], ["Tree"]) == "Not calibrated: Tree (not shown)."
    assert calibration.conclusion([], []) == calibration.ALL_WITHIN
    assert (
        calibration.hard_votes(["1-NN"]) == "1-NN gives hard votes, not probabilities."
    )
    assert calibration.hard_votes([]) == ""
    assert "two of ten bins outside the band" in calibration.label(error, "Wine")


def test_importance_and_effects() -> None:
    assert importance.most_important({}, ACCURACY) == importance.NOTHING_MATTERS
    one = importance.most_important({"x": [("SVM", 0.02), ("kNN", 0.01)]}, ACCURACY)
    assert one == "Most important for SVM (2.0 pp) and kNN (1.0 pp): x."
    assert importance.shuffled_note(ACCURACY, 3, 3).startswith("Drop in accuracy")
    assert importance.shuffled_note(measure("error_rate"), 3, 3).startswith(
        "Rise in error rate"
    )
    assert importance.signs(["x"]) == "Sign changes between folds: x."
    assert effects.conclusion("x", 0.3, 1) == "Largest range: x, 0.3."
    assert effects.conclusion("x", 0.3, 2).endswith(
        "0.3 on average over the models shown."
    )


def test_fit() -> None:
    assert (
        fit.spread(["SVM"])
        == "The spread of residuals grows with the prediction for SVM."
    )
    assert fit.residuals_label("SVM", "X", (0.1, 0.2), (1.0, 2.0)).startswith(
        "Residuals of SVM on X: median from 0.1 at"
    )
