"""`bench remove` and `bench rename`: a study's files, its word in params.yaml, its stages for DVC, its log.

Seeds come from names, so a renamed study would draw other folds. `protocol.drawn_as` keeps the old name for that: folds
stay, stored cells are found, and nothing is fitted again.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.run_log import RunLog
from bench.study.reading import ID, RESERVED

if TYPE_CHECKING:
    from bench.project.project import Project

#: Stages whose outs do not hold the name of their study.
_KEPT = ("fetch", "clean", "run")


def files_of_study(project: Project, study: str) -> list[Path]:
    """What the project has of a study: folders and files that are there."""
    paths, log = project.paths, RunLog(project, study)
    places = (
        paths.study(study), paths.pipeline(study).parent, paths.raw(study).parent, paths.results(study),
        paths.report_folder(study), paths.summary(study), log.file, log.folder / study,
    )  # fmt: skip
    return [place for place in places if place.exists()]


def remove(project: Project, study: str) -> list[Path]:
    """Remove a study: all its files, its word in params.yaml, its stages. Returns what went."""
    found = files_of_study(project, project.known(study))
    _relist(project.paths.params, study, None)
    for place in found:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    return found


def rename(project: Project, old: str, new: str) -> list[Path]:
    """Give a study another id. Returns where its files stand now. Raises `UsageError` before anything is moved."""
    project.known(old)
    if not ID.match(new) or new in RESERVED:
        raise UsageError(f"{new}: an id is small letters, digits and hyphens, and begins with a letter")
    if taken := files_of_study(project, new):
        raise UsageError(f"{taken[0]}: exists already; nothing was renamed")
    draws = project.study(old).protocol is not None
    places = {place: place.with_name(place.name.replace(old, new)) for place in files_of_study(project, old)}
    raw = project.paths.raw(old).parent
    places = {place: target if place != raw else project.paths.raw(new).parent for place, target in places.items()}
    _relist(project.paths.params, old, new)
    for place, target in places.items():
        place.rename(target)
    if draws:
        _draw_as(project.paths.study(new) / "study.yaml", old)
    lock = project.paths.pipeline(new).with_suffix(".lock")
    if lock.is_file():
        _rewrite_lock(lock, old, new)
    return list(places.values())


def _relist(params: Path, old: str, new: str | None) -> None:
    """Another word, or none, in the place of an id in the lists of params.yaml; every other line stays as it is."""
    text = params.read_text(encoding="utf-8")
    if new is None:
        text = re.sub(rf"^[ \t]*-[ \t]+{old}[ \t]*(#.*)?\n", "", text, flags=re.MULTILINE)
        text = re.sub(rf"(\[[^\]\n]*?)\b{old}(?![\w-])(?:,[ \t]*)?", r"\1", text)
        text = re.sub(r",[ \t]*\]", "]", text)
        text = re.sub(r"^(studies|slow|evidence):[ \t]*(?=\n(?![ \t]*-))", r"\1: []", text, flags=re.MULTILINE)
    else:
        text = re.sub(rf"^([ \t]*-[ \t]+){old}(?![\w-])", rf"\g<1>{new}", text, flags=re.MULTILINE)
        text = re.sub(rf"(?<=[\[, ]){old}(?=[ \t]*[,\]])", new, text)
    write_bytes(params, text.encode())


def _draw_as(file: Path, old: str) -> None:
    """Write the name that seeds are made of into a study, unless one stands there."""
    text = file.read_text(encoding="utf-8")
    if re.search(r"^[ \t]*(protocol:.*)?\bdrawn_as:", text, flags=re.MULTILINE):
        return
    flow = re.sub(r"^protocol:[ \t]*\{", f"protocol: {{drawn_as: {old}, ", text, count=1, flags=re.MULTILINE)
    block = re.sub(
        r"^(protocol:[ \t]*(?:#.*)?\n)((?:[ \t]*(?:#.*)?\n)*)([ \t]+)", rf"\1\2\3drawn_as: {old}\n\3", flow, count=1,
        flags=re.MULTILINE,
    )  # fmt: skip
    write_bytes(file, (flow if flow != text else block).encode())


def _rewrite_lock(lock: Path, old: str, new: str) -> None:
    """The lock of a study under its new name, without the stages whose outs hold the name."""
    head, *stages = re.split(r"^(?=  \w)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [re.sub(rf"(?<![\w-]){old}(?![\w-])", new, stage) for stage in stages if stage.strip().startswith(_KEPT)]
    write_bytes(lock, "".join([head, *kept]).encode())
