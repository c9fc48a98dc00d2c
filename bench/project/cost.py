"""`bench cost`: an explicit act that writes down what a run took, from the seconds that its stored cells hold."""

from __future__ import annotations

import os
import platform
from datetime import date
from typing import TYPE_CHECKING

from bench.core.errors import DataError
from bench.core.frames import write_bytes
from bench.project.check import checked_draft
from bench.project.pipeline import bundle_of, cells_of_study
from bench.study.cost import FILE, RunCost

if TYPE_CHECKING:
    from bench.project.folder import ProjectFolder


def record_cost(project: ProjectFolder, study_id: str) -> RunCost:
    """Write `studies/<id>/cost.json` from the results and the store; returns what it holds.

    Raises `DataError` where cells of the run are not stored, so that nobody knows what they took.
    """
    from bench.run.store import Store

    draft = checked_draft(project, study_id)
    with Store(project.store) as store:
        keys = [cell.key for cell in cells_of_study(project, draft, store)[0]]
        seconds = store.seconds_of(keys)
    if not keys:
        raise DataError(f"{study_id}: nothing is fitted in this study, so a run takes nothing; nothing was written")
    if len(seconds) < len(keys):
        raise DataError(
            f"{study_id}: {len(keys) - len(seconds)} of {len(keys)} cells of this run are not stored, so what they "
            f"took is not known; run `bench repro {study_id}` first; nothing was written"
        )
    bundle = bundle_of(project, study_id)
    cost = RunCost(
        results_sha256=bundle.results_sha256,
        fits=int(bundle.frame("costs")["fits"].sum()),
        seconds=round(sum(seconds), 1),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        date=date.today().isoformat(),
    )
    write_bytes(project.paths.study(study_id) / FILE, cost.text)
    return cost
