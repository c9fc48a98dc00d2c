"""The terminal: a live grid while cells finish, plain lines off a terminal, tables of claims and results.

Progress and errors go to stderr, results to stdout. Control characters in names never reach the terminal.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bench.errors import BenchError, Problem, StudyError

if TYPE_CHECKING:
    from bench.run.cells import Cell
    from bench.run.tidy import Contents, Removed
    from bench.run.why import Group as Reasoned
    from bench.run.why import Why
    from bench.run.workers import Outcome

SIGNS = {
    "exact": "✓",
    "reproduced": "✓",
    "direction_reproduced": "≈",
    "inconclusive": "?",
    "not_reproduced": "✕",
    "not_testable": "–",
}


def _console(stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, soft_wrap=False, emoji=False, markup=False)


def clean(text: object) -> str:
    """Text without control characters, so that a name cannot drive the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def say(text: str) -> None:
    """One line of results on stdout."""
    print(clean(text))


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def error(problem: BenchError | str) -> None:
    """An error on stderr: each problem as `file:line: path: sentence`, with the line and a caret under the place."""
    console = _console(stderr=True)
    if not isinstance(problem, StudyError):
        console.print(Text(clean(problem)), soft_wrap=True)
        return
    for one in problem.problems:
        console.print(Text(clean(one)), soft_wrap=True)
        _caret(console, one)
    count = len(problem.problems)
    console.print(f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was fitted")


def _caret(console: Console, problem: Problem) -> None:
    if not problem.line or not sys.stderr.isatty():
        return
    try:
        line = Path(problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    except (OSError, IndexError, UnicodeDecodeError):
        return
    width = max(20, console.width - 4)
    start = max(0, problem.column - width + 10)
    console.print(Text("    " + clean(line[start : start + width]), style="dim"))
    console.print(Text("    " + " " * (problem.column - 1 - start) + "^", style="bold"))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A plain table on stdout."""
    console = _console()
    shown = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(clean("" if cell is None else cell)) for cell in row))
    console.print(shown)


def show(bundle: Any, summary: dict[str, Any]) -> None:
    """Claims, results and the conclusion of one study."""
    from bench.report.formats import interval, score

    say(f"{bundle.study.id}: {summary['title']}")
    verdicts = bundle.frames["verdicts"].to_dicts()
    if verdicts:
        columns = ("claim", "published", "ours", "verdict", "why")
        rows = [
            (
                row["claim"],
                _with_unit(row["published"], row["unit"]),
                "" if row["ours"] is None else _with_unit(f"{row['ours']:.4g}", row["unit"]),
                f"{SIGNS[row['verdict']]} {row['verdict'].replace('_', ' ')}",
                row["reason"],
            )
            for row in verdicts
        ]
        table(columns, rows)
    primary = bundle.study.metrics.primary
    compared = [
        row for row in bundle.frames["comparisons"].to_dicts() if row["test"] == "interval" and row["metric"] == primary
    ]
    table(
        ("dataset", "family", primary, "interval"),
        [
            (
                row["dataset"],
                row["family"],
                score(row["estimate"]) + (" †" if row["fallbacks"] else ""),
                _interval_words(bundle.study, row) or interval(row["low"], row["high"]),
            )
            for row in compared
        ],
    )
    if any(row["fallbacks"] for row in compared):
        say("† the score of a featureless baseline stands in for failed folds")
    say(summary["headline"])


def _interval_words(study: Any, row: dict[str, Any]) -> str:
    """Why a score has no interval; empty when it has one."""
    from bench.yardstick import draws_chance

    if row["low"] is not None:
        return ""
    if row["estimate"] is None:
        return "no score"
    return "none" if draws_chance(study, row["dataset"]) else "deterministic"


def _with_unit(value: object, unit: str | None) -> str:
    return "" if value is None else f"{value} %" if unit == "percent" else str(value)


def show_why(why: Why) -> None:
    """Which cells a run would fit, and why; the dearest groups first."""
    if not why.groups:
        say(
            f"{why.study}: nothing to do: " + (f"all {why.cells:,} cells are stored" if why.cells else "it has no cell")
        )
        return
    for group in why.groups[:_GROUPS]:
        _wrapped(f"{_whose(group)}: {_cells(group.cells)}: {'; '.join((*group.reasons, _time(group.seconds)))}")
    more = sum(group.cells for group in why.groups[_GROUPS:])
    if more:
        say(f"and {_cells(more)} in {len(why.groups) - _GROUPS} groups more; --json has all")
    open_cells = why.cells - why.stored
    workers = f"{why.workers} worker{'' if why.workers == 1 else 's'}"
    _wrapped(
        f"{why.study}: {open_cells:,} of {_cells(why.cells)} would be run, {_time(why.seconds)} with {workers}; "
        f"{why.stored:,} are stored"
    )


#: Groups of `bench why` that are printed.
_GROUPS = 30


def _whose(group: Reasoned) -> str:
    """The datasets and families of a group, by name when they are few."""

    def some(names: tuple[str, ...], noun: str) -> str:
        return ", ".join(names) if len(names) <= 2 else f"{len(names)} {noun}"

    return f"{some(group.datasets, 'datasets')} x {some(group.families, 'families')}"


def _cells(count: int) -> str:
    return f"{count:,} cell{'' if count == 1 else 's'}"


def _time(seconds: float | None) -> str:
    """A prediction in coarse words."""
    if seconds is None:
        return "nothing like it was run yet, so the time is not known"
    if seconds < 1:
        return "less than a second"
    if seconds < 100:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"


def _wrapped(text: str) -> None:
    """A sentence on stdout within 80 columns, its further lines indented."""
    say(fill(clean(text), width=80, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False))


def show_store(found: Contents) -> None:
    """What stands in .bench/."""
    damaged = {count.study: count.cells for count in found.damaged}
    rows = [
        (one.study, f"{one.cells:,}", _size(one.bytes), _work(one.seconds), _size(one.peak), damaged.get(one.study, ""))
        for one in found.cells
    ]
    rows += [(one, "", "", "", "", count) for one, count in damaged.items() if one not in {row[0] for row in rows}]
    if rows:
        table(("study", "cells", "size", "work", "peak memory", "damaged"), rows)
    else:
        say("no cell is stored")
    say(f"cells      {_size(found.file.bytes)}")
    say(f"arrays     {_size(found.arrays.bytes)}, {found.arrays.count} dataset{'' if found.arrays.count == 1 else 's'}")
    say(f"downloads  {_size(found.downloads.bytes)}, {found.downloads.count} files")
    if found.aside.count:
        say(f"set aside  {_size(found.aside.bytes)}, damaged or of an earlier version of bench")


def show_removed(removed: Removed, spared: dict[str, str]) -> None:
    """What was removed from .bench/, and whose cells were kept unseen."""
    counts = (
        (removed.cells, "cell that no study uses", "cells that no study uses"),
        (removed.damaged, "damaged cell", "damaged cells"),
        (removed.aside, "file that was set aside", "files that were set aside"),
        (removed.arrays, "dataset's arrays", "datasets' arrays"),
        (removed.left_behind, "thing that a killed run left", "things that killed runs left"),
    )
    said = [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count]
    for study, reason in spared.items():
        _wrapped(f"{study}: its cells were kept, for what it would use cannot be told: {reason}")
    _wrapped(f"removed: {', '.join(said)}; {_size(removed.bytes)} are free" if said else "there was nothing to remove")


def _size(count: int) -> str:
    """Bytes in words.

    >>> _size(999), _size(1_500_000)
    ('999 B', '1.5 MB')
    """
    number, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if number >= 100 or unit == "B" else f"{number:.1f} {unit}"


def _work(seconds: float) -> str:
    return (
        f"{seconds:.1f} s"
        if seconds < 100
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def listener(study: str, plain: bool) -> Lines | Grid:
    """The live grid on a terminal; plain lines elsewhere, in CI, with TERM=dumb or when asked."""
    console = _console(stderr=True)
    dull = plain or not console.is_terminal or bool(os.environ.get("CI")) or os.environ.get("TERM") == "dumb"
    return Lines(study, console) if dull else Grid(study, console)


class _Tally:
    """What has finished, by dataset and family."""

    def __init__(self, study: str, console: Console) -> None:
        self.study, self.console = study, console
        self.total: Counter[tuple[str, str]] = Counter()
        self.done: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.stored, self.began, self.spent = 0, time.monotonic(), 0.0
        self.last = ""

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
        self.total = Counter((cell.plan.dataset, cell.plan.family) for cell in cells)
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
        self.console.print(f"{self.study}: {len(cells)} cells, {stored} of them from the store")

    def finished(self, cell: Cell, outcome: Outcome | None) -> None:
        super().finished(cell, outcome)
        name = (cell.plan.dataset, cell.plan.family)
        if self.done[name] == self.total[name]:
            failed = f", {self.failed[name]} failed" if self.failed[name] else ""
            self.console.print(clean(f"{self.study}: {name[0]}/{name[1]} {self.done[name]} cells{failed}"))
        elif time.monotonic() - self.beat > 60:
            self.beat = time.monotonic()
            self.console.print(f"{self.study}: {sum(self.done.values())}/{sum(self.total.values())} {self.left()}")

    def warned(self, cell: Cell, message: str) -> None:
        """The first of its kind a family and dataset; failures.parquet has them all."""
        super().warned(cell, message)
        kind = (cell.plan.dataset, cell.plan.family, message)
        if kind not in self.told:
            self.told.add(kind)
            self.console.print(f"{self.study}: {self.last}", soft_wrap=True)


class Grid(_Tally):
    """Datasets by families, cells done of cells, one bar, the time left and the last warning."""

    live: Live | None = None

    def started(self, cells: list[Cell], stored: int, seconds: dict[tuple[str, str], float]) -> None:
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
        failed = f" ✕{self.failed[name]}" if self.failed[name] else ""
        done = self.done[name] == self.total[name]
        return Text((f"✓ {self.total[name]}" if done else f"{self.done[name]}/{self.total[name]}") + failed)
