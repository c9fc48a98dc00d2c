"""The live grid on a terminal: datasets by families, one bar, the time left, what is under way, the last warning.

Every line is cut to the width and all of it to the height of the terminal: nothing wraps and nothing scrolls away.
Colours only repeat what the signs say.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bench.cli.counters import Tally, pair_of
from bench.cli.interim_scores import DatasetFamily
from bench.cli.words import duration
from bench.core.text import clean
from bench.project.project import Project
from bench.run.cells import Cell
from bench.run.workers.dispatch import CellOutcome
from bench.text.formats import count

#: More datasets than this are not all shown: those that are being worked on are, and the rest is counted.
MOST_ROWS = 20
#: Widths: of a name, of a cell at least and at most, of the bar in it (`━━━━── 120/178`).
NAME, NARROW, WIDE, BAR = 24, 10, 16, 6
#: Lines around the rows: two of heading, two empty, the columns, what is counted, bar, cells under way, two of warning.
AROUND = 10


class LiveGrid(Tally):
    """Families by datasets while cells finish. What does not fit is counted, never wrapped."""

    live: Live | None = None

    def __init__(
        self,
        study: str,
        workers: str,
        console: Console,
        clock: Callable[[], float] = time.monotonic,
        project: Project | None = None,
    ) -> None:
        super().__init__(study, workers, clock, project)
        self.console = console
        self.touched: tuple[dict[str, int], dict[str, int]] = (
            {},
            {},
        )  # when a dataset, a family was last worked on

    def started(
        self, cells: list[Cell], stored: int, seconds: dict[DatasetFamily, float]
    ) -> None:
        super().started(cells, stored, seconds)
        if self.live is not None:
            return
        self.live = Live(
            get_renderable=self.picture,
            console=self.console,
            refresh_per_second=4,
            transient=False,
        )
        self.live.start()

    def finished(self, cell: Cell, outcome: CellOutcome | None) -> None:
        super().finished(cell, outcome)
        if outcome is not None:
            self._touch(cell)

    def working(self, cells: Sequence[Cell]) -> None:
        for cell in self.current.hold(cells):
            self._touch(cell)

    def _touch(self, cell: Cell) -> None:
        if cell.variant == "plain":
            for names, name in zip(self.touched, pair_of(cell), strict=True):
                names[name] = self.finished_cells

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()
            self.live = None

    def picture(self) -> Group:
        """What is seen now."""
        width = self.console.width
        heading = Text.assemble(
            (clean(self.study), "bold"), f"  {self.size()}, {self.hands()}"
        )
        above = [heading, Text(self.amount(), "dim"), Text("")]
        below = self._current(width)
        if self.warning:
            first, *rest = wrap(clean(self.warning), max(20, width - 6)) or [""]
            below.append(self._line("warn", first, "yellow"))
            below += (
                [self._line("", rest[0] + ("…" if rest[1:] else ""), "")]
                if rest
                else []
            )
        for line in (*above, *below):
            line.no_wrap, line.overflow = True, "ellipsis"
        return Group(*above, self._grid(), Text(""), self._bar(width), *below)

    def _current(self, width: int) -> list[Text]:
        """What is under way; where that is not known, as of a cluster, the cell that ended last."""
        if self.ended is not None:
            return []
        now = self.current.words(width - 6, cell_len)
        if now:
            return [self._line("now", now, "dim")]
        return [self._line("last", self.last, "dim")] if self.last else []

    def _line(self, label: str, words: str, style: str) -> Text:
        return Text.assemble((f"{label:<6}", style), clean(words))

    def _grid(self) -> Group:
        datasets, families = (
            list(dict.fromkeys(pair[side] for pair in self.total)) for side in (0, 1)
        )
        rows, columns, turned = datasets, families, False
        wide = self._fitting(rows) < len(families)
        wide |= self._cut(datasets, families) and not self._cut(families, datasets)
        if wide and self._fitting(families) >= len(datasets):
            rows, columns, turned = families, datasets, True
        across = self._active(columns, self._fitting(rows), turned)
        height = max(2, self.console.height - AROUND)
        seen = self._active(rows, min(MOST_ROWS, height), not turned)
        table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
        table.add_column("", no_wrap=True)
        each = self._each(rows, len(across))
        for column in across:
            table.add_column(_short(column, each), no_wrap=True, width=each)
        for row in seen:
            pairs = [(column, row) if turned else (row, column) for column in across]
            table.add_row(
                _short(row, NAME), *(self._cell(pair, each) for pair in pairs)
            )
        return Group(table, *self._rest(rows, seen, columns, across, turned))

    def _rest(
        self,
        rows: Sequence[str],
        seen: Sequence[str],
        columns: Sequence[str],
        across: Sequence[str],
        turned: bool,
    ) -> list[Text]:
        """What does not fit, counted."""
        names = ("models", "datasets") if turned else ("datasets", "models")
        words = []
        if len(seen) < len(rows):
            over = sum(self._over(row, not turned) for row in rows)
            words.append(
                f"{len(seen)} of {len(rows)} {names[0]} are shown; {over} are done"
            )
        if len(across) < len(columns):
            words.append(f"{len(across)} of {len(columns)} {names[1]} are shown")
        line = Text("; ".join(words), "dim", no_wrap=True, overflow="ellipsis")
        return [line] if words else []

    def _width(self, rows: Sequence[str]) -> int:
        """The columns that are left beside the names of the rows."""
        return (
            self.console.width
            - min(NAME, max((cell_len(clean(row)) for row in rows), default=0))
            - 2
        )

    def _fitting(self, rows: Sequence[str]) -> int:
        return max(1, self._width(rows) // (NARROW + 2))

    def _each(self, rows: Sequence[str], columns: int) -> int:
        """The width of a cell."""
        return min(WIDE, max(NARROW, self._width(rows) // max(1, columns) - 2))

    def _cut(self, rows: Sequence[str], columns: Sequence[str]) -> bool:
        """Whether a name above a column has to be cut."""
        return any(
            cell_len(clean(column)) > self._each(rows, len(columns))
            for column in columns
        )

    def _active(self, names: Sequence[str], most: int, datasets: bool) -> list[str]:
        """At most so many, in their order: first what is being worked on, then what was just done, then the rest."""
        if len(names) <= most:
            return list(names)
        touched = self.touched[not datasets]

        def late(name: str) -> tuple[bool, bool, int]:
            return (
                name not in touched,
                self._over(name, datasets),
                -touched.get(name, 0),
            )

        kept = set(sorted(names, key=late)[:most])
        return [name for name in names if name in kept]

    def _over(self, name: str, dataset: bool) -> bool:
        own = [pair for pair in self.total if pair[not dataset] == name]
        return all(self.done[pair] == self.total[pair] for pair in own)

    def _cell(self, pair: DatasetFamily, width: int) -> Text:
        """`✓ 0.974`, `━━━─── 6/10`, `✕ 2 timeout`, each with `!` when it warned."""
        done, total, lost = (
            self.done[pair],
            self.total[pair],
            sum(self.failed.get(pair, {}).values()),
        )
        warned = (" !", "yellow") if self.warnings[pair] else ""
        if not total:
            return Text("")
        if done == total and lost:
            words = f"✕ {self.failures_of(pair)}"
            return Text(words if len(words) <= width else f"✕ {lost}/{total}", "red")
        if done == total:
            return Text.assemble(
                ("✓ ", "green"),
                self.scores.words(pair, total) or f"{total}/{total}",
                warned,
            )
        if not done:
            return Text("·", "dim")
        signs = (f" ✕{lost}", "red") if lost else warned
        counts = f"{done}/{total}"
        bar = min(BAR, width - len(counts) - 1 - len(signs[0] if signs else ""))
        full = bar * done // total
        line = (
            (("━" * full, "cyan"), ("─" * (bar - full) + " ", "dim"))
            if bar >= BAR // 2
            else ()
        )
        return Text.assemble(*line, counts, signs)

    def _bar(self, width: int) -> Table:
        """The bar and its words on one line; where they do not fit together, words alone, and of those the first."""
        words = [
            f"{count(self.finished_cells)}/{count(self.cells)} cells",
            duration(self.elapsed),
            self.left(),
        ]
        said = "  ".join(word for word in words if word)
        line = Table.grid(padding=(0, 2, 0, 0))
        room = width - len(said) - 4
        if room >= 10:
            bar = ProgressBar(
                max(self.cells, 1),
                self.finished_cells,
                min(room, 60),
                complete_style="cyan",
                finished_style="green",
            )
            line.add_row(bar, said)
        else:
            line.add_row(Text(said, no_wrap=True, overflow="ellipsis"))
        return line


def _short(name: str, width: int) -> str:
    """A name in so many columns of the terminal."""
    name = clean(name)
    return (
        name
        if cell_len(name) <= width
        else set_cell_size(name, width - 1).rstrip() + "…"
    )
