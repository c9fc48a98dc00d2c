r"""The numbers of a manuscript, `\bench{name}` and `\benchis{name}{number}`, against the results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from os.path import isfile
from pathlib import Path

from bench.core.errors import DataError, nearest
from bench.project.folder import ProjectFolder
from bench.project.pipeline import bundle_of
from bench.project.written_number import GROUP, compared
from bench.report.exports.as_numbers import AFTER, BEFORE, NamedNumber, named_numbers
from bench.report.text.tex import escaped

_CALL = re.compile(
    r"\\(?:input|include|subfile(?:include)?|(?:sub)?import\*?\s*\{(?P<folder>[^{}]*)\})\s*\{(?P<file>[^{}]*)\}"
    r"|\\input\s+(?P<bare>[^\s{}\\]+)|\\bench\s*\{(?P<name>[^{}]*)\}"
    rf"|\\benchis\s*\{{(?P<of>[^{{}}]*)\}}(?:\s*\{{(?P<written>{GROUP})\}}(?P<unit>(?:\\,|[~ ])*\\%)?)?"
    rf"|{re.escape(BEFORE)}(?P<defined>[^\\]*){re.escape(AFTER)}\{{(?P<text>{GROUP})\}}"
)
#: What TeX does not set as text, and where "%" begins no comment; any other pair of a backslash and a sign is kept.
_UNSEEN = re.compile(
    r"\\(?:verb\*?|lstinline|url)(?P<mark>[^\w\s*{\[\\%])[^\n]*?(?P=mark)"
    rf"|\\(?:url|path|nolinkurl|href)\s*(?:\[[^\]]*\]\s*)?\{{{GROUP}\}}"
    r"|\\begin\s*\{(?P<as_is>(?:v|V)erbatim\*?|lstlisting|minted|comment)\}.*?\\end\s*\{(?P=as_is)\}"
    r"|\\end\s*\{document\}.*|(?P<kept>\\.)|%[^\n]*",
    re.DOTALL,
)
#: Signs that are shown of the name of a file: where a brace is missing, it is a paragraph.
_LONGEST = 160


class Traced(StrEnum):
    """What a number of a manuscript is: that of the results; no longer; written so that no single number can be read;
    one whose file of numbers is not read by the manuscript; one of a name that no result has."""

    CURRENT = "current"
    STALE = "stale"
    UNREADABLE = "unreadable"
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
    """A call that is not followed: where it stands, and the file or result that it names."""

    file: str
    line: int
    named: str


@dataclass(frozen=True)
class Trace:
    """The numbers of manuscripts; the files that they read and that are not beside them; and the calls that are left
    out, since they stand behind a percent sign, in verbatim text or after the end. Each in order."""

    numbers: list[TracedNumber]
    untraced: list[Untraced]
    left_out: list[Untraced]


def trace(project: ProjectFolder, files: list[Path]) -> Trace:
    """Every number of these manuscripts that names a result, with those of the files that they read.

    Raises `DataError` for a file that cannot be read; of studies without results the names are unknown.
    """
    manuscripts = [_Manuscript(file) for file in files]
    results = _Results(project)
    return Trace(
        [_traced(results, *use) for one in manuscripts for use in one.uses],
        [missing for one in manuscripts for missing in one.untraced],
        [call for one in manuscripts for call in one.left_out],
    )


def _traced(
    results: _Results,
    file: str,
    line: int,
    name: str,
    written: str | None,
    exported: str | None,
) -> TracedNumber:
    number = results.of(name)
    if number is None:
        return TracedNumber(
            file, line, name, Traced.UNKNOWN, written, None, results.hint(name)
        )
    if written is not None:
        same, now = compared(number, written)
        state = (
            Traced.UNREADABLE
            if same is None
            else Traced.CURRENT
            if same
            else Traced.STALE
        )
        return TracedNumber(file, line, name, state, written, now, by_hand=True)
    now = escaped(number.text)
    if exported is None:
        return TracedNumber(file, line, name, Traced.NOT_EXPORTED, None, now)
    return TracedNumber(
        file,
        line,
        name,
        Traced.CURRENT if exported == now else Traced.STALE,
        exported,
        now,
    )


class _Manuscript:
    """A file of TeX with all that it reads."""

    def __init__(self, file: Path) -> None:
        self.untraced: list[Untraced] = []
        self.left_out: list[Untraced] = []
        self._uses: list[tuple[str, int, str, str | None, str | None]] = []
        self._exported: dict[str, str] = {}
        self._top = file.parent
        self._seen: dict[Path, dict[str, str]] = {}
        self._read(file, file.parent)

    @property
    def uses(self) -> Iterator[tuple[str, int, str, str | None, str | None]]:
        """Each call: file, line, name, the number by hand, and the one that is defined: the last before the call, else
        (it may stand in a macro) the last of all."""
        for file, line, name, written, defined in self._uses:
            yield (
                file,
                line,
                name,
                written,
                self._exported.get(name) if defined is None else defined,
            )

    def _read(self, file: Path, base: Path) -> dict[str, str]:
        """Read a file, once, and all that it reads; what it defines."""
        if (again := self._seen.get(file.resolve())) is not None:
            return again
        defined = self._seen[file.resolve()] = {}
        seen = self._text(file)
        for call in _CALL.finditer(seen):
            line = seen.count("\n", 0, call.start()) + 1
            if call["defined"] is not None:
                defined[call["defined"]] = self._exported[call["defined"]] = call[
                    "text"
                ]
            elif (named := call["bare"] or call["file"]) is None:
                name = " ".join(
                    (call["name"] or call["of"] or "").replace("\\_", "_").split()
                )
                written = (
                    None
                    if call["of"] is None
                    else (call["written"] or "") + (call["unit"] or "")
                )
                self._uses.append(
                    (str(file), line, name, written, self._exported.get(name))
                )
            else:
                named = str(Path((call["folder"] or "").strip(), named.strip()))
                below = next(
                    filter(
                        isfile, _places(named, base, file.parent, self._top, Path())
                    ),
                    None,
                )
                if below is None:
                    self.untraced.append(
                        Untraced(str(file), line, " ".join(named.split())[:_LONGEST])
                    )
                    continue
                inside = call["folder"] is not None or call[0].startswith(r"\subfile")
                new = self._read(below, below.parent if inside else base)
                defined |= new
                self._exported |= new
        return defined

    def _text(self, file: Path) -> str:
        """The text of a file that TeX sets, on the same lines."""
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise DataError(
                f"{file}: cannot be read ({error.strerror}); no number was traced"
            ) from None

        def seen(part: re.Match[str]) -> str:
            for call in _CALL.finditer(part[0]):
                if named := call["bare"] or call["file"] or call["name"] or call["of"]:
                    line = text.count("\n", 0, part.start() + call.start()) + 1
                    self.left_out.append(
                        Untraced(str(file), line, " ".join(named.split())[:_LONGEST])
                    )
            return part["kept"] or "\n" * part[0].count("\n")

        return _UNSEEN.sub(seen, text)


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
            self._known[study] = (
                named_numbers(bundle_of(self._project, study)) if there else {}
            )
        return self._known[study]
