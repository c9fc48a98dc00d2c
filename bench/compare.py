"""Scores -> comparisons: each family with its interval, each pair with its test, all families over many datasets.

On one dataset the test rows of different folds share training rows, so intervals and tests are those of Nadeau and
Bengio; over datasets the dataset is the unit and folds are averaged before anything is ranked. Where no error rate
exists (leave-one-out, one fixed split, scores pooled over folds) the estimate stands alone: no interval is made up.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bench.frames import COMPARISONS, of_rows
from bench.metrics import METRICS
from bench.series import Series, Setting, matched, series_of, setting_of
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.ranks import critical_difference, friedman, rank_rows
from bench.study import Study
from bench.yardstick import level_of, rope_of

Row = dict[str, Any]


def comparisons(study: Study, tables: pl.DataFrame, folds: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """All comparisons of a study (frames.COMPARISONS), of test scores under the plain variant.

    A family with failed folds on a dataset has a null estimate there, and the dataset is left out of the ranks.
    """
    series = series_of(scores)
    order = _order(study, series)
    rows: list[Row] = []
    for dataset in order["dataset"]:
        setting = setting_of(tables, folds, dataset)
        for metric in order["metric"]:
            have = {f: series[dataset, f, metric] for f in order["family"] if (dataset, f, metric) in series}
            rows += [_interval(study, setting, (dataset, family, metric), one) for family, one in have.items()]
            rows += _pairs(study, setting, (dataset, metric), have)
    for metric in order["metric"]:
        rows += _over_datasets(study, order, metric, rows)
    return of_rows(rows, COMPARISONS)


def _order(study: Study, series: dict[tuple[str, str, str], Series]) -> dict[str, list[str]]:
    """The names that have scores, in the order of the study, those of tables of scores behind in alphabetical order."""
    stated = {"dataset": study.datasets, "family": study.families or {}, "metric": study.metrics.names}
    found = {}
    for place, (what, names) in enumerate(stated.items()):
        present = {key[place] for key in series}
        found[what] = [name for name in names if name in present] + sorted(present - set(names))
    return found


def _interval(study: Study, setting: Setting, subject: tuple[str, str, str], series: Series) -> Row:
    dataset, family, metric = subject
    row: Row = {"dataset": dataset, "family": family, "metric": metric, "test": "interval"}
    if not setting.complete(series):
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


def _pairs(study: Study, setting: Setting, subject: tuple[str, str], have: dict[str, Series]) -> list[Row]:
    dataset, metric = subject
    rows = []
    for family, against in combinations(have, 2):
        row: Row = {"dataset": dataset, "family": family, "against": against, "metric": metric, "test": "corrected_t"}
        rows.append(row | _pair(study, setting, metric, (have[family], have[against])))
    tested = [row for row in rows if row.get("p") is not None]
    for row, adjusted in zip(tested, holm(np.array([row["p"] for row in tested])), strict=True):
        row["p_adjusted"] = float(adjusted)
    return rows


def _pair(study: Study, setting: Setting, metric: str, pair: tuple[Series, Series]) -> Row:
    if not all(setting.complete(one) for one in pair) or setting.ratio is None:
        return {}
    a, b = matched(*pair)
    if a.mean is None or b.mean is None:
        return {}
    first, second = setting.sample(a), setting.sample(b)
    if first is None or second is None:
        return {"estimate": a.mean - b.mean}
    test = corrected_t(first[0], second[0], test_train_ratio=first[1], level=level_of(study))
    row = {"estimate": test.difference, "low": test.low, "high": test.high, "p": test.p_value}
    rope = rope_of(study, metric)
    if rope is not None:
        chances = correlated_t(first[0], second[0], test_train_ratio=first[1], rope=rope)
        row |= {"p_less": chances.p_less, "p_rope": chances.p_rope, "p_greater": chances.p_greater}
    return row


def _over_datasets(study: Study, order: dict[str, list[str]], metric: str, rows: list[Row]) -> list[Row]:
    """Mean ranks, Friedman and the critical difference, from the mean scores of datasets where every family has one."""
    cells = {
        (r["dataset"], r["family"]): r.get("estimate")
        for r in rows
        if r["test"] == "interval" and r["metric"] == metric
    }
    families = [family for family in order["family"] if any(key[1] == family for key in cells)]
    table = [[cells.get((dataset, family)) for family in families] for dataset in order["dataset"]]
    whole = np.array([line for line in table if all(cell is not None for cell in line)], dtype=float)
    if len(whole) < 2 or len(families) < 2:
        return []
    higher = METRICS[metric].higher_is_better
    ranks = rank_rows(whole, higher_is_better=higher).mean(axis=0)
    found: list[Row] = [
        {"family": family, "metric": metric, "test": "mean_rank", "estimate": float(rank)}
        for family, rank in zip(families, ranks, strict=True)
    ]
    if len(families) < 3:
        return found
    answer = friedman(whole, higher_is_better=higher)
    # F is infinite when every dataset ranks the families alike; a frame holds no infinity.
    f = answer.f if np.isfinite(answer.f) else None
    distance = critical_difference(len(families), len(whole), 1 - level_of(study))
    return [
        *found,
        {"metric": metric, "test": "friedman_chi2", "estimate": answer.chi2, "p": answer.p_chi2},
        {"metric": metric, "test": "friedman_f", "estimate": f, "p": answer.p_f},
        {"metric": metric, "test": "critical_difference", "estimate": distance},
    ]


def metrics_json(study: Study, compared: pl.DataFrame, judged: pl.DataFrame) -> dict[str, Any]:
    """What `dvc metrics` shows: the primary metric with its interval, and the counts of verdicts."""
    metric = study.metrics.primary
    found: dict[str, Any] = {}
    intervals = compared.filter((pl.col("test") == "interval") & (pl.col("metric") == metric))
    for row in intervals.iter_rows(named=True):
        numbers = {key: row[key] for key in ("estimate", "low", "high") if row[key] is not None}
        found.setdefault(row["dataset"], {})[row["family"]] = {k: float(f"{v:.9g}") for k, v in numbers.items()}
    counts = judged["verdict"].value_counts().sort("verdict")
    return {metric: found, "verdicts": dict(counts.iter_rows())}
