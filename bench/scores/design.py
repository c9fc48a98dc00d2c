"""What a score is measured against: how close is close, and what is random in it.

Comparisons, claims and diagnostics ask here, so that a tolerance, a level or "no chance in this protocol" means the
same to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bench.core.metrics import METRICS, complement_of
from bench.study import Study
from bench.study.models import Compare, ExternalFamily

if TYPE_CHECKING:
    from bench.families.family import Setup

#: One point of a hundred, for bounded metrics without a declared tolerance (Benavoli et al. 2017 use 1 % of accuracy).
DEFAULT_TOLERANCE = 0.01
#: A published number is refuted where it lies outside t.975 on either side.
REFUTATION_ALPHA = 0.05
#: Resamplings that draw nothing: on the same rows they give the same folds to everyone.
WITHOUT_CHANCE = ("leave_one_out", "fixed_split", "given_folds", "time_ordered")


@dataclass(frozen=True)
class Closeness:
    """How far two scores may lie apart and still be called equal, in the metric's unit; None: nobody said.

    customary: whether the study declares none, and the custom for bounded scores stands in.
    """

    value: float | None
    customary: bool = False


def tolerance_of(study: Study, metric: str) -> Closeness:
    """The study's tolerance of a metric or of its complement, else .01 for bounded metrics, else none."""
    stated = study.tolerance.parameters if study.tolerance else {}
    declared = stated.get(metric, stated.get(complement_of(metric) or ""))
    if declared is not None and study.tolerance is not None:
        return Closeness(float(declared))
    if METRICS[metric].bounded:
        return Closeness(DEFAULT_TOLERANCE, customary=True)
    return Closeness(None)


def rope_of(study: Study, metric: str) -> float | None:
    """The half-width of practical equivalence of two families; `compare.rope` is of the primary metric and of its
    complement."""
    spoken = metric in (study.metrics.primary, complement_of(study.metrics.primary))
    if study.compare is not None and study.compare.rope is not None and spoken:
        return study.compare.rope
    return tolerance_of(study, metric).value


def level_of(study: Study) -> float:
    """The level of intervals and tests that the study settled."""
    return study.compare.level if study.compare is not None else Compare().level


def alpha_of(study: Study) -> float:
    """The significance level: 1 - `level_of`."""
    return round(1 - level_of(study), 12)


def refutation_alpha_of(study: Study) -> float:
    """The level at which published numbers are refuted: t.975 on each side, or the study's own where it is wider."""
    return max(REFUTATION_ALPHA, alpha_of(study))


def resampling_of(study: Study, dataset: str) -> str | None:
    """The kind of outer resampling of a dataset; None where nothing is fitted."""
    protocol = study.protocol_of(dataset) if dataset in study.datasets else None
    return protocol.resampling.kind if protocol is not None else None


def aggregation_of(study: Study, dataset: str, metric: str) -> Literal["fold_mean", "pooled"]:
    """Mean over folds, or one score of all test rows of a repeat; leave-one-out has no other way than the second."""
    if resampling_of(study, dataset) == "leave_one_out":
        return "pooled"
    return study.metrics.aggregation.get(metric, "fold_mean")


def varies(study: Study, dataset: str) -> Literal["splits", "seeds"] | None:
    """What differs between the scores of a table from elsewhere; None: one score a family, or scores made here."""
    spec = study.datasets.get(dataset)
    return spec.external.varies if spec is not None and spec.external is not None else None


def is_external(study: Study, dataset: str) -> bool:
    """Whether the scores of a dataset were made by somebody else's fits."""
    spec = study.datasets.get(dataset)
    return spec is not None and spec.external is not None


def draws_chance(study: Study, dataset: str) -> bool:
    """Whether the outer splits (or, elsewhere, the seeds) are drawn: two people with the same rows get others.

    How a score from elsewhere came about is not known, and one alone may have been another as well.
    """
    if is_external(study, dataset):
        return True
    return resampling_of(study, dataset) not in (*WITHOUT_CHANCE, None)


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
    from bench.families import FAMILIES
    from bench.families.candidates import setup_of_path

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


def is_baseline(study: Study, family: str) -> bool:
    """Whether a row of the comparison looks at no feature."""
    from bench.families.featureless import is_baseline_spec

    spec = (study.families or {}).get(family)
    return spec is not None and is_baseline_spec(family, spec)
