"""Every comparison of a study.

On one dataset the test rows of different folds share training rows, so intervals and tests are
those of Nadeau and Bengio, with the variance of the class mix that stratified folds hide; where
a family is unstable and disjoint halves of the rows were fitted, the test of a pair is SHARP's,
and the interval of a score the wider one. Over datasets the dataset is the unit and folds are
averaged before anything is ranked; the forms of one table are one dataset. Where no error rate
exists (leave-one-out, one drawn split, scores pooled over folds) the estimate stands alone.

Where cells failed, a baseline's scores stand in for the missing ones, and every row that rests
on any says on how many. A model that lacks scores in a table of others has no estimate on that
dataset, and the dataset is not ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from bench.comparisons.on_dataset import (
    ComparedPlace,
    contrast_pairs,
    find_first,
    rows_of_pairs,
)
from bench.comparisons.over_datasets import over_datasets
from bench.contrasts.one_test_set import find_test_set
from bench.contrasts.two_models import name_test
from bench.core import frames
from bench.core.comparisons import COMPARISONS, EstimateRow, Method
from bench.core.metrics import METRICS
from bench.scores.class_mix import class_means
from bench.scores.compute import classes_of
from bench.scores.design import level_of
from bench.scores.halves import tested_halves
from bench.scores.series import (
    Series,
    SeriesKey,
    mean_table,
    of_subject,
    series_of,
    with_fallback,
)
from bench.scores.setting import origins, setting_of
from bench.stats.halves import conservative_z, wider
from bench.stats.intervals import corrected_mean, logit_interval
from bench.study import Study

#: The rows of each table while they are collected.
RowsByTable = dict[str, list[Any]]


@dataclass(frozen=True, eq=False)
class Comparisons:
    """The tables of `COMPARISONS`, each with the schema of its name."""

    estimates: pl.DataFrame
    pairs: pl.DataFrame
    pairs_over_datasets: pl.DataFrame
    ranks: pl.DataFrame
    omnibus: pl.DataFrame

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The tables by name, in the order of `COMPARISONS`."""
        return {name: getattr(self, name) for name in COMPARISONS}


def comparisons(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
    predictions: pl.DataFrame | None = None,
) -> Comparisons:
    """All comparisons of a study, of test scores.

    A family without an estimate on a dataset (runs missing from a table of scores) has a null
    one there, and the dataset is left out of the ranks. Without `predictions` there are no tests
    on the rows of one test set, and intervals lack the class mix.
    """
    own, both = series_of(scores), with_fallback(scores)
    datasets, families, metrics = _order_names(study, both)
    rows: RowsByTable = {name: [] for name in COMPARISONS}
    classes = classes_of(tables)
    for dataset in datasets:
        setting, known = setting_of(study, tables, folds, dataset), classes.get(dataset)
        test_set = None
        if setting.folds == 1 or setting.seeds:
            test_set = find_test_set(study, dataset, known, predictions)
        for metric in metrics:
            place = ComparedPlace(
                dataset=dataset,
                metric=metric,
                setting=setting,
                mix=class_means(study, dataset, known, predictions, metric),
                halves=tested_halves(study, scores, dataset, metric),
                test_set=test_set,
            )
            series = of_subject(both, dataset, metric, families)
            mine = of_subject(own, dataset, metric, families)
            stand_ins = {
                family: len(all_scores.value)
                - (len(mine[family].value) if family in mine else 0)
                for family, all_scores in series.items()
            }
            _compare_on_dataset(study, place, series, stand_ins, rows)
    _compare_over_datasets(study, tables, families, metrics, rows)
    return Comparisons(
        **{
            name: frames.of_records(rows[name], schema)
            for name, schema in COMPARISONS.items()
        }
    )


def _order_names(
    study: Study, series: Iterable[SeriesKey]
) -> tuple[list[str], list[str], list[str]]:
    """The datasets, families and metrics that have scores: those of the study in its order, then
    those of tables of scores in alphabetical order."""
    keys = list(series)
    stated = [list(study.datasets), list(study.families or ()), study.metrics.names]
    ordered = []
    for i, names in enumerate(stated):
        present = {key[i] for key in keys}
        known = [name for name in names if name in present]
        ordered.append(known + sorted(present - set(names)))
    datasets, families, metrics = ordered
    return datasets, families, metrics


def _compare_on_dataset(
    study: Study,
    place: ComparedPlace,
    series: dict[str, Series],
    stand_ins: dict[str, int],
    rows: RowsByTable,
) -> None:
    """Add the estimates and pairs of one (dataset, metric)."""
    contrasts = contrast_pairs(study, place, series)
    first = find_first(place, series, contrasts)
    for family, scores in series.items():
        row = replace(
            _estimate(study, place, family, scores), fallbacks=stand_ins[family]
        )
        if first is not None and first.family == family:
            row = replace(row, first_low=first.low, first_high=first.high)
        rows["estimates"].append(row)
    for pair in rows_of_pairs(study, place, contrasts):
        count = stand_ins[pair.family] + stand_ins[pair.against]
        rows["pairs"].append(replace(pair, fallbacks=count))


def _estimate(
    study: Study, place: ComparedPlace, family: str, series: Series
) -> EstimateRow:
    row = EstimateRow(dataset=place.dataset, family=family, metric=place.metric)
    if not place.setting.complete(series):
        return row
    sample = place.setting.sample(series)
    if sample is None:
        return replace(row, mean=series.mean)
    values, ratio = sample
    setting, level = place.setting, level_of(study)
    mix, halves = 0.0, None
    if not setting.repeats_a_draw:
        halves = place.halves.of(family)
        mix = 0.0 if setting.seeds else place.mix.variance(family)
    method = name_test(setting, mix)
    interval = corrected_mean(
        values, test_train_ratio=ratio, level=level, mix_variance=mix
    )
    if place.metric == "roc_auc":
        interval = logit_interval(interval)
    if halves is not None:
        other = conservative_z(interval.estimate, halves, level=level)
        widest = wider(interval, other)
        if widest is not interval:
            interval, method = widest, Method.CONSERVATIVE_Z
    row = replace(row, mean=interval.estimate)
    # Folds that agree to the last digit say nothing of how far others would lie.
    if interval.low == interval.high:
        return row
    low, high = METRICS[place.metric].range
    return replace(
        row,
        method=method,
        low=max(interval.low, low),
        high=min(interval.high, high),
    )


def _compare_over_datasets(
    study: Study,
    tables: pl.DataFrame,
    families: list[str],
    metrics: list[str],
    rows: RowsByTable,
) -> None:
    """Add the rows of every metric over datasets."""
    origin = origins(study, tables)
    estimates = sorted(rows["estimates"], key=lambda row: families.index(row.family))
    for metric in metrics:
        cells = (
            (row.dataset, row.family, row.mean, row.fallbacks)
            for row in estimates
            if row.metric == metric
        )
        compared = over_datasets(study, mean_table(cells).by_origin(origin), metric)
        rows["pairs_over_datasets"] += compared.pairs
        rows["ranks"] += compared.ranks
        if compared.omnibus is not None:
            rows["omnibus"].append(compared.omnibus)
