"""What the panels about single rows say: the hardest rows, and how many models get them wrong."""

from __future__ import annotations

from bench.text import formats

TITLE = "The hardest rows"
WRONG_TITLE = "How many models get a row wrong"
WRONG_HEADER = ("Row", "Truth", "Predicted instead", "Wrong", "Models wrong", "Equal rows")
COUNT_HEADER = ("Models wrong", "Rows")
FAR_HEADER = ("Row", "Truth", "Predicted, least to most", "Median error", "Equal rows")
NO_PREDICTIONS = "No predictions of test rows are stored here."
ALL_RIGHT = "Every model gets every row right in every repeat."
REGRESSION = "Median, over models, of the distance between a row's mean prediction and the truth, in the target's unit."
#: Why no row is predicted more than once, by the reason.
ONE_PREDICTION = {"once": "Each row was tested once.", "drawn": "Every simulated draw has new rows."}


def listed(shown: int, rows: int) -> str:
    return f"The {shown} hardest of {formats.count(rows)} rows, numbered from 1 in the order of the raw table."


def equal_rows(equal: int, other: int, target: str) -> str:
    """`2 equal rows, 1 with another label`: rows with the same features, and those of them with another truth."""
    if not equal:
        return formats.NONE
    words = formats.plural(equal, "equal row")
    return f"{words}, {other} with another {target}" if other else words


def said(label: str | None, share: float | None) -> str:
    """The wrong label named most often, and how often."""
    return f"{label} ({formats.probability(share)})"


def of(count: int, total: int) -> str:
    return f"{count} of {total}"


def span(low: float, high: float) -> str:
    return f"{formats.quantity(low)} to {formats.quantity(high)}"


def lane(wrong: int, models: int) -> str:
    """`all wrong`, `2 wrong`, `none wrong`."""
    return f"{ {models: 'all', 0: 'none'}.get(wrong, wrong) } wrong"


def missed(every: int, rows: int, models: int, independent: float, *, repeated: bool, common: bool) -> str:
    """How many rows all models get wrong, and how many would be, were errors independent.

    `repeated`: rows are predicted more than once; `common`: clearly more rows than independent errors explain.
    """
    who = {1: "the model", 2: "both models"}.get(models, f"all {formats.spelled(models)} models")
    counted, are = formats.count(every) if every else "None", "is" if every < 2 else "are"
    mostly = " in more than half of the predictions" if every and repeated else ""
    words = f"{counted} of {formats.count(rows)} rows {are} misclassified by {who}{mostly}."
    if models == 1:
        return words
    expected = "fewer than one" if independent < 0.5 else f"about {formats.count(round(independent))}"
    words += f" If errors were independent, {expected} would be."
    return words + (" No choice among these models helps there: look at the rows." if common else "")


def wrong_note(reason: str) -> str:
    """When a model counts as wrong on a row; `reason`: a key of ONE_PREDICTION, or empty."""
    if reason == "once":
        return ONE_PREDICTION[reason]
    rule = "A model gets a row wrong if more than half of its predictions in the repeats are wrong."
    return f"{rule} {ONE_PREDICTION.get(reason, '')}".strip()


def wrong_label(dataset: str, conclusion: str) -> str:
    return f"Rows of {dataset} by the number of models that get them wrong: {conclusion}"
