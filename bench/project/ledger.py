"""What each stage made, and of what: one record a stage, beside what it wrote.

A record names what of the study decides the stage, its inputs, the code and the versions of libraries, and its outputs
by sha256. A later stage refuses what is of another study, of other inputs, or not as it was written. A record without
outputs is of a stage that did not end: it stands there before the first output, so that a folder that cannot be written
is told at once, and so that what lies beside it is not taken for its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bench.core import frames
from bench.core.errors import DataError
from bench.core.registry import Extension
from bench.study.preregistration import changed_keys

FETCH, CLEAN, RUN, JUDGE = "fetch.json", "clean.json", "run.json", "judge.json"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What one stage made.

    Attributes
    ----------
    study : mapping
        What of the study decides the stage, as plain values.
    inputs : mapping of str to str
        What it read, by name: the sha256 or fingerprint.
    outputs : mapping of str to str, or None
        The sha256 of each file that it wrote; None where it did not end.
    code, versions : mapping of str to str
        Names of the code that decides it, and versions of libraries.
    trusted_code : tuple of str
        Import paths of packages that the project trusts.
    extensions : tuple of Extension
        What installed packages brought.
    repeats : tuple of mapping
        By dataset, the repeats that a pilot decided on.
    """

    study: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] | None = None
    code: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    trusted_code: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    repeats: tuple[Mapping[str, Any], ...] = ()


_FORM = TypeAdapter(Record)


def write(path: Path, record: Record) -> None:
    """Write a record; what is empty is left out of the file."""
    values = {name: value for name, value in asdict(record).items() if value}
    write_json(path, values)


def read(path: Path) -> Record:
    """The record in a file. Raises `DataError` where there is none."""
    values = read_json(path)
    try:
        return _FORM.validate_python(values)
    except (ValueError, RecursionError):
        raise DataError(
            f"{path}: is no record of a run; delete it and run again"
        ) from None


def sha256s(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The sha256 of each of these parquet files of a folder."""
    return {name: frames.sha256(folder / f"{name}.parquet") for name in names}


def refuse_other(
    path: Path, again: str, study: Mapping[str, Any], inputs: Mapping[str, str]
) -> Record:
    """The record in a file. Raises `DataError` where it is of another study, or of other inputs, than these."""
    record = read(path)
    then = {**record.study, "inputs": record.inputs}
    changed = changed_keys(then, {**study, "inputs": inputs})
    if changed:
        named = " and ".join(name.removeprefix("inputs.") for name in changed[:3])
        raise DataError(
            f"{path.parent}: was made of the study as it was, and {named} is another now; run `{again}`; "
            "nothing was written"
        )
    return record


def refuse_changed(path: Path, record: Record, names: Iterable[str]) -> None:
    """Raises `DataError` where a stage did not end, or where one of its parquet files is not as it was written."""
    if record.outputs is None:
        raise DataError(
            f"{path.parent}: the last run did not end, so these results are not its own; run it again"
        )
    for name in names:
        file = path.parent / f"{name}.parquet"
        if file.is_file() and frames.sha256(file) != record.outputs.get(name):
            raise DataError(
                f"{file}: its sha256 is not the one recorded, so it was changed or damaged; run it again"
            )


def write_json(path: Path, value: Any) -> None:
    """JSON in one form, so that equal values are equal bytes."""
    text = json.dumps(
        value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False
    )
    frames.write_bytes(path, f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """The value in a file. Raises `DataError` where there is none, or no JSON."""
    if not path.is_file():
        raise DataError(
            f"{path}: is missing; an earlier stage makes it: run `bench repro`"
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise DataError(
            f"{path}: is no JSON, so it was changed or cut off; delete it and run again"
        ) from None
