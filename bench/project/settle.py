"""What would decide the open claims of a study, and how long it would take by what its cells took so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.claims.open_claims import OpenClaim, open_claims
from bench.core.judgements import Status
from bench.project.pipeline import bundle_of, repeat_seconds

if TYPE_CHECKING:
    from bench.project.folder import ProjectFolder


@dataclass(frozen=True)
class Settling:
    """The claims of a study that were attempted, and what would decide those that are open.

    seconds: of waiting, beside each of `rows`: for all models on its dataset, with this project's workers; None where
    nothing can be run, or nothing like it was.
    """

    study: str
    attempted: int
    open: int
    rows: tuple[OpenClaim, ...]
    seconds: tuple[float | None, ...]


def settle(project: ProjectFolder, study_id: str) -> Settling:
    """What would decide the open claims of a study. Nothing is fitted."""
    bundle = bundle_of(project, study_id)
    rows = open_claims(bundle.verdicts, bundle.datasets, bundle.setting)
    price = repeat_seconds(project, study_id) if any(row.further for row in rows) else {}
    seconds: list[float | None] = []
    for row in rows:
        each, further = price.get(row.dataset or ""), row.further
        if row.dataset is None or each is None or further is None:
            seconds.append(None)
            continue
        together = max(1, bundle.setting(row.dataset).repeats_a_draw)
        seconds.append(each * together * further / project.settings.workers)
    attempted = sum(row.status == Status.ATTEMPTED for row in bundle.verdicts)
    return Settling(study_id, attempted, len({row.claim for row in rows}), rows, tuple(seconds))
