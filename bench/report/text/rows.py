"""What the panels about single rows say: the hardest rows, and how many models get them wrong."""

from __future__ import annotations

from bench.text import formats

TITLE = "Hardest rows"
WRONG_TITLE = "How many models get a row wrong"
WRONG_HEADER = (
    "Row",
    "Truth",
    "Wrong predictions",
    "Most frequent wrong class",
    "Models wrong",
    "Equal rows",
)
COUNT_HEADER = ("Models wrong", "Rows")
FAR_HEADER = ("Row", "Truth", "Predicted, least to most", "Median error", "Equal rows")
NO_PREDICTIONS = "No predictions of test rows are stored here."
DRAWN = "Every simulated draw has new rows."
#: When a model counts as wrong on a row that it predicts in several repeats.
WRONG_NOTE = "Wrong: in more than half of the repeats."
ALL_RIGHT = "Every model gets every row right in every repeat."
REGRESSION = "Error: median over models of the absolute error of the mean prediction."


def listed(shown: int, rows: int, *, external: bool) -> str:
    """`external`: the rows have the names of an external table."""
    how = (
        "with the names of the table"
        if external
        else "numbered from 1 as in the raw table"
    )
    return f"The {shown} hardest of {formats.count(rows)} rows, {how}."


def equal_rows(equal: int, other: int, target: str) -> str:
    """`2 equal rows, 1 with another label`: rows with the same features, and those of them with another truth."""
    if not equal:
        return formats.NONE
    words = formats.plural(equal, "equal row")
    return f"{words}, {other} with another {target}" if other else words


def said(label: str | None, share: float | None) -> str:
    """The wrong label named most often, and in what share of the wrong predictions.

    >>> said("b", 1.0), said("b", 0.6)
    ('b', 'b (60\\u202f% of these)')
    """
    return (
        f"{label}" if share == 1 else f"{label} ({formats.probability(share)} of these)"
    )


def of(count: int, total: int) -> str:
    return f"{count} of {total}"


def span(low: float, high: float) -> str:
    return f"{formats.quantity(low)} to {formats.quantity(high)}"


def lane(wrong: int, models: int) -> str:
    """`all wrong`, `2 wrong`, `none wrong`."""
    return f"{ {models: 'all', 0: 'none'}.get(wrong, wrong) } wrong"


def missed(every: int, rows: int, models: int) -> str:
    """How many rows all models get wrong.

    >>> missed(5, 569, 6)
    '5 of 569 rows are misclassified by all six models shown.'
    """
    who = {1: "the model", 2: "both models"}.get(
        models, f"all {formats.spelled(models)} models shown"
    )
    counted, are = (
        formats.count(every) if every else "None",
        "is" if every < 2 else "are",
    )
    return f"{counted} of {formats.count(rows)} rows {are} misclassified by {who}."


def wrong_label(dataset: str, conclusion: str) -> str:
    return (
        f"Rows of {dataset} by the number of models that get them wrong: {conclusion}"
    )
