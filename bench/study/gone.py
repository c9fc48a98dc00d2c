"""What a study file could say once: each key or value with what to write instead (`gone.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from bench.study.source_map import Path as KeyPath
from bench.text.problems import Gone


@dataclass(frozen=True, kw_only=True)
class GoneKey:
    """A key of a block, or one value of it, that the study file has no more."""

    block: str
    key: str
    value: str | None = None
    instead: str


@cache
def read_gone() -> Sequence[GoneKey]:
    """All rows of `gone.toml`, in the order of the file."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(GoneKey(**row) for row in tomllib.loads(text).get("gone", ()))


def find_gone(block: KeyPath, key: str, value: object = None) -> Gone | None:
    """The statement about a key, or a value of a key, that is gone; None for all others."""
    place = _name_of(block)
    for row in read_gone():
        if (
            row.key == key
            and row.value in (None, value)
            and place.count(".") == row.block.count(".")
            and fnmatchcase(place, row.block)
        ):
            word = key if row.value is None else f"{key}: {row.value}"
            return Gone(word, row.instead)
    return None


def _name_of(block: KeyPath) -> str:
    """The name of a block without numbers; claims of the author and rows of a table stand for the block of claims."""
    first, *inner = [part for part in block if isinstance(part, str)] or [""]
    if first.startswith("line ") or first in ("expect", "falsified_if"):
        first = "claims"
    return ".".join((first, *inner))
