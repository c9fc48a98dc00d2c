"""What a study has settled, frozen by an explicit act, and what was changed since.

`studies/<id>/frozen.json` holds one record: the settled sections of the study as canonical JSON, and a sha256 of each
and of all. No clock: the history of the repository has the date. What is settled is what can decide a verdict; titles,
reasons and notes can be reworded, and the file can be written otherwise. The record is never rewritten: every later
change is listed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bench.core.outcomes import Statement
from bench.study.models import Study
from bench.study.noted import Problem, StudyError
from bench.study.own_files import files_of
from bench.study.reading import relative
from bench.text.problems import Broken, ChangesNothing, RecordEdited, Rule

FILE = "frozen.json"
#: The sections that are settled, in the order of the file.
SECTIONS = (
    "task", "datasets", "clean", "preprocess", "protocol", "families", "metrics", "compare", "diagnostics", "tolerance",
    "claims", "deviations", "expect", "falsified_if",
)  # fmt: skip
#: Words for people, which decide nothing: under these keys anything may be reworded.
WORDS = {"title", "why", "where", "note", "made_by"}
#: The section of a record for the files in the study's folder from which its tables are made.
_FILES = "files"
#: What stands for a key that is not there.
ABSENT = "not set"


@dataclass(frozen=True)
class Change:
    """One settled value that is another now: its path, what it was and is (compact JSON, or `nothing`).

    `why`: the reason that the study declares, None: undeclared.
    """

    path: str
    was: str
    now: str
    why: str | None = None

    @property
    def section(self) -> str:
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Frozen:
    """What was frozen of a study: its sha256, and every change since."""

    sha256: str
    changes: tuple[Change, ...]

    @property
    def moved(self) -> tuple[tuple[Change, Change], ...]:
        """Values that have another key now and are the same: what is gone with what came, by the last part of its key.

        The block of a claim says whose it is, so its `source` is not compared.
        """
        gone = {
            (one.name, _meaning(one.was)): one
            for one in self.changes
            if one.now == ABSENT
        }
        came = {
            (one.name, _meaning(one.now)): one
            for one in self.changes
            if one.was == ABSENT
        }
        return tuple((gone[key], came[key]) for key in gone if key in came)

    @property
    def meant(self) -> tuple[Change, ...]:
        """The changes of meaning: all but those of a key alone."""
        moved = {change for pair in self.moved for change in pair}
        return tuple(change for change in self.changes if change not in moved)

    @property
    def undeclared(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.why is None)


def settled(study: Study, filled: Container[str] = ()) -> dict[str, Any]:
    """The settled sections as plain values; claims stand under their ids.

    A value that is its default is left out, except in the `filled` sections.
    """
    sections = {name: _plain(getattr(study, name), name in filled) for name in SECTIONS}
    blocks = {
        "claims": study.claims,
        "expect": study.expect,
        "falsified_if": study.falsified_if,
    }
    for name, claims in blocks.items():
        each = claims if isinstance(claims, tuple) else ()
        sections[name] = {
            one.id: {k: v for k, v in _plain(one).items() if k != "id"} for one in each
        }
    return sections


def _plain(value: Any, filled: bool = False) -> Any:
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        kept = {
            n: v
            for n, v in fields.items()
            if n not in WORDS and (filled or _says_something(type(value), n, v))
        }
        kept |= dict(value.model_extra or {})
        return _plain(kept, filled)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, filled) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, filled) for one in value]
    if isinstance(value, float):
        return (
            int(value)
            if value.is_integer()
            else value
            if isfinite(value)
            else str(value)
        )
    return value


def _says_something(form: type[BaseModel], name: str, value: Any) -> bool:
    info = form.model_fields[name]
    return info.is_required() or value != info.get_default()


def _meaning(value: str) -> str:
    """A value as JSON, without whose claim it is."""
    read = json.loads(value)
    return (
        canonical({k: v for k, v in read.items() if k != "source"})
        if isinstance(read, dict)
        else value
    )


def canonical(value: Any) -> str:
    """JSON with sorted keys and without spaces: equal values give equal text."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def sha256_of(value: Any) -> str:
    """The sha256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def record_of(study: Study, folder: Path) -> dict[str, Any]:
    """What freezing a study writes: the sections and the files of its tables, the hash of each, and of all."""
    sections = settled(study) | {_FILES: files_of(study, folder)}
    return {
        "sha256": sha256_of(sections),
        "sections_sha256": {name: sha256_of(value) for name, value in sections.items()},
        "sections": sections,
    }


def record_in(folder: Path) -> dict[str, Any] | None:
    """The record of a study's folder; None when it was never frozen.

    Raises `StudyError` when the file is no such file, or when the record is not what its hash says.
    """
    file = folder / FILE
    if not file.is_file():
        return None

    def wrong(statement: Statement) -> StudyError:
        return StudyError([Problem(relative(file), 0, 0, "", statement)])

    try:
        (record,) = json.loads(file.read_text(encoding="utf-8"))["records"]
        sha256, sections = record["sha256"], record["sections"]
        canonical(record).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        raise wrong(Broken(Rule.NO_RECORD_FILE)) from None
    if not isinstance(sections, dict) or sha256_of(sections) != sha256:
        raise wrong(RecordEdited())
    return dict(record)


def frozen_of(study: Study, folder: Path) -> Frozen | None:
    """What was frozen, and every change from then to the study as it is."""
    record = record_in(folder)
    if record is None:
        return None
    now = settled(study) | {_FILES: files_of(study, folder)}
    # A record may be older than a section: of deviations and files it says nothing then.
    older = {name: now[name] for name in ("deviations", _FILES)}
    blank = {"expect": {}, "falsified_if": {}} | older
    changes = [
        Change(path, was, is_now, _declared(study, path))
        for path, was, is_now in differences(blank | record["sections"], now)
    ]
    return Frozen(record["sha256"], tuple(changes))


def differences(
    before: Any, after: Any, path: str = ""
) -> Iterator[tuple[str, str, str]]:
    """(path, was, is) of every value that differs, blocks looked into, lists taken whole.

    >>> list(differences({"a": {"b": 1, "c": [1]}}, {"a": {"b": 2, "c": [1]}, "d": None}))
    [('a.b', '1', '2'), ('d', 'not set', 'null')]
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            inner = f"{path}.{key}" if path else str(key)
            if key not in after:
                yield inner, canonical(before[key]), ABSENT
            elif key not in before:
                yield inner, ABSENT, canonical(after[key])
            else:
                yield from differences(before[key], after[key], inner)
    elif canonical(before) != canonical(after):
        yield path, canonical(before), canonical(after)


def changed_keys(before: Any, after: Any) -> list[str]:
    """The paths of the values that differ."""
    return [path for path, _, _ in differences(before, after)]


def _declared(study: Study, path: str) -> str | None:
    """The reason of the declared change that is nearest to this path: the key itself, or a block that holds it."""
    holding = [
        one
        for one in study.changes
        if path == one.what or path.startswith(f"{one.what}.")
    ]
    return max(holding, key=lambda one: len(one.what)).why if holding else None


def idle(
    study: Study, changes: Iterable[Change]
) -> Iterator[tuple[int, ChangesNothing]]:
    """The declared changes that change nothing, by their place in the study's `changes`."""
    paths = tuple(change.path for change in changes)
    for index, declared in enumerate(study.changes):
        if not any(
            path == declared.what or path.startswith(f"{declared.what}.")
            for path in paths
        ):
            yield index, ChangesNothing(declared.what, paths)
