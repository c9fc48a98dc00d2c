"""Judging of frozen results: a project in a scratch folder, of which nothing is fitted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from unittest import mock

import polars as pl

from bench.project import pipeline, seals
from bench.project.folder import ProjectFolder

#: Frames of judging that are compared, each with the columns that name a row.
JUDGED = {
    "verdicts": ("claim",),
    "pairs": ("dataset", "family", "against", "metric"),
    "pairs_over_datasets": ("family", "against", "metric"),
    "estimates": ("dataset", "family", "metric"),
}


#: A finished run is sealed by this file, which holds the sha256 of each of its frames.
SEAL = "provenance.json"


def lay_out(scratch: Path, study_id: str, study: Path, settings: Path) -> None:
    """Put the file of a study and the settings of a project into an empty folder."""
    shutil.copytree(study, scratch / "studies" / study_id)
    shutil.copy(settings, scratch / "params.yaml")


def copy_run(root: Path, scratch: Path, study_id: str) -> None:
    """Put the tables and the frames of a project's run into the folder."""
    clean, results = Path("data", study_id, "clean"), Path("results", study_id)
    shutil.copytree(root / clean, scratch / clean)
    (scratch / results).mkdir(parents=True)
    seal = json.loads((root / results / SEAL).read_text())
    for name in (SEAL, *(f"{frame}.parquet" for frame in seal["frames"])):
        if (root / results / name).is_file():
            shutil.copy(root / results / name, scratch / results)


def judge(scratch: Path, study_id: str) -> None:
    """Judge what is stored, also where the study file has other words than when it ran, or asks for more repeats."""
    with (
        mock.patch.object(seals, "check_study"),
        mock.patch.object(seals, "most_repeats"),
        mock.patch.object(pipeline, "_refuse_other_repeats"),
    ):
        pipeline.judge(ProjectFolder(scratch, keep=False), study_id)


def read_judged(scratch: Path, study_id: str) -> dict[str, pl.DataFrame]:
    """The frames of judging that are compared, by name."""
    folder = scratch / "results" / study_id
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in JUDGED}
