"""Two families on the rows of one test set, each predicted once by one held-out fit: McNemar and DeLong.

They speak of these two fits and of further rows like these, not of what other training rows would give. Rows predicted
by several fits (folds, repeats) are no independent sample, and nothing is tested on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np
import polars as pl

from bench.core.comparisons import Method, TestSetPairRow, WhyNot
from bench.core.rows import OWN
from bench.scores.compute import DatasetClasses, predicted
from bench.scores.design import (
    draws_chance,
    level_of,
    resampling_of,
    seeded,
    tuning_draws,
)
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.adjust import holm
from bench.stats.instances import accuracy_difference, delong, mcnemar
from bench.stats.noise import kept_decimals
from bench.study import Study

#: Metrics that say how often the label is right, and the sign of a difference in favour of right labels.
SHARES = {"accuracy": 1, "error_rate": -1}
#: Makes the row of a pair from its test.
RowOf = Callable[..., TestSetPairRow]


@dataclass(frozen=True, eq=False)
class TestSet:
    """The predictions of a dataset by family, its classes, and why its rows are no independent sample, if so."""

    __test__ = False  # no test class, whatever its name begins with

    dataset: str
    classes: DatasetClasses
    rows: Mapping[str, pl.DataFrame]
    cause: WhyNot | None

    def compare(
        self, study: Study, metric: str, family: str, against: str
    ) -> TestSetPairRow | WhyNot:
        """McNemar's test of accuracy and error rate, DeLong's of the ROC area of two classes, on the first repeat."""
        if self.cause is not None:
            return self.cause
        if metric not in SHARES and not (
            metric == "roc_auc" and len(self.classes.names) == 2
        ):
            return WhyNot.NO_ROW_TEST
        a, b = self.rows.get(family), self.rows.get(against)
        if (
            a is None
            or b is None
            or not a["row"].equals(b["row"])
            or not a["row"].is_unique().all()
        ):
            return WhyNot.NO_PREDICTIONS
        made = partial(
            TestSetPairRow,
            dataset=self.dataset,
            family=family,
            against=against,
            metric=metric,
        )
        if metric in SHARES:
            return _mcnemar(a, b, SHARES[metric], level_of(study), made)
        return _delong(a, b, self.classes, level_of(study), made)


def set_of(
    study: Study,
    dataset: str,
    classes: DatasetClasses | None,
    predictions: pl.DataFrame | None,
) -> TestSet | None:
    """The test set of a classification; None for a regression, and where no table of rows is known."""
    spec = study.datasets.get(dataset)
    if (
        study.task != "classification"
        or classes is None
        or spec is None
        or predictions is None
    ):
        return None
    mine = predictions.filter(
        pl.col("dataset") == dataset,
        OWN,
        pl.col("side") == "test",
        pl.col("repeat") == 0,
    )
    rows = {
        str(family): part
        for (family,), part in mine.sort("row")
        .partition_by("family", as_dict=True)
        .items()
    }
    cause = WhyNot.GROUPED_ROWS if spec.group is not None else None
    if resampling_of(study, dataset) == "time_ordered":
        cause = WhyNot.ROWS_IN_TIME
    return TestSet(dataset, classes, rows, cause)


#: Why there is no test set to compare on, by the task: no metric of a regression has a test on its rows.
_WITHOUT_SET = {"regression": WhyNot.NO_ROW_TEST}


def settled(
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
    if any(one.pooled for one in pair.values()):
        return WhyNot.POOLED
    if setting.one_row:
        return WhyNot.SINGLE_ROWS
    if setting.folds > 1 and not setting.seeds:
        return WhyNot.FEW_SPLITS
    if draws_chance(study, dataset):
        return WhyNot.ONE_SPLIT
    for family, one in pair.items():
        if (
            setting.seeds
            and float(np.ptp(np.round(one.value, kept_decimals(one.value)))) > 0
        ):
            return WhyNot.ONE_SEED
        drawn = seeded(study, dataset, family) or tuning_draws(study, dataset, family)
        if not setting.seeds and drawn:
            return WhyNot.ONE_SEED
    return (
        None
        if test_set is not None
        else _WITHOUT_SET.get(str(study.task), WhyNot.NO_PREDICTIONS)
    )


def pairs_on_one_test_set(
    study: Study, test_set: TestSet, metric: str, families: list[str]
) -> list[TestSetPairRow]:
    """Every pair of families that predicted the whole test set of a dataset with one fold; p adjusted by Holm."""
    found = [
        test_set.compare(study, metric, *pair) for pair in combinations(families, 2)
    ]
    rows = [one for one in found if isinstance(one, TestSetPairRow)]
    adjusted = holm(np.array([row.p for row in rows]))
    return [
        replace(row, p_adjusted=float(p)) for row, p in zip(rows, adjusted, strict=True)
    ]


def _mcnemar(
    a: pl.DataFrame, b: pl.DataFrame, sign: int, level: float, made: RowOf
) -> TestSetPairRow:
    right = [
        (part["label"] == part["truth"]).fill_null(False).to_numpy() for part in (a, b)
    ]
    test = mcnemar(*right)
    ends = sorted(
        sign * end
        for end in accuracy_difference(test.only_a, test.only_b, test.n, level=level)
    )
    return made(
        test=Method.MCNEMAR,
        difference=sign * test.difference,
        low=ends[0],
        high=ends[1],
        p=test.p_value,
    )


def _delong(
    a: pl.DataFrame, b: pl.DataFrame, classes: DatasetClasses, level: float, made: RowOf
) -> TestSetPairRow | WhyNot:
    both = [predicted(part, classes) for part in (a, b)]
    scores = [one.scores() for one in both]
    positive = both[0].positive_code
    if positive is None or scores[0] is None or scores[1] is None:
        return WhyNot.NO_PREDICTIONS
    try:
        test = delong(
            both[0].truth == positive,
            scores[0][:, positive],
            scores[1][:, positive],
            level=level,
        )
    except ValueError:
        return WhyNot.NO_VARIANCE
    return made(
        test=Method.DELONG,
        difference=test.difference,
        low=test.low,
        high=test.high,
        p=test.p_value,
    )
