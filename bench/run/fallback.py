"""What stands in for a failed cell: a baseline's answer, from the same training rows and without a feature.

Of every failed cell it is stored, under a variant of its own: so the judge fits nothing, and can say what the order of
families is without it. After mlr3's fallback learners: Bischl, Sonabend,
Kotthoff & Lang (2024), Applied Machine Learning Using mlr3 in R, section 10.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.core.frames import FALLBACK
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.folds import Fold
from bench.run.result import FoldPrediction

#: Cell, side, positions of rows, and what was said of them.
PredictedPart = tuple[Cell, str, np.ndarray, FoldPrediction]
#: What stands in, in words (frames.FAILURES, `policy`), by task.
WORDS = {
    "classification": "the commonest class of its training rows, their shares as probabilities",
    "regression": "the mean of its training rows",
}


def fallbacks(dataset: Dataset, failed: Sequence[Cell]) -> Iterator[PredictedPart]:
    """One part a failed cell: of its test rows, under the variant `fallback`."""
    for cell in failed:
        yield (
            replace(cell, variant=FALLBACK),
            "test",
            cell.fold.test,
            answer(dataset, cell.fold),
        )


def answer(dataset: Dataset, fold: Fold) -> FoldPrediction:
    """What scikit-learn's DummyClassifier (prior) or DummyRegressor (mean) says of a fold's test rows."""
    y, n = dataset.y[fold.train], len(fold.test)
    if dataset.task == "regression":
        return FoldPrediction(value=np.full(n, y.mean()))
    shares = np.bincount(y, minlength=len(dataset.classes)) / len(y)
    return FoldPrediction(label=np.full(n, shares.argmax()), p=np.tile(shares, (n, 1)))
