"""The files of a study from which its tables were read: fetch records them, so that a change is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.core.errors import DataError
from bench.core.frames import sha256
from bench.project.seals import read_json, write_json
from bench.study import Study

_NAME = "files.json"


def record(study: Study, home: Path, raw: Path) -> None:
    """Write down the sha256 of each file of the study's folder that a source names; nothing where none does."""
    found = {name: sha256(home / name) for name in sorted(set(_named(study, home)))}
    (raw / _NAME).unlink(missing_ok=True)
    if found:
        write_json(raw / _NAME, found)


def refuse_changed(study_id: str, home: Path, raw: Path) -> None:
    """Raises `DataError` where such a file is not as it was fetched; nothing is known of tables fetched elsewhere."""
    path = raw / _NAME
    known = read_json(path) if path.is_file() else {}
    for name, then in (known if isinstance(known, Mapping) else {}).items():
        if not (home / name).is_file() or sha256(home / name) != then:
            raise DataError(
                f"{home / name}: changed since its table was fetched; run `bench repro {study_id}`; nothing was written"
            )


def _named(study: Study, home: Path) -> Iterator[str]:
    for spec in study.datasets.values():
        for text in _texts(spec.source.parameters):
            if len(text) < 256 and "\0" not in text and (home / text).is_file():
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
