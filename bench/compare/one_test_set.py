"""Two families on the rows of one test set, each predicted once by one held-out fit: McNemar and DeLong.

They speak of these two fits and of further rows like these, not of what other training rows would give. Rows predicted
by several fits (folds, repeats) are no independent sample, and nothing is tested on them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bench.scores.compute import predicted
from bench.scores.design import level_of
from bench.stats.adjust import holm
from bench.stats.instances import delong, mcnemar
from bench.study import Study

Row = dict[str, Any]
#: Metrics that say how often the label is right, and the sign of a difference in favour of right labels.
SHARES = {"accuracy": 1, "error_rate": -1}


def pairs_on_one_test_set(
    study: Study, tables: pl.DataFrame, predictions: pl.DataFrame, subject: tuple[str, str], families: list[str]
) -> list[Row]:
    """`mcnemar` rows of accuracy and error rate, `delong` rows of the ROC area of two classes; p adjusted by Holm.

    Of the families that predicted the whole test set of a dataset with one fold. Rows that come in groups (the sounds
    of one speaker) are no independent sample either: then there are none.
    """
    dataset, metric = subject
    table, spec = tables.filter(pl.col("dataset") == dataset), study.datasets.get(dataset)
    if study.task != "classification" or table.is_empty() or spec is None or spec.group is not None:
        return []
    about = table.row(0, named=True)
    parts = {family: part for family in families if (part := _test_rows(predictions, dataset, family)).height}
    test: Callable[[pl.DataFrame, pl.DataFrame], Row | None]
    if metric in SHARES:
        name, test = "mcnemar", lambda a, b: _mcnemar(a, b, SHARES[metric])
    elif metric == "roc_auc" and len(about["classes"]) == 2:
        name, test = "delong", lambda a, b: _delong(a, b, about, level_of(study))
    else:
        return []
    rows: list[Row] = []
    for family, against in combinations(parts, 2):
        a, b = parts[family], parts[against]
        if a["row"].equals(b["row"]) and a["row"].is_unique().all() and (answer := test(a, b)) is not None:
            key = {"dataset": dataset, "family": family, "against": against, "metric": metric, "test": name}
            rows.append(key | answer)
    for row, adjusted in zip(rows, holm(np.array([row["p"] for row in rows])), strict=True):
        row["p_adjusted"] = float(adjusted)
    return rows


def _test_rows(predictions: pl.DataFrame, dataset: str, family: str) -> pl.DataFrame:
    mine = (pl.col("dataset") == dataset) & (pl.col("family") == family)
    return predictions.filter(mine, pl.col("variant") == "plain", pl.col("side") == "test").sort("row")


def _mcnemar(a: pl.DataFrame, b: pl.DataFrame, sign: int) -> Row:
    right = [(part["label"] == part["truth"]).fill_null(False).to_numpy() for part in (a, b)]
    one = mcnemar(*right)
    return {"estimate": sign * one.difference, "p": one.p_value}


def _delong(a: pl.DataFrame, b: pl.DataFrame, about: dict[str, Any], level: float) -> Row | None:
    """None where a family gives no scores, and where the test does not exist."""
    both = [predicted(part, about) for part in (a, b)]
    scores = [one.scores() for one in both]
    positive = both[0].positive_code
    if positive is None or scores[0] is None or scores[1] is None:
        return None
    try:
        one = delong(both[0].truth == positive, scores[0][:, positive], scores[1][:, positive], level=level)
    except ValueError:
        return None
    return {"estimate": one.difference, "low": one.low, "high": one.high, "p": one.p_value}
