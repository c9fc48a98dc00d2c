"""`bench new`: a study folder from a template with comments, and its word in params.yaml."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.core.outcomes import Statement
from bench.core.text import one_line
from bench.data.guess import Guess, guess
from bench.project.project import Project
from bench.project.templates import filled
from bench.study.reading import named


def new_study(project: Project, study: str, csv: Path | None) -> tuple[Statement, ...]:
    """Make `studies/<id>/study.yaml` and list it in params.yaml.

    With a CSV the table is copied into the study, and its types, target and roles are guessed. Returns what is worth
    a look in that table. Raises `UsageError` for a bad id, an id that exists, or a missing table.
    """
    if not named(study):
        raise UsageError(
            f"{study}: an id is small letters, digits and hyphens, and begins with a letter; nothing was made"
        )
    folder = project.paths.study(study)
    if folder.exists():
        raise UsageError(f"{folder}: exists already; nothing was made")
    if csv is not None and not csv.is_file():
        raise UsageError(f"{csv}: there is no such file; nothing was made")
    listed, found = project.studies, None if csv is None else guess(csv)
    text = _study_text(study, csv, found)
    if csv is not None:
        (folder / "data").mkdir(parents=True)
        shutil.copyfile(csv, folder / "data" / csv.name)
    write_bytes(folder / "study.yaml", text.encode())
    if study not in listed:
        _list(project.paths.params, study)
    return () if found is None else found.warnings


def _study_text(study: str, csv: Path | None, found: Guess | None) -> str:
    source: dict[str, object] = {"kind": "sklearn", "name": "wine"}
    labels = None
    if csv is not None and found is not None:
        source = {"kind": "csv", "file": f"data/{csv.name}", **found.source}
        labels = found.target if found.task == "classification" else None
    return filled(
        "study.yaml",
        id=study,
        title=_quoted(study.replace("-", " ").capitalize()),
        task="classification" if found is None else found.task,
        dataset=study.split("-")[0],
        source=_flow(source),
        target="target" if found is None else _quoted(found.target),
        missing=_flow(list(found.missing)) if found is not None and found.missing else None,
        types={_quoted(name): kind for name, kind in found.types.items() if name != labels} if found else {},
        warnings=[one_line(str(warning)) for warning in found.warnings] if found else (),
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flow(value: object) -> str:
    """A value as YAML in one line: JSON is YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _list(file: Path, study: str) -> None:
    """Add the id to params.yaml, under the last one; every other line stays as it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if re.match(r"studies\s*:", line)), len(lines))
    last = None
    for number, line in enumerate(lines[start + 1 :], start + 1):
        if re.match(r"\s*- ", line):
            last = number
        elif re.match(r"[^\s#]", line):
            break
    if last is None:
        raise UsageError(f"{file}: list the study {study} there by hand, under `studies:`, one `- id` a line")
    lines.insert(last + 1, f"{lines[last].split('-')[0]}- {study}")
    write_bytes(file, ("\n".join(lines) + "\n").encode())
