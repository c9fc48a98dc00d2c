"""What would decide the open claims of a study, and how long it would take by what its cells took so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.core.judgements import Settle, VerdictRow
from bench.project.folder import ProjectFolder
from bench.project.pipeline import bundle_of, seconds_of_repeats
from bench.report.bundle import Bundle


@dataclass(frozen=True)
class Settling:
    """How many claims count and were tested, how many of those are open, and what would decide each open one.

    apart: the claims among `rows` that do not count: what the author expects beside a paper, and its falsifiers;
    falsifiers: these alone.
    seconds: of waiting, beside each of `rows`: for all models on its dataset, with this project's workers; None where
    nothing can be run, or nothing like it was.
    """

    study: str
    tested: int
    open: int
    apart: frozenset[str]
    falsifiers: frozenset[str]
    rows: tuple[VerdictRow, ...]
    seconds: tuple[float | None, ...]


def settle(project: ProjectFolder, study_id: str) -> Settling:
    """What would decide the open claims of a study. Nothing is fitted."""
    bundle = bundle_of(project, study_id)
    count = bundle.counted
    apart = (*count.expected, *count.falsifiers)
    rows = tuple(row for row in (*count.claims, *apart) if row.settle is not None)
    seconds = _seconds(project, bundle, rows)
    listed = {row.claim for row in rows}
    names, falsifiers = (
        frozenset(row.claim for row in some) & listed
        for some in (apart, count.falsifiers)
    )
    return Settling(
        study_id,
        len(count.tested),
        len(count.open),
        names,
        falsifiers,
        rows,
        tuple(seconds),
    )


def _seconds(
    project: ProjectFolder, bundle: Bundle, rows: Sequence[VerdictRow]
) -> list[float | None]:
    """How long the further repeats of each claim take; None where none are counted, or nothing like them was timed."""
    counted = [row for row in rows if row.further and Settle(str(row.settle)).counted]
    repeats = seconds_of_repeats(project, bundle.study.id) if counted else {}
    only = bundle.datasets[0] if len(bundle.datasets) == 1 else ""
    seconds: list[float | None] = []
    for row in rows:
        dataset = row.dataset or only
        each = repeats.get(dataset)
        if row not in counted or each is None or row.further is None:
            seconds.append(None)
            continue
        together = max(1, bundle.setting(dataset).repeats_a_draw)
        seconds.append(each * together * row.further / project.settings.workers)
    return seconds
