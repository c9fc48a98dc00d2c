"""The variance of a score that stratified folds cannot show: how many rows of each class a sample happens to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bench.core.frames import FALLBACK
from bench.core.metrics import METRICS, Predicted
from bench.core.rows import PLAIN
from bench.scores.compute import DatasetClasses, predicted, some_of
from bench.scores.design import is_external, resampling_of
from bench.stats.intervals import class_mix, hidden_mix
from bench.study import Study


@dataclass(frozen=True, eq=False)
class ClassMeans:
    """A metric on the rows of each class, by family; truth: the class of every row that was predicted.

    hidden: the part of the class mix that the folds do not show: 1 of stratified ones. Empty where the class mix adds
    nothing: no classification, folds that show it, a metric that is no mean of rows.
    """

    truth: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    means: Mapping[str, np.ndarray] = field(default_factory=dict)
    hidden: float = 1.0

    def variance(self, family: str, against: str | None = None) -> float:
        """What the class mix adds to the variance of the mean of a family, or of its difference from another."""
        names = (family,) if against is None else (family, against)
        if not all(name in self.means for name in names) or len(self.truth) < 2:
            return 0.0
        each = self.means[family] - (
            self.means[against] if against is not None else 0.0
        )
        return self.hidden * class_mix(each[self.truth], self.truth)


def _hidden(study: Study, dataset: str, tests: pl.DataFrame) -> float:
    """How much of the class mix the folds of a dataset hide. tests: (repeat, fold, row, truth) of all that was tested.

    Where the study draws the folds its protocol says it; folds that came with the data, or with predictions that were
    made elsewhere, are looked at.
    """
    if dataset not in study.datasets or study.task != "classification":
        return 0.0
    resampling = resampling_of(study, dataset)
    given = resampling is not None and resampling.given and not resampling.one_split
    if given or is_external(study, dataset):
        folds = tests.select(pl.struct("repeat", "fold").rank("dense")).to_series()
        return hidden_mix(
            *(one.to_numpy() for one in (folds, tests["row"], tests["truth"]))
        )
    return float(resampling is not None and resampling.stratifies)


def class_means(
    study: Study,
    dataset: str,
    classes: DatasetClasses | None,
    predictions: pl.DataFrame | None,
    metric: str,
) -> ClassMeans:
    """The means of a metric over the test rows of each class, with what stands in for failed cells."""
    if predictions is None or classes is None or not METRICS[metric].per_row:
        return ClassMeans()
    mine = predictions.filter(
        pl.col("dataset") == dataset,
        pl.col("side") == "test",
        pl.col("variant").is_in([PLAIN, FALLBACK]),
    )
    hidden = _hidden(study, dataset, mine.unique(["repeat", "fold", "row"]))
    if not hidden:
        return ClassMeans()
    found = {}
    for (family,), part in mine.partition_by("family", as_dict=True).items():
        if METRICS[metric].needs != "p" or not part["p"].null_count():
            found[str(family)] = _by_class(predicted(part, classes), metric)
    rows = mine.unique("row").sort("row")
    codes = {name: code for code, name in enumerate(classes.names)}
    return ClassMeans(
        np.array([codes[one] for one in rows["truth"]], int), found, hidden
    )


def _by_class(q: Predicted, metric: str) -> np.ndarray:
    """A metric that is a mean over rows, on the rows of each class alone; 0 of a class without rows."""
    means = np.zeros(q.k)
    for code in np.unique(q.truth):
        value = METRICS[metric].function(some_of(q, q.truth == code))
        means[code] = np.nan if value is None else value
    return means
