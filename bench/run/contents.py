"""What stands in `.bench/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.run.store import Store, StoredCount


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


def _asides(top: Path) -> list[Path]:
    return sorted(top.glob("cells.sqlite.aside-*"))


def _pile(paths: Iterable[Path]) -> Pile:
    listed = list(paths)
    return Pile(len(listed), sum(_bytes(path) for path in listed))


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(one.stat().st_size for one in files if one.is_file())
