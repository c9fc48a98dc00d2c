"""What a run would fit and why, and what stands in the store, in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.cli.show import table
from bench.cli.words import about, predicted
from bench.core.judgements import Settle
from bench.core.text import say, wrapped
from bench.text.formats import count, plural
from bench.text.settling import what_settles

if TYPE_CHECKING:
    from bench.project.settle import Settling
    from bench.run.counts import RunCounts
    from bench.run.why import ReasonGroup, Why


def show_why(why: Why) -> None:
    """Which cells a run would fit, and why; the largest groups first."""
    if not why.groups:
        done = (
            f"all {count(why.cells)} cells are stored"
            if why.cells
            else "it has no cell"
        )
        say(f"{why.study}: nothing to do: {done}")
        return
    for group in why.groups[:_GROUPS]:
        cells = plural(group.cells, "cell")
        wrapped(f"{_whose(group)}: {cells}: {'; '.join(group.reasons)}")
    more = sum(group.cells for group in why.groups[_GROUPS:])
    if more:
        say(
            f"and {plural(more, 'cell')} in {len(why.groups) - _GROUPS} groups more; --json has all"
        )
    fitted = f"{count(why.cells - why.stored)} of {plural(why.cells, 'cell')}"
    time = predicted(why.seconds, why.workers)
    stored = f"{count(why.stored)} are stored"
    wrapped(f"{why.study}: {fitted} would be run{time}; {stored}")


def show_counts(study: str, counts: RunCounts | None, workers: int) -> None:
    """How many trainings a run of a study makes, and how long it takes where that is known."""
    if counts is None:
        say(
            f"{study}: its rows decide how many trainings a run makes; `bench fetch {study}` gets them"
        )
        return
    if not counts.cells:
        return
    words = [
        f"{study}: a run makes {plural(counts.trainings, 'training')} in {plural(counts.cells, 'cell')}"
    ]
    if counts.diagnostics:
        words.append(f"{count(counts.diagnostics)} of them for diagnostics")
    if counts.diagnostics is None:
        words.append(
            "and others for diagnostics that are counted once its tables are there"
        )
    if counts.at_most > counts.trainings:
        words.append(f"up to {count(counts.at_most)} if its pilots ask for all repeats")
    if counts.stored == counts.cells:
        words.append("all are stored")
    elif counts.stored:
        words.append(f"{count(counts.stored)} of the cells are stored")
    wrapped(", ".join(words) + predicted(counts.seconds, workers))


#: Groups of `bench why` that are printed.
_GROUPS = 30


def _whose(group: ReasonGroup) -> str:
    """The datasets and families of a group, by name when they are few."""

    def some(names: tuple[str, ...], noun: str) -> str:
        return ", ".join(names) if len(names) <= 2 else f"{len(names)} {noun}"

    variant = "" if group.variant == "plain" else f", {group.variant}"
    return f"{some(group.datasets, 'datasets')} x {some(group.families, 'families')}{variant}"


def settle_rows(found: Settling) -> list[dict[str, Any]]:
    """What would decide the open claims, for programs."""
    return [
        {"claim": row.claim, "dataset": row.dataset, "agreement": row.agreement and str(row.agreement),
         "settle": row.settle and str(row.settle), "further": row.further, "seconds": seconds}
        for row, seconds in zip(found.rows, found.seconds, strict=True)
    ]  # fmt: skip


def show_settling(found: Settling) -> None:
    """What would decide the open claims of a study, one line each."""
    if not found.rows:
        say(
            f"{found.study}: no claim is open; {plural(found.tested, 'was', 'were')} tested"
        )
        return
    said: set[str] = set()
    titles = ("open claim", "open expectation", "undecided falsifier")
    lines: dict[str, list[tuple[str, ...]]] = {title: [] for title in titles}
    for row, seconds in zip(found.rows, found.seconds, strict=True):
        name = "" if row.claim in said else row.claim
        said.add(row.claim)
        shown = (
            name,
            what_settles(row.settle or Settle.UNKNOWN, row.further),
            "" if seconds is None else about(seconds),
        )
        lines[
            titles[(row.claim in found.apart) + (row.claim in found.falsifiers)]
        ].append(shown)
    for title, some in lines.items():
        if some:
            table((title, "what would decide it", "time"), some)
    are = "is" if found.open == 1 else "are"
    expected, falsifiers = len(found.apart - found.falsifiers), len(found.falsifiers)
    others = [f"{plural(expected, 'expectation')} of the author"] if expected else []
    others += [plural(falsifiers, "falsifier")] if falsifiers else []
    beside = f", and {' and '.join(others)}, not counted" if others else ""
    wrapped(
        f"{found.study}: {found.open} of {plural(found.tested, 'tested claim')} {are} open{beside}. Repeats, "
        "seeds and draws decide if difference and spread stay as they are. Time: for all models on the "
        "dataset, by what their cells took here"
    )
