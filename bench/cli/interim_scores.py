"""Mean scores of the cells that a run has finished so far, shown while it goes on; none of them is kept.

Tables are read when the first cell of a dataset finishes; a metric of one fold takes a millisecond or less.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from bench.core.metrics import Metric, Predicted
    from bench.data.dataset import Dataset
    from bench.project.project import Project
    from bench.run.cells import Cell
    from bench.run.result import FoldPrediction
    from bench.study import Study

DatasetFamily = tuple[str, str]


class InterimScores:
    """Mean test scores by dataset and family, in the study's primary metric, of the cells that this run finished."""

    def __init__(self, project: Project, study: str) -> None:
        self.project, self.name = project, study
        self.sums: dict[DatasetFamily, list[float]] = {}
        self.silent: set[DatasetFamily] = set()
        self.single: dict[str, bool] = {}
        self.dataset = cache(self._dataset)
        self.study = cache(self._study)

    def add(self, cell: Cell, content: bytes) -> None:
        """One more finished cell; `content` is its packed result."""
        pair = (cell.plan.dataset, cell.plan.family)
        if pair in self.silent:
            return
        try:
            value, weight = self._scored(cell, content)
        except (
            Exception
        ):  # whatever is wrong here, the run is worth more than a number on the screen
            value, weight = None, 0
        if value is None:
            self.silent.add(pair)
            return
        sums = self.sums.setdefault(pair, [0.0, 0.0, 0.0])
        sums[0] += value * weight
        sums[1] += weight
        sums[2] += 1

    def words(self, pair: DatasetFamily, cells: int) -> str:
        """The mean as the page will print it; empty unless it is the mean of so many cells."""
        from bench.text.words import measure

        total, weight, count = self.sums.get(pair, (0.0, 0.0, 0))
        if pair in self.silent or not count or count != cells:
            return ""
        return measure(self.metric.name).show(total / weight)

    @property
    def metric(self) -> Metric:
        from bench.core.metrics import METRICS

        return METRICS[self.study().metrics.primary]

    def _scored(self, cell: Cell, content: bytes) -> tuple[float | None, int]:
        """The score of the cell's test rows and its weight; None where the judge pools what no mean can give."""
        from bench.run.result import unpacked
        from bench.scores.design import aggregation_of

        rows, name = cell.fold.test, cell.plan.dataset
        single = len(rows) == 1
        if (
            self.single.setdefault(name, single) != single
        ):  # the sizes of all test sets decide how these are scored
            return None, 0
        pooled = (
            aggregation_of(self.study(), name, self.metric.name, row_by_row=single)
            == "pooled"
        )
        if pooled and not self.metric.per_row:
            return None, 0
        value = self.metric.function(
            _predicted(self.dataset(name), rows, unpacked(content).test)
        )
        return value, len(rows) if pooled else 1

    def _study(self) -> Study:
        from bench.study import read_study

        return read_study(self.project.paths.study(self.name))

    def _dataset(self, name: str) -> Dataset:
        from bench.data.load import read_dataset

        return read_dataset(
            self.project.paths.clean(self.name), name, self.study().task
        )


def _predicted(dataset: Dataset, rows: np.ndarray, said: FoldPrediction) -> Predicted:
    from bench.core.metrics import Predicted

    return Predicted(
        truth=dataset.y[rows],
        label=said.label,
        p=said.p,
        decision=said.decision,
        value=said.value,
        k=len(dataset.classes),
        positive=dataset.classes.index(dataset.positive)
        if dataset.positive is not None
        else None,
    )
