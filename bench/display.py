"""The terminal: errors, tables of claims and results. Errors go to stderr, results to stdout.

Control characters in names never reach the terminal. What is seen while cells finish is `bench.progress`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.errors import BenchError, Problem, StudyError
from bench.lines import clean, say

if TYPE_CHECKING:
    from bench.run.price import Price
    from bench.run.tidy import Contents, Removed
    from bench.run.why import Group as Reasoned
    from bench.run.why import Why
    from bench.study.frozen import Change

SIGNS = {
    "exact": "✓",
    "reproduced": "✓",
    "direction_reproduced": "≈",
    "inconclusive": "?",
    "not_reproduced": "✕",
    "not_testable": "–",
}


def console(stderr: bool = False) -> Console:
    """A terminal of rich that reads no markup in what it prints."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False, emoji=False, markup=False)


def error(problem: BenchError | str) -> None:
    """An error on stderr: each problem as `file:line: path: sentence`, with the line and a caret under the place."""
    terminal = console(stderr=True)
    if not isinstance(problem, StudyError):
        terminal.print(Text(clean(problem)), soft_wrap=True)
        return
    for one in problem.problems:
        terminal.print(Text(clean(one)), soft_wrap=True)
        _caret(terminal, one)
    count = len(problem.problems)
    terminal.print(f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was fitted")


def _caret(terminal: Console, problem: Problem) -> None:
    if not problem.line or not sys.stderr.isatty():
        return
    try:
        line = Path(problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    except (OSError, IndexError, UnicodeDecodeError):
        return
    width = max(20, terminal.width - 4)
    start = max(0, problem.column - width + 10)
    terminal.print(Text("    " + clean(line[start : start + width]), style="dim"))
    terminal.print(Text("    " + " " * (problem.column - 1 - start) + "^", style="bold"))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A plain table on stdout."""
    terminal = console()
    shown = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(clean("" if cell is None else cell)) for cell in row))
    terminal.print(shown)


def show(bundle: Any, summary: dict[str, Any]) -> None:
    """Claims, results and the conclusion of one study."""
    from bench.report import facts
    from bench.report.formats import interval, score
    from bench.report.looks import looks_of
    from bench.report.sections.together import sentences

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
        for sentence in sentences(bundle, looks_of(bundle)):
            say(sentence)
    _frozen(bundle)
    primary = bundle.study.metrics.primary
    compared = [
        row for row in bundle.frames["comparisons"].to_dicts() if row["test"] == "interval" and row["metric"] == primary
    ]
    found, no_score = facts.estimates(bundle, primary), facts.Estimate(0.0, None, None, 0)
    table(
        ("dataset", "family", primary, "interval"),
        [
            (
                row["dataset"],
                row["family"],
                score(row["estimate"]) + (" †" if row["fallbacks"] else ""),
                _interval_words(bundle, row) or interval(ends.low, ends.high),
            )
            for row in compared
            for ends in (found.get((row["dataset"], row["family"]), no_score),)
        ],
    )
    if facts.is_clipped(bundle, primary):
        say("intervals end where the metric does")
    if any(row["fallbacks"] for row in compared):
        say("† the score of a featureless baseline stands in for failed folds")
    say(summary["headline"])


def _interval_words(bundle: Any, row: dict[str, Any]) -> str:
    """Why a score has no interval; empty when it has one."""
    from bench.report.facts import no_interval_cause

    if row["low"] is not None:
        return ""
    return "no score" if row["estimate"] is None else no_interval_cause(bundle, row["dataset"], row["metric"])


def _frozen(bundle: Any) -> None:
    """One line when what was frozen is another now."""
    found = bundle.provenance.get("frozen")
    if found is None or not found.changes:
        return
    n, undeclared = len(found.changes), len(found.undeclared)
    declared = "all declared" if not undeclared else f"{undeclared} of them not declared"
    say(
        f"since it was frozen {n} value{' was' if n == 1 else 's were'} changed, {declared}: "
        f"`bench check {bundle.study.id}` lists them"
    )


def _with_unit(value: object, unit: str | None) -> str:
    return "" if value is None else f"{value} %" if unit == "percent" else str(value)


def show_changes(study: str, changes: Sequence[Change]) -> None:
    """What was changed since a study was frozen, with the declared reasons."""
    if not changes:
        say(f"{study}: frozen, and nothing was changed since")
        return
    undeclared = sum(change.why is None for change in changes)
    more = f", {undeclared} of them not declared under `changes`" if undeclared else ", all declared"
    say(f"{study}: frozen; since then {len(changes)} value{' was' if len(changes) == 1 else 's were'} changed{more}")
    table(("key", "was", "is", "why"), [(one.path, one.was, one.now, one.why or "not declared") for one in changes])


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


def show_price(study: str, price: Price | None, said: Mapping[str, str], workers: int) -> None:
    """What the probes of a study add, in numbers where its tables are there, else in words."""
    if price is None:
        asked = "; ".join(f"{name}: {phrase}" for name, phrase in said.items())
        _wrapped(f"remark: {study}: probes add {asked}. Cells and time are known when `bench clean {study}` has run")
        return
    each = ", ".join(f"{name} {part.cells:,} ({part.fits:,})" for name, part in price.probes.items())
    added, own = price.added, price.own
    time = _time(None if added.seconds is None else added.seconds / workers)
    _wrapped(
        f"remark: {study}: probes add {_cells(added.cells)} ({added.fits:,} fits) to the study's own {own.cells:,} "
        f"({own.fits:,}){': ' + each if each else ''}; {time}"
    )


#: Groups of `bench why` that are printed.
_GROUPS = 30


def _whose(group: Reasoned) -> str:
    """The datasets and families of a group, by name when they are few."""

    def some(names: tuple[str, ...], noun: str) -> str:
        return ", ".join(names) if len(names) <= 2 else f"{len(names)} {noun}"

    variant = "" if group.variant == "plain" else f", {group.variant}"
    return f"{some(group.datasets, 'datasets')} x {some(group.families, 'families')}{variant}"


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
