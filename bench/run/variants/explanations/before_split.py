"""Explanations that fit steps to all rows before the split instead of to the training rows of each fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from bench.data.dataset import Column, Dataset
from bench.run.result import said, short
from bench.run.seeds import seed_of
from bench.run.variants.explanation import (
    Explanation,
    ExplanationContext,
    VariantProblems,
    Variations,
    derived,
    draws_of,
    each_repeat,
    plain,
    whole_number,
)
from bench.study import Study
from bench.text.problems import Broken, Rule
from bench.text.refusals import (
    NoScaling,
    NoSelection,
    SelectsAll,
    StepsFail,
    StepTuned,
)

_Steps = tuple[tuple[str, Mapping[str, Any]], ...]


def _selection(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    steps = start.plan.steps
    if parameters:
        own = (
            {"k": parameters["k"]}
            if "k" in parameters
            else {"percentile": parameters["percentile"]}
        )
        steps = (*(step for step in steps if step[0] != "select"), ("select", own))
    if "select" not in dict(steps):
        return NoSelection(tuned=False)
    chosen = dict(steps)["select"]
    if any(isinstance(value, list) for value in chosen.values()):
        return NoSelection(tuned=True)
    if "k" in chosen and chosen["k"] >= len(start.dataset.columns):
        return SelectsAll(chosen["k"], len(start.dataset.columns))
    return _fitted_before(start, SELECTION, steps, "select")


def _scaling(start: ExplanationContext, parameters: Mapping[str, Any]) -> Variations:
    if "scale" not in dict(start.plan.steps):
        return NoScaling()
    return _fitted_before(start, SCALING, start.plan.steps, "scale")


def _fitted_before(
    start: ExplanationContext, explanation: Explanation, steps: _Steps, last: str
) -> Variations:
    """All steps up to `last` are fitted on all rows (of a draw); the others stay inside the fold."""
    place = [name for name, _ in steps].index(last) + 1
    if any(
        isinstance(value, list)
        for _, parameters in steps[:place]
        for value in parameters.values()
    ):
        return StepTuned(last)
    numbers = {"encode", "target_encode"} & set(dict(steps[:place]))
    if not numbers and start.dataset.of_kind("categorical"):
        return StepsFail(last)
    candidates = tuple(
        {
            key: value
            for key, value in one.items()
            if key.partition(".")[0] not in dict(steps[:place]) or "." not in key
        }
        for one in start.plan.candidates
    )
    plan = replace(start.plan, steps=steps[place:], candidates=candidates)
    try:
        if _draws(start.dataset, steps[:place]):
            return each_repeat(
                start,
                explanation,
                partial(transformed, start.dataset, steps[:place], explanation.name),
                plan=plan,
            )
        return [
            plain(
                start,
                explanation,
                dataset=transformed(start.dataset, steps[:place], explanation.name),
                plan=plan,
            )
        ]
    except ValueError as error:
        return StepsFail(last, short(said(error)))


def _draws(dataset: Dataset, steps: _Steps) -> bool:
    """Whether anything may be drawn while these steps are fitted: with another seed the pipeline is another."""
    one, other = (str(_unfitted(dataset, steps, seed).get_params()) for seed in (0, 1))
    return one != other


def _unfitted(dataset: Dataset, steps: _Steps, seed: int) -> Any:
    """The steps alone, as they stand inside a fold."""
    from sklearn.dummy import DummyClassifier, DummyRegressor

    from bench.families.preprocess import build

    final = DummyRegressor() if dataset.task == "regression" else DummyClassifier()
    return build(dataset.columns, steps, final, seed)[:-1]


def transformed(
    dataset: Dataset, steps: _Steps, explanation: str, repeat: int = 0
) -> Dataset:
    """The dataset after steps that were fitted on all its rows, their targets included; draws apart.

    What the steps themselves draw is drawn anew for each `repeat`, or each draw.
    """
    parts = []
    for rows in draws_of(dataset):
        seed = seed_of(
            "before the split",
            dataset.name,
            explanation,
            *_chance(dataset, rows, repeat),
        )
        model = _unfitted(dataset, steps, seed)
        y = dataset.y[rows]
        y = y if dataset.task == "regression" else np.unique(y, return_inverse=True)[1]
        parts.append(
            (
                rows,
                np.asarray(model.fit_transform(dataset.X[rows], y), dtype=np.float64),
            )
        )
    width = min(part.shape[1] for _, part in parts)
    X = np.empty((dataset.n, width))
    for rows, part in parts:
        X[rows] = part[:, :width]
    same = width == len(dataset.columns) and "select" not in dict(steps)
    names = (
        [column.name for column in dataset.columns]
        if same
        else [f"made{i + 1}" for i in range(width)]
    )
    columns = tuple(Column(name, "numeric") for name in names)
    return derived(dataset, explanation, X=np.ascontiguousarray(X), columns=columns)


def _chance(dataset: Dataset, rows: np.ndarray, repeat: int) -> tuple[int, ...]:
    """Further names of a seed: the draw of a simulation, or the repeat; none of the first."""
    number = repeat if dataset.draw is None else int(dataset.draw[rows[0]])
    return (number,) if number else ()


def _how_many(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    if {"k", "percentile"} <= set(parameters):
        yield (), Broken(Rule.K_AND_PERCENTILE, ("selection_before_split",))
    yield from whole_number("k", 1, "how many features are kept")(parameters, study)
    yield from whole_number("percentile", 1, "how many in a hundred are kept")(
        parameters, study
    )


SELECTION = Explanation(
    "selection_before_split",
    "error",
    "features selected before the split",
    "the features were selected on all rows, test rows included",
    _selection,
    parameters={
        "k": "how many features are kept",
        "percentile": "how many in a hundred are kept",
    },
    check=_how_many,
)
SCALING = Explanation(
    "scaling_before_split",
    "control",
    "scaled before the split",
    "the features were scaled by means and spreads of all rows, which should barely matter",
    _scaling,
)
