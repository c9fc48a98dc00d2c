"""Members of a closed set are asked for their traits: nobody outside names a kind of claim, or a resampling."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pytest

from bench.claims import KINDS
from bench.core.identity import PACKAGE
from bench.study.protocol import RESAMPLINGS

#: Who may name a kind of claim.
OF_KINDS = ("claims/",)
#: Who may name a resampling, and why.
OF_RESAMPLINGS = (
    "study/protocol.py",
    "run/folds.py",  # draws the folds of each
    "data/faults.py",  # ranges of rows are keys of one of them
    "report/text/protocol.py",  # the words of each
    "project/arrays_in.py",  # writes a study of a splitter of scikit-learn
)


def constants(node: ast.AST) -> set[object]:
    """The text of a node, or of each member of a list of texts; empty for all else."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return {value for part in node.elts for value in constants(part)}
    if isinstance(node, ast.Dict):
        return {value for part in node.keys if part for value in constants(part)}
    return set()


def asks_for_kind(node: ast.AST) -> bool:
    """Whether an expression is `kind`, or ends in it, or is what a function of that name gives."""
    if isinstance(node, ast.Call):
        return asks_for_kind(node.func)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return "kind" in name or name in ("resampling", "resampling_of")


def compares(node: ast.AST, names: Set[str]) -> bool:
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    named = set[object]().union(*map(constants, sides))
    return bool(named & names) and any(map(asks_for_kind, sides))


def lists(node: ast.AST, names: Set[str]) -> bool:
    """Whether a list, or the keys of a dictionary, are names and nothing else."""
    found = set() if isinstance(node, ast.Constant) else constants(node)
    return len(found) > 1 and found <= names


def imports(node: ast.AST, classes: Set[str]) -> bool:
    if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
        "bench."
    ):
        return False
    return any(alias.name in classes for alias in node.names)


def places(
    allowed: tuple[str, ...], names: Set[str], classes: Set[str]
) -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        if file.startswith(allowed):
            continue
        yield from found_in(path, file, names, classes)


def found_in(path: Path, file: str, names: Set[str], classes: Set[str]) -> list[str]:
    checks: list[Callable[[ast.AST], bool]] = [
        lambda node: compares(node, names),
        lambda node: lists(node, names),
        lambda node: imports(node, classes),
    ]
    return [
        f"{file}:{getattr(node, 'lineno', 0)}"
        for node in ast.walk(ast.parse(path.read_bytes()))
        if any(check(node) for check in checks)
    ]


def test_no_kind_of_claim_is_named_outside() -> None:
    models = {kind.model.__name__ for kind in KINDS.values()}
    assert list(places(OF_KINDS, set(KINDS), models)) == []


def test_no_resampling_is_named_outside() -> None:
    models = {form.__name__ for form in RESAMPLINGS.values()}
    assert list(places(OF_RESAMPLINGS, set(RESAMPLINGS), models)) == []


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("row.kind == 'best'", True),
        ("claim.kind in ('value', 'rank')", True),
        ("ALONE = ('better', 'best')", True),
        ("{'better': 1, 'equivalent': 2}", True),
        ("from bench.claims.value import ValueClaim", True),
        ("resampling_of(study, name) == 'value'", True),
        ("number == 'value'", False),
        ("row.kind == other.kind", False),
        ("('value', 'low', 'high')", False),
    ],
)
def test_what_names_one(text: str, finds: bool, tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(text)
    models = {kind.model.__name__ for kind in KINDS.values()}
    assert bool(found_in(path, "one.py", set(KINDS), models)) == finds
