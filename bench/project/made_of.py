"""From which parts of a study its tables were made: a later stage refuses tables when one of these parts has changed.

DVC runs the earlier stages again by itself. Without this check, a stage that is run alone would fit a column that the
study drops now. The record is kept in the cache of this machine, under the sha256 of the tables; for tables that were
made on another machine there is none, and no check.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.core.errors import BenchError, DataError
from bench.core.frames import sha256, write_bytes
from bench.project.folder import ProjectFolder
from bench.project.seals import read_json
from bench.study import Study
from bench.study.own_files import files_of
from bench.study.preregistration import canonical, changed_keys, settled, sha256_of

#: Keys of a dataset that decide fits, and no table.
_OF_FITS = ("protocol", "preprocess", "families")


def record_raw(project: ProjectFolder, study: Study) -> None:
    """Note what the tables were fetched by."""
    _record(
        project, project.paths.raw(study.id) / "hashes.json", _sources(project, study)
    )


def refuse_other_raw(project: ProjectFolder, study: Study) -> None:
    """Raises `DataError` where the tables were fetched from another source, or from other files, than there are now."""
    _refuse(
        project,
        project.paths.raw(study.id) / "hashes.json",
        _sources(project, study),
        f"fetch {study.id}",
    )


def record_clean(project: ProjectFolder, study: Study) -> None:
    """Note what the tables were cleaned by."""
    _record(project, project.paths.clean(study.id) / "tables.parquet", _cleaning(study))


def refuse_other_clean(project: ProjectFolder, study: Study) -> None:
    """Raises `DataError` where the tables were cleaned otherwise than the study says now."""
    _refuse(
        project,
        project.paths.clean(study.id) / "tables.parquet",
        _cleaning(study),
        f"clean {study.id}",
    )


def _sources(project: ProjectFolder, study: Study) -> dict[str, Any]:
    sources = {
        name: {"source": one["source"]}
        for name, one in settled(study)["datasets"].items()
    }
    return {
        "datasets": sources,
        "files": files_of(study, project.paths.study(study.id)),
    }


def _cleaning(study: Study) -> dict[str, Any]:
    stated = settled(study)
    datasets = {
        name: {key: value for key, value in one.items() if key not in _OF_FITS}
        | {"split": list(study.split_columns(name))}
        for name, one in stated["datasets"].items()
    }
    explain = (stated["diagnostics"] or {}).get("explain")
    return {
        "task": study.task,
        "clean": stated["clean"],
        "datasets": datasets,
        "explain": explain,
    }


def _record(project: ProjectFolder, made: Path, part: Mapping[str, Any]) -> None:
    with suppress(
        BenchError
    ):  # a cache that cannot be written is told where fits are stored
        write_bytes(
            project.paths.made_of / sha256(made) / sha256_of(part),
            canonical(part).encode(),
        )


def _refuse(
    project: ProjectFolder, made: Path, part: Mapping[str, Any], stage: str
) -> None:
    folder = project.paths.made_of / sha256(made) if made.is_file() else None
    if folder is None or not folder.is_dir() or (folder / sha256_of(part)).is_file():
        return
    then = [read_json(one) for one in sorted(folder.iterdir()) if one.name[0] != "."]
    changed = min((changed_keys(one, part) for one in then), key=len, default=[])
    named = " and ".join(changed[:3]) or "it"
    raise DataError(
        f"{made.parent}: its tables were made of the study as it was, and {named} is another now; run `bench {stage}`; "
        "nothing was written"
    )
