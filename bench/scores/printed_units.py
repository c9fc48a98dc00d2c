"""How far the scores of a printed table were rounded."""

from __future__ import annotations

from collections.abc import Mapping

from bench.core.metrics import METRICS
from bench.scores.series import SeriesByKey
from bench.stats.matches import shown_decimals


def printed_units(
    scores: SeriesByKey, tables: Mapping[str, str], metric: str
) -> Mapping[str, float]:
    """By dataset, the unit of the last decimal of its scores of a metric.

    Zeros at the end are lost, so that one number says too little: a table prints a bounded metric with as many decimals
    on all its datasets, another one with as many for all models of a dataset. tables: by dataset, the one it is in.
    """
    most: dict[str, int] = {}
    for (dataset, _, of), series in scores.items():
        if of == metric and dataset in tables:
            shown = [shown_decimals(value) for value in series.defined.tolist()]
            most[dataset] = max([most.get(dataset, 0), *shown])
    if METRICS[metric].bounded:
        whole: dict[str, int] = {}
        for dataset, decimals in most.items():
            whole[tables[dataset]] = max(whole.get(tables[dataset], 0), decimals)
        most = {dataset: whole[tables[dataset]] for dataset in most}
    return {dataset: 10.0**-decimals for dataset, decimals in most.items()}
