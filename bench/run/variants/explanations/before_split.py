"""Explanations that fit steps to all rows before the split instead of to the training rows of each fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from bench.core.outcomes import Statement
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
from bench.text.problems import BadParameter, Broken, Rule
from bench.text.refusals import (
    Balanced,
    Categories,
    ClassTooSmall,
    GroupedRows,
    MissingValues,
    NoScaling,
    NoSelection,
    Regression,
    SelectsAll,
    StepsFail,
    StepTuned,
)

#: Among so many nearest rows of its class SMOTE chooses the other end of a new row's line; its authors' number.
SMOTE_NEIGHBOURS = 5
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


def _oversampling(
    start: ExplanationContext, parameters: Mapping[str, Any]
) -> Variations:
    dataset = start.dataset
    if dataset.task == "regression":
        return Regression()
    counts = np.bincount(dataset.y, minlength=len(dataset.classes))
    if counts.max() < 1.2 * counts.min():
        return Balanced()
    if dataset.group is not None or dataset.time is not None:
        return GroupedRows()
    how = parameters.get("how", "copies")
    if how != "copies" and (reason := _no_smote(dataset, counts)):
        return reason
    return each_repeat(start, OVERSAMPLING, partial(oversampled, dataset, how))


def _no_smote(dataset: Dataset, counts: np.ndarray) -> Statement | None:
    """Why new rows cannot be made between others."""
    if np.isnan(dataset.X).any():
        return MissingValues()
    if dataset.of_kind("categorical"):
        return Categories()
    if dataset.draw is not None or dataset.extra:
        return GroupedRows()
    if counts[counts > 0].min() <= SMOTE_NEIGHBOURS:
        return ClassTooSmall(int(counts[counts > 0].min()), SMOTE_NEIGHBOURS)
    return None


def oversampled(dataset: Dataset, how: str = "copies", repeat: int = 0) -> Dataset:
    """Every class as large as the largest: by copies of its rows, drawn with replacement, or by SMOTE. Drawn anew for
    each `repeat`; the draws of a simulation one after another."""
    seed = seed_of("oversampling", dataset.name, how, *((repeat,) if repeat else ()))
    if how == "smote":
        return _smote(dataset, seed)
    rng = np.random.default_rng(seed)
    more = []
    for rows in draws_of(dataset):
        counts = np.bincount(dataset.y[rows], minlength=len(dataset.classes))
        for code in np.flatnonzero((counts > 0) & (counts < counts.max())):
            more.append(
                rng.choice(rows[dataset.y[rows] == code], counts.max() - counts[code])
            )
    rows = np.concatenate([np.arange(dataset.n), *more])
    extra = {name: values[rows] for name, values in dataset.extra.items()}
    draw = None if dataset.draw is None else dataset.draw[rows]
    content = {
        "X": np.ascontiguousarray(dataset.X[rows]),
        "y": dataset.y[rows],
        "row": dataset.row[rows],
    }
    return derived(
        dataset, "oversampling_before_split", **content, extra=extra, draw=draw
    )


def _smote(dataset: Dataset, seed: int) -> Dataset:
    """Chawla et al. (2002), SMOTE, by imbalanced-learn, an optional extra; new rows are numbered after all others."""
    from imblearn.over_sampling import SMOTE

    X, y = SMOTE(k_neighbors=SMOTE_NEIGHBOURS, random_state=seed).fit_resample(
        dataset.X, dataset.y
    )
    row = np.concatenate(
        [dataset.row, dataset.row.max() + 1 + np.arange(len(y) - dataset.n)]
    )
    content = {
        "X": np.ascontiguousarray(X, dtype=np.float64),
        "y": np.asarray(y, dtype=np.int64),
        "row": row,
    }
    return derived(dataset, "oversampling_before_split", **content, extra={}, draw=None)


def _how_many(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    if {"k", "percentile"} <= set(parameters):
        yield (), Broken(Rule.K_AND_PERCENTILE, ("selection_before_split",))
    yield from whole_number("k", 1, "how many features are kept")(parameters, study)
    yield from whole_number("percentile", 1, "how many in a hundred are kept")(
        parameters, study
    )


def _how_oversampled(parameters: Mapping[str, Any], study: Study) -> VariantProblems:
    how = parameters.get("how", "copies")
    if how not in ("copies", "smote"):
        yield ("how",), BadParameter("how", repr(how))
    elif how == "smote" and find_spec("imblearn") is None:
        yield ("how",), Broken(Rule.SMOTE)


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
OVERSAMPLING = Explanation(
    "oversampling_before_split",
    "error",
    "oversampled before the split",
    "rare classes were filled up before the split, so that copies of test rows stand among the training rows",
    _oversampling,
    parameters={"how": "copies (default), or smote, which needs imbalanced-learn"},
    check=_how_oversampled,
)
