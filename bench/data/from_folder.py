"""Files that lie on disk -> the cache of downloads, known by their content and by nothing else.

A file is taken when its sha256 or its git id is one that a study names, whatever it is called. A clone of a repository
gives the files of a commit, which git checks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.core.errors import DataError
from bench.core.frames import write_bytes
from bench.data.download import DownloadLimits, alone
from bench.data.git_store import Commit, GitStore, blob_id
from bench.data.source import Downloads
from bench.text import formats

#: A larger folder is refused: it is a mistake, and every file is read.
MOST_FILES, MOST_BYTES = 50_000, 8 << 30


@dataclass(frozen=True)
class Taken:
    """How many files and commits that a study names were taken from a folder."""

    files: int = 0
    commits: int = 0


def take(wanted: Iterable[Downloads], folder: Path, downloads: Path) -> Taken:
    """Fill the cache from a folder. Raises `DataError` where it is none, or too large."""
    every = list(wanted)
    sha256 = {name for one in every for name in one.sha256}
    blobs = {name for one in every for name in one.blobs}
    commits = dict.fromkeys(pair for one in every for pair in one.commits)
    store, files = GitStore(downloads), 0
    for path in _files(folder):
        content = path.read_bytes()
        if (name := hashlib.sha256(content).hexdigest()) in sha256:
            with alone(downloads, name):
                write_bytes(downloads / name, content)
        elif blob_id(content) in blobs:
            store.add(content)
        else:
            continue
        files += 1
    clones = _clones(folder)
    taken = [
        pair for pair in commits if any(_taken(store, *pair, clone) for clone in clones)
    ]
    return Taken(files, len(taken))


def _taken(
    store: GitStore, commit: Commit, paths: tuple[str, ...], clone: Path
) -> bool:
    try:
        store.fetch(commit, paths, clone)
    except DataError:  # a clone of another repository
        return False
    return True


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder, as long as they are not too many; what is larger than a download may be is left out."""
    if not folder.is_dir():
        raise DataError(f"{folder}: is no folder; nothing was taken")
    count, size, largest = 0, 0, DownloadLimits().bytes
    for path in _below(folder):
        if (length := path.stat().st_size) > largest:
            continue
        count, size = count + 1, size + length
        if count > MOST_FILES or size > MOST_BYTES:
            raise DataError(
                f"{folder}: has over {formats.count(MOST_FILES)} files or {MOST_BYTES >> 30} GiB; name the folder of "
                "the files alone. What was found so far is kept"
            )
        yield path


def _below(folder: Path) -> Iterator[Path]:
    """Every file of a folder, in order, but links and those of git."""
    for here, folders, names in os.walk(folder):
        bare = "HEAD" in names and _is_clone(Path(here))
        folders[:] = [] if bare else sorted(name for name in folders if name != ".git")
        paths = (Path(here) / name for name in sorted(names) if not bare)
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _is_clone(folder: Path) -> bool:
    return (folder / ".git").exists() or (
        (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    )


def _clones(folder: Path) -> list[Path]:
    """The folder itself and those up to two levels below, where they are clones."""
    places = [folder, *sorted(folder.glob("*/")), *sorted(folder.glob("*/*/"))]
    return [place for place in places if _is_clone(place)]
