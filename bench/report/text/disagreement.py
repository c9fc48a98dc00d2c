"""What the panel about disagreement says: which models predict differently, and whose errors are alike."""

from __future__ import annotations

from bench.text import formats

ONE_MODEL = "Two models are needed for a comparison."
NO_COMMON_ROW = "No test row was predicted by all of these models."
NOTES = {
    "residuals": "Correlation of the residuals of two models.",
    "labels": "Share of test rows that two models label differently.",
}
CONSTANT = "The residuals of a model are constant, so no correlation exists."
Couple = tuple[str, str]


def labels(most: tuple[Couple, float], least: tuple[Couple, float] | None) -> str:
    """The two models that disagree most and least, each with a share in 0 to 1."""
    (a, b), share = most
    if least is None:
        return f"{a} and {b} disagree on {formats.share(share, 1)} of rows."
    (c, d), low = least
    return f"Most: {a} and {b} ({formats.share(share, 1)}); least: {c} and {d} ({formats.share(low, 1)})."


def residuals(least: Couple, correlation: float) -> str:
    return f"Lowest: {least[0]} and {least[1]} ({formats.correlation(correlation)})."
