"""`bench new`: a study folder from a template with comments, and its word in params.yaml."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.first_look.guess import Guess, first_look
from bench.project.first_look.look import Wishes
from bench.project.first_look.protocols import (
    INNER_FOLDS,
    TableSize,
    families_of,
    resampling_of,
)
from bench.project.first_look.results_table import ResultsTable
from bench.project.lists import enlist
from bench.project.project import Project
from bench.project.templates import filled
from bench.study.models import Ordinal
from bench.study.reading import named

#: What a first look found; what its author says to it.
Found = Guess | ResultsTable
#: So many columns have their type written down; of a wider table only those that the file does not tell.
WRITTEN = 60
#: What a study without a table is about.
EXAMPLE = Guess(target="target", task="classification", size=TableSize(178, 13, 3))


def new_study(
    project: Project,
    study: str,
    csv: Path | None,
    wishes: Wishes | None = None,
    ask: Callable[[Path, Guess, Wishes], Guess] | None = None,
) -> Found | None:
    """Make `studies/<id>/study.yaml` and list it in params.yaml.

    With a CSV the table is copied into the study, and what each column is, is guessed; `ask` may change the guess.
    Returns what was found in the table. Raises `UsageError` for a bad id, an id that exists, a missing table, or a
    target of one class.
    """
    folder = project.paths.study(study)
    _refuse(study, folder, csv, wishes)
    wishes = wishes or Wishes()
    listed, found = project.studies, None if csv is None else first_look(csv, wishes)
    if csv is not None and ask is not None and isinstance(found, Guess):
        found = ask(csv, found, wishes)
    if csv is not None and isinstance(found, Guess) and len(found.classes) == 1:
        raise UsageError(
            f"{csv.name}: the target {found.target} has one class only ({found.classes[0]}); name another with "
            "--target; nothing was made"
        )
    text = _study_text(study, csv, found)
    if csv is not None:
        (folder / "data").mkdir(parents=True)
        if isinstance(found, Guess) and found.table is not None:
            write_bytes(folder / "data" / csv.name, found.table.encode())
        else:
            shutil.copyfile(csv, folder / "data" / csv.name)
    write_bytes(folder / "study.yaml", text.encode())
    if study not in listed:
        enlist(project.paths.params, study)
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
        raise UsageError(
            "--target, --task, --group, --time and --positive are about a table: add --from-csv FILE"
        )


def _study_text(study: str, csv: Path | None, found: Found | None) -> str:
    common: dict[str, Any] = {
        "id": study,
        "title": study.replace("-", " ").capitalize(),
        "dataset": study.split("-")[0],
        "file": csv.name if csv is not None else None,
        "source": {"kind": "sklearn", "name": "wine"},
    }
    if csv is not None and found is not None:
        common["source"] = {
            "kind": "csv",
            "file": f"data/{csv.name}",
            **(found.source or {}),
        }
    if isinstance(found, ResultsTable):
        return filled("results.yaml", **common, found=found)
    found = found or EXAMPLE
    protocol = found.protocol
    return filled(
        "study.yaml",
        **common,
        found=found,
        types=_types(found),
        protocol=protocol,
        resampling=resampling_of(protocol, found.resampling, found.folds),
        tuning={"folds": INNER_FOLDS} if protocol.tuned else None,
        families=families_of(protocol, found.task),
    )


def _types(found: Guess) -> dict[str, Any]:
    """The types that are written: of a wide table, and of group and time, those that the file does not tell."""
    few = len(found.types) <= WRITTEN
    told = {
        name
        for name in (found.group, found.time)
        if name is not None and found.types.get(name) != "date"
    }
    clear = ("numeric", "categorical")
    written = {
        name: kind
        for name, kind in found.types.items()
        if name not in told and (few or kind not in clear)
    }
    return {
        name: kind.model_dump() if isinstance(kind, Ordinal) else kind
        for name, kind in written.items()
    }
