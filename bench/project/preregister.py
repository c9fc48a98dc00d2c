"""`bench freeze`: an explicit act that writes down what a study has settled, so that later changes can be listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.core.errors import UsageError
from bench.project.check import checked_draft
from bench.project.seals import write_json
from bench.study import read_study
from bench.study.preregistration import FILE, Frozen, frozen_of, record_of, records_in

if TYPE_CHECKING:
    from bench.project.folder import ProjectFolder


def freeze(project: ProjectFolder, study_id: str, again: bool = False) -> str | None:
    """Add a record to `studies/<id>/frozen.json`; returns its sha256, or None where nothing differs from the last one.

    Raises `StudyError` for a study with mistakes, `UsageError` when it is frozen already and `again` was not asked for,
    or was asked for without a first record.
    """
    folder, study = project.paths.study(project.known(study_id)), checked_draft(project, study_id).study()
    records, record = records_in(folder), record_of(study, folder)
    if records and not again:
        raise UsageError(
            f"{folder / FILE}: {study_id} is frozen already; `bench check {study_id}` lists what was changed since, "
            "`--again` adds a record and keeps the earlier ones; nothing was written"
        )
    if again and not records:
        raise UsageError(f"{study_id} was never frozen; leave out --again; nothing was written")
    if records and records[-1]["sha256"] == record["sha256"]:
        return None
    write_json(folder / FILE, {"records": [*records, record]})
    return str(record["sha256"])


def frozen(project: ProjectFolder, study_id: str) -> Frozen | None:
    """What was frozen of a study and what was changed since; None when it never was."""
    folder = project.paths.study(project.known(study_id))
    return frozen_of(read_study(folder), folder)
