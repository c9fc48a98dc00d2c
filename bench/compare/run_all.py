"""Every comparison of a study.

On one dataset the test rows of different folds share training rows, so intervals and tests are those of Nadeau and
Bengio; over datasets the dataset is the unit and folds are averaged before anything is ranked; the forms of one table
are one dataset. Where no error rate
exists (leave-one-out, one fixed split, scores pooled over folds) the estimate stands alone: no interval is made up.

Where cells failed, the study's policy decides: a baseline's scores stand in for the missing ones, and every row that
rests on any says on how many; or the family has no estimate on that dataset, and the dataset is not ranked. What the
other policy would do to the order of families is told in either case.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.compare.on_dataset import pairs_on_dataset
from bench.compare.one_test_set import pairs_on_one_test_set
from bench.compare.over_datasets import over_datasets
from bench.core.frames import COMPARISONS, of_rows
from bench.core.metrics import METRICS
from bench.scores.design import level_of
from bench.scores.series import (
    Key,
    Series,
    Setting,
    mean_table,
    origins,
    sensitivities,
    series_of,
    setting_of,
    with_fallback,
)
from bench.stats.intervals import corrected_mean
from bench.study import Study

Row = dict[str, Any]
#: Numbers are kept to this many significant digits: the order of a sum shows only behind them.
DIGITS = 12


def comparisons(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
    predictions: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """All comparisons of a study (frames.COMPARISONS), of test scores.

    A family without an estimate on a dataset (excluded for its failed cells) has a null one there, and the dataset is
    left out of the ranks. `predictions` are needed for the tests on one test set alone.
    """
    own, both = series_of(scores), with_fallback(scores)
    used = both if study.falls_back else own
    order = _order(study, both)
    rows: list[Row] = []
    for dataset in order["dataset"]:
        setting = setting_of(study, tables, folds, dataset)
        for metric in order["metric"]:
            names = [f for f in order["family"] if (dataset, f, metric) in both]
            have = {f: used[dataset, f, metric] for f in names if (dataset, f, metric) in used}
            count = {f: len(have[f].value) - _size(own.get((dataset, f, metric))) for f in have}
            found = pairs_on_dataset(study, setting, (dataset, metric), have)
            if predictions is not None and setting.folds == 1:
                found += pairs_on_one_test_set(study, tables, predictions, (dataset, metric), names)
            rows += [_interval(study, setting, (dataset, f, metric), have.get(f)) | _marked(count, f) for f in names]
            rows += [row | _marked(count, row["family"], row.get("against")) for row in found]
    intervals = _in_order([row for row in rows if row["test"] == "interval"], order["family"])
    origin = origins(study, tables)
    for metric in order["metric"]:
        rows += over_datasets(study, mean_table(intervals, metric).by_origin(origin), metric)
    rows += _other_policies(study, order, scores)
    return of_rows([{name: _rounded(value) for name, value in row.items()} for row in rows], COMPARISONS)


def _rounded(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") + 0.0 if isinstance(value, float) else value


def _size(series: Series | None) -> int:
    return 0 if series is None else len(series.value)


def _marked(count: dict[str, int], *families: str | None) -> Row:
    """How many of the scores behind a row stand in for failed cells."""
    return {"fallbacks": sum(count.get(family, 0) for family in families if family is not None)}


def _in_order(rows: list[Row], families: list[str]) -> list[Row]:
    """The rows of families, those of the first family first."""
    place = {family: i for i, family in enumerate(families)}
    return sorted(rows, key=lambda row: place[row["family"]])


def _order(study: Study, series: dict[Key, Series]) -> dict[str, list[str]]:
    """The names that have scores, in the order of the study, those of tables of scores behind in alphabetical order."""
    stated = {"dataset": study.datasets, "family": study.families or {}, "metric": study.metrics.names}
    found = {}
    for place, (what, names) in enumerate(stated.items()):
        present = {key[place] for key in series}
        found[what] = [name for name in names if name in present] + sorted(present - set(names))
    return found


def _interval(study: Study, setting: Setting, subject: Key, series: Series | None) -> Row:
    dataset, family, metric = subject
    row: Row = {"dataset": dataset, "family": family, "metric": metric, "test": "interval"}
    if series is None or not setting.complete(series):
        return row
    sample = setting.sample(series)
    if sample is None:
        return row | {"estimate": series.mean}
    one = corrected_mean(sample[0], test_train_ratio=sample[1], level=level_of(study))
    if one.low == one.high:  # folds that agree to the last digit say nothing of how far others would lie
        return row | {"estimate": one.estimate}
    low, high = METRICS[metric].low, METRICS[metric].high
    return row | {
        "estimate": one.estimate,
        "low": one.low if low is None else max(one.low, low),
        "high": one.high if high is None else min(one.high, high),
    }


def _other_policies(study: Study, order: dict[str, list[str]], scores: pl.DataFrame) -> list[Row]:
    """Where cells failed: the means of the primary metric, and the mean ranks, under each policy."""
    metric = study.metrics.primary
    if metric not in order["metric"]:
        return []
    found = sensitivities(scores, metric, METRICS[metric].higher_is_better, order["family"])
    return [
        {"dataset": dataset, "family": family, "metric": metric, "test": test, "estimate": value}
        for dataset, one in found.items()
        for test in ("with_fallback", "complete_cases")
        for family, value in getattr(one, test).items()
    ]


def metrics_json(study: Study, compared: pl.DataFrame, judged: pl.DataFrame) -> dict[str, Any]:
    """What `dvc metrics` shows: the primary metric with its interval, and the counts of verdicts."""
    metric = study.metrics.primary
    found: dict[str, Any] = {}
    intervals = compared.filter((pl.col("test") == "interval") & (pl.col("metric") == metric))
    for row in intervals.iter_rows(named=True):
        numbers = {key: row[key] for key in ("estimate", "low", "high") if row[key] is not None}
        shown: dict[str, float | int] = {k: float(f"{v:.9g}") for k, v in numbers.items()}
        shown |= {"fallbacks": row["fallbacks"]} if row["fallbacks"] else {}
        found.setdefault(row["dataset"], {})[row["family"]] = shown
    counts = judged["verdict"].value_counts().sort("verdict")
    return {metric: found, "verdicts": dict(counts.iter_rows())}
