"""From a family's setup and one candidate to an unfitted scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.core.errors import UsageError
from bench.core.task import Task
from bench.families.candidates import setup_of_path
from bench.families.family import Setup, imported
from bench.families.preprocess import ColumnLike, FoldSteps, build


def pipeline(
    columns: Sequence[ColumnLike],
    task: Task,
    setup: Setup | str,
    steps: FoldSteps,
    candidate: Mapping[str, Any],
    seed: int,
) -> Any:
    """The unfitted Pipeline of one candidate: the steps on these columns, then the estimator.

    `setup` is a family's setup or an estimator's import path. `candidate` is flat: "C" is the estimator's, "select.k"
    belongs to the step `select` and stands above what the step itself says. The same arguments give the same model;
    it can be cloned and pickled. Raises `UsageError` when a candidate names a step that is not there.
    """
    settled = setup_of_path(setup) if isinstance(setup, str) else setup
    own, of_steps = split(candidate)
    for name in of_steps:
        if name not in dict(steps):
            raise UsageError(
                f"the candidate sets {name}.{next(iter(of_steps[name]))}, but {name} is no step here"
            )
    configured = [
        (name, dict(parameters) | of_steps.get(name, {})) for name, parameters in steps
    ]
    estimator = estimator_of(settled, own, seed)
    if task == "regression" and own.get(
        "scale_target", settled.fixed.get("scale_target", False)
    ):
        estimator = _scaled_target(estimator)
    return build(columns, configured, estimator, seed)


def split(
    candidate: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A flat candidate as the estimator's parameters and those of the steps, by step.

    >>> split({"C": 1.0, "select.k": 5})
    ({'C': 1.0}, {'select': {'k': 5}})
    """
    own: dict[str, Any] = {}
    of_steps: dict[str, dict[str, Any]] = {}
    for key, value in candidate.items():
        step, dot, parameter = key.partition(".")
        if dot:
            of_steps.setdefault(step, {})[parameter] = value
        else:
            own[key] = value
    return own, of_steps


def estimator_of(setup: Setup, parameters: Mapping[str, Any], seed: int) -> Any:
    """The bare estimator with the house's fixed parameters, then these, then the seed."""
    settled = {**setup.fixed, **parameters}
    settled.pop("scale_target", None)
    if setup.seed is not None:
        settled[setup.seed] = seed
    return imported(setup.estimator)(**settled)


def _scaled_target(estimator: Any) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(estimator, transformer=StandardScaler())
