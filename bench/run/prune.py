"""What stands in `.bench/`, and what of it nobody needs any more."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.run.store import Store, StoredCount

#: A folder that is being written is younger than this, in seconds; an older one was left behind by a killed run.
_LEFT_BEHIND = 3600


@dataclass(frozen=True)
class Pile:
    """Files of one kind: how many (of arrays: how many datasets), and their bytes."""

    count: int
    bytes: int


@dataclass(frozen=True)
class Contents:
    """What stands in `.bench/`: `file` with its log; `aside` are whole files that were put aside."""

    file: Pile
    cells: tuple[StoredCount, ...]
    aside: Pile
    arrays: Pile
    downloads: Pile


@dataclass(frozen=True)
class Removed:
    """What was removed, and the bytes that this freed."""

    cells: int
    aside: int
    arrays: int
    left_behind: int
    bytes: int


def contents(store: Store, top: Path) -> Contents:
    """What stands in the folder `top`."""
    return Contents(
        _pile(
            [path for path in top.glob("cells.sqlite*") if ".aside-" not in path.name]
        ),
        tuple(store.counts()),
        _pile(_asides(top)),
        _pile(top.glob("arrays/*")),
        _pile(path for path in top.glob("downloads/**/*") if path.is_file()),
    )


def prune(
    store: Store,
    top: Path,
    keep: Iterable[str],
    spared: Iterable[str],
    fingerprints: Iterable[str],
) -> Removed:
    """Remove what is of no use: cells whose keys are not in `keep`, but for those of the studies `spared`; files
    put aside; arrays of other datasets than `fingerprints`; what killed runs left; memories of checks.
    """
    before = _bytes(top)
    cells = store.prune(keep, spared)
    asides, current = _asides(top), set(fingerprints)
    arrays = [
        path
        for path in top.glob("arrays/*")
        if not path.name.startswith("new-") and path.name not in current
    ]
    old = time.time() - _LEFT_BEHIND
    left = [path for path in top.glob("arrays/new-*") if path.stat().st_mtime < old]
    left += [
        path for path in top.glob("downloads/.partial.*") if path.stat().st_mtime < old
    ]
    for path in (*asides, *arrays, *left, *top.glob("checked/*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    files = [path for path in asides if not path.name.endswith("-wal")]
    return Removed(
        cells, len(files), len(arrays), len(left), max(0, before - _bytes(top))
    )


def _asides(top: Path) -> list[Path]:
    return sorted(top.glob("cells.sqlite.aside-*"))


def _pile(paths: Iterable[Path]) -> Pile:
    listed = list(paths)
    return Pile(len(listed), sum(_bytes(path) for path in listed))


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(one.stat().st_size for one in files if one.is_file())
