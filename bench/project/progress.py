"""What is told of a run while its cells finish, on stderr: plain lines, one every so often, and each failure."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from bench.core.text import one_line
from bench.run.cells import Cell
from bench.run.study import Listener
from bench.run.workers.dispatch import CellOutcome
from bench.text.formats import count, plural, work

#: At least so many seconds pass between two lines of progress.
PAUSE = 30.0


class Lines(Listener):
    """Counts the cells of a run and tells of them in lines."""

    def __init__(self, study: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.study = study
        self.clock = clock
        self.began = self.latest = self.told = clock()
        self.fits = self.stored = self.diagnostics = self.fitted = self.failed = 0
        self.spent = 0.0  # seconds of all workers together
        self.messages: set[tuple[str, str, str]] = set()

    def started(self, cells: Sequence[Cell], stored: Sequence[Cell]) -> None:
        every = [*cells, *stored]
        self.fits += len(cells)
        self.stored += len(stored)
        self.diagnostics += sum(cell.variant != "plain" for cell in every)
        known = f"{count(len(stored))} of them from the store"
        self.say(f"{self.study}: {plural(len(every), 'cell')}, {known}")

    def finished(self, cell: Cell, outcome: CellOutcome) -> None:
        self.latest = self.clock()
        self.fitted += 1
        self.spent += outcome.seconds
        if outcome.failure is not None:
            self.failed += 1
            self.warned(cell, outcome.failure[2])
        self.show(cell)

    def show(self, cell: Cell) -> None:
        """Show how far the run is, after this cell."""
        if self.latest - self.told >= PAUSE:
            self.told = self.latest
            done = f"{count(self.fitted)}/{count(self.fits)} cells"
            self.say(f"{self.study}: {done}, {work(self.seconds)}")

    def warned(self, cell: Cell, message: str) -> None:
        """The first message of its kind of a model on a dataset; failures.parquet has them all."""
        names = cell.names
        place = f"{names['dataset']}/{names['family']}"
        variant = "" if cell.variant == "plain" else f" {cell.variant}"
        if (place, cell.variant, message) in self.messages:
            return
        self.messages.add((place, cell.variant, message))
        fold = f"repeat {names['repeat']} fold {names['fold']}"
        self.say(f"! {place}{variant} {fold}: {message}")

    def say(self, text: str) -> None:
        """Print one line, with the time of day."""
        line = one_line(f"{time.strftime('%H:%M:%S')} {text}")
        print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing more is shown."""

    @property
    def seconds(self) -> float:
        """How long it took to the last cell that was fitted."""
        return self.latest - self.began

    def conclusion(self) -> str:
        """The run in one line, once it is over."""
        words = [f"{plural(self.fitted, 'cell')} fitted in {work(self.seconds)}"]
        words += [f"{count(self.stored)} from the store"] if self.stored else []
        words += [f"{count(self.failed)} failed"] if self.failed else []
        return ", ".join(words)
