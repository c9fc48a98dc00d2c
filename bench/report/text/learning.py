"""What the panel about learning curves says: whether more training rows still helped."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bench.stats.intervals import Interval
from bench.text import formats
from bench.text.words import Measure

TITLE = "Learning curves"
NO_CURVE = "No model was trained on fewer rows, so there is no learning curve."


class LastStep(StrEnum):
    """What the last step of a learning curve shows."""

    ROWS = "rows"
    MODEL = "model"
    OPEN = "open"


def note(unit: Measure) -> str:
    return (
        f"{unit.title} by number of training rows, on the folds that have a score at every size. Solid: test ± SD over "
        "folds; dashed: training rows; grey: other models."
    )


def gap(train: float, test: float, unit: Measure) -> str:
    """How much better the training rows are; positive is optimistic, whatever the metric."""
    return (
        f"gap {unit.beside(test, train).difference(unit.loss(test) - unit.loss(train))}"
    )


def cell(test: float, sd: float, train: float | None, unit: Measure) -> str:
    return f"{unit.show(test)} ± {unit.show(sd)}, train {unit.show(train)}"


def label(
    model: str,
    dataset: str,
    first: tuple[float, float],
    last: tuple[float, float],
    step: Interval | None,
    unit: Measure,
) -> str:
    """`first`, `last`: training rows and the mean test score there."""
    (few, low), (many, high) = first, last
    change = (
        "The last step has no interval: too few folds, or all of a few gained the same."
        if step is None
        else f"Last step: {gain(step, unit)}."
    )
    smallest, largest = (formats.count(round(rows)) for rows in (few, many))
    return (
        f"{model} on {dataset}: test {unit.word} {unit.show(low)} with {smallest} training rows, {unit.show(high)} "
        f"with {largest}. {change}"
    )


def gain(step: Interval, unit: Measure) -> str:
    unit = unit.beside(step.estimate, step.low, step.high).within(step.low, step.high)
    return f"{unit.difference(step.estimate)} {formats.interval(step.low, step.high, unit.end)}"


def conclusions(
    answers: Mapping[LastStep, list[str]],
    ends: tuple[float, float],
    level: float,
    rope: float | None,
    unit: Measure,
) -> str:
    """Which models gained from more rows; `answers`: models by answer, each with its gain; `ends`: of the last step."""
    low, high = (formats.count(round(rows)) for rows in ends)
    parts = [
        f"Last step, {low} to {high} training rows (gain with its {100 * level:g} % interval):"
    ]
    if models := answers.get(LastStep.ROWS):
        parts.append(f"more rows helped {formats.listed(models)}.")
    if models := answers.get(LastStep.MODEL):
        margin = "" if rope is None else f" of {unit.size(rope)} or more"
        parts.append(f"A gain{margin} is ruled out for {formats.listed(models)}.")
    if models := answers.get(LastStep.OPEN):
        parts.append(f"Undecided: {formats.listed(models)}.")
    return (
        f"{parts[0]} {parts[1][0].lower()}{' '.join(parts[1:])[1:]}"
        if parts[1:]
        else ""
    )
