"""The clean rows that diagnostics look at: those of one draw, of a large table a seeded sample; and changes of a table
that planted leaks are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.data.dataset import Column, Dataset
from bench.run.seeds import seed_of
from bench.text.findings import RowsExamined

#: At most so many rows, and so many cells; a larger table is sampled in runs of rows, so that neighbours stay together.
ROWS, CELLS, RUN = 10_000, 10_000_000, 100
#: A category of more levels than this is no place to measure distances by.
LEVELS = 20


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of one dataset in the order of its file, as `Dataset` has them; `examined`: which, where not all."""

    name: str
    columns: tuple[Column, ...]
    classes: tuple[str, ...]
    X: np.ndarray
    y: np.ndarray
    row: np.ndarray
    group: np.ndarray | None
    time: np.ndarray | None
    examined: tuple[RowsExamined, ...] = ()

    @property
    def n(self) -> int:
        return len(self.y)

    def some(self, most: int) -> np.ndarray:
        """At most so many positions, in runs, in the order of the file; the same every time."""
        return _runs(self.n, most, seed_of(self.name, str(most)))

    @cached_property
    def numeric(self) -> np.ndarray:
        """(n, q) the columns that have an order, each with mean 0 and deviation 1; missing is 0; constants left out."""
        return self._ordered[0]

    @cached_property
    def _ordered(self) -> tuple[np.ndarray, np.ndarray]:
        at = np.array(
            [
                i
                for i, column in enumerate(self.columns)
                if column.kind != "categorical"
            ],
            dtype=np.int64,
        )
        scaled, vary = _scaled(self.X[:, at])
        return scaled, at[vary]

    @cached_property
    def places(self) -> np.ndarray:
        """(n, q) points to measure distances between: `numeric`, and an indicator for each level of a category."""
        parts = [self.numeric]
        for i, column in enumerate(self.columns):
            if column.kind == "categorical" and len(column.categories) <= LEVELS:
                parts.append(
                    (self.X[:, i, None] == np.arange(len(column.categories))).astype(
                        float
                    )
                )
        return np.hstack(parts)

    @cached_property
    def place_of(self) -> np.ndarray:
        """(q,) the position among the columns of what each of `places` is of."""
        levels = [
            len(one.categories) if one.kind == "categorical" else 0
            for one in self.columns
        ]
        indicators = [
            np.full(count, i) for i, count in enumerate(levels) if 0 < count <= LEVELS
        ]
        return np.concatenate([self._ordered[1], *indicators])


def sample_of(dataset: Dataset, study: str) -> Sample:
    """The first draw of a simulation, or all rows; sampled where there are too many."""
    at, total = np.arange(dataset.n), None
    if dataset.draw is not None:
        at = np.flatnonzero(dataset.draw == dataset.draw.min())
    at = at[np.argsort(dataset.row[at], kind="stable")]
    most = min(ROWS, max(RUN, CELLS // max(1, dataset.X.shape[1])))
    if len(at) > most:
        total = len(at)
        at = at[_runs(total, most, seed_of(study, dataset.name))]
    group, time = (
        None if one is None else one[at] for one in (dataset.group, dataset.time)
    )
    X, y, row = dataset.X[at], dataset.y[at], dataset.row[at]
    examined: tuple[RowsExamined, ...] = ()
    if dataset.draw is not None or total is not None:
        examined = (
            RowsExamined(
                dataset.draw is not None, total and len(at), total, total and RUN
            ),
        )
    return Sample(
        dataset.name, dataset.columns, dataset.classes, X, y, row, group, time, examined
    )


def _runs(n: int, most: int, seed: int) -> np.ndarray:
    if n <= most:
        return np.arange(n)
    run = min(RUN, most)
    starts = np.arange(0, n - run + 1, run)
    chosen = np.sort(
        np.random.default_rng(seed).choice(starts, most // run, replace=False)
    )
    return np.asarray((chosen[:, None] + np.arange(run)).ravel())


def _scaled(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The columns that vary, scaled; and which those are, (p,) booleans."""
    there = ~np.isnan(X)
    counts = np.maximum(there.sum(axis=0), 1)
    means = np.where(there, X, 0.0).sum(axis=0) / counts
    centred = np.where(there, X - means, 0.0)
    deviations = np.sqrt((centred**2).sum(axis=0) / counts)
    vary = deviations > 1e-12 * np.maximum(np.abs(means), 1e-300)
    return np.asarray(centred[:, vary] / deviations[vary]), vary
