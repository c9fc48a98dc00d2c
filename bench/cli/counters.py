"""What has finished of a run, by dataset and family; what it cost and how long the rest may take."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bench.cli.in_progress import Current
from bench.cli.interim_scores import DatasetFamily, InterimScores
from bench.cli.words import coarse, duration
from bench.project.project import Project
from bench.run.variants.price import fits_of
from bench.text.formats import count, plural

if TYPE_CHECKING:
    from bench.run.cells import Cell
    from bench.run.workers.dispatch import CellOutcome

#: What became of a cell that has no result, in a word.
STATUS = {"failed": "failed", "timeout": "timeout", "oom": "memory", "crash": "crash"}
#: The share of the work that must be done before the time left is told.
TOLD_FROM = 1 / 20


class Tally:
    """What has finished, by dataset and family. Cells that a diagnostic asked for count in the total alone."""

    def __init__(
        self,
        study: str,
        workers: str = "1 worker",
        clock: Callable[[], float] = time.monotonic,
        project: Project | None = None,
    ) -> None:
        self.study, self.workers, self.clock = study, workers, clock
        self.scores, self.current = InterimScores(project or Project.here(), study), Current(clock)
        self.total: Counter[DatasetFamily] = Counter()
        self.done: Counter[DatasetFamily] = Counter()
        self.warnings: Counter[DatasetFamily] = Counter()
        # Finished by this run, whatever the variant; so are the next two.
        self.fresh: Counter[DatasetFamily] = Counter()
        self.open: Counter[DatasetFamily] = Counter()
        self.work: dict[DatasetFamily, float] = defaultdict(float)  # seconds
        self.failed: dict[DatasetFamily, Counter[str]] = {}
        self.remembered: dict[DatasetFamily, float] = {}
        self.stored = self.cells = self.finished_cells = self.lost = self.diagnostics = self.fits = 0
        self.seeds: set[int] = set()
        self.began = clock()
        self.ended: float | None = None
        self.last = self.warning = ""

    def started(self, cells: list[Cell], stored: int, seconds: dict[DatasetFamily, float]) -> None:
        """Cells that are to be done; called once more when diagnostics go on from what the first ones chose."""
        self.began = self.began if self.cells else self.clock()
        self.ended = None if len(cells) > stored else self.ended
        self.cells += len(cells)
        self.stored += stored
        self.remembered |= seconds
        self.current.expect(cells)
        self.total.update(pair_of(cell) for cell in cells if cell.variant == "plain")
        self.open.update(pair_of(cell) for cell in cells)
        self.diagnostics = self.cells - self.total.total()
        self.fits += sum(fits_of(cell) for cell in cells)
        self.seeds |= {cell.plan.protocol.seed for cell in cells}

    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None:
        pair, plain = pair_of(cell), cell.variant == "plain"
        self.finished_cells += 1
        self.current.leave(cell)
        self.open[pair] -= 1
        self.done[pair] += plain
        if outcome is not None:
            self.fresh[pair] += 1
            self.work[pair] += outcome.seconds
            self.last = f"{place_of(cell)}, {duration(outcome.seconds)}"
            if outcome.failure is not None:
                self._lost(cell, outcome.failure)
            elif plain and outcome.content:
                self.scores.add(cell, outcome.content)
        if self.finished_cells == self.cells:
            self.ended = self.clock()

    def _lost(self, cell: Cell, failure: tuple[str, str, str]) -> None:
        self.lost += 1
        if cell.variant == "plain":
            self.failed.setdefault(pair_of(cell), Counter())[failure[0]] += 1
        self.said(cell, failure[2])

    def warned(self, cell: Cell, message: str) -> None:
        self.warnings[pair_of(cell)] += cell.variant == "plain"
        self.said(cell, message)

    def said(self, cell: Cell, message: str) -> None:
        """A warning, or why a cell failed."""
        self.warning = f"{place_of(cell)}: {' '.join(message.split())}"

    def working(self, cells: Sequence[Cell]) -> None:
        """The cells that are under way now."""
        self.current.hold(cells)

    def close(self) -> None:
        """Nothing more is shown. Called however the run ends, and more than once."""

    @property
    def elapsed(self) -> float:
        """Seconds of waiting, up to the last cell."""
        return (self.clock() if self.ended is None else self.ended) - self.began if self.cells else 0.0

    def left(self) -> str:
        """Coarse words for the time left, from this run's cells and remembered ones; empty until 5 % are done."""
        spent = sum(self.work.values())
        ahead = sum(cells * self._seconds(pair) for pair, cells in self.open.items() if cells)
        if not spent or not ahead or spent < TOLD_FROM * (spent + ahead):
            return ""
        return coarse(self.elapsed * ahead / spent)

    def _seconds(self, pair: DatasetFamily) -> float:
        """What a cell of a family on a dataset may take: as in this run, else as remembered, else as the others."""
        if self.fresh[pair]:
            return self.work[pair] / self.fresh[pair]
        if pair in self.remembered:
            return self.remembered[pair]
        return sum(self.work.values()) / max(1, self.fresh.total())

    def size(self) -> str:
        """What the run is, without its name: `2 datasets × 5 models × 15 folds`."""
        datasets, families = (len({pair[side] for pair in self.total}) for side in (0, 1))
        counts = sorted(set(self.total.values())) or [0]
        folds = count(counts[0]) if len(counts) == 1 else f"{count(counts[0])} to {count(counts[-1])}"
        words = [plural(datasets, "dataset"), plural(families, "model")]
        return " × ".join([*words, f"{folds} fold{'' if counts == [1] else 's'}"])

    def hands(self) -> str:
        """Who does it, from which seed."""
        return ", ".join([self.workers, *(f"seed {seed}" for seed in self.seeds if len(self.seeds) == 1)])

    def amount(self) -> str:
        """How much there is to do."""
        words = [f"{plural(self.cells, 'cell')}, {count(self.stored)} of them from the store"]
        words += [f"{count(self.diagnostics)} for diagnostics"] if self.diagnostics else []
        return ", ".join([*words, f"{plural(self.fits, 'fit')} in all"])

    def failures_of(self, pair: DatasetFamily) -> str:
        """`2 timeout`; empty when none failed."""
        found: Mapping[str, int] = self.failed.get(pair, {})
        return ", ".join(f"{cells} {STATUS.get(status, status)}" for status, cells in found.items())

    def conclusion(self) -> str:
        """The run in one line, once it is over."""
        words = [f"{plural(self.finished_cells, 'cell')} in {duration(self.elapsed)}"]
        words += [f"{count(self.stored)} from the store"] if self.stored else []
        words += [f"{count(self.lost)} failed"] if self.lost else []
        return ", ".join(words)


def pair_of(cell: Cell) -> DatasetFamily:
    return cell.plan.dataset, cell.plan.family


def place_of(cell: Cell) -> str:
    names = cell.names
    variant = "" if cell.variant == "plain" else f" {cell.variant}"
    return f"{names['dataset']}/{names['family']}{variant} repeat {names['repeat']} fold {names['fold']}"
