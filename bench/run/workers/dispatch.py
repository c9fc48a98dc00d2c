"""Cells to outcomes: which cells go together, in which order, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from bench.core.errors import DataError
from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.result import CellError, CellResult, Failure, packed
from bench.run.workers.limits import Limits

#: (packed result or None, failure or None), one a cell.
_Part = tuple[bytes | None, Failure | None]


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
class Batch:
    """Cells that one worker takes together: one, or all open ones of a repeat that share their inner fits."""

    cells: tuple[Cell, ...]
    arrays: str

    @property
    def name(self) -> tuple[str, str]:
        return self.cells[0].plan.dataset, self.cells[0].plan.family


def bundles(
    cells: Sequence[Cell], arrays: Path, seconds: dict[tuple[str, str], float]
) -> list[Batch]:
    """The open cells as bundles, the longest first, so that no worker is left alone with a long one at the end.

    `arrays`: the folder with the arrays of datasets, by fingerprint. `seconds`: those of a cell as remembered, by
    dataset and family; without any, more rows and candidates count as longer.
    """
    found = []

    def shared(cell: Cell) -> object:
        return (cell.variant, cell.fold.repeat) if cell.plan.paired else cell

    for _, own in groupby(
        cells, key=lambda c: (c.plan.dataset, c.plan.family, shared(c))
    ):
        together = tuple(own)
        found.append(Batch(together, str(arrays / together[0].fingerprint)))

    def expected(bundle: Batch) -> tuple[bool, float]:
        plan, known = bundle.cells[0].plan, seconds.get(bundle.name)
        size = (
            len(bundle.cells) * len(plan.candidates) * len(bundle.cells[0].fold.train)
        )
        return known is not None, -(
            size if known is None else known * len(bundle.cells)
        )

    return sorted(found, key=expected)


def outcomes(
    tasks: Iterable[Batch],
    limits: Limits,
) -> Iterator[CellOutcome]:
    """Every cell's outcome, as they finish. On any exception in the caller (Ctrl-C too) the workers are gone.

    Limits are a cell's: a bundle may take as many times more seconds as it has cells. The cells of a bundle that is
    lost are done one by one, so that a bad cell costs itself alone.
    """
    from bench.run.workers.pool import supervised

    lost: list[Batch] = []

    def limits_of(bundle: Batch) -> Limits:
        return Limits(limits.workers, limits.seconds * len(bundle.cells), limits.memory)

    for bundle, ended in supervised(
        tasks,
        work,
        limits,
        preload=["bench.run.workers.preload"],
        limits_of=limits_of,
    ):
        if ended.value is None and len(bundle.cells) > 1:
            lost += [Batch((cell,), bundle.arrays) for cell in bundle.cells]
            continue
        parts: Sequence[_Part] = ended.value or [
            (None, (ended.status, "fit", ended.reason))
        ] * len(bundle.cells)
        each = ended.seconds / len(bundle.cells)
        for cell, (content, failure) in zip(bundle.cells, parts, strict=True):
            yield CellOutcome(cell, content, failure, each, ended.peak, ended.printed)
    if lost:
        yield from outcomes(lost, limits)


def work(bundle: Batch) -> list[_Part]:
    """Runs in a worker: evaluate the cells and pack what they leave."""
    from bench.families.present import training_on
    from bench.run.evaluate import evaluate_together
    from bench.run.variants.inspection import InspectionTask, inspected
    from bench.run.variants.inspection import packed as packed_inspection
    from bench.run.variants.permuted import permuted

    def part(one: CellResult | InspectionTask | CellError) -> _Part:
        if isinstance(one, CellError):
            return None, ("failed", one.stage, one.reason)
        return (
            packed(one) if isinstance(one, CellResult) else packed_inspection(one)
        ), None

    try:
        dataset, first = _dataset(bundle.arrays), bundle.cells[0]
        if first.shuffles:
            with training_on(dataset.y[first.fold.train]):
                return [part(inspected(dataset, cell)) for cell in bundle.cells]
        if first.permutation is not None:
            dataset = permuted(dataset, first.plan.study, first.permutation)
        with training_on(dataset.y[first.fold.train]):
            return [part(one) for one in evaluate_together(dataset, bundle.cells)]
    except DataError as error:
        return [(None, ("failed", "load", str(error)))] * len(bundle.cells)


@lru_cache(maxsize=4)
def _dataset(folder: str) -> Dataset:
    from bench.data.arrays import read_arrays

    return read_arrays(Path(folder))
