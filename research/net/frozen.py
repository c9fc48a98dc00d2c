"""Judging of frozen results: a project in a scratch folder, of which nothing is fitted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from unittest import mock

import polars as pl

from bench.project import ledger, pipeline
from bench.project.folder import ProjectFolder

#: Frames of judging that are compared, each with the columns that name a row.
JUDGED = {
    "verdicts": ("claim",),
    "pairs": ("dataset", "family", "against", "metric"),
    "pairs_over_datasets": ("family", "against", "metric"),
    "estimates": ("dataset", "family", "metric"),
}


#: What a run made, as it was recorded when the frames were kept, and the record of today.
SEALS = ("provenance.json", "run.json")


def lay_out(scratch: Path, study_id: str, study: Path, settings: Path) -> None:
    """Put the file of a study and the settings of a project into an empty folder."""
    shutil.copytree(study, scratch / "studies" / study_id)
    shutil.copy(settings, scratch / "params.yaml")


def copy_run(root: Path, scratch: Path, study_id: str) -> None:
    """Put the tables and the frames of a project's run into the folder."""
    clean, results = Path("data", study_id, "clean"), Path("results", study_id)
    shutil.copytree(root / clean, scratch / clean)
    (scratch / results).mkdir(parents=True)
    for name in (*SEALS, *(f"{frame}.parquet" for frame in pipeline.RUN_FRAMES)):
        if (root / results / name).is_file():
            shutil.copy(root / results / name, scratch / results)


def judge(scratch: Path, study_id: str) -> None:
    """Judge what is stored, also where the study file has other words than when it ran, or asks for more repeats."""
    results = scratch / "results" / study_id
    record = _read_record(results)
    ledger.write(results / ledger.RUN, record)
    with (
        mock.patch.object(pipeline, "_refuse_other_tables"),
        mock.patch.object(pipeline, "_refuse_other_run", return_value=record),
        mock.patch.object(pipeline, "_refuse_other_repeats"),
    ):
        pipeline.judge(ProjectFolder(scratch, keep=False), study_id)


def _read_record(results: Path) -> ledger.Record:
    """The record of a run, of whatever form it is."""
    older = results / SEALS[0]
    if not older.is_file():
        return ledger.read(results / ledger.RUN)
    seal = json.loads(older.read_text())
    return ledger.Record(
        study={}, outputs=seal["frames"], code=seal["code"], versions=seal["versions"]
    )


def read_judged(scratch: Path, study_id: str) -> dict[str, pl.DataFrame]:
    """The frames of judging that are compared, by name."""
    folder = scratch / "results" / study_id
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in JUDGED}
