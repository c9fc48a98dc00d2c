"""Sentences stand in the rooms of texts: bench/text, bench/report/text, and the files of extensions' own members."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
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
    "families",
    "data/adapters",
    "data/sources",
    "data/steps",
    "diagnose",
    "claims",
    "core/metrics",
    "run/variants",
)
#: Files with declared members, or columns, in a package that also holds logic.
DECLARED = ("core/frames.py", "report/checklist/leakage.py", "report/checklist/reforms.py")
#: Rooms of the terminal, where the words of a verb stand beside it.
TERMINAL = ("cli",)
#: Files that still hold sentences: a file leaves the list when it holds none, and none may come.
LEFT = (
    "core/errors.py",
    "data/step.py",
    "run/evaluate.py",
    "run/fallback.py",
    "run/result.py",
    "run/shortcuts/_libsvm.py",
    "run/shortcuts/linear.py",
    "run/shortcuts/neural.py",
    "run/store.py",
    "run/why.py",
    "run/workers/cluster.py",
    "run/workers/fork_server.py",
    "run/workers/pool.py",
    "run/workers/worker.py",
    "study/retired.py",
)


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every literal but docstrings, patterns, and the messages of exceptions and assertions."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Assert) or _is_docstring(node) or _is_pattern(node):
            skipped |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            words = "".join(str(p.value) if isinstance(p, ast.Constant) else "X" for p in node.values)
            yield node.lineno, "" if not words.strip("X ") else words
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_pattern(node: ast.AST) -> bool:
    """Whether a node is a call of a function of `re`, whose literals are patterns."""
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


def prose(path: Path) -> list[tuple[int, str]]:
    """The literals of a file that look like sentences."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (line, text) for line, text in literals(tree) if len(WORD.findall(text)) >= FEWEST and not PATTERN.search(text)
    ]


def logic() -> list[Path]:
    """The files that should hold no sentences."""
    rooms = tuple(f"{room}/" for room in (*TEXTS, *TERMINAL))
    names = ((path, path.relative_to(BENCH).as_posix()) for path in sorted(BENCH.rglob("*.py")))
    return [path for path, name in names if not name.startswith(rooms) and name not in DECLARED]


@pytest.mark.parametrize("path", logic(), ids=lambda path: path.relative_to(BENCH).as_posix())
def test_no_logic_holds_a_sentence(path: Path) -> None:
    found = prose(path)
    if path.relative_to(BENCH).as_posix() not in LEFT:
        assert not found, f"move these to a room of texts: {found}"


def test_the_list_of_what_is_left_names_files() -> None:
    assert not [name for name in LEFT if not (BENCH / name).is_file()]
