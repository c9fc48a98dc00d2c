"""YAML text -> plain values, and where each of them stands in the file.

YAML 1.2 through ruamel.yaml's safe, pure reader: PyYAML keeps the last of two equal keys silently, reads `1e-3` as text
and `no` as False. A study is untrusted: aliases, tags, very large and very deep documents are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bench.core.outcomes import Statement
from bench.study.noted import Problem, Remark, StudyError
from bench.text.problems import (
    Broken,
    ControlCharacter,
    FileTooLarge,
    NotYaml,
    Rule,
    TagFound,
    WrongType,
)

MAX_BYTES = 2_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40
_TAGS = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp"}
_DIRECTIVE = re.compile(r"^%YAML", re.MULTILINE)
_NO_LETTER = re.compile(r"[\ud800-\udfff]")

Path = tuple[str | int, ...]
#: What most often lies behind what the reader of YAML says: a part of its message, and the name of an advice.
_ADVICE = {
    "duplicate key": "once",
    "mapping values": "indent",
    "<block end>": "block",
    "but got": "open",
    "expected ':'": "colon",
    "unexpected end": "quote",
    "'\\t'": "tab",
}


@dataclass
class SourceMap:
    """Where the parts of one file stand: a path such as ("families", "rf", "C") -> (line, column), from 1; `written`:
    the scalars of the file as they stand there."""

    file: str
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    prefix: str = ""

    def problem(self, path: Path, statement: Statement) -> Problem:
        """A Problem at the nearest part of `path` that stands in the file; its words keep the whole path."""
        if (
            isinstance(statement, WrongType)
            and statement.expected == "quotes"
            and path in self.written
        ):
            statement = WrongType(
                "quotes", self.written[path]
            )  # 86.50, which YAML reads as 86.5
        return Problem(self.file, *self.at(path), dotted(path), statement)

    def remark(self, path: Path, statement: Statement) -> Remark:
        """The same of something that is no mistake."""
        return Remark(self.file, *self.at(path), dotted(path), statement)

    def at(self, path: Path) -> tuple[int, int]:
        """Line and column of the nearest part of `path` that stands in the file; zeros where none does."""
        return next(
            (
                self.places[path[:end]]
                for end in range(len(path), -1, -1)
                if path[:end] in self.places
            ),
            (0, 0),
        )

    def place(self, path: Path) -> str:
        """`file:line` of the nearest part of `path`."""
        line, _ = self.at(path)
        return f"{self.file}:{line}" if line else self.file


def dotted(path: Path) -> str:
    """A path as people write it.

    >>> dotted(("claims", 0, "value"))
    'claims[0].value'
    """
    text = ""
    for part in path:
        text += (
            f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
        )
    return text


def parse(text: str, file: str) -> tuple[dict[str, Any], SourceMap]:
    """The document's values and places. Raises `StudyError` with file, line and column of what cannot be read."""

    def stop(statement: Statement, line: int = 0, column: int = 0) -> StudyError:
        return StudyError([Problem(file, line, column, "", statement)])

    if (directive := _DIRECTIVE.search(text)) is not None:
        raise stop(
            Broken(Rule.DIRECTIVE), text.count("\n", 0, directive.start()) + 1, 1
        )
    if len(text.encode()) > MAX_BYTES:
        raise stop(FileTooLarge("bytes", MAX_BYTES))
    reader = YAML(typ="safe", pure=True)
    try:
        root = reader.compose(text)
        places, written = _places(root, stop)
        values = None if root is None else reader.constructor.construct_document(root)
    except (YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise stop(*_unreadable(error, text)) from None
    if not isinstance(values, dict):
        raise stop(Broken(Rule.NO_BLOCK), 1, 1)
    return values, SourceMap(file, places, written)


def _unreadable(error: Exception, text: str) -> tuple[Statement, int, int]:
    """What the reader of YAML says, and where: line and column from 1, or 0 where it does not know."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        number = (
            error.character
            if isinstance(error.character, int)
            else ord(error.character)
        )
        return (
            ControlCharacter(number),
            before.count("\n") + 1,
            error.position - before.rfind("\n"),
        )
    if not isinstance(error, MarkedYAMLError):
        return (
            NotYaml(str(error).splitlines()[0] if str(error) else type(error).__name__),
            0,
            0,
        )
    mark = error.problem_mark or error.context_mark
    said = (error.problem or error.context or "cannot be read").split("\n")[0].strip()
    if "duplicate key" in said:
        said = said.partition(" with value")[0].replace("found ", "")
    advice = next((advice for sign, advice in _ADVICE.items() if sign in said), "")
    return NotYaml(said, advice), *(
        (mark.line + 1, mark.column + 1) if mark else (0, 0)
    )


def _places(
    root: Node | None, stop: Callable[..., StudyError]
) -> tuple[dict[Path, tuple[int, int]], dict[Path, str]]:
    """Where each part stands, and each scalar as it stands there."""
    places: dict[Path, tuple[int, int]] = {}
    written: dict[Path, str] = {}
    seen: set[int] = set()
    waiting: list[tuple[Node | None, Path]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        if node is None:
            continue
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if id(node) in seen:
            raise stop(Broken(Rule.ALIAS), line, column)
        seen.add(id(node))
        if len(seen) > MAX_NODES or len(path) > MAX_DEPTH:
            raise stop(FileTooLarge("values", MAX_NODES, MAX_DEPTH), line, column)
        if (refused := _refused(node)) is not None:
            raise stop(refused, line, column)
        places.setdefault(path, (line, column))
        if isinstance(node, ScalarNode):
            written[path] = str(node.value)
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if not isinstance(key, ScalarNode) or _NO_LETTER.search(key.value):
                    raise stop(
                        Broken(Rule.KEY),
                        key.start_mark.line + 1,
                        key.start_mark.column + 1,
                    )
                name = (*path, key.value)
                places[name] = (key.start_mark.line + 1, key.start_mark.column + 1)
                waiting.append((value, name))
        elif isinstance(node, SequenceNode):
            waiting += [
                (child, (*path, index)) for index, child in enumerate(node.value)
            ]
    return places, written


def _refused(node: Node) -> Statement | None:
    """Why a value may not stand in a study, whatever its place."""
    if str(node.tag).removeprefix("tag:yaml.org,2002:") not in _TAGS:
        return TagFound(str(node.tag))
    return (
        Broken(Rule.HALF_LETTER)
        if isinstance(node, ScalarNode) and _NO_LETTER.search(node.value)
        else None
    )
