"""What the panel about ROC and precision-recall curves says."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

TITLE = "ROC and precision–recall curves"
NO_SCORES = (
    "No model gives probabilities or decision values here, so rows cannot be ranked."
)
SINGLE_ROWS = "Every test fold is a single row. Scores of different fits cannot be ranked together: there is no curve."
NO_FOLD = "No test fold has rows of every class."
_CHANCE = "chance"
_AXES = "true-positive rate against false-positive rate"


def too_many_classes(most: int) -> str:
    return f"With more than {most} classes no curve is shown; the areas stand with the other scores."


def one_vs_rest(classes: int) -> str:
    return f"Mean over {classes} classes, each against the rest"


def positive(label: object) -> str:
    return f"Positive class: {label}"


def title(roc: bool, *, corner: bool) -> str:
    words, side = (
        (f"ROC ({_AXES})", "left") if roc else ("Precision against recall", "right")
    )
    return words + (f": only the upper {side} corner" if corner else "")


def label(roc: bool, place: str, areas: Sequence[tuple[str, float]]) -> str:
    each = "; ".join(f"{name} {formats.score(area)}" for name, area in areas)
    return f"{title(roc, corner=False)} on {place}: area {each}"


def note(roc: bool, about: str, averaged: str, *, corner: bool, hits: float) -> str:
    """What is drawn; `hits`: the share of positive rows, which is the precision of chance."""
    dashed = _CHANCE if roc else f"the share of positive rows, {formats.score(hits)}"
    chance = "" if corner else f" Dashed: {dashed}."
    return f"{about}. {averaged}{chance}"


def averaged(folds: int, left_out: int, *, bands: bool) -> str:
    """How many curves the mean is of, and what shows their spread."""
    if folds == 1 and not left_out:
        return "One test set."
    spread = "; band: one SD." if bands else ", areas ± SD."
    left = f" Left out: {formats.plural(left_out, 'fold')} that {'lacks' if left_out == 1 else 'lack'} a class."
    return f"Mean of {formats.plural(folds, 'curve')}{spread}{left if left_out else ''}"


def header(roc: bool, marks: Sequence[float]) -> tuple[str, ...]:
    word = "True-positive rate at false-positive rate" if roc else "Precision at recall"
    return ("Model", "Area", "SD", *(f"{word} {formats.short(m)}" for m in marks))


def conclusion(areas: Sequence[tuple[str, float]]) -> str:
    """The largest and the smallest area; `areas`: models by falling area."""
    (best, most), (worst, least) = areas[0], areas[-1]
    if len(areas) == 1:
        return f"Area under the ROC curve: {formats.score(most)}."
    low, high = formats.score(least), formats.score(most)
    if low == high:
        return f"Area under every ROC curve shown: {high}."
    return f"Areas under the ROC curve of the models shown: {low} ({worst}) to {high} ({best})."
