"""Scores -> comparisons: each family with its interval, each pair with its test, all families over many datasets.

On one dataset the test rows of different folds share training rows, so intervals and tests are those of Nadeau and
Bengio; over datasets the dataset is the unit and folds are averaged before anything is ranked. Where no error rate
exists (leave-one-out, one fixed split, scores pooled over folds) the estimate stands alone: no interval is made up.

Where cells failed, the study's policy decides: a baseline's scores stand in for the missing ones, and every row that
rests on any says on how many; or the family has no estimate on that dataset, and the dataset is not ranked. What the
other policy would do to the order of families is told in either case.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bench.frames import COMPARISONS, of_rows
from bench.metrics import METRICS
from bench.series import Key, Series, Setting, matched, sensitivities, series_of, setting_of, with_fallback
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.ranks import critical_difference, friedman, rank_rows
from bench.study import Study
from bench.yardstick import level_of, rope_of

Row = dict[str, Any]


def comparisons(study: Study, tables: pl.DataFrame, folds: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """All comparisons of a study (frames.COMPARISONS), of test scores.

    A family without an estimate on a dataset (excluded for its failed cells) has a null one there, and the dataset is
    left out of the ranks.
    """
    own, both = series_of(scores), with_fallback(scores)
    used = both if study.falls_back else own
    order = _order(study, both)
    rows: list[Row] = []
    for dataset in order["dataset"]:
        setting = setting_of(tables, folds, dataset)
        for metric in order["metric"]:
            names = [f for f in order["family"] if (dataset, f, metric) in both]
            have = {f: used[dataset, f, metric] for f in names if (dataset, f, metric) in used}
            count = {f: len(have[f].value) - _size(own.get((dataset, f, metric))) for f in have}
            rows += [_interval(study, setting, (dataset, f, metric), have.get(f)) | _marked(count, f) for f in names]
            rows += [
                row | _marked(count, row["family"], row["against"])
                for row in _pairs(study, setting, (dataset, metric), have)
            ]
    for metric in order["metric"]:
        rows += _over_datasets(study, order, metric, rows)
    return of_rows(rows + _other_policies(study, order, scores), COMPARISONS)


def _size(series: Series | None) -> int:
    return 0 if series is None else len(series.value)


def _marked(count: dict[str, int], *families: str) -> Row:
    """How many of the scores behind a row stand in for failed cells."""
    return {"fallbacks": sum(count.get(family, 0) for family in families)}


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
    """Mean ranks, Friedman and the critical difference, from the mean scores of datasets where every family has one.

    A family that has none anywhere is not ranked.
    """
    cells = {
        (r["dataset"], r["family"]): r
        for r in rows
        if r["test"] == "interval" and r["metric"] == metric and r.get("estimate") is not None
    }
    families = [family for family in order["family"] if any(key[1] == family for key in cells)]
    table = [[cells[d, f] for f in families] for d in order["dataset"] if all((d, f) in cells for f in families)]
    if len(table) < 2 or len(families) < 2:
        return []
    whole = np.array([[cell["estimate"] for cell in line] for line in table])
    marked = {"fallbacks": sum(cell["fallbacks"] for line in table for cell in line)}
    higher = METRICS[metric].higher_is_better
    ranks = rank_rows(whole, higher_is_better=higher).mean(axis=0)
    found: list[Row] = [
        {"family": family, "metric": metric, "test": "mean_rank", "estimate": float(rank)} | marked
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
        {"metric": metric, "test": "friedman_chi2", "estimate": answer.chi2, "p": answer.p_chi2} | marked,
        {"metric": metric, "test": "friedman_f", "estimate": f, "p": answer.p_f} | marked,
        {"metric": metric, "test": "critical_difference", "estimate": distance} | marked,
    ]


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
