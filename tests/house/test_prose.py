"""Sentences stand in the rooms of texts: bench/text, sections and panels of the page, and the files of extensions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from research import structure

BENCH = structure.PACKAGE
#: Words in small letters, or with a first capital, that make a literal look like prose.
WORD = re.compile(r"(?<![\w.-])[A-Za-z][a-z]*(?![\w-])")
#: What only a regular expression holds.
PATTERN = re.compile(r"\\[dsSwW]")
#: So many words are a sentence.
FEWEST = 4
#: Rooms of texts; and packages whose files hold declared members (title, question, card, what to do) of their own.
TEXTS = (
    "text",
    "report/text",
    "report/sections",
    "report/panels",
    "report/first",
    "families",
    "data/adapters",
    "data/sources",
    "data/steps",
    "diagnose",
    "claims",
    "core/metrics",
    "run/variants",
)
#: Files with declared members, columns, or the words of a page, in a package that also holds logic.
DECLARED = (
    "core/frames.py",
    "report/advice.py",
    "report/all_studies.py",
    "report/bibtex.py",
    "report/checklist.py",
    "report/glossary.py",
    "report/two_runs.py",
)
#: Rooms of the terminal, where the words of a verb stand beside it.
TERMINAL = ("cli",)
_FROZEN = (
    "its code is part of the key of stored results: moved when these are made anew"
)
_MACHINE = "what a process of workers writes on stderr or answers of a task that failed: it imports no text"
#: Files that hold sentences, each with the reason; none may come.
LEFT = {
    "core/errors.py": "the nearest word, which errors of all rooms end with",
    "data/step.py": "how a cell changed, beside the cell itself, in the log of cleaning",
    "project/progress.py": "lines of progress on stderr, for the terminal and for Python alike",
    "report/draw.py": "elements of SVG with their attributes, no sentence",
    "run/evaluate.py": _FROZEN,
    "run/fallback.py": "a value of a stored frame (frames.FAILURES, `policy`)",
    "run/result.py": _FROZEN,
    "run/shortcuts/_libsvm.py": _FROZEN,
    "run/shortcuts/linear.py": _FROZEN,
    "run/shortcuts/neural.py": _FROZEN,
    "run/store.py": "what is wrong with the file of cells, on stderr and in errors",
    "run/why.py": "what differs between two identities: names and values of parameters, said by `bench why` alone",
    "run/workers/cluster.py": _MACHINE,
    "run/workers/fork_server.py": _MACHINE,
    "run/workers/pool.py": _MACHINE,
    "run/workers/worker.py": _MACHINE,
}


def literals(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """(line, text) of every literal but docstrings, patterns, and the messages of exceptions, refusals and assertions."""
    skipped: set[int] = set()
    for node in nodes:
        if (
            isinstance(node, ast.Raise | ast.Assert)
            or _is_docstring(node)
            or _is_pattern(node)
            or _is_refusal(node)
        ):
            skipped |= {id(part) for part in ast.walk(node)}
    for node in nodes:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            words = "".join(
                str(p.value) if isinstance(p, ast.Constant) else "X"
                for p in node.values
            )
            yield node.lineno, "" if not words.strip("X ") else words
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_pattern(node: ast.AST) -> bool:
    """Whether a node is a call of a function of `re`, whose literals are patterns."""
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _is_refusal(node: ast.AST) -> bool:
    """Whether a node calls `refuse`, which raises what it is given to say."""
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "refuse"


def prose(path: Path) -> list[tuple[int, str]]:
    """The literals of a file that look like sentences."""
    found = literals(structure.nodes(path))
    return [
        (line, text)
        for line, text in found
        if len(WORD.findall(text)) >= FEWEST and not PATTERN.search(text)
    ]


def logic() -> list[Path]:
    """The files that should hold no sentences."""
    rooms = tuple(f"{room}/" for room in (*TEXTS, *TERMINAL))
    names = (
        (path, path.relative_to(BENCH).as_posix())
        for path in (BENCH / "__init__.py", *structure.modules().values())
    )
    return [
        path
        for path, name in names
        if not name.startswith(rooms) and name not in DECLARED
    ]


def test_no_logic_holds_a_sentence() -> None:
    for path in logic():
        if path.relative_to(BENCH).as_posix() not in LEFT:
            assert not prose(path), f"{path}: move these to a room of texts"


def test_the_list_of_what_is_left_names_files() -> None:
    assert not [name for name in LEFT if not (BENCH / name).is_file()]


def test_counts_have_one_form() -> None:
    """That of `formats.count`; a template `{rows:,}` asks for it by the sign of Python's own."""
    for path in structure.modules().values():
        specs = [
            node.format_spec
            for node in structure.nodes(path)
            if isinstance(node, ast.FormattedValue)
        ]
        parts = [
            part
            for spec in specs
            if isinstance(spec, ast.JoinedStr)
            for part in spec.values
        ]
        signs = "".join(
            str(part.value) for part in parts if isinstance(part, ast.Constant)
        )
        assert "," not in signs or path == BENCH / "text" / "formats.py", path
