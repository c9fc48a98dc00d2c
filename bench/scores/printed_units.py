"""How far the scores of a printed table were rounded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bench.core.metrics import METRICS
from bench.scores.series import SeriesByKey
from bench.stats.matches import shown_decimals


def printed_units(scores: SeriesByKey, datasets: Collection[str], metric: str) -> Mapping[str, float]:
    """By dataset, the unit of the last decimal of its scores of a metric.

    Zeros at the end are lost, so that one number says too little: a bounded metric is printed with as many decimals on
    all datasets, another one with as many for all models of a dataset.
    """
    most: dict[str, int] = {}
    for (dataset, _, of), series in scores.items():
        if of == metric and dataset in datasets:
            shown = [shown_decimals(value) for value in series.defined.tolist()]
            most[dataset] = max([most.get(dataset, 0), *shown])
    if METRICS[metric].bounded:
        most = dict.fromkeys(most, max(most.values(), default=0))
    return {dataset: 10.0**-decimals for dataset, decimals in most.items()}
