"""What would decide the open claims of a study, and how long it would take by what its cells took so far."""

from __future__ import annotations

from dataclasses import dataclass

from bench.claims.open_claims import OpenClaim, open_claims
from bench.project.folder import ProjectFolder
from bench.project.pipeline import bundle_of, seconds_of_repeats


@dataclass(frozen=True)
class Settling:
    """How many claims count and were attempted, how many of those are open, and what would decide each open one.

    apart: the claims among `rows` that do not count: what the author expects beside a paper, and its falsifiers;
    falsifiers: these alone.
    seconds: of waiting, beside each of `rows`: for all models on its dataset, with this project's workers; None where
    nothing can be run, or nothing like it was.
    """

    study: str
    attempted: int
    open: int
    apart: frozenset[str]
    falsifiers: frozenset[str]
    rows: tuple[OpenClaim, ...]
    seconds: tuple[float | None, ...]


def settle(project: ProjectFolder, study_id: str) -> Settling:
    """What would decide the open claims of a study. Nothing is fitted."""
    bundle = bundle_of(project, study_id)
    count = bundle.counted
    apart = (*count.expected, *count.falsifiers)
    rows = open_claims((*count.claims, *apart), bundle.datasets, bundle.setting)
    further = any(row.further for row in rows)
    repeats = seconds_of_repeats(project, study_id) if further else {}
    seconds: list[float | None] = []
    for row in rows:
        each = repeats.get(row.dataset or "")
        if row.dataset is None or each is None or row.further is None:
            seconds.append(None)
            continue
        together = max(1, bundle.setting(row.dataset).repeats_a_draw)
        seconds.append(each * together * row.further / project.settings.workers)
    listed = {row.claim for row in rows}
    names, falsifiers = (
        frozenset(row.claim for row in some) & listed
        for some in (apart, count.falsifiers)
    )
    return Settling(
        study_id,
        len(count.attempted),
        len(count.open),
        names,
        falsifiers,
        rows,
        tuple(seconds),
    )
