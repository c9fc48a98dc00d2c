"""Integer arithmetic of printed shares, against every possibility written out."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from bench.stats.possible import (
    CONFUSION,
    confusion_possible,
    rates_possible,
    share_possible,
    span,
)


@pytest.mark.parametrize(
    ("printed", "ends"),
    [("98.90", (9889, 9891)), ("-1e-2", (-200, 0)), ("1", (0, 20000))],
)
def test_a_span_is_one_unit_either_way(printed: str, ends: tuple[int, int]) -> None:
    whole = 100 if printed == "98.90" else 1
    assert span(printed, whole) == tuple(Fraction(end, 10_000) for end in ends)


@pytest.mark.parametrize("cases", [1, 7, 50])
def test_shares_written_out(cases: int) -> None:
    for thousandth in range(0, 1001, 3):
        within = span(f"{thousandth / 1000:.3f}")
        listed = any(
            within[0] < Fraction(j, cases) < within[1] for j in range(cases + 1)
        )
        assert share_possible(within, cases) == listed, thousandth


def scores_of(tp: int, fp: int, positives: int, negatives: int) -> dict[str, Fraction]:
    precision = Fraction(tp, tp + fp) if tp + fp else Fraction(0)
    recall = Fraction(tp, positives)
    specificity = Fraction(negatives - fp, negatives)
    return {
        "accuracy": Fraction(tp + negatives - fp, positives + negatives),
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": precision,
        "recall": recall,
        "f1": Fraction(2 * tp, positives + tp + fp),
    }


def test_confusions_written_out() -> None:
    """All matrices of 4 positives and 7 negatives against random sets of printed scores."""
    matrices = [scores_of(tp, fp, 4, 7) for tp, fp in product(range(5), range(8))]
    generator = np.random.default_rng(1)
    found = {True: 0, False: 0}
    for trial in range(600):
        names = [name for name in CONFUSION if generator.random() < 0.5] or ["accuracy"]
        if trial % 2:  # near a genuine one, and a little off
            genuine = matrices[int(generator.integers(len(matrices)))]
            values = {
                name: float(genuine[name]) + generator.normal(0, 0.01) for name in names
            }
        else:
            values = {name: float(generator.random()) for name in names}
        within = {name: span(f"{abs(value):.2f}") for name, value in values.items()}
        listed = any(
            all(low < one[name] < high for name, (low, high) in within.items())
            for one in matrices
        )
        assert confusion_possible(within, 11, 4) == listed, within
        found[listed] += 1
    assert min(found.values()) > 50


def test_any_number_of_positives() -> None:
    within = {"precision": span("0.60"), "recall": span("0.75"), "f1": span("0.67")}
    assert confusion_possible(within, 11)  # 3 of 4 found, 2 others called
    assert confusion_possible(within, 6)
    assert not confusion_possible(
        within, 5
    )  # 3 found, 1 missed, 2 others: six cases at least


def test_all_positive_and_nothing_found() -> None:
    assert confusion_possible({"balanced_accuracy": span("0.50")}, 4, 4)
    assert confusion_possible({"precision": span("0.00"), "f1": span("0.00")}, 9, 3)
    assert not confusion_possible(
        {"precision": span("0.50"), "recall": span("0.00")}, 9, 3
    )


def test_too_many_to_look_at_is_left_open() -> None:
    assert confusion_possible({"accuracy": span("0.5")}, 10**9) is None
    assert confusion_possible({"f1": span("0.0001")}, 10**6, 10**5) is None


@pytest.mark.parametrize(
    ("scores", "n", "positives"),
    [({"auc": "1"}, 5, 2), ({"f1": "1"}, 5, 6), ({"f1": "1"}, 0, None)],
)
def test_what_makes_no_sense_raises(
    scores: dict[str, str], n: int, positives: int | None
) -> None:
    with pytest.raises(ValueError, match="expected"):
        confusion_possible(
            {name: span(text) for name, text in scores.items()}, n, positives
        )


def test_genuine_labels_are_never_accused() -> None:
    """Rounded scores of any table of right and wrong labels fit together; an accuracy moved far does not."""
    generator = np.random.default_rng(5)
    for _ in range(200):
        tp, fn, fp, tn = (int(one) for one in generator.integers(1, 60, 4))
        n, positives = tp + fn + fp + tn, tp + fn
        true = {
            "accuracy": (tp + tn) / n, "recall": tp / positives, "precision": tp / (tp + fp),
            "f1": 2 * tp / (positives + tp + fp), "balanced_accuracy": (tp / positives + tn / (tn + fp)) / 2,
        }  # fmt: skip
        scores = {name: span(f"{value:.3f}") for name, value in true.items()}
        assert confusion_possible(scores, n, positives), true


def test_genuine_rates_are_never_accused() -> None:
    generator = np.random.default_rng(2)
    for _ in range(300):
        p, r = generator.random(2)
        f1 = 2 * p * r / (p + r)
        assert rates_possible(span(f"{p:.2f}"), span(f"{r:.2f}"), span(f"{f1:.2f}")), (
            p,
            r,
        )
    assert not rates_possible(span("0.90"), span("0.90"), span("0.95"))
