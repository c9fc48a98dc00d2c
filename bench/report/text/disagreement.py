"""What the panel about disagreement says: which models predict differently, and whose errors are alike."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

ONE_MODEL = "Two models are needed for a comparison."
NO_COMMON_ROW = "No test row was predicted by all of these models."
NOTES = {
    "residuals": "Correlation of the residuals of two models.",
    "labels": "Share of test rows that two models label differently.",
}
CONSTANT = "The residuals of a model are constant, so no correlation exists."
Couple = tuple[str, str]


#: So many pairs of one number are named; more are counted.
NAMED = 3


def labels(
    most: Sequence[Couple], share: float, least: Sequence[Couple], low: float
) -> str:
    """The pairs of models that disagree most and least, those of one share together, each with its share in 0 to 1.

    >>> labels([("a", "b")], 0.2, [("a", "b")], 0.2).replace(formats.THIN, " ")
    'a and b disagree on 20.0 % of rows.'
    >>> labels([("a", "b"), ("a", "c")], 0.2, [("b", "c")], 0.1).replace(formats.THIN, " ")
    'Most: a and b, and a and c (20.0 %); least: b and c (10.0 %).'
    >>> labels([("a", "b"), ("a", "c")], 0.2, [("a", "b"), ("a", "c")], 0.2).replace(formats.THIN, " ")
    'Any two models disagree on 20.0 % of rows.'
    """
    if list(most) == list(least):
        who = "{} and {}".format(*most[0]) if len(most) == 1 else "Any two models"
        return f"{who} disagree on {formats.share(share, 1)} of rows."
    return f"Most: {_together(most)} ({formats.share(share, 1)}); least: {_together(least)} ({formats.share(low, 1)})."


def residuals(least: Sequence[Couple], correlation: float) -> str:
    return f"Lowest: {_together(least)} ({formats.correlation(correlation)})."


def _together(pairs: Sequence[Couple]) -> str:
    if len(pairs) > NAMED:
        return f"{formats.spelled(len(pairs))} pairs"
    return ", and ".join(f"{a} and {b}" for a, b in pairs)
