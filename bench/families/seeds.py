"""Which fits draw anything at random, and how often they are run where the split is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from bench.families import FAMILIES
from bench.families.candidates import how_many, setup_of_path
from bench.families.family import Setup
from bench.families.featureless import is_featureless
from bench.study import Study
from bench.study.models import ExternalFamily, step_parts
from bench.study.repeats import with_repeats

#: How often a fixed split is fitted unless the study says it, where a seed has a part: one lucky seed shows nothing.
SEEDS = 10
#: By estimator that takes a seed: the parameter and its values with which a fit draws, and what it is by default.
DRAWS_IF: dict[str, tuple[str, tuple[object, ...], object]] = {
    "sklearn.linear_model.Ridge": ("solver", ("sag", "saga"), "auto"),
    "sklearn.linear_model.RidgeClassifier": ("solver", ("sag", "saga"), "auto"),
    "sklearn.linear_model.LogisticRegression": (
        "solver",
        ("sag", "saga", "liblinear"),
        "lbfgs",
    ),
    "sklearn.linear_model.Lasso": ("selection", ("random",), "cyclic"),
    "sklearn.linear_model.ElasticNet": ("selection", ("random",), "cyclic"),
    "sklearn.svm.SVC": ("probability", (True,), False),
    "sklearn.svm.NuSVC": ("probability", (True,), False),
    "sklearn.dummy.DummyClassifier": ("strategy", ("stratified", "uniform"), "prior"),
}
#: By step inside the fold: the parameter and its values with which it draws. `target_encode` always does, and any step
#: that is told of how many rows it takes a sample.
STEP_DRAWS_IF: dict[str, tuple[str, tuple[object, ...]]] = {
    "pca": ("svd_solver", ("arpack", "randomized")),
    "select": ("kind", ("mutual_info",)),
}


def seeded(study: Study, dataset: str, family: str) -> bool:
    """Whether a family's fit on a dataset draws anything, itself or in its steps: two runs on the same rows may
    differ."""
    if (
        study.families is None
        or study.task is None
        or family not in study.families
        or dataset not in study.datasets
    ):
        return False
    spec = study.families[family]
    if isinstance(spec, ExternalFamily):
        return False
    setup = (
        setup_of_path(spec.estimator)
        if spec.estimator
        else FAMILIES[spec.family or family].setups[study.task]
    )
    stated = study.parameters_of(dataset, family)
    idle = setup.seed_idle_unless is not None and setup.seed_idle_unless not in stated
    if setup.seed is not None and not idle and _draws(setup, stated):
        return True
    _, steps = study.preprocess_of(dataset, family)
    return not is_featureless(setup.estimator) and draws_in_steps(
        step_parts(step) for step in steps or ()
    )


def tuning_draws(
    study: Study, dataset: str, family: str
) -> Literal["inner_folds"] | None:
    """What the tuning of a family on a dataset draws at random: its inner folds. None: nothing, or no more than the
    fits do, as where the inner folds are in the order of time."""
    protocol = study.protocol_of(dataset) if dataset in study.datasets else None
    if protocol is None or protocol.tuning is None:
        return None
    if protocol.tuning.by != "inner_cv" or protocol.resampling.in_time:
        return None
    return "inner_folds" if how_many_candidates(study, dataset, family) > 1 else None


def how_many_candidates(study: Study, dataset: str, family: str) -> int:
    """Among how many candidates a family chooses that the study tunes."""
    spec = (study.families or {}).get(family)
    if (
        spec is None
        or study.task is None
        or isinstance(spec, ExternalFamily)
        or not spec.tune
    ):
        return 1
    made = None if spec.estimator else FAMILIES[spec.family or family]
    setup = (
        setup_of_path(str(spec.estimator)) if made is None else made.setups[study.task]
    )
    _, stated = study.preprocess_of(dataset, family)
    steps = stated if stated is not None else () if made is None else made.preprocess
    return how_many(setup, study.parameters_of(dataset, family), map(step_parts, steps))


def _draws(setup: Setup, stated: Mapping[str, object]) -> bool:
    """Whether an estimator that takes a seed uses it, with these stated parameters."""
    if setup.estimator not in DRAWS_IF:
        return True
    name, draws, default = DRAWS_IF[setup.estimator]
    return any(
        value in draws
        for value in _each(stated.get(name, setup.fixed.get(name, default)))
    )


def draws_in_steps(steps: Iterable[tuple[str, Mapping[str, object]]]) -> bool:
    """Whether a step inside the fold draws: folds of its own, noise, or a sample of the rows."""
    return any(_step_draws(name, parameters) for name, parameters in steps)


def _step_draws(name: str, parameters: Mapping[str, object]) -> bool:
    parameter, draws = STEP_DRAWS_IF.get(name, ("", ()))
    sampled = any(
        isinstance(value, int) for value in _each(parameters.get("subsample"))
    )
    return (
        name == "target_encode"
        or sampled
        or any(value in draws for value in _each(parameters.get(parameter)))
    )


def _each(stated: object) -> Sequence[object]:
    """The values of a parameter, of which the study may state several as candidates."""
    return stated if isinstance(stated, list | tuple) else (stated,)


def run_with_seeds(study: Study) -> tuple[str, ...]:
    """The datasets whose fixed split is run several times though the study does not say how often: another seed may
    give another fit, or choose other inner folds. Draws of a simulation are repeats already."""
    return tuple(
        name
        for name in study.datasets
        if _fixed(study, name) and _any_draws(study, name)
    )


def with_seeds(study: Study) -> Study:
    """The study with the repeats that it leaves to its families."""
    counts = dict.fromkeys(run_with_seeds(study), SEEDS)
    return with_repeats(study, counts) if counts else study


def _fixed(study: Study, dataset: str) -> bool:
    protocol, source = study.protocol_of(dataset), study.datasets[dataset].source
    own = protocol.resampling if protocol is not None else None
    return (
        own is not None
        and own.fixed
        and "repeats" not in own.model_fields_set
        and source.parameters.get("draws", 1) == 1
    )


def _any_draws(study: Study, dataset: str) -> bool:
    specs = study.families or {}
    own = [
        name
        for name, spec in specs.items()
        if not isinstance(spec, ExternalFamily) and spec.estimator
    ]
    by_cost = sorted(
        specs, key=lambda name: name in own
    )  # an estimator by its path is imported to be asked
    return any(
        seeded(study, dataset, name) or tuning_draws(study, dataset, name)
        for name in by_cost
    )
