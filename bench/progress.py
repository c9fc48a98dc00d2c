"""What is seen while cells finish: a live grid on a terminal, plain lines elsewhere; all of it on stderr.

rich is imported for the grid alone: a run off a terminal that finds every cell in the store takes less than rich does.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, deque
from typing import TYPE_CHECKING

from bench.lines import clean

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    from bench.run.cells import Cell
    from bench.run.workers import Outcome


def listener(study: str, plain: bool) -> Lines | Grid:
    """The live grid on a terminal; plain lines elsewhere, in CI, with TERM=dumb or when asked."""
    dull = plain or not sys.stderr.isatty() or bool(os.environ.get("CI")) or os.environ.get("TERM") == "dumb"
    if dull:
        return Lines(study)
    from bench.display import console

    return Grid(study, console(stderr=True))


class _Tally:
    """What has finished, by dataset and family."""

    def __init__(self, study: str) -> None:
        self.study = study
        self.total: Counter[tuple[str, str]] = Counter()
        self.done: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.stored, self.began, self.spent = 0, time.monotonic(), 0.0
        self.last = ""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        self.total = Counter((cell.plan.dataset, cell.plan.family) for cell in cells)
        self.done.clear()  # what follows from finished cells begins as a piece of work of its own
        self.failed.clear()
        self.stored, self.began = stored, time.monotonic()

    def finished(self, cell: Cell, outcome: Outcome | None) -> None:
        name = (cell.plan.dataset, cell.plan.family)
        self.done[name] += 1
        if outcome is not None and outcome.failure is not None:
            self.failed[name] += 1
            self.warned(cell, outcome.failure[2])

    def warned(self, cell: Cell, message: str) -> None:
        names = cell.names
        self.last = clean(
            f"{names['dataset']}/{names['family']} repeat {names['repeat']} fold {names['fold']}: {message}"
        )

    def left(self) -> str:
        """Coarse words for the time left, from the cells of this run; empty until a twentieth is done."""
        done, total = sum(self.done.values()), sum(self.total.values())
        fresh = done - self.stored
        if not total or fresh < max(1, (total - self.stored) / 20) or done >= total:
            return ""
        seconds = (time.monotonic() - self.began) / fresh * (total - done)
        if seconds < 45:
            return "less than a minute left"
        return f"about {round(seconds / 60) or 1} min left" if seconds < 5400 else f"about {seconds / 3600:.1f} h left"


class Lines(_Tally):
    """One plain line a finished row of the comparison on a dataset, and a sign of life each minute."""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        super().started(cells, stored, seconds)
        self.beat = time.monotonic()
        self.told: set[tuple[str, str, str]] = set()
        self._say(f"{self.study}: {len(cells)} cells, {stored} of them from the store")

    def finished(self, cell: Cell, outcome: Outcome | None) -> None:
        super().finished(cell, outcome)
        name = (cell.plan.dataset, cell.plan.family)
        if self.done[name] == self.total[name]:
            failed = f", {self.failed[name]} failed" if self.failed[name] else ""
            self._say(f"{self.study}: {name[0]}/{name[1]} {self.done[name]} cells{failed}")
        elif time.monotonic() - self.beat > 60:
            self.beat = time.monotonic()
            self._say(f"{self.study}: {sum(self.done.values())}/{sum(self.total.values())} {self.left()}")

    def warned(self, cell: Cell, message: str) -> None:
        """The first of its kind a family and dataset; failures.parquet has them all."""
        super().warned(cell, message)
        kind = (cell.plan.dataset, cell.plan.family, message)
        if kind not in self.told:
            self.told.add(kind)
            self._say(f"{self.study}: {self.last}")

    def _say(self, text: str) -> None:
        print(clean(text), file=sys.stderr, flush=True)


class Grid(_Tally):
    """Datasets by families, cells done of cells, one bar, the time left and the last warning."""

    live: Live | None = None

    def __init__(self, study: str, console: Console) -> None:
        super().__init__(study)
        self.console = console

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        from rich.live import Live

        super().started(cells, stored, seconds)
        self.recent: deque[str] = deque(maxlen=8)
        self.live = Live(self._picture(), console=self.console, refresh_per_second=8, transient=False)
        self.live.start()

    def finished(self, cell: Cell, outcome: Outcome | None) -> None:
        super().finished(cell, outcome)
        if cell.plan.dataset not in self.recent:
            self.recent.append(cell.plan.dataset)
        if self.live is None:
            return
        over = sum(self.done.values()) == sum(self.total.values())
        self.live.update(self._picture(), refresh=over)
        if over:
            self.live.stop()

    def _picture(self) -> Group:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        datasets = list(dict.fromkeys(d for d, _ in self.total))
        families = list(dict.fromkeys(f for _, f in self.total))
        shown = datasets if len(datasets) <= 20 else list(self.recent)
        grid = Table(box=None, pad_edge=False)
        fits = max(1, (self.console.width - 24) // 9)
        grid.add_column(clean(self.study))
        for family in families[:fits]:
            grid.add_column(clean(family)[:10], justify="right")
        for dataset in shown:
            grid.add_row(clean(dataset)[:24], *(self._cell((dataset, family)) for family in families[:fits]))
        done, total = sum(self.done.values()), sum(self.total.values())
        more = f"{len(datasets) - len(shown)} more datasets" if len(shown) < len(datasets) else ""
        words = "  ".join(w for w in (f"{done}/{total} cells", f"{self.stored} stored", self.left(), more) if w)
        bar = Table.grid()  # a bar alone in a group ends no line
        bar.add_row(ProgressBar(total=max(total, 1), completed=done, width=max(10, self.console.width - 2)))
        return Group(grid, bar, Text(words), Text(self.last[: 2 * self.console.width], style="dim"))

    def _cell(self, name: tuple[str, str]) -> Text:
        from rich.text import Text

        failed = f" ✕{self.failed[name]}" if self.failed[name] else ""
        done = self.done[name] == self.total[name]
        return Text((f"✓ {self.total[name]}" if done else f"{self.done[name]}/{self.total[name]}") + failed)
