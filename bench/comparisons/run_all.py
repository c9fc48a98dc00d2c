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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from bench.comparisons.on_dataset import (
    ComparedPlace,
    contrast_pairs,
    find_first,
    rows_of_pairs,
    rows_on_test_set,
)
from bench.comparisons.over_datasets import over_datasets
from bench.contrasts.one_test_set import find_test_set
from bench.contrasts.two_models import name_test
from bench.core import frames
from bench.core.comparisons import (
    COMPARISONS,
    EstimateRow,
    Method,
    OmnibusRow,
    OverDatasetsRow,
    PairRow,
    RankRow,
    TestSetPairRow,
)
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


@dataclass(frozen=True, eq=False)
class Comparisons:
    """The tables of `COMPARISONS`, each with the schema of its name."""

    estimates: pl.DataFrame
    pairs: pl.DataFrame
    test_set_pairs: pl.DataFrame
    pairs_over_datasets: pl.DataFrame
    ranks: pl.DataFrame
    omnibus: pl.DataFrame

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The tables by name, in the order of `COMPARISONS`."""
        return {name: getattr(self, name) for name in COMPARISONS}


@dataclass(frozen=True)
class _Order:
    """The names that have scores, in the order in which tables list them."""

    datasets: tuple[str, ...]
    families: tuple[str, ...]
    metrics: tuple[str, ...]


@dataclass
class _Rows:
    """The rows of each table while they are collected."""

    estimates: list[EstimateRow] = field(default_factory=list)
    pairs: list[PairRow] = field(default_factory=list)
    test_set_pairs: list[TestSetPairRow] = field(default_factory=list)
    pairs_over_datasets: list[OverDatasetsRow] = field(default_factory=list)
    ranks: list[RankRow] = field(default_factory=list)
    omnibus: list[OmnibusRow] = field(default_factory=list)


def comparisons(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
    predictions: pl.DataFrame | None = None,
) -> Comparisons:
    """All comparisons of a study, of test scores.

    A family without an estimate on a dataset (runs missing from a table of scores) has a null one there, and the dataset
    is left out of the ranks. Without `predictions` there are no tests on the rows of one test set, and intervals lack the
    class mix.
    """
    own, both = series_of(scores), with_fallback(scores)
    order, rows, classes = _order(study, both), _Rows(), classes_of(tables)
    for dataset in order.datasets:
        setting, known = setting_of(study, tables, folds, dataset), classes.get(dataset)
        test_set = (
            find_test_set(study, dataset, known, predictions)
            if setting.folds == 1 or setting.seeds
            else None
        )
        for metric in order.metrics:
            series = of_subject(both, dataset, metric, order.families)
            mine = of_subject(own, dataset, metric, order.families)
            fallbacks = {f: len(one.value) for f, one in series.items()}
            for family, one in mine.items():
                fallbacks[family] -= len(one.value)
            mix = class_means(study, dataset, known, predictions, metric)
            halves = tested_halves(study, scores, dataset, metric)
            place = ComparedPlace(dataset, metric, setting, mix, halves, test_set)
            _compare_on_dataset(study, place, series, fallbacks, rows)
            if test_set is not None and setting.folds == 1:
                rows.test_set_pairs += rows_on_test_set(study, place, list(series))
    _compare_over_datasets(study, tables, order, rows)
    return Comparisons(
        **{
            name: frames.of_records(getattr(rows, name), schema)
            for name, schema in COMPARISONS.items()
        }
    )


def _compare_on_dataset(
    study: Study,
    place: ComparedPlace,
    series: dict[str, Series],
    fallbacks: Mapping[str, int],
    rows: _Rows,
) -> None:
    """Add the estimates and pairs of one (dataset, metric)."""
    contrasts = contrast_pairs(study, place, series)
    first = find_first(place, series, contrasts)
    for family, one in series.items():
        row = _estimate(study, place, family, one)
        if first is not None and first.family == family:
            row = replace(row, first_low=first.low, first_high=first.high)
        rows.estimates.append(replace(row, fallbacks=fallbacks[family]))
    rows.pairs += [
        replace(row, fallbacks=fallbacks[row.family] + fallbacks[row.against])
        for row in rows_of_pairs(study, place, contrasts)
    ]


def _order(study: Study, series: Iterable[SeriesKey]) -> _Order:
    """The names of the study in its order, then those of tables of scores in alphabetical order."""
    keys = list(series)
    stated = (tuple(study.datasets), tuple(study.families or ()), study.metrics.names)
    found = []
    for place, names in enumerate(stated):
        present = {key[place] for key in keys}
        found.append(
            (
                *(name for name in names if name in present),
                *sorted(present - set(names)),
            )
        )
    return _Order(*found)


def _estimate(
    study: Study, place: ComparedPlace, family: str, series: Series
) -> EstimateRow:
    row = EstimateRow(dataset=place.dataset, family=family, metric=place.metric)
    if not place.setting.complete(series):
        return row
    sample = place.setting.sample(series)
    if sample is None:
        return replace(row, mean=series.mean)
    level, mix, halves = level_of(study), place.mix_of(family), place.halves_of(family)
    interval = corrected_mean(
        sample[0], test_train_ratio=sample[1], level=level, mix_variance=mix
    )
    if place.metric == "roc_auc":
        interval = logit_interval(interval)
    method = name_test(place.setting, mix)
    if halves is not None:
        widest = wider(interval, conservative_z(interval.estimate, halves, level=level))
        method, interval = (
            (method if widest is interval else Method.CONSERVATIVE_Z),
            widest,
        )
    if (
        interval.low == interval.high
    ):  # folds that agree to the last digit say nothing of how far others would lie
        return replace(row, mean=interval.estimate)
    low, high = METRICS[place.metric].range
    return replace(
        row,
        mean=interval.estimate,
        method=method,
        low=max(interval.low, low),
        high=min(interval.high, high),
    )


def _compare_over_datasets(
    study: Study, tables: pl.DataFrame, order: _Order, rows: _Rows
) -> None:
    """Add the rows of every metric over datasets."""
    place, origin = (
        {family: i for i, family in enumerate(order.families)},
        origins(study, tables),
    )
    by_family = sorted(rows.estimates, key=lambda row: place[row.family])
    for metric in order.metrics:
        cells = (
            (row.dataset, row.family, row.mean, row.fallbacks)
            for row in by_family
            if row.metric == metric
        )
        compared = over_datasets(study, mean_table(cells).by_origin(origin), metric)
        rows.pairs_over_datasets += compared.pairs
        rows.ranks += compared.ranks
        rows.omnibus += [compared.omnibus] if compared.omnibus is not None else []
