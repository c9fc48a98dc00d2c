"""Two families on the rows of one test set, each predicted once by one held-out fit: McNemar and DeLong.

They speak of these two fits and of further rows like these, not of what other training rows would give. Rows predicted
by several fits (folds, repeats) are no independent sample, and nothing is tested on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl

from bench.core.comparisons import TestSetPairRow
from bench.core.rows import OWN
from bench.scores.compute import DatasetClasses, classes_of, predicted
from bench.scores.design import level_of
from bench.stats.adjust import holm
from bench.stats.instances import delong, mcnemar
from bench.study import Study

#: Metrics that say how often the label is right, and the sign of a difference in favour of right labels.
SHARES = {"accuracy": 1, "error_rate": -1}


@dataclass(frozen=True)
class RowTest:
    """The difference of two families' scores over the rows of one test set; low, high: None for McNemar's test."""

    difference: float
    p: float
    low: float | None = None
    high: float | None = None


def pairs_on_one_test_set(
    study: Study, tables: pl.DataFrame, predictions: pl.DataFrame, subject: tuple[str, str], families: list[str]
) -> list[TestSetPairRow]:
    """McNemar's test of accuracy and error rate, DeLong's of the ROC area of two classes; p adjusted by Holm.

    Of the families that predicted the whole test set of a dataset with one fold. Rows that come in groups (the sounds
    of one speaker) are no independent sample: then there are none.
    """
    dataset, metric = subject
    classes, spec = classes_of(tables).get(dataset), study.datasets.get(dataset)
    if study.task != "classification" or classes is None or spec is None or spec.group is not None:
        return []
    test = _test_of(study, metric, classes)
    if test is None:
        return []
    name, compare = test
    parts = {family: part for family in families if (part := _test_rows(predictions, dataset, family)).height}
    rows = []
    for family, against in combinations(parts, 2):
        a, b = parts[family], parts[against]
        same_rows = a["row"].equals(b["row"]) and a["row"].is_unique().all()
        if not same_rows or (answer := compare(a, b)) is None:
            continue
        rows.append(
            TestSetPairRow(
                dataset=dataset, family=family, against=against, metric=metric, test=name,
                difference=answer.difference, low=answer.low, high=answer.high, p=answer.p,
            )
        )  # fmt: skip
    adjusted = holm(np.array([row.p for row in rows]))
    return [replace(row, p_adjusted=float(p)) for row, p in zip(rows, adjusted, strict=True)]


def _test_of(
    study: Study, metric: str, classes: DatasetClasses
) -> tuple[str, Callable[[pl.DataFrame, pl.DataFrame], RowTest | None]] | None:
    """The name of the test of a metric and the test itself; None where there is none."""
    if metric in SHARES:
        return "mcnemar", lambda a, b: _mcnemar(a, b, SHARES[metric])
    if metric == "roc_auc" and len(classes.names) == 2:
        return "delong", lambda a, b: _delong(a, b, classes, level_of(study))
    return None


def _test_rows(predictions: pl.DataFrame, dataset: str, family: str) -> pl.DataFrame:
    mine = (pl.col("dataset") == dataset) & (pl.col("family") == family)
    return predictions.filter(mine, OWN, pl.col("side") == "test").sort("row")


def _mcnemar(a: pl.DataFrame, b: pl.DataFrame, sign: int) -> RowTest:
    right = [(part["label"] == part["truth"]).fill_null(False).to_numpy() for part in (a, b)]
    test = mcnemar(*right)
    return RowTest(sign * test.difference, test.p_value)


def _delong(a: pl.DataFrame, b: pl.DataFrame, classes: DatasetClasses, level: float) -> RowTest | None:
    """None where a family gives no scores, and where the test does not exist."""
    both = [predicted(part, classes) for part in (a, b)]
    scores = [one.scores() for one in both]
    positive = both[0].positive_code
    if positive is None or scores[0] is None or scores[1] is None:
        return None
    try:
        test = delong(both[0].truth == positive, scores[0][:, positive], scores[1][:, positive], level=level)
    except ValueError:
        return None
    return RowTest(test.difference, test.p_value, test.low, test.high)
