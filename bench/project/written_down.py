"""Explicit acts that write into a study: `bench cost` what a run took, `bench freeze` what the study has settled."""

from __future__ import annotations

import os
import platform
from datetime import date

from bench.core.errors import DataError, UsageError
from bench.core.frames import write_bytes
from bench.project.check import checked_draft
from bench.project.folder import ProjectFolder
from bench.project.ledger import write_json
from bench.project.pipeline import bundle_of, cells_of_study
from bench.run.store import Store
from bench.study import cost, preregistration, read_study
from bench.study.preregistration import Frozen, frozen_of, record_in, record_of


def record_cost(project: ProjectFolder, study_id: str) -> cost.RunCost:
    """Write `studies/<id>/cost.json` from the results and the seconds of stored cells; returns what it holds.

    Raises `DataError` where cells of the run are not stored, so that nobody knows what they took.
    """
    draft = checked_draft(project, study_id)
    with Store(project.store) as store:
        keys = [cell.key for cell in cells_of_study(project, draft, store)[0]]
        seconds = store.seconds_of(keys)
    if not keys:
        raise DataError(
            f"{study_id}: nothing is fitted in this study, so a run takes nothing; nothing was written"
        )
    if len(seconds) < len(keys):
        raise DataError(
            f"{study_id}: {len(keys) - len(seconds)} of {len(keys)} cells of this run are not stored, so what they "
            f"took is not known; run `bench repro {study_id}` first; nothing was written"
        )
    bundle = bundle_of(project, study_id)
    made = cost.RunCost(
        results_sha256=bundle.results_sha256,
        fits=int(bundle.frame("costs")["fits"].sum()),
        seconds=round(sum(seconds), 1),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        date=date.today().isoformat(),
    )
    write_bytes(project.paths.study(study_id) / cost.FILE, made.text)
    return made


def freeze(project: ProjectFolder, study_id: str) -> str:
    """Write `studies/<id>/frozen.json`; returns the sha256 of what is settled.

    Raises `StudyError` for a study with mistakes, `UsageError` when it is frozen already.
    """
    folder = project.paths.study(project.known(study_id))
    study = checked_draft(project, study_id).study()
    if record_in(folder) is not None:
        raise UsageError(
            f"{folder / preregistration.FILE}: {study_id} is frozen already; `bench check {study_id}` lists what was "
            "changed since; nothing was written"
        )
    record = record_of(study, folder)
    write_json(folder / preregistration.FILE, {"records": [record]})
    return str(record["sha256"])


def frozen(project: ProjectFolder, study_id: str) -> Frozen | None:
    """What was frozen of a study and what was changed since; None when it never was."""
    folder = project.paths.study(project.known(study_id))
    return frozen_of(read_study(folder), folder)
