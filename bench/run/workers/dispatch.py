"""Cells to outcomes: which cells go together, in which order, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bench.core.errors import DataError
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.result import CellError, Failure, packed
from bench.run.workers.limits import Limits


@dataclass(frozen=True, eq=False)
class CellOutcome:
    """What became of a cell: the packed result, or a failure as (status, stage, reason).

    seconds (wall) and peak (bytes of resident memory of its process) are for estimates, never for results; `printed`
    is the end of what its code wrote.
    """

    cell: Cell
    content: bytes | None
    failure: Failure | None
    seconds: float
    peak: int = 0
    printed: str = ""


@dataclass(frozen=True, eq=False)
class CellTask:
    """A cell for a worker, and the folder with its dataset's arrays."""

    cell: Cell
    arrays: str

    @property
    def name(self) -> tuple[str, str]:
        return self.cell.plan.dataset, self.cell.plan.family


def tasks_of(
    cells: Sequence[Cell], arrays: Path, seconds: dict[tuple[str, str], float]
) -> list[CellTask]:
    """The open cells as tasks, the longest first, so that no worker is left alone with a long one at the end.

    `arrays`: the folder with the arrays of datasets, by fingerprint. `seconds`: those of a cell as remembered, by
    dataset and family; without any, more rows and candidates count as longer.
    """
    tasks = [CellTask(cell, str(arrays / cell.fingerprint)) for cell in cells]

    def expected(task: CellTask) -> tuple[bool, float]:
        known = seconds.get(task.name)
        if known is not None:
            return True, -known
        return False, -len(task.cell.plan.candidates) * len(task.cell.fold.train)

    return sorted(tasks, key=expected)


def outcomes(tasks: Iterable[CellTask], limits: Limits) -> Iterator[CellOutcome]:
    """Every cell's outcome, as they finish. On any exception in the caller (Ctrl-C too) the workers are gone."""
    from bench.run.workers.pool import supervised

    for task, ended in supervised(
        tasks, work, limits, preload=["bench.run.workers.preload"]
    ):
        content, failure = ended.value or (None, (ended.status, "fit", ended.reason))
        yield CellOutcome(
            task.cell, content, failure, ended.seconds, ended.peak, ended.printed
        )


def work(task: CellTask) -> tuple[bytes | None, Failure | None]:
    """Runs in a worker: evaluate the cell and pack what it leaves, or say why it failed."""
    from bench.families.present import training_on
    from bench.run.evaluate import evaluate
    from bench.run.variants.inspection import inspected
    from bench.run.variants.inspection import packed as packed_inspection
    from bench.run.variants.permuted import permuted

    cell = task.cell
    try:
        dataset = _dataset(task.arrays)
        if cell.permutation is not None:
            dataset = permuted(dataset, cell.plan.study, cell.permutation)
        with training_on(dataset.y[cell.fold.train]):
            if cell.shuffles:
                return packed_inspection(inspected(dataset, cell)), None
            return packed(evaluate(dataset, cell)), None
    except CellError as error:
        return None, ("failed", error.stage, error.reason)
    except DataError as error:
        return None, ("failed", "load", str(error))


@lru_cache(maxsize=4)
def _dataset(folder: str) -> Dataset:
    from bench.data.arrays import read_arrays

    return read_arrays(Path(folder))
