r"""The numbers of a manuscript, `\bench{name}` and `\benchis{name}{number}`, against the results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import isfinite
from pathlib import Path

from bench.core.errors import DataError, nearest
from bench.project.folder import ProjectFolder
from bench.project.pipeline import bundle_of
from bench.report.exports.as_numbers import AFTER, BEFORE, NamedNumber, named_numbers
from bench.report.text.tex import escaped
from bench.text.formats import as_printed

_CALL = re.compile(
    r"\\(?:input|include|subfile(?:include)?|(?:sub)?import\*?\s*\{(?P<folder>[^{}]*)\})\s*\{(?P<file>[^{}]*)\}"
    r"|\\input\s+(?P<bare>[^\s{}\\]+)|\\bench\s*\{(?P<name>[^{}]*)\}"
    r"|\\benchis\s*\{(?P<of>[^{}]*)\}(?:\s*\{(?P<written>(?:[^{}]|\{[^{}]*\})*)\})?"
)
#: What TeX sets around a number and inside it, as blanks and as nothing.
_APART, _INSIDE = re.compile(r"\\[a-zA-Z]+|[{}~\s]"), re.compile(r"\\[,%]|[$\u2009]")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%.*")
_DEFINED = re.compile(re.escape(BEFORE) + r"([^\\]*)" + re.escape(AFTER) + r"\{(.*)\}\s*$", re.MULTILINE)


class Traced(StrEnum):
    """What a number of a manuscript is: that of the results; no longer; one whose file of numbers is not read by the
    manuscript; one of a name that no result has."""

    CURRENT = "current"
    STALE = "stale"
    NOT_EXPORTED = "not_exported"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TracedNumber:
    """A number of a manuscript: where it stands, the name of its result, as it is written there (or in the file of
    numbers that it reads), and as it is now; `hint`: the nearest name, of an unknown one; `by_hand`: whether the number
    stands in the manuscript."""

    file: str
    line: int
    name: str
    state: Traced
    written: str | None
    now: str | None
    hint: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Untraced:
    """A file that a manuscript reads and that is not beside it: where it is named, and how."""

    file: str
    line: int
    named: str


@dataclass(frozen=True)
class Trace:
    """The numbers of manuscripts, and the files of theirs that were not found, each in order."""

    numbers: list[TracedNumber]
    untraced: list[Untraced]


def trace(project: ProjectFolder, files: list[Path]) -> Trace:
    """Every number of these manuscripts that names a result, with those of the files that they read.

    Raises `DataError` for a file that cannot be read; of studies without results the names are unknown.
    """
    manuscripts = [_Manuscript(file) for file in files]
    results = _Results(project)
    return Trace(
        [_traced(results, one.exported, *use) for one in manuscripts for use in one.uses],
        [missing for one in manuscripts for missing in one.untraced],
    )


def _traced(
    results: _Results, exported: dict[str, str], file: str, line: int, name: str, written: str | None
) -> TracedNumber:
    number = results.of(name)
    if number is None:
        return TracedNumber(file, line, name, Traced.UNKNOWN, written, None, results.hint(name))
    now = escaped(number.text)
    if written is not None:
        plain = _APART.sub(" ", _INSIDE.sub("", written)).strip().replace("\N{MINUS SIGN}", "-")
        same = " ".join(written.split()) == now
        if number.value is not None and isfinite(number.value) and _NUMBER.fullmatch(plain):
            now = as_printed(number.value, plain)
            same = Decimal(now.replace("\N{MINUS SIGN}", "-")) == Decimal(plain)
        return TracedNumber(file, line, name, Traced.CURRENT if same else Traced.STALE, written, now, by_hand=True)
    if name not in exported:
        return TracedNumber(file, line, name, Traced.NOT_EXPORTED, None, now)
    state = Traced.CURRENT if exported[name] == now else Traced.STALE
    return TracedNumber(file, line, name, state, exported[name], now)


class _Manuscript:
    """A file of TeX with all that it reads."""

    def __init__(self, file: Path) -> None:
        self.exported: dict[str, str] = {}
        self.uses: list[tuple[str, int, str, str | None]] = []
        self.untraced: list[Untraced] = []
        self._top = file.parent
        self._seen: set[Path] = set()
        self._read(file, file.parent)

    def _read(self, file: Path, base: Path) -> None:
        if file.resolve() in self._seen:
            return
        self._seen.add(file.resolve())
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise DataError(f"{file}: cannot be read ({error.strerror}); no number was traced") from None
        seen = _COMMENT.sub("", text)
        self.exported |= dict(_DEFINED.findall(seen))
        for call in _CALL.finditer(seen):
            line = seen.count("\n", 0, call.start()) + 1
            if (named := call["bare"] or call["file"]) is None:
                name = " ".join((call["name"] or call["of"] or "").replace("\\_", "_").split())
                self.uses.append((str(file), line, name, None if call["of"] is None else call["written"] or ""))
                continue
            named = str(Path((call["folder"] or "").strip(), named.strip()))
            below = next(filter(Path.is_file, _places(named, base, file.parent, self._top, Path())), None)
            if below is None:
                self.untraced.append(Untraced(str(file), line, named))
            else:
                inside = call["folder"] is not None or call[0].startswith(r"\subfile")
                self._read(below, below.parent if inside else base)


def _places(name: str, *folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (folder / name, folder / f"{name}.tex")


class _Results:
    """The named numbers of the studies of a project, read when they are asked for."""

    def __init__(self, project: ProjectFolder) -> None:
        self._project = project
        self._known: dict[str, dict[str, NamedNumber]] = {}

    def of(self, name: str) -> NamedNumber | None:
        return self._numbers(name.partition(":")[0]).get(name)

    def hint(self, name: str) -> str:
        study = name.partition(":")[0]
        known = self._numbers(study)
        return nearest(name, known) if known else nearest(study, self._studies)

    @cached_property
    def _studies(self) -> list[str]:
        return self._project.present()

    def _numbers(self, study: str) -> dict[str, NamedNumber]:
        if study not in self._known:
            there = study in self._studies
            self._known[study] = named_numbers(bundle_of(self._project, study)) if there else {}
        return self._known[study]
