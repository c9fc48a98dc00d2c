"""From a folder to a Study: every mistake of form at once, before anything runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel

from bench.core.errors import UsageError, suggested
from bench.core.outcomes import Statement
from bench.study.claims import FORMS, Claim, ClaimForm
from bench.study.gone import find_gone
from bench.study.models import ClaimTable, DatasetSpec, FamilySpec, Study
from bench.study.noted import Problem, Remark, StudyError
from bench.study.numbers import COLUMNS as NUMBER_COLUMNS
from bench.study.numbers import TableNumber
from bench.study.printed_numbers import PRINTED
from bench.study.problems import listed, nullable, shown, validated
from bench.study.repeats import with_pilot
from bench.study.source_map import Path as KeyPath
from bench.study.source_map import SourceMap, parse
from bench.text import problems as p

ID = re.compile(r"^[a-z][a-z0-9-]{0,63}$")
PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
RESERVED = {"null", "true", "false", "con", "nul", "aux", "prn", *PORTS}
#: Names of datasets that files beside the clean tables have.
OURS = {"tables", "cleaning"}


def named(study: str) -> bool:
    """Whether a study can be called so: such a word is a harmless name of a folder, in a command line too.

    >>> named("wine-1992"), named("a;rm"), named("../wine"), named("con")
    (True, False, False, False)
    """
    return ID.fullmatch(study) is not None and study not in RESERVED


def _within(path: Path, folder: Path) -> None:
    """Raises `UsageError` for a symbolic link that leads out of a folder."""
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            f"{path}: is a symbolic link that leaves {folder}; copy what it leads to; nothing was read"
        )


@dataclass
class Draft:
    """A study as far as it could be read: the valid sections, where everything stands, and what is wrong.

    Attributes
    ----------
    id : str
        The name of the folder.
    folder : Path
        Where it stands.
    where : SourceMap
        The line and column of each key.
    sections : dict
        The sections that could be read, by key.
    problems : list of Problem
        All mistakes that were found.
    partial : set of str
        Sections of which a part is wrong and therefore left out.
    claim_places : list
        Where each claim stands: the file, and the path in it.
    remarks : list of Remark
        What is worth saying of a study without mistakes, such as a published number that cannot be.
    """

    id: str
    folder: Path
    where: SourceMap
    sections: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    partial: set[str] = field(default_factory=set)
    claim_places: list[tuple[SourceMap, KeyPath]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def study(self) -> Study:
        """The Study; raises `StudyError` with all problems when there are any."""
        if self.problems:
            raise StudyError(self.problems)
        fields = set(self.sections)
        return with_pilot(Study.model_construct(_fields_set=fields, **self.sections))

    def has(self, *sections: str) -> bool:
        """Whether these sections could be read, each whole."""
        return all(
            name in self.sections and name not in self.partial for name in sections
        )

    @property
    def readable(self) -> Study:
        """The study with what could be read of it; a section that could not be is None, or empty."""
        absent: dict[str, Any] = dict.fromkeys(Study.model_fields) | {
            "datasets": {},
            "checklist": {},
        }
        return Study.model_construct(
            _fields_set=set(self.sections), **(absent | self.sections)
        )


def read_study(folder: Path) -> Study:
    """The study in a folder.

    Parameters
    ----------
    folder : path
        It holds `study.yaml`; its name is the id of the study.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        With every mistake of form.
    UsageError
        Where there is no study.

    Examples
    --------
    >>> import bench
    >>> bench.read_study(getfixture("toy_project") / "studies" / "toy").id
    'toy'
    """
    return read_draft(Path(folder)).study()


def read_draft(folder: Path) -> Draft:
    """The study in `folder` as far as it can be read; only unreadable YAML raises, mistakes are in `problems`."""
    file = folder / "study.yaml"
    if not named(folder.name):
        raise UsageError(
            f"{folder}: a study's folder is named with small letters, digits and hyphens, and begins with a letter"
        )
    if not file.is_file():
        known = sorted(p.parent.name for p in folder.parent.glob("*/study.yaml"))
        raise UsageError(
            f"{file}: there is no such study; {suggested(folder.name, known, 'studies')}"
        )
    _within(folder, folder.parent)
    for path in sorted(folder.iterdir()):
        _within(path, folder)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(
            [Problem(relative(file), 0, 0, "", p.NotUtf8(error.start))]
        ) from None
    values, where = parse(text, relative(file))
    notes_of(folder)  # now, not after the fits
    draft = Draft(folder.name, folder, where, {"id": folder.name})
    draft.problems += _keys(values, where)
    for name, info in Study.model_fields.items():
        if name == "id":
            continue
        if name in values:
            _section(
                draft,
                name,
                Annotated[(info.annotation, *info.metadata)]
                if info.metadata
                else info.annotation,
                values[name],
            )
        elif not info.is_required():
            draft.sections[name] = info.get_default()
    return draft


def _keys(values: Mapping[str, Any], where: SourceMap) -> list[Problem]:
    """Keys of the whole file that are unknown, old or missing."""
    fields = {name: info for name, info in Study.model_fields.items() if name != "id"}
    problems = []
    for key in values:
        if key not in fields:
            statement = (
                find_gone((), str(key), values[key])
                or _of_block(str(key), values)
                or p.UnknownKey(str(key), tuple(fields))
            )
            problems.append(where.problem((key,), statement))
    for name, info in fields.items():
        if info.is_required() and name not in values:
            problems.append(
                where.problem((name,), p.Missing(nullable(info.annotation)))
            )
    return problems


def _of_block(key: str, values: Mapping[str, Any]) -> p.Elsewhere | None:
    """The block that a key at the top would stand in, when one has it."""
    named = values.get("datasets")
    if key in DatasetSpec.model_fields and isinstance(named, Mapping) and named:
        return p.Elsewhere(key, ("datasets", str(next(iter(named)))))
    sections = [name for name, form in SECTIONS.items() if key in form.model_fields]
    return p.Elsewhere(key, (sections[0],)) if len(sections) == 1 else None


def _section(draft: Draft, name: str, annotation: Any, value: Any) -> None:
    """Read one top-level section; blocks of named things are read one by one, so that one mistake hides no other."""
    items = {"datasets": DatasetSpec, "families": FamilySpec}.get(name)
    if items is not None and value == {}:
        draft.problems.append(draft.where.problem((name,), p.EmptyBlock(name)))
    elif items is not None and isinstance(value, dict):
        draft.sections[name] = _named(draft, name, items, value)
    elif name in ("claims", *AUTHORED) and value is not None:
        _claims(draft, name, value)
    else:
        parsed, problems = validated(annotation, value, (name,), draft.where)
        draft.problems += problems
        if not problems:
            draft.sections[name] = parsed


def _named(
    draft: Draft, section: str, form: Any, items: Mapping[str, Any]
) -> dict[str, Any]:
    """The items of a block that are right, by name."""
    good = {}
    for key, item in items.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", str(key)):
            draft.problems.append(
                draft.where.problem((section, key), p.Broken(p.Rule.NAME))
            )
        elif section == "datasets" and key in OURS:
            draft.problems.append(
                draft.where.problem((section, key), p.Broken(p.Rule.NAME_OF_OURS))
            )
        parsed, problems = validated(form, item, (section, key), draft.where)
        draft.problems += problems
        if problems:
            draft.partial.add(section)
        else:
            good[str(key)] = parsed
    return good


def notes_of(folder: Path) -> str:
    """The text of `notes.md`; empty where there is none. Raises `StudyError` when it is no text."""
    file = folder / "notes.md"
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else ""
    except UnicodeDecodeError as error:
        raise StudyError(
            [Problem(relative(file), 0, 0, "", p.NotUtf8(error.start))]
        ) from None


#: Sections that are one block.
SECTIONS: dict[str, type[BaseModel]] = {
    name: form
    for name, info in Study.model_fields.items()
    for form in (info.annotation, *get_args(info.annotation))
    if isinstance(form, type) and issubclass(form, BaseModel)
}

_Row = tuple[Any, SourceMap, KeyPath]
#: The blocks of claims that the author makes, and what need not be written there.
AUTHORED = ("expect", "falsified_if")
OF_AUTHOR = {"source": "author", "where": "", "read": "source"}


def _claims(draft: Draft, section: str, value: Any) -> None:
    """The claims of a block; each is read by the model of its kind, and has an id of its own in the study."""
    claims: list[Claim] = []
    places = zip(draft.readable.judged, draft.claim_places, strict=True)
    first = {claim.id: where.place((*path, "id")) for claim, (where, path) in places}
    for item, where, path in _rows(draft, section, value):
        claim, problems = read_claim(item, path, where)
        draft.problems += problems
        if claim is None:
            continue
        if section in AUTHORED and claim.source != "author":
            source = p.UnknownWord("", claim.source, ("author",))
            draft.problems.append(where.problem((*path, "source"), source))
        if claim.id in first:
            draft.problems.append(
                where.problem((*path, "id"), p.IdTaken(claim.id, first[claim.id]))
            )
        first.setdefault(claim.id, where.place((*path, "id")))
        claims.append(claim)
        draft.claim_places.append((where, path))
    draft.sections[section] = tuple(claims)


def _rows(draft: Draft, section: str, value: Any) -> list[_Row]:
    """The claims of a list, or of the tables that it names, as blocks."""
    rows: list[_Row] = []
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        path: KeyPath = (section, index) if isinstance(value, list) else (section,)
        if isinstance(item, dict) and "table" in item:
            table, problems = validated(ClaimTable, item, path, draft.where)
            draft.problems += problems
            rows += _claim_table(draft, table.table, path) if table is not None else []
        else:
            if isinstance(item, dict) and isinstance(item.get("numbers"), str):
                item = {
                    **item,
                    "numbers": _numbers(draft, item["numbers"], (*path, "numbers")),
                }
            rows.append((item, draft.where, path))
    given = OF_AUTHOR if section in AUTHORED else {}
    return [
        ({**given, **item} if isinstance(item, Mapping) else item, where, path)
        for item, where, path in rows
    ]


def read_claim(
    item: Any, path: KeyPath, where: SourceMap
) -> tuple[Claim | None, list[Problem]]:
    """One claim by the model of its kind, or None and what is wrong with it."""
    if not isinstance(item, Mapping):
        return None, [where.problem(path, p.WrongType("block", shown(item)))]
    kind = item.get("kind")
    if kind is None:
        return None, [where.problem((*path, "kind"), p.Missing())]
    if kind not in FORMS:
        statement = find_gone(path, "kind", kind) or p.UnknownWord(
            "", str(kind), tuple(FORMS), "claims"
        )
        return None, [where.problem((*path, "kind"), statement)]
    form = FORMS[str(kind)]
    known, own = _fields(), form.model.model_fields
    others = [key for key in item if key in known and key not in own]
    claim, problems = validated(
        form.model, {k: v for k, v in item.items() if k not in others}, path, where
    )
    for key in others:
        # What only other kinds have may stand there as null.
        if item[key] is not None:
            problems.append(where.problem((*path, key), _no_key_of(form, path, key)))
    return (None if problems else claim), problems


def _no_key_of(form: ClaimForm, path: KeyPath, key: str) -> Statement:
    """That claims of a kind lack a key that others have."""
    return find_gone(path, key) or p.NotOfKind(form.name, form.own)


def _fields() -> dict[str, None]:
    """The fields of all kinds of claims."""
    return dict.fromkeys(
        name for form in FORMS.values() for name in form.model.model_fields
    )


_WORDS = {"true": True, "True": True, "false": False, "False": False}
_BOOLEANS, _NUMBERS = {"central", "constant"}, {"level", "tolerance", "times"}
_COUNTS = {"repeats", "n", "spread.n"}
_LISTS = {"among", "datasets", "order"}


def claim_columns() -> tuple[str, ...]:
    """The columns that a table of claims may have: the fields of all kinds, those of a block with a point between."""
    blocks = ("spread.value", "spread.kind", "spread.n")
    return (*(name for name in _fields() if name != "spread"), *blocks)


def _claim_table(draft: Draft, name: str, path: KeyPath) -> list[_Row]:
    """The rows of claims.csv as blocks; an empty cell is an absent key."""
    return [
        (block_of(stated), where, key)
        for stated, where, key in csv_rows(
            draft, name, (*path, "table"), claim_columns()
        )
    ]


def _numbers(draft: Draft, name: str, path: KeyPath) -> list[TableNumber]:
    """The rows of a table of published numbers, each with the line of its mistakes."""
    numbers = []
    for stated, where, key in csv_rows(draft, name, path, NUMBER_COLUMNS):
        block = {column: _cell(column, text) for column, text in stated.items()}
        number, problems = validated(TableNumber, block, key, where)
        draft.problems += problems
        numbers += [] if number is None else [number]
    return numbers


def csv_rows(
    draft: Draft, name: str, path: KeyPath, known: tuple[str, ...]
) -> list[tuple[dict[str, str], SourceMap, KeyPath]]:
    """The cells that are not empty of each row of a CSV file of the study's folder, by column, and where it stands."""
    file = draft.folder / name
    if Path(name).name != name or not file.is_file():
        draft.problems.append(draft.where.problem(path, p.NoFile(name)))
        return []
    where = SourceMap(relative(file))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        draft.problems.append(Problem(where.file, 0, 0, "", p.NotUtf8(error.start)))
        return []
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        draft.problems.append(Problem(where.file, line, 0, "", p.Broken(p.Rule.NUL)))
        return []
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(cells, reader.line_num) for cells in reader]
    except csv.Error as error:
        draft.problems.append(
            Problem(where.file, reader.line_num, 1, "", p.Said(str(error)))
        )
        return []
    header = lines[0][0] if lines else []
    draft.problems += _header(header, known, where.file)
    rows: list[tuple[dict[str, str], SourceMap, KeyPath]] = []
    for cells, line in lines[1:]:
        if not any(cells):
            continue
        if len(cells) != len(header):
            draft.problems.append(
                Problem(where.file, line, 1, "", p.CellCount(len(cells), len(header)))
            )
            continue
        key = (f"line {line}",)
        where.places[key] = (line, 1)
        stated = {
            column: text
            for column, text in zip(header, cells, strict=True)
            if text != "" and column in known
        }
        rows.append((stated, where, key))
    if not rows:
        draft.problems.append(Problem(where.file, 1, 1, "", p.Broken(p.Rule.NO_CLAIM)))
    return rows


