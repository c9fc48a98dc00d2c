"""`bench new`: a study folder from a template with comments, and its word in params.yaml."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.first_look.affordable import FirstProtocol, TableSize, affordable
from bench.project.first_look.guess import Guess, Wishes, first_look
from bench.project.first_look.results_table import ResultsTable
from bench.project.project import Project
from bench.project.templates import filled
from bench.study.models import ColumnType, Ordinal
from bench.study.reading import named

#: What a first look found; what its author says to it.
Found = Guess | ResultsTable
#: So many columns have their type written down; of a wider table only those that the file does not tell.
WRITTEN = 60
#: Words that readers of YAML may take for something else.
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}


def new_study(
    project: Project,
    study: str,
    csv: Path | None,
    wishes: Wishes | None = None,
    ask: Callable[[Path, Guess, Wishes], Guess] | None = None,
) -> Found | None:
    """Make `studies/<id>/study.yaml` and list it in params.yaml.

    With a CSV the table is copied into the study, and what each column is, is guessed; `ask` may change the guess.
    Returns what was found in the table. Raises `UsageError` for a bad id, an id that exists, or a missing table.
    """
    folder = project.paths.study(study)
    _refuse(study, folder, csv, wishes)
    wishes = wishes or Wishes()
    listed, found = project.studies, None if csv is None else first_look(csv, wishes)
    if csv is not None and ask is not None and isinstance(found, Guess):
        found = ask(csv, found, wishes)
    text = _study_text(study, csv, found)
    if csv is not None:
        (folder / "data").mkdir(parents=True)
        if isinstance(found, Guess) and found.table is not None:
            write_bytes(folder / "data" / csv.name, found.table.encode())
        else:
            shutil.copyfile(csv, folder / "data" / csv.name)
    write_bytes(folder / "study.yaml", text.encode())
    if study not in listed:
        _list(project.paths.params, study)
    return found


def _refuse(study: str, folder: Path, csv: Path | None, wishes: Wishes | None) -> None:
    if not named(study):
        raise UsageError(
            f"{study}: an id is small letters, digits and hyphens, and begins with a letter; nothing was made"
        )
    if folder.exists():
        raise UsageError(f"{folder}: exists already; nothing was made")
    if csv is not None and not csv.is_file():
        raise UsageError(f"{csv}: there is no such file; nothing was made")
    if csv is None and (wishes or Wishes()) != Wishes():
        raise UsageError("--target, --task, --group, --time and --positive are about a table: add --from-csv FILE")


def _study_text(study: str, csv: Path | None, found: Found | None) -> str:
    common: dict[str, Any] = {
        "id": study,
        "title": _flow(study.replace("-", " ").capitalize()),
        "dataset": study.split("-")[0],
        "file": None if csv is None else csv.name,
        "source": _flow({"kind": "sklearn", "name": "wine"}),
    }
    if csv is None or found is None:
        return filled("study.yaml", **common, **_empty())
    common["source"] = _flow({"kind": "csv", "file": f"data/{csv.name}", **(found.source or {})})
    if isinstance(found, ResultsTable):
        return filled("results.yaml", **common | _of_results(found))
    return filled("study.yaml", **common | _of_guess(found))


def _empty() -> dict[str, Any]:
    """A study of a table that is there for the example."""
    return {
        "task": "classification",
        "target": "target",
        "positive": None,
        "roles": (),
        "missing": None,
        "drop": (),
        "types": {},
        "notes": (),
        "clean": (),
        "because": {},
        "metrics": _flow({"primary": "accuracy", "also": ["roc_auc", "log_loss"]}),
        **_of_protocol(affordable(TableSize(178, 13, 13, 3), "classification", "kfold", 5)),
    }


def _of_protocol(first: FirstProtocol) -> dict[str, Any]:
    families = [(name, _flow(stated)) for name, stated in first.families.items()]
    return {"first": first, "resampling": _flow(first.resampling), "families": families}


def _of_guess(found: Guess) -> dict[str, Any]:
    roles = [("group", found.group), ("time", found.time)]
    because = {key: str(found.reasons[key]) for key in ("target", "primary") if key in found.reasons}
    return {
        "task": found.task,
        "target": _flow(found.target),
        "positive": None if found.positive is None else _flow(found.positive),
        "roles": [
            {"key": key, "column": _flow(name), "reason": found.reasons[key]} for key, name in roles if name is not None
        ],
        "missing": _flow(list(found.missing)) if found.missing else None,
        "drop": [(_flow(name), reason) for name, reason in found.drop.items()],
        "types": {_flow(name): _type(kind) for name, kind in _types(found).items()},
        "notes": found.notes,
        "clean": [(_flow(step.entry), reason) for step, reason in found.clean],
        "because": because,
        "metrics": _flow({"primary": found.primary, "also": list(found.also)}),
        **_of_protocol(found.protocol),
    }


def _types(found: Guess) -> dict[str, ColumnType]:
    """The types that are written: of a wide table, and of group and time, those that the file does not tell."""
    few = len(found.types) <= WRITTEN
    told = {name for name in (found.group, found.time) if name is not None and found.types.get(name) != "date"}
    clear = ("numeric", "categorical")
    return {name: kind for name, kind in found.types.items() if name not in told and (few or kind not in clear)}


def _of_results(found: ResultsTable) -> dict[str, Any]:
    return {
        "task": found.task or "null",
        "block": found.block,
        "columns": [(key, _flow(column)) for key, column in found.columns.items()],
        "metric": found.metric,
        "metrics": _flow({"primary": found.metrics[0], "also": list(found.metrics[1:])}),
    }


def _type(kind: ColumnType) -> str:
    return _flow({"ordinal": list(kind.ordinal)}) if isinstance(kind, Ordinal) else kind


def _flow(value: object) -> str:
    """A value as YAML in one line: plain words as they are, all else as JSON, which is YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    plain = (
        isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w./-]*", value, re.ASCII) and value.lower() not in _WORDS
    )
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _list(file: Path, study: str) -> None:
    """Add the id to params.yaml, under the last one; every other line stays as it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if re.match(r"studies\s*:", line)), len(lines))
    if start < len(lines) and re.match(r"studies\s*:\s*\[\s*\]", lines[start]):
        lines[start : start + 1] = ["studies:", f"  - {study}"]
        write_bytes(file, ("\n".join(lines) + "\n").encode())
        return
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
