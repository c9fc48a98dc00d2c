"""What the panel about partial dependence says: which feature moves the prediction most."""

from __future__ import annotations

from bench.text import formats

TITLE = "Partial dependence"
NOT_COMPUTED = "No partial dependence was computed here."
NOT_OF_THOSE_DRAWN = "No partial dependence was computed for the models shown."
SPREAD_HEAD = "Largest SD over folds"
VALUES_HEAD = "Mean at each value of the feature"
MEAN = " on average over the models shown"


def note(target: str | None, *, probability: bool, banded: bool) -> str:
    """target: the class whose probability is shown; None for the one that varies most, and of a regression.

    >>> note("ill", probability=True, banded=False).partition(" (")[2]
    'of models without probabilities: share of rows labelled ill).'
    """
    what = (
        f"probability of {target or 'the class that varies most'}"
        if probability
        else "prediction"
    )
    without = (
        f" (of models without probabilities: share of rows labelled {target or 'so'})"
        if probability
        else ""
    )
    words = f"Mean {what} with a feature set to one value in every row{without}."
    return words + (" Band: one SD over folds." if banded else "")


def label(
    feature: str, dataset: str, target: str | None, size: str, models: int
) -> str:
    what = f"the prediction of {target}" if target else "the prediction"
    return f"{feature} on {dataset}: {what} moves by {size}{MEAN if models > 1 else ''}"


def conclusion(feature: str, size: float, models: int) -> str:
    shown = formats.short(size)
    return f"Largest range: {feature}, {shown}{MEAN if models > 1 else ''}."
