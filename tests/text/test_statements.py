"""Every statement of the house has one sentence in plain words, and comes back from JSON as it was."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from string import Formatter
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import bench
from bench.core import outcomes
from bench.core.outcomes import Statement, decoded, encoded, kinds
from bench.text.problems import Broken, Rule
from bench.text.sentences import sentence

for found in walk_packages(bench.__path__, "bench."):
    if not found.name.endswith("__main__"):
        import_module(found.name)
KINDS = [kind for kind in kinds() if kind.__module__.startswith("bench.")]
#: Words of the old vocabulary that no sentence about results may hold.
RETIRED = r"sighted|owed|owes?\b|\bmute|twins?\b|slips?\b|honest|flatter|told|alarms?\b|famil(y|ies)\b|cells?\b|elsewhere"
#: Plausible values of fields, by their types, and of text that is one of some words.
OF_TYPE = {int: 3, float: 0.25, bool: True, str: "colour", Any: "colour"}
OF_WAY = {"": "colour", "name": "colour", ",": 3} | dict.fromkeys(
    ("listed", "commas"), ("colour",)
)
WORDS = {"figure": "shapes", "policy": "baseline", "rule": Rule.ALIAS, "split": "fixed"}
OF_CODE = {
    "file_order.similarity": {"within": "class"},
    "problem.bad_parameter": {"expected": "whole"},
    "problem.not_yaml": {"advice": "tab"},
    "problem.out_of_range": {"relation": "ge"},
    "problem.wrong_type": {"expected": "text"},
} | {
    code: {"kind": "sd"}
    for code in (
        "claim.paper_spread",
        "claim.as_paper_varies",
    )
}


def value(hint: Any) -> Any:
    """A plausible value of a type."""
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    if isinstance(hint, UnionType) or get_origin(hint) not in (None, tuple):
        return value(next(one for one in get_args(hint) if one is not NoneType))
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        return (value(inner[0]),) if inner[-1] is ... else tuple(map(value, inner))
    return OF_TYPE.get(hint, hint)


def of_template(template: str) -> dict[str, Any]:
    """Plausible values of the fields of a template, by how it prints them."""
    values: dict[str, Any] = {}
    for _, name, way, _ in Formatter().parse(template):
        if name is not None:
            made = True if "|" in (way or "") else OF_WAY.get(way or "", 0.25)
            values.setdefault(name, made)
    return values


def example(kind: type[Statement]) -> Statement:
    hints = get_type_hints(kind)
    values = {
        one.name: WORDS.get(one.name, value(hints[one.name])) for one in fields(kind)
    }
    if kind.__module__ == outcomes.__name__:  # a row of a table has no types
        values |= of_template(kind.template)
    return kind(**values | OF_CODE.get(kind.code, {}))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.code))
def test_each_statement_has_one_sentence(kind: type[Statement]) -> None:
    assert bool(kind.template) != hasattr(kind, "sentence")
    statement = example(kind)
    words = sentence(statement)
    assert words and not words.endswith(".")
    assert kind.code.startswith("problem.") or not re.search(RETIRED, words), words
    if (
        kind.code != "proposal.proposed"
    ):  # it holds another statement, and is written into a file at once
        assert decoded(encoded([statement])) == (statement,)


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_has_a_sentence(rule: Rule) -> None:
    assert sentence(Broken(rule, ("x",)))
