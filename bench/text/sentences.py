"""One statement as one sentence: the table that page, terminal and exports share.

A module of this room registers a function for each statement type that belongs to the house. An extension (a claim
kind, a diagnostic, an explanation) may define `sentence(self) -> str` on a statement type of its own instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

import bench.text
from bench.core.errors import BenchError
from bench.core.outcomes import Statement, speak

S = TypeVar("S", bound=Statement)
_TABLE: dict[type[Statement], Callable[[Any], str]] = {}


def says(kind: type[S]) -> Callable[[Callable[[S], str]], Callable[[S], str]]:
    """Register the function below as the sentence of a type of statement."""

    def keep(function: Callable[[S], str]) -> Callable[[S], str]:
        if kind in _TABLE:
            raise BenchError(f"{kind.__qualname__} has two sentences")
        _TABLE[kind] = function
        return function

    return keep


def sentence(statement: Statement) -> str:
    """The sentence of a statement, without a full stop at its end.

    Raises
    ------
    BenchError
        Where nobody wrote one.
    """
    _all_modules()
    if (function := _TABLE.get(type(statement))) is not None:
        return function(statement)
    own = getattr(statement, "sentence", None)
    if own is None:
        raise BenchError(f"{type(statement).__qualname__} has no sentence in bench.text")
    return str(own())


def sentences(statements: Iterable[Statement], separator: str = "; ") -> str:
    """Several statements in one line."""
    return separator.join(sentence(one) for one in statements)


@cache
def _all_modules() -> None:
    """Import every module of this room once, so that all sentences are registered."""
    for module in iter_modules(bench.text.__path__):
        import_module(f"bench.text.{module.name}")


speak(sentence)
