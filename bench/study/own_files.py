"""The files in the folder of a study from which its tables are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.core.frames import sha256
from bench.study.models import Study


def files_of(study: Study, folder: Path) -> dict[str, str]:
    """The sha256 of each file of the folder that a data source names, by its path; empty where none does."""
    return {name: sha256(folder / name) for name in sorted(set(_named(study, folder)))}


def _named(study: Study, folder: Path) -> Iterator[str]:
    for spec in study.datasets.values():
        for text in _texts(spec.source.parameters):
            if len(text) < 256 and "\0" not in text and (folder / text).is_file():
                yield text


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | tuple():
            for one in value:
                yield from _texts(one)
        case Mapping():
            for one in value.values():
                yield from _texts(one)
