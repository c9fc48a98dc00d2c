"""The bars of a run on a terminal: one for each model, with its cells and the time that is left."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bench.core.text import one_line, shortened
from bench.project.progress import Lines
from bench.run.cells import Cell

#: The widest name of a model.
NAME = 24
#: The time left is estimated from the cells of so many seconds: rich's own 30 hold few slow cells.
PERIOD = 3600.0


class RunBars(Lines):
    """Counts the cells of a run and draws them."""

    def __init__(
        self,
        study: str,
        console: Console,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(study, clock)
        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            get_time=clock,
            speed_estimate_period=PERIOD,
        )
        self.tasks: dict[str, TaskID] = {}
        self.totals: Counter[str] = Counter()

    def started(self, cells: Sequence[Cell], stored: Sequence[Cell]) -> None:
        super().started(cells, stored)
        if cells:
            self.bars.start()
        self.totals.update(cell.plan.family for cell in cells)
        for family in dict.fromkeys(cell.plan.family for cell in cells):
            if family not in self.tasks:
                name = shortened(one_line(family), NAME)
                self.tasks[family] = self.bars.add_task(name)
            self.bars.update(self.tasks[family], total=self.totals[family])

    def show(self, cell: Cell) -> None:
        self.bars.advance(self.tasks[cell.plan.family])

    def say(self, text: str) -> None:
        self.bars.console.print(one_line(text))

    def close(self) -> None:
        self.bars.stop()
