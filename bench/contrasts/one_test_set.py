"""Two models on the rows of one test set, each predicted once by one held-out fit: McNemar and DeLong.

They speak of these two fits and of further rows like these, not of what other training rows would give. Rows predicted
by several fits (folds, repeats) are no independent sample, and nothing is tested on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nan

import numpy as np
import polars as pl

from bench.contrasts.contrast import Contrast
from bench.contrasts.laws import RowsLaw, Student
from bench.core.comparisons import Method, WhyNot
from bench.core.rows import OWN
from bench.scores.compute import DatasetClasses, predicted
from bench.scores.design import draws_chance, is_in_time, seeded, tuning_draws
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.instances import delong
from bench.stats.noise import kept_decimals
from bench.study import Study


@dataclass(frozen=True, eq=False)
class TestSet:
    """The predictions of a dataset by family, its classes, and why its rows are no independent sample, if so."""

    __test__ = False  # no test class, whatever its name begins with

    classes: DatasetClasses
    rows: Mapping[str, pl.DataFrame]
    why_not: WhyNot | None

    def compare(self, metric: str, family: str, against: str) -> Contrast:
        """McNemar's test of accuracy and error rate, DeLong's of the ROC area of two classes, on the first repeat."""
        if self.why_not is not None:
            return Contrast(gain=nan, why_not=self.why_not)
        is_area = metric == "roc_auc" and len(self.classes.names) == 2
        if metric not in ("accuracy", "error_rate") and not is_area:
            return Contrast(gain=nan, why_not=WhyNot.NO_ROW_TEST)
        first, second = self.rows.get(family), self.rows.get(against)
        if first is None or second is None or not _has_same_rows(first, second):
            return Contrast(gain=nan, why_not=WhyNot.NO_PREDICTIONS)
        if is_area:
            return self._compare_areas(first, second)
        if metric == "error_rate":
            first, second = second, first
        a, b = _find_right(first), _find_right(second)
        gain = float(a.mean() - b.mean())
        law = RowsLaw(a, b)
        return Contrast(gain=gain, n=len(a), law=law, test=Method.MCNEMAR)

    def _compare_areas(self, first: pl.DataFrame, second: pl.DataFrame) -> Contrast:
        predictions = [predicted(rows, self.classes) for rows in (first, second)]
        a, b = (prediction.scores() for prediction in predictions)
        positive = predictions[0].positive_code
        if positive is None or a is None or b is None:
            return Contrast(gain=nan, why_not=WhyNot.NO_PREDICTIONS)
        truth = predictions[0].truth == positive
        try:
            test = delong(truth, a[:, positive], b[:, positive])
        except ValueError:
            return Contrast(gain=nan, why_not=WhyNot.NO_VARIANCE)
        return Contrast(
            gain=test.difference,
            n=len(truth),
            law=Student(gain=test.difference, standard_error=test.se, df=inf),
            test=Method.DELONG,
        )


def _has_same_rows(first: pl.DataFrame, second: pl.DataFrame) -> bool:
    return first["row"].equals(second["row"]) and bool(first["row"].is_unique().all())


def _find_right(rows: pl.DataFrame) -> np.ndarray:
    """(n,) which rows have the right label."""
    return (rows["label"] == rows["truth"]).fill_null(False).to_numpy()


def find_test_set(
    study: Study,
    dataset: str,
    classes: DatasetClasses | None,
    predictions: pl.DataFrame | None,
) -> TestSet | None:
    """The test set of a classification; None for a regression, and where no table of rows is known."""
    spec = study.datasets.get(dataset)
    known = classes is not None and spec is not None and predictions is not None
    if study.task != "classification" or not known:
        return None
    assert classes is not None and spec is not None and predictions is not None
    own = predictions.filter(
        OWN,
        pl.col("dataset") == dataset,
        pl.col("side") == "test",
        pl.col("repeat") == 0,
    )
    by_family = own.sort("row").partition_by("family", as_dict=True)
    why_not = WhyNot.GROUPED_ROWS if spec.group is not None else None
    if is_in_time(study, dataset):
        why_not = WhyNot.ROWS_IN_TIME
    rows = {str(family): part for (family,), part in by_family.items()}
    return TestSet(classes, rows, why_not)


def why_rows_say_nothing(
    study: Study,
    setting: Setting,
    dataset: str,
    pair: Mapping[str, Series],
    test_set: TestSet | None,
) -> WhyNot | None:
    """Why what the rows of a test set say does not settle which of two families is better; None where it does.

    It does where another run would give the same two fits: the split is not drawn, and no seed has a part.
    """
    if setting.folds == 0:
        return WhyNot.NO_FOLDS
    if any(series.pooled for series in pair.values()):
        return WhyNot.POOLED
    if setting.one_row:
        return WhyNot.SINGLE_ROWS
    if setting.folds > 1 and not setting.seeds:
        return WhyNot.FEW_SPLITS
    if draws_chance(study, dataset):
        return WhyNot.ONE_SPLIT
    for family, series in pair.items():
        if setting.seeds:
            rounded = np.round(series.value, kept_decimals(series.value))
            is_drawn = float(np.ptp(rounded)) > 0
        else:
            is_drawn = bool(
                seeded(study, dataset, family) or tuning_draws(study, dataset, family)
            )
        if is_drawn:
            return WhyNot.ONE_SEED
    if test_set is not None:
        return None
    # No metric of a regression has a test on its rows.
    is_regression = study.task == "regression"
    return WhyNot.NO_ROW_TEST if is_regression else WhyNot.NO_PREDICTIONS
