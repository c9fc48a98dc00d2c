"""Which fits draw anything at random, and how often they are run where the split is fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.families import FAMILIES
from bench.families.candidates import setup_of_path
from bench.families.family import Setup
from bench.study import Study
from bench.study.models import ExternalFamily
from bench.study.protocol import FixedSplit
from bench.study.repeats import with_repeats

#: How often a fixed split is fitted unless the study says it, where a seed has a part: one lucky seed shows nothing.
SEEDS = 10
#: By estimator that takes a seed: the parameter and its values with which a fit draws, and what it is by default.
DRAWS_IF: dict[str, tuple[str, tuple[object, ...], object]] = {
    "sklearn.linear_model.Ridge": ("solver", ("sag", "saga"), "auto"),
    "sklearn.linear_model.RidgeClassifier": ("solver", ("sag", "saga"), "auto"),
    "sklearn.linear_model.LogisticRegression": ("solver", ("sag", "saga", "liblinear"), "lbfgs"),
    "sklearn.linear_model.Lasso": ("selection", ("random",), "cyclic"),
    "sklearn.linear_model.ElasticNet": ("selection", ("random",), "cyclic"),
    "sklearn.svm.SVC": ("probability", (True,), False),
    "sklearn.svm.NuSVC": ("probability", (True,), False),
    "sklearn.dummy.DummyClassifier": ("strategy", ("stratified", "uniform"), "prior"),
}


def seeded(study: Study, family: str) -> bool:
    """Whether a family's fit draws anything: two runs on the same rows may differ."""
    if study.families is None or study.task is None or family not in study.families:
        return False
    spec = study.families[family]
    if isinstance(spec, ExternalFamily):
        return False
    setup = setup_of_path(spec.estimator) if spec.estimator else FAMILIES[spec.family or family].setups[study.task]
    given = [spec.parameters, *(one.families.get(family, {}) for one in study.datasets.values())]
    needs = setup.seed_idle_unless
    idle = needs is not None and not any(needs in one for one in given)
    return setup.seed is not None and not idle and _draws(setup, given)


def _draws(setup: Setup, given: Sequence[Mapping[str, object]]) -> bool:
    """Whether an estimator that takes a seed uses it, with these stated parameters."""
    if setup.estimator not in DRAWS_IF:
        return True
    name, draws, default = DRAWS_IF[setup.estimator]
    stated = [one[name] for one in given if name in one] or [setup.fixed.get(name, default)]
    values = [value for one in stated for value in (one if isinstance(one, list | tuple) else [one])]
    return any(value in draws for value in values)


def run_with_seeds(study: Study) -> tuple[str, ...]:
    """The datasets whose fixed split is run several times though the study does not say how often: another seed may
    give another fit, or choose other inner folds. Draws of a simulation are repeats already."""
    return tuple(name for name in study.datasets if _fixed(study, name) and _any_draws(study, name))


def with_seeds(study: Study) -> Study:
    """The study with the repeats that it leaves to its families."""
    counts = dict.fromkeys(run_with_seeds(study), SEEDS)
    return with_repeats(study, counts) if counts else study


def _fixed(study: Study, dataset: str) -> bool:
    protocol, source = study.protocol_of(dataset), study.datasets[dataset].source
    own = protocol.resampling if protocol is not None else None
    return (
        isinstance(own, FixedSplit) and "repeats" not in own.model_fields_set and source.parameters.get("draws", 1) == 1
    )


def _any_draws(study: Study, dataset: str) -> bool:
    protocol = study.protocol_of(dataset)
    tuned = protocol is not None and protocol.tuning is not None
    specs = study.families or {}
    own = [name for name, spec in specs.items() if not isinstance(spec, ExternalFamily) and spec.estimator]
    by_cost = sorted(specs, key=lambda name: name in own)  # an estimator by its path is imported to be asked
    return any((tuned and specs[name].tune) or seeded(study, name) for name in by_cost)
