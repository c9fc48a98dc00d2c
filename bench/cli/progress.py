"""What is seen while cells finish: a live grid on a terminal, plain lines elsewhere, all on stderr.

The grid, and rich with it, is imported on a terminal alone: a run off a terminal that finds every cell in the store
takes less time than rich does.
"""

from __future__ import annotations

import sys
import threading
import time

from bench.cli import environment
from bench.cli.counters import Tally, pair_of
from bench.cli.interim_scores import DatasetFamily
from bench.cli.words import duration
from bench.core.text import clean
from bench.project.project import Project
from bench.run.cells import Cell
from bench.run.workers.dispatch import CellOutcome
from bench.text.formats import count, plural

#: Columns that a sign of life may spend on what is under way.
NOW = 120


def listener(project: Project, study: str) -> Tally:
    """Who shows a run: a live table, or plain lines."""
    workers = (
        "a cluster"
        if project.settings.scheduler
        else plural(project.settings.workers, "worker")
    )
    if not environment.is_live():
        return Lines(study, workers, project=project)
    from bench.cli.live_table import LiveGrid
    from bench.cli.show import console

    return LiveGrid(study, workers, console(stderr=True), project=project)


class Lines(Tally):
    """One plain line for a family that is done on a dataset, and a sign of life each minute."""

    def __init__(
        self,
        study: str,
        workers: str = "1 worker",
        beat: float = 60.0,
        project: Project | None = None,
    ) -> None:
        super().__init__(study, workers, project=project)
        self.told: set[tuple[str, str, str]] = set()
        self.beat, self.over = beat, threading.Event()

    def started(
        self, cells: list[Cell], stored: int, seconds: dict[DatasetFamily, float]
    ) -> None:
        first = not self.cells
        super().started(cells, stored, seconds)
        if first:
            self._say(f"{self.study}: {self.size()}, {self.hands()}: {self.amount()}")
            threading.Thread(target=self._alive, daemon=True).start()
        else:
            own = any(cell.variant == "plain" for cell in cells)
            cause = "after the pilot" if own else "for diagnostics"
            self._say(
                f"{self.study}: {count(len(cells))} more {cause}, {count(stored)} of them from the store"
            )

    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None:
        super().finished(cell, outcome)
        pair = pair_of(cell)
        if (
            self.fresh[pair]
            and self.done[pair] == self.total[pair]
            and cell.variant == "plain"
        ):
            failed = self.failures_of(pair)
            good = self.total[pair] - sum(self.failed.get(pair, {}).values())
            words = [
                f"{pair[0]}/{pair[1]} {good}/{self.total[pair]}",
                f"✕ {failed}" if failed else "",
            ]
            score = self.scores.words(pair, self.total[pair])
            words += [
                f"{self.scores.metric.name} {score}" if score else "",
                duration(self.work[pair]),
            ]
            self._say(" ".join(word for word in words if word))

    def said(self, cell: Cell, message: str) -> None:
        """The first of its kind a family and dataset; failures.parquet has them all."""
        super().said(cell, message)
        kind = (*pair_of(cell), message)
        if kind not in self.told:
            self.told.add(kind)
            self._say(f"! {self.warning}")

    def close(self) -> None:
        self.over.set()

    def _alive(self) -> None:
        while not self.over.wait(self.beat):
            now = self.current.words(NOW)
            words = [
                f"{count(self.finished_cells)}/{count(self.cells)} cells",
                duration(self.elapsed),
                self.left(),
            ]
            words += [f"now {now}"] if now else []
            if self.ended is None:
                self._say(f"{self.study}: " + ", ".join(word for word in words if word))

    def _say(self, text: str) -> None:
        print(clean(f"{time.strftime('%H:%M:%S')} {text}"), file=sys.stderr, flush=True)
