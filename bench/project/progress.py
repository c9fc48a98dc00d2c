"""Progress of a run on stderr, for programs that show nothing of their own: some ten lines and the failures."""

from __future__ import annotations

import sys

from bench.run.cells import Cell
from bench.run.study import Listener
from bench.run.workers.dispatch import CellOutcome

_STEPS = 10


class Progress(Listener):
    """A listener that prints how many cells are finished, ten times in a run, and each failure, after the study's
    name."""

    def __init__(self, study: str) -> None:
        self.study = study
        self.cells = self.done = 0

    def started(
        self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]
    ) -> None:
        self.cells += len(cells) - stored
        self._say(", ".join((f"{len(cells)} fits", f"{stored} stored")))

    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None:
        if outcome is None:  # it was stored
            return
        self.done += 1
        if outcome.failure is not None:
            self._say(f"{cell.plan.dataset}/{cell.plan.family}: {outcome.failure[2]}")
        if self.done * _STEPS // self.cells > (self.done - 1) * _STEPS // self.cells:
            self._say(f"{self.done}/{self.cells} done")

    def _say(self, text: str) -> None:
        print(f"{self.study}: {text}", file=sys.stderr, flush=True)
