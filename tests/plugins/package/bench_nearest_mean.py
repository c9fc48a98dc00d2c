"""A package that extends bench: a family with an estimator of its own, a metric and a diagnostic."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from bench.core.findings import Finding, Severity
from bench.core.metrics.metric import Example, Metric, Predicted
from bench.core.outcomes import Statement
from bench.diagnose.diagnostic import Diagnostic
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found
from bench.families.family import Family, Setup


class NearestMean(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Predicts the class whose mean, drawn towards the mean of all, is nearest."""

    def __init__(self, shrink: float = 0.0) -> None:
        self.shrink = shrink

    def fit(self, X: Any, y: Any) -> NearestMean:
        """Itself, with a mean a class."""
        self.classes_ = np.unique(y)
        means = np.array([X[y == label].mean(axis=0) for label in self.classes_])
        self.means_ = (1 - self.shrink) * means + self.shrink * X.mean(axis=0)
        return self

    def predict(self, X: Any) -> Any:
        """The class of each row."""
        squares = ((X[:, None, :] - self.means_[None]) ** 2).sum(axis=2)
        return self.classes_[squares.argmin(axis=1)]


def worst_recall(q: Predicted) -> float | None:
    """The recall of the class with the lowest one."""
    recalls = [
        float(np.mean(q.label[q.truth == code] == code)) for code in np.unique(q.truth)
    ]
    return min(recalls, default=None)


class Rows(
    Statement,
    code="few_rows.tested",
    says="{rows} {rows:row is|rows are} few to test on",
):
    """How many rows were tested."""

    rows: int


def _look(evidence: DiagnosticEvidence) -> list[Finding]:
    return [
        found((dataset, None), Severity.NOTE, Rows(tests.select("row").n_unique()))
        for dataset, tests in evidence.tests.items()
    ]


NEAREST_MEAN = Family(
    name="nearest_mean",
    title="Nearest shrunken mean",
    short="NM",
    setups={
        "classification": Setup(
            "bench_nearest_mean.NearestMean",
            grid={"shrink": (0.0, 0.5)},
            output="label",
        )
    },
    preprocess=("encode",),
    source="Tibshirani et al. (2002)",
    kind="discriminant",
    how="It compares a row with the mean of each class.",
    fails="When a class is no single cloud.",
    knobs={"shrink": "How far the means are drawn together."},
)
WORST_RECALL = Metric(
    name="worst_recall",
    title="Lowest recall of a class",
    short="worst recall",
    task="classification",
    higher_is_better=True,
    low=0.0,
    high=1.0,
    needs="label",
    function=worst_recall,
    source="The lowest share of a class that is found",
    oracle=Example(
        Predicted(truth=np.array([0, 0, 1]), label=np.array([0, 1, 1]), k=2), 0.5
    ),
)
FEW_ROWS = Diagnostic(
    name="few_rows",
    title="Few rows",
    code="X1",
    why="A score of few rows is uncertain.",
    what_to_do="Collect more rows.",
    run=_look,
)
