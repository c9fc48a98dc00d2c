"""Which code of a project's folder may run.

`trusted` in params.yaml asks for it, and whoever made the folder wrote params.yaml. So the user allows each package and
each file once, as it is (`bench trust NAME`); another content asks again. What was allowed is copied to a folder of the
user's own, under its sha256, and a package is imported from that copy alone: no other file of the project can be.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bench.core.errors import UsageError, suggested
from bench.core.frames import write_bytes
from bench.project.folder import ProjectFolder


def allow(project: ProjectFolder, name: str) -> int:
    """Allow code of the project to run as it is now; returns its number of files.

    Raises `UsageError` for a name that params.yaml does not trust, and for a package that does not lie in the project.
    """
    trusted = project.settings.trusted
    if name not in trusted:
        raise UsageError(
            f"{project.paths.params}: `trusted` does not name {name}; "
            f"{suggested(name, trusted, 'names')}; nothing was allowed"
        )
    code = _own_code(project, name)
    if code is None:
        raise UsageError(
            f"{name}: does not lie in this project; an installed package needs no leave; "
            "nothing was allowed"
        )
    files = _contents(code)
    for file, content in files.items():
        write_bytes(_place(files) / file, content)
    return len(files)


def waiting(project: ProjectFolder) -> frozenset[str]:
    """What params.yaml trusts, lies in the project, and is not allowed as it is now."""
    trusted = project.settings.trusted
    places = {name: _place_of(project, name) for name in trusted}
    return frozenset(
        name for name, place in places.items() if place and not place.is_dir()
    )


def import_folders(project: ProjectFolder) -> list[str]:
    """The folders from which packages of the project are imported that are allowed."""
    places = [_place_of(project, name) for name in sorted(project.settings.trusted)]
    return [str(place) for place in places if place and place.is_dir()]


def _place_of(project: ProjectFolder, name: str) -> Path | None:
    code = _own_code(project, name)
    return None if code is None else _place(_contents(code))


def _own_code(project: ProjectFolder, name: str) -> Path | None:
    """The file or folder of the project that a name stands for; None for an installed package."""
    if name.isidentifier():
        names = [name, f"{name}.py"]
    else:
        names = [name] if name.endswith(".py") else []
    paths = [project.root / name for name in names]
    return next((path for path in paths if path.exists()), None)


def _contents(code: Path) -> dict[str, bytes]:
    """The files of a package, or one file, by their names below the folder that holds them.

    Compiled files are left out: they could be of another source.
    """
    paths = [code] if code.is_file() else sorted(code.rglob("*"))
    return {
        path.relative_to(code.parent).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def _place(files: dict[str, bytes]) -> Path:
    """Where these contents stand if they are allowed: in the user's folder, not in the project's."""
    hashes = {
        file: hashlib.sha256(content).hexdigest() for file, content in files.items()
    }
    key = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state, "bench", "trusted", key)
