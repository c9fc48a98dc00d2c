"""What has finished of a run, by dataset and family; what it cost, how long the rest may take, what is under way."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from bench.cli.interim_scores import DatasetFamily, InterimScores
from bench.cli.words import coarse, duration, whole
from bench.core.text import clean, shortened
from bench.project.project import Project
from bench.run.cells import Cell
from bench.run.variants.price import fits_of
from bench.run.workers.dispatch import CellOutcome
from bench.text.formats import count, plural

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
        self.scores, self.current = (
            InterimScores(project or Project.here(), study),
            Current(clock),
        )
        self.total: Counter[DatasetFamily] = Counter()
        self.done: Counter[DatasetFamily] = Counter()
        self.warnings: Counter[DatasetFamily] = Counter()
        # Finished by this run, whatever the variant; so are the next two.
        self.fresh: Counter[DatasetFamily] = Counter()
        self.open: Counter[DatasetFamily] = Counter()
        self.work: dict[DatasetFamily, float] = defaultdict(float)  # seconds
        self.failed: dict[DatasetFamily, Counter[str]] = {}
        self.remembered: dict[DatasetFamily, float] = {}
        self.stored = self.cells = self.finished_cells = self.lost = (
            self.diagnostics
        ) = self.fits = 0
        self.seeds: set[int] = set()
        self.began = clock()
        self.ended: float | None = None
        self.last = self.warning = ""

    def started(
        self, cells: list[Cell], stored: int, seconds: dict[DatasetFamily, float]
    ) -> None:
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
        return (
            (self.clock() if self.ended is None else self.ended) - self.began
            if self.cells
            else 0.0
        )

    def left(self) -> str:
        """Coarse words for the time left, from this run's cells and remembered ones; empty until 5 % are done."""
        spent = sum(self.work.values())
        ahead = sum(
            cells * self._seconds(pair) for pair, cells in self.open.items() if cells
        )
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
        datasets, families = (
            len({pair[side] for pair in self.total}) for side in (0, 1)
        )
        counts = sorted(set(self.total.values())) or [0]
        folds = (
            count(counts[0])
            if len(counts) == 1
            else f"{count(counts[0])} to {count(counts[-1])}"
        )
        words = [plural(datasets, "dataset"), plural(families, "model")]
        return " × ".join([*words, f"{folds} fold{'' if counts == [1] else 's'}"])

    def hands(self) -> str:
        """Who does it, from which seed."""
        return ", ".join(
            [
                self.workers,
                *(f"seed {seed}" for seed in self.seeds if len(self.seeds) == 1),
            ]
        )

    def amount(self) -> str:
        """How much there is to do."""
        words = [
            f"{plural(self.cells, 'cell')}, {count(self.stored)} of them from the store"
        ]
        words += (
            [f"{count(self.diagnostics)} for diagnostics"] if self.diagnostics else []
        )
        return ", ".join([*words, f"{plural(self.fits, 'fit')} in all"])

    def failures_of(self, pair: DatasetFamily) -> str:
        """`2 timeout`; empty when none failed."""
        found: Mapping[str, int] = self.failed.get(pair, {})
        return ", ".join(
            f"{cells} {STATUS.get(status, status)}" for status, cells in found.items()
        )

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


#: Dataset, family and variant: what is said once of all its cells.
_Row = tuple[str, str, str]
_Place = tuple[int, int]
#: A cell that has been under way for so many seconds is shown with its time.
LONG = 10.0
#: Where there is work and nobody at it.
STARTING = "workers are starting"
#: The widest name of a dataset, family or variant.
NAME = 24


class Current:
    """The cells that are under way. A fold's number is its place among all folds of its row, repeats included."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.numbers: dict[_Row, dict[_Place, int]] = {}
        self.since: dict[tuple[_Row, _Place], float] = {}
        self.idle = False

    def expect(self, cells: Iterable[Cell]) -> None:
        """Cells that will be under way some time: they number the folds."""
        for cell in cells:
            row, place = _key(cell)
            numbers = self.numbers.setdefault(row, {})
            numbers.setdefault(place, len(numbers) + 1)

    def hold(self, cells: Iterable[Cell]) -> list[Cell]:
        """These are under way now, and no others; those of them that were not before."""
        now, held = self.clock(), {_key(cell): cell for cell in cells}
        began = [cell for key, cell in held.items() if key not in self.since]
        self.since, self.idle = (
            {key: self.since.get(key, now) for key in held},
            not held,
        )
        return began

    def leave(self, cell: Cell) -> None:
        """It is over."""
        self.since = {
            key: since for key, since in self.since.items() if key != _key(cell)
        }

    def words(self, width: int, measure: Callable[[str], int] = len) -> str:
        """`digits/forest fold 4 of 10 for 2 min 05 s · wine/svm folds 7, 8 of 10`; empty when nothing is known.

        What began first stands first; what does not fit into the width is counted.
        """
        rows: dict[_Row, list[_Place]] = {}
        since = dict(sorted(self.since.items(), key=lambda item: item[1]))
        for row, place in since:
            rows.setdefault(row, []).append(place)
        said = [
            self._words(row, places, self.clock() - since[row, places[0]])
            for row, places in rows.items()
        ]
        for shown in range(len(said), 0, -1):
            rest = sum(map(len, list(rows.values())[shown:]))
            line = " · ".join([*said[:shown], *([f"and {rest} more"] if rest else [])])
            if measure(line) <= width:
                return line
        return said[0] if said else STARTING if self.idle else ""

    def _words(self, row: _Row, places: list[_Place], seconds: float) -> str:
        dataset, family, variant = (clean(shortened(name, NAME)) for name in row)
        numbers = self.numbers.get(row, {})
        known = sorted(numbers[place] for place in places if place in numbers)
        folds = (
            f"fold{'s' if len(known) > 1 else ''} {_listed(known)} of {len(numbers)}"
        )
        words = [
            f"{dataset}/{family}",
            variant if variant != "plain" else "",
            folds if len(numbers) > 1 else "",
        ]
        words.append(f"for {whole(int(seconds))}" if seconds >= LONG else "")
        return " ".join(word for word in words if word)


def _key(cell: Cell) -> tuple[_Row, _Place]:
    dataset, family, variant, repeat, fold = cell.names.values()
    return (dataset, family, variant), (repeat, fold)


def _listed(numbers: list[int]) -> str:
    """
    >>> _listed([3]), _listed([3, 4, 9]), _listed([1, 2, 3, 4, 9])
    ('3', '3, 4, 9', '1–4, 9')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))
        for run in runs
    )
