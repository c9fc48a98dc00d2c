"""No code reads a sentence to learn a fact: reasons are asked for their codes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from research import structure

#: Methods that look into a text, and those of polars' `.str`.
LOOKS = {
    "startswith", "endswith", "partition", "rpartition", "split", "removeprefix", "removesuffix", "find", "index",
    "starts_with", "ends_with", "contains", "extract", "match", "search", "fullmatch", "findall",
}  # fmt: skip
#: Names and columns that hold a sentence, or the JSON of statements.
SENTENCES = {"reason", "reasons", "sentence", "sentences", "headline"}


def is_sentence(node: ast.AST) -> bool:
    """Whether an expression is a sentence: a name, an attribute, a column or a call of that name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in SENTENCES
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            return key in SENTENCES or is_sentence(value)
        case ast.Call(func=ast.Name(id="str"), args=[argument]):
            return is_sentence(argument)
        case ast.Call(func=ast.Attribute(attr="col"), args=[ast.Constant(value=key)]):
            return key in SENTENCES
        case ast.Call(func=ast.Attribute(value=value)):
            return is_sentence(value)
        case ast.Call(func=function):
            return is_sentence(function)
        case ast.Attribute(value=value, attr="str"):
            return is_sentence(value)
        case ast.BoolOp(values=values):
            return any(map(is_sentence, values))
    return False


def looked_into(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """The lines on which a sentence is searched, cut or compared with a text."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in LOOKS:
                inside = (
                    value.value
                    if isinstance(value, ast.Attribute) and value.attr == "str"
                    else value
                )
                if is_sentence(inside):
                    yield node.lineno
            case ast.Compare(
                left=ast.Constant(value=str()),
                ops=[ast.In() | ast.NotIn()],
                comparators=[right],
            ):
                if is_sentence(right):
                    yield node.lineno


def test_no_sentence_is_read() -> None:
    found = {
        path: list(looked_into(structure.nodes(path)))
        for path in structure.modules().values()
    }
    told = [f"{path}: lines {lines}" for path, lines in found.items() if lines]
    assert not told, f"sentences are searched; ask the statement for its code: {told}"


@pytest.mark.parametrize(
    "code",
    [
        'row["reason"].startswith("x")', '"x" in reason', '"x" in row["reasons"]', 'sentence(one).partition(": ")',
        'pl.col("reason").str.starts_with("x")', 'pl.col("reason").fill_null("").str.contains("x")',
        'frame["reason"].str.contains("x")', '(row["reason"] or "").startswith("x")', 'str(row["reason"]).split(";")',
    ],
)  # fmt: skip
def test_what_is_found(code: str) -> None:
    assert list(looked_into(ast.walk(ast.parse(code)))) == [1]


@pytest.mark.parametrize(
    "code",
    ['codes(row["reasons"])', 'Reason.X in codes(row["reasons"])', 'name.split(",")'],
)
def test_what_is_not(code: str) -> None:
    assert list(looked_into(ast.walk(ast.parse(code)))) == []
