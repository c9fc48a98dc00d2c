"""Repeats in two stages: a pilot is run, its scores tell how many repeats the claims need in all, the rest is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from bench.core.errors import IncompatibleDataError
from bench.core.frames import REPEATS, UNAVAILABLE, empty, of_rows
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.gather import Results, gathered
from bench.run.store import Store
from bench.study import Study
from bench.study.repeats import pilots_of

#: How many repeats the claims on each dataset need, from what a pilot leaves; none where they need no more than that.
#: This room does not know claims.
RepeatsNeeded = Callable[[Study, Results], Mapping[str, int]]


def nothing_needed(study: Study, results: Results) -> Mapping[str, int]:
    """Of a study whose claims nobody looks at: the pilot is all that is run."""
    return {}


def repeats_of(
    study: Study,
    cells: Sequence[Cell],
    folds: pl.DataFrame,
    datasets: Mapping[str, Dataset],
    store: Store,
    needed: RepeatsNeeded,
) -> pl.DataFrame:
    """frames.REPEATS, from the cells of a pilot that are stored: one that failed says nothing of the spread.

    folds: frames.FOLDS of the pilot; datasets: by fingerprint.
    """
    stored = store.known(cell.key for cell in cells)
    done = [cell for cell in cells if cell.key in stored]
    results = gathered(done, lambda cell: store.get(cell.key), {}, datasets, folds, empty(UNAVAILABLE))
    found, rows = needed(study, results), []
    for name, stated in pilots_of(study).items():
        wanted = max(stated.pilot, found.get(name, 0))
        rows.append({"dataset": name, "pilot": stated.pilot, "needed": wanted, "run": min(wanted, stated.at_most)})
    return of_rows(rows, REPEATS)


def run_of(repeats: pl.DataFrame) -> dict[str, int]:
    """The repeats that are run, by dataset."""
    return dict(repeats.select("dataset", "run").iter_rows())


def refuse_draws(dataset: Dataset) -> None:
    """Raise `IncompatibleDataError` for a simulation: each of its draws is a repeat already."""
    if dataset.draw is not None:
        raise IncompatibleDataError(
            ("protocol", "resampling", "repeats"),
            f"dataset {dataset.name} is a simulation with draws of its own, which a pilot cannot count; write a whole "
            "number of repeats",
        )
