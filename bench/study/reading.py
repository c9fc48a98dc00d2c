"""From a folder to a Study: every mistake of form at once, before anything runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.core.errors import Problem, StudyError, UsageError, suggested
from bench.study.models import Claim, ClaimTable, DatasetSpec, FamilySpec, Study
from bench.study.problems import nullable, validated
from bench.study.source_map import SourceMap, parse

ID = re.compile(r"^[a-z][a-z0-9-]{0,63}$")
RESERVED = {"null", "true", "false", "con", "nul", "aux", "prn"}
#: What DVC tracks for the dear stages: a missing one would stop DVC after it has deleted the outs.
MANDATORY = ("task", "datasets", "clean", "preprocess", "protocol", "families", "diagnostics")


@dataclass
class Draft:
    """A study as far as it could be read: the valid sections, where everything stands, and what is wrong."""

    id: str
    folder: Path
    where: SourceMap
    sections: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Sections of which a part is wrong and therefore left out.
    partial: set[str] = field(default_factory=set)
    claim_places: list[tuple[SourceMap, tuple[str | int, ...]]] = field(default_factory=list)
    #: What is worth saying of a study without mistakes: a published number that cannot be.
    remarks: list[Problem] = field(default_factory=list)

    def study(self) -> Study:
        """The Study; raises `StudyError` with all problems when there are any."""
        if self.problems:
            raise StudyError(self.problems)
        return Study.model_construct(_fields_set=set(self.sections), **self.sections)


def read_study(folder: Path) -> Study:
    """The study in `folder`. Raises `StudyError` with every mistake of form, `UsageError` without a study."""
    return read_draft(folder).study()


def read_draft(folder: Path) -> Draft:
    """The study in `folder` as far as it can be read; only unreadable YAML raises, mistakes are in `problems`."""
    file = folder / "study.yaml"
    if not ID.match(folder.name) or folder.name in RESERVED:
        raise UsageError(
            f"{folder}: a study's folder is named with small letters, digits and hyphens, and begins with a letter"
        )
    if not file.is_file():
        known = sorted(p.parent.name for p in folder.parent.glob("*/study.yaml"))
        raise UsageError(f"{file}: there is no such study; {suggested(folder.name, known, 'studies')}")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError([Problem(shown(file), 0, 0, "", f"is not UTF-8 (byte {error.start})")]) from None
    values, where = parse(text, shown(file))
    draft = Draft(folder.name, folder, where, {"id": folder.name})
    draft.problems += _keys(values, where)
    for name, info in Study.model_fields.items():
        if name == "id" or (name not in values and not info.is_required()):
            if name != "id":
                draft.sections[name] = info.get_default()
        elif name in values:
            _section(draft, name, info.annotation, values[name])
    return draft


def _keys(values: Mapping[str, Any], where: SourceMap) -> list[Problem]:
    fields = {name: info for name, info in Study.model_fields.items() if name != "id"}
    found = [
        where.problem((key,), f"unknown; {suggested(str(key), fields, 'keys')}") for key in values if key not in fields
    ]
    for name, info in fields.items():
        if info.is_required() and name not in values:
            hint = "write null when there is none" if nullable(info.annotation) else "it must be given"
            found.append(where.problem((name,), f"missing; {hint}"))
    return found


def _section(draft: Draft, name: str, annotation: Any, value: Any) -> None:
    """Read one top-level section; blocks of named things are read one by one, so that one mistake hides no other."""
    items = {"datasets": DatasetSpec, "families": FamilySpec}.get(name)
    if items is not None and value == {}:
        draft.problems.append(draft.where.problem((name,), f"is empty; name at least one of the {name}"))
    elif items is not None and isinstance(value, dict):
        good = {}
        for key, item in value.items():
            if not re.match(r"^[a-z][a-z0-9_-]{0,63}$", str(key)):
                message = "a name is small letters, digits, _ and -, and begins with a letter"
                draft.problems.append(draft.where.problem((name, key), message))
            parsed, found = validated(items, item, (name, key), draft.where)
            draft.problems += found
            if found:
                draft.partial.add(name)
            else:
                good[str(key)] = parsed
        draft.sections[name] = good
    elif name == "claims" and value is not None:
        _claims(draft, value)
    else:
        parsed, found = validated(annotation, value, (name,), draft.where)
        draft.problems += found
        if not found:
            draft.sections[name] = parsed


def _claims(draft: Draft, value: Any) -> None:
    rows: list[tuple[Any, SourceMap, tuple[str | int, ...]]] = []
    listed = value if isinstance(value, list) else [value]
    for index, item in enumerate(listed):
        path: tuple[str | int, ...] = ("claims", index) if isinstance(value, list) else ("claims",)
        if isinstance(item, dict) and "table" in item:
            table, found = validated(ClaimTable, item, path, draft.where)
            draft.problems += found
            if table is not None:
                rows += _claim_table(draft, table.table, path)
        else:
            rows.append((item, draft.where, path))
    claims: list[Claim] = []
    first: dict[str, str] = {}
    for item, where, path in rows:
        claim, found = validated(Claim, item, path, where)
        draft.problems += found
        if claim is None:
            continue
        if claim.id in first:
            draft.problems.append(
                where.problem((*path, "id"), f"the id {claim.id} stands already in {first[claim.id]}")
            )
        first.setdefault(claim.id, str(where.problem((*path, "id"), "")).split(": ")[0])
        claims.append(claim)
        draft.claim_places.append((where, path))
    draft.sections["claims"] = tuple(claims)


_WORDS = {"true": True, "True": True, "false": False, "False": False}
_BOOLEANS, _NUMBERS = {"central", "verified"}, {"threshold", "level", "tolerance"}
_COUNTS = {"repeats", "n", "positives", "folds", "spread_n"}


def _claim_table(
    draft: Draft, name: str, path: tuple[str | int, ...]
) -> list[tuple[Any, SourceMap, tuple[str | int, ...]]]:
    """The rows of claims.csv as dicts; an empty cell is an absent key."""
    file = draft.folder / name
    if Path(name).name != name or not file.is_file():
        draft.problems.append(draft.where.problem((*path, "table"), f"{name}: no such file in the study's folder"))
        return []
    where = SourceMap(shown(file))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        draft.problems.append(Problem(where.file, 0, 0, "", f"is not UTF-8 (byte {error.start})"))
        return []
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        draft.problems.append(Problem(where.file, line, 0, "", "has a NUL character; expected a table of text"))
        return []
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    for column in {column for column in header if header.count(column) > 1}:
        draft.problems.append(Problem(where.file, 1, 1, column, "the column stands there twice"))
    for column in header:
        if column not in Claim.model_fields:
            draft.problems.append(
                Problem(where.file, 1, 1, column, f"unknown column; {suggested(column, Claim.model_fields, 'columns')}")
            )
    rows: list[tuple[Any, SourceMap, tuple[str | int, ...]]] = []
    for cells in reader:
        line = reader.line_num
        if not any(cells):
            continue
        if len(cells) != len(header):
            draft.problems.append(
                Problem(where.file, line, 1, "", f"has {len(cells)} cells, the header has {len(header)}")
            )
            continue
        row = {k: _cell(k, v) for k, v in zip(header, cells, strict=True) if v != "" and k in Claim.model_fields}
        key = (f"line {line}",)
        where.places[key] = (line, 1)
        rows.append((row, where, key))
    if not rows:
        draft.problems.append(Problem(where.file, 1, 1, "", "has no claim; expected one row a claim under the header"))
    return rows


def _cell(column: str, text: str) -> Any:
    if column in _BOOLEANS:
        return _WORDS.get(text, text)
    try:
        if column in _COUNTS:
            return int(text)
        if column in _NUMBERS:
            return float(text)
    except ValueError:
        return text
    return text


def shown(path: Path) -> str:
    """A path as messages show it: as it was given, with forward slashes."""
    return path.as_posix()
