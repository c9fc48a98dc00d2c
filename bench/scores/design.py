"""What a score is measured against: how close is close, and what is random in it.

Comparisons, claims and diagnostics ask here, so that a tolerance, a level or "no chance in this protocol" means the
same to all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bench.core.metrics import METRICS, complement_of
from bench.families.seeds import seeded as seeded
from bench.families.seeds import tuning_draws as tuning_draws
from bench.study import Study
from bench.study.models import Compare
from bench.study.protocol import Resampling

#: One point of a hundred, for bounded metrics without a declared tolerance (Benavoli et al. 2017 use 1 % of accuracy).
DEFAULT_TOLERANCE = 0.01
#: A published number is refuted where it lies outside t.975 on either side.
REFUTATION_ALPHA = 0.05


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


def resampling_of(study: Study, dataset: str) -> Resampling | None:
    """The outer resampling of a dataset; None where nothing is fitted."""
    protocol = study.protocol_of(dataset) if dataset in study.datasets else None
    return protocol.resampling if protocol is not None else None


def tests_single_rows(study: Study, dataset: str) -> bool:
    """Whether each row of a dataset is a test set of its own, by its protocol."""
    resampling = resampling_of(study, dataset)
    return resampling is not None and resampling.row_by_row


def is_in_time(study: Study, dataset: str) -> bool:
    """Whether the protocol of a dataset trains on the past alone."""
    resampling = resampling_of(study, dataset)
    return resampling is not None and resampling.in_time


def aggregation_of(
    study: Study, dataset: str, metric: str, *, row_by_row: bool = False
) -> Literal["fold_mean", "pooled"]:
    """Mean over folds, or one score of all test rows of a repeat; folds of one row have no other way than the second.

    row_by_row: whether the folds are known to be of one row each; those of leave-one-out always are.
    """
    if row_by_row or tests_single_rows(study, dataset):
        return "pooled"
    return study.metrics.aggregation.get(metric, "fold_mean")


def varies(study: Study, dataset: str) -> Literal["splits", "seeds"] | None:
    """What differs between the scores of a table from elsewhere; None: one score a family, or scores made here."""
    spec = study.datasets.get(dataset)
    return (
        spec.external.varies if spec is not None and spec.external is not None else None
    )


def is_external(study: Study, dataset: str) -> bool:
    """Whether the scores of a dataset were made by somebody else's fits."""
    spec = study.datasets.get(dataset)
    return spec is not None and spec.external is not None


def external_datasets(
    study: Study, scored: Iterable[tuple[str, ...]]
) -> tuple[str, ...]:
    """The datasets of these scores that somebody else made; scored: keys of scores, the dataset first."""
    names = dict.fromkeys(dataset for dataset, *_ in scored)
    return tuple(name for name in names if is_external(study, name))


def tables_of(study: Study, datasets: Iterable[str]) -> dict[str, str]:
    """By dataset, the table that its external scores are in, by what it was read from."""
    specs = {name: study.datasets[name] for name in datasets if name in study.datasets}
    return {name: repr(spec.source) for name, spec in specs.items()}


def printed_once(study: Study, datasets: Iterable[str]) -> bool:
    """Whether the scores on these datasets are one for each model and dataset, as a paper prints them."""
    specs = [study.datasets[name] for name in datasets if name in study.datasets]
    return all(spec.scores is not None and spec.scores.varies is None for spec in specs)


def draws_chance(study: Study, dataset: str) -> bool:
    """Whether the outer splits (or, elsewhere, the seeds) are drawn: two people with the same rows get others.

    How a score from elsewhere came about is not known, and one alone may have been another as well.
    """
    if is_external(study, dataset):
        return True
    resampling = resampling_of(study, dataset)
    return resampling is not None and resampling.draws


def is_baseline(study: Study, family: str) -> bool:
    """Whether a row of the comparison looks at no feature."""
    from bench.families.featureless import is_baseline_spec

    spec = (study.families or {}).get(family)
    return spec is not None and is_baseline_spec(family, spec)
