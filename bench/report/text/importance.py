"""What the panel about the importance of features says: what matters to which model, and whether models agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench.text import formats
from bench.text.words import Measure

NOT_MEASURED = "No importance of any feature was measured here."
ONE_TEST_ROW = (
    "Every fold has one test row, so no feature can be shuffled among test rows."
)
UNCHANGED = "Shuffling any one feature among the test rows changes no score."
NOTHING_MATTERS = "No feature matters to any model when it is shuffled alone."
AGREEMENT = "Agreement on what matters"
WEIGHT = "Mean ± SD (share of folds above 0)"
AGREEMENT_NOTE = "Spearman's correlation of the mean importances."
COEFFICIENTS_NOTE = "Coefficients of standardised features. Bar: one SD over folds."
SIGNS_STABLE = "Every coefficient shown keeps its sign in at least nine of ten folds."


def weight(mean: float, sd: float, above: float, show: Callable[[float], str]) -> str:
    """`+1.2 pp ± 0.4 pp (96 %)`: mean, standard deviation, and the share of folds above 0."""
    return f"{show(mean)} ± {show(sd).lstrip('+')} ({formats.probability(above)})"


def inspected(folds: int, of: int) -> str:
    """Of which outer folds the models were inspected, where not of all.

    >>> inspected(10, 30), inspected(10, 10)
    (' Measured on only the first 10 of 30 folds, as every fold needs a further fit.', '')
    """
    few = f"{formats.count(folds)} of {formats.count(of)} folds"
    return (
        f" Measured on only the first {few}, as every fold needs a further fit."
        if folds < of
        else ""
    )


def shuffled_note(unit: Measure, shown: int, features: int) -> str:
    which = (
        f"the {shown} most important of {formats.count(features)} features"
        if features > shown
        else "every feature"
    )
    change, points = "Drop" if unit.higher else "Rise", ", pp" if unit.share else ""
    return f"{change} in {unit.word} when a feature is shuffled{points}: {which}. Bar: one SD over folds."


def most_important(losses: Mapping[str, list[tuple[str, float]]], unit: Measure) -> str:
    """By feature the models that it matters most to, each with the loss when it is shuffled."""
    by = {
        feature: formats.listed(
            [f"{model} ({unit.difference(loss).lstrip('+')})" for model, loss in models]
        )
        for feature, models in losses.items()
    }
    if not by:
        return NOTHING_MATTERS
    if len(by) == 1:
        return "".join(
            f"Most important for {who}: {feature}." for feature, who in by.items()
        )
    return (
        f"Most important: {'; '.join(f'{name} for {who}' for name, who in by.items())}."
    )


def alike(pairs: Sequence[tuple[str, str, float]], count: int) -> str:
    """Which features say nearly the same, of so many pairs."""
    named = [f"{a} with {b} (r = {formats.correlation(r)})" for a, b, r in pairs]
    named += (
        [formats.plural(count - len(pairs), "more pair")] if count > len(pairs) else []
    )
    return f"Highly correlated features (each may matter more than shown): {formats.listed(named)}."


def shuffled_label(dataset: str, conclusion: str) -> str:
    return f"Permutation importance on {dataset}: {conclusion}"


def least_agreement(models: tuple[str, str], correlation: float) -> str:
    return f"Lowest: {models[0]} and {models[1]} ({formats.correlation(correlation)})."


def signs(changing: list[str]) -> str:
    return (
        f"Sign changes between folds: {formats.listed(changing)}."
        if changing
        else SIGNS_STABLE
    )


def coefficients_label(dataset: str, conclusion: str) -> str:
    return f"Coefficients on {dataset}: {conclusion}"
