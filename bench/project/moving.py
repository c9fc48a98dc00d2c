"""`bench remove` and `bench rename`: a study's files, its word in params.yaml, its stages for DVC, its log.

Seeds come from names, so a renamed study draws other folds, and its cells are fitted anew. Its data stay.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.folder import inside
from bench.project.lists import relist
from bench.project.project import Project
from bench.project.run_log import RunLog
from bench.study.reading import named

#: Stages whose outs do not depend on the name of their study.
_KEPT = ("fetch", "clean")


def files_of_study(project: Project, study: str) -> list[Path]:
    """What the project has of a study: folders and files that are there."""
    paths, log = project.paths, RunLog(project, study)
    places = (
        paths.study(study), paths.pipeline(study).parent, paths.raw(study).parent, paths.results(study),
        paths.report_folder(study), paths.summary(study), log.file, log.folder / study,
    )  # fmt: skip
    return [inside(project, place) for place in places if place.exists()]


def remove(project: Project, study: str) -> list[Path]:
    """Remove a study: all its files, its word in params.yaml, its stages. Returns what went."""
    found = files_of_study(project, project.known(study))
    relist(project.paths.params, study, None)
    for place in found:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
    return found


def rename(project: Project, old: str, new: str) -> list[Path]:
    """Give a study another id. Returns where its files stand now. Raises `UsageError` before anything is moved."""
    project.known(old)
    if not named(new):
        raise UsageError(
            f"{new}: an id is small letters, digits and hyphens, and begins with a letter"
        )
    if taken := files_of_study(project, new):
        raise UsageError(f"{taken[0]}: exists already; nothing was renamed")
    places = {
        place: place.with_name(new + place.name.removeprefix(old))
        for place in files_of_study(project, old)
    }
    relist(project.paths.params, old, new)
    for place, target in places.items():
        place.rename(target)
    lock = project.paths.pipeline(new).with_suffix(".lock")
    if lock.is_file():
        _rewrite_lock(lock, old, new)
    return list(places.values())


def _rewrite_lock(lock: Path, old: str, new: str) -> None:
    """The lock of a study under its new name, without the stages whose outs depend on the name."""
    head, *stages = re.split(
        r"^(?=  \w)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    kept = [
        re.sub(rf"(?<![\w-]){old}(?![\w-])", new, stage)
        for stage in stages
        if stage.strip().startswith(_KEPT)
    ]
    write_bytes(lock, "".join([head, *kept]).encode())
