"""What the panel about disagreement says: which models predict differently, and whose errors are alike."""

from __future__ import annotations

from bench.text import formats

ONE_MODEL = "Two models are needed for a comparison."
NO_COMMON_ROW = "No test row was predicted by all of these models."
NOTES = {
    "residuals": "Correlation of residuals on the same test rows; near 1, two models make the same errors.",
    "labels": "Share of test rows on which two models predict different labels, over all repeats.",
}
CONSTANT = "The residuals of a model are constant, so no correlation exists."
Couple = tuple[str, str]


def labels(most: tuple[Couple, float], least: tuple[Couple, float] | None, united: float) -> str:
    """The two models that disagree most and least; `united`: the share of rows with one answer; shares in 0 to 1."""
    (a, b), share = most
    if least is None:
        return f"{a} and {b} disagree on {formats.share(share, 1)} of rows."
    (c, d), low = least
    return (
        f"Most disagreement: {a} and {b}, on {formats.share(share, 1)} of rows. Least: {c} and {d}, on "
        f"{formats.share(low, 1)}. All models agree on {formats.share(united, 1)}."
    )


def residuals(least: Couple, correlation: float) -> str:
    return f"The lowest correlation of errors, {formats.score(correlation)}, is between {least[0]} and {least[1]}."