def _header(header: list[str], known: tuple[str, ...], file: str) -> list[Problem]:
    """Columns that stand twice, are old or unknown."""
    problems = [
        Problem(file, 1, 1, column, p.Twice(column))
        for column in sorted(set(header))
        if header.count(column) > 1
    ]
    for column in header:
        if column not in known:
            block, _, key = f"claims.{column}".rpartition(".")
            statement = find_gone((block,), key) or p.UnknownKey(
                column, known, "columns"
            )
            problems.append(Problem(file, 1, 1, column, statement))
    return problems


def block_of(stated: Mapping[str, str]) -> dict[str, Any]:
    """A row as a block of YAML: cells as values, `spread.kind` as a key of the block `spread`."""
    block: dict[str, Any] = {}
    for column, text in stated.items():
        outer, point, inner = column.partition(".")
        if point:
            block.setdefault(outer, {})[inner] = _cell(column, text)
        else:
            block[column] = _cell(column, text)
    return block


def _cell(column: str, text: str) -> Any:
    if column in _BOOLEANS:
        return _WORDS.get(text, text)
    if column in _LISTS:
        return _list(column, text)
    if column in _COUNTS and re.fullmatch("[-+]?[0-9]{1,20}", text):
        return int(text)
    if column in _NUMBERS and re.fullmatch(PRINTED, text):
        return float(text)
    return text


def _list(column: str, text: str) -> list[Any]:
    """A cell that holds a list: "a, b"; the families of an order "a > b = c".

    >>> _list("order", "boosting > bagging = forest"), _list("among", "lda, qda")
    (['boosting', ['bagging', 'forest']], ['lda', 'qda'])
    """
    if column == "order":
        tiers = [[name.strip() for name in tier.split("=")] for tier in text.split(">")]
        return [tier if len(tier) > 1 else tier[0] for tier in tiers]
    return list(listed(text))


def relative(path: Path) -> str:
    """A path as messages show it: as it was given, with forward slashes."""
    return path.as_posix()
