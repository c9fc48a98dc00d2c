"""The lists of studies in params.yaml: an id comes, goes or changes, and every other line stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.folder import ProjectFolder
from bench.study.source_map import parse

LISTS = ("studies", "slow", "evidence")


def unlisted(project: ProjectFolder) -> list[str]:
    """Ids of the studies that have a folder, and stand in no list."""
    return [study for study in project.present() if study not in project.studies]


def enlist(params: Path, study: str) -> None:
    """Write an id under the last one of `studies`.

    Raises `UsageError` for a list that cannot be added to, and `DataError` where the file cannot be written.
    """
    text = params.read_text(encoding="utf-8")
    values, where = parse(text, params.name)
    listed = values.get("studies") or []
    line, column = where.at(("studies", len(listed) - 1))
    lines = text.splitlines()
    before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if not listed:
        rest = re.sub(r":\s*(\[\s*\]|null|~)?", ":", rest, count=1)
        new = [before + rest, f"  - {study}"]
    elif re.fullmatch(r"[ \t]*-[ \t]+", before):
        new = [before + rest, before + study]
    else:
        new = [before + re.sub(r"^([\"']?[\w-]+[\"']?)", rf"\1, {study}", rest)]
    lines[line - 1 : line] = new
    text = "\n".join([*lines, ""])
    if parse(text, params.name)[0].get("studies") != [*listed, study]:
        raise UsageError(
            f"{where.place(('studies',))}: the study {study} cannot be added here; "
            "write `studies:` with one `- id` a line; nothing was changed"
        )
    write_bytes(params, text.encode())


def relist(params: Path, old: str, new: str | None) -> None:
    """Another word, or none, in the place of an id in the lists of params.yaml; every other line stays as it is."""
    text = params.read_text(encoding="utf-8")
    values, where = parse(text, params.name)
    lines = text.splitlines(keepends=True)
    places = [
        where.at((key, number))
        for key in LISTS
        for number, word in enumerate(values.get(key) or ())
        if word == old
    ]
    for line, column in sorted(
        places, reverse=True
    ):  # from the end, so that the places before it stay
        before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
        rest = re.sub(rf"^([\"']?){old}\1", new or "", rest)
        if new is None and re.fullmatch(r"[ \t]*-[ \t]+", before):
            before = rest = ""
        elif new is None:
            rest, after = re.subn(r"^[ \t]*,[ \t]*", "", rest)
            before = before if after else re.sub(r",[ \t]*$", "", before)
        lines[line - 1] = before + rest
    text, left = "".join(lines), parse("".join(lines), params.name)[0]
    for key in [key for key in LISTS if values.get(key) and left[key] is None]:
        text = re.sub(rf"^{key}:", f"{key}: []", text, flags=re.MULTILINE)
    write_bytes(params, text.encode())
