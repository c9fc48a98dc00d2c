"""Arguments of `benchmark` of the wrong kind, told before anything is made of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.core.errors import UsageError
from bench.study.reading import named


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, Sequence) and all(isinstance(one, str) for one in value))


def _mappings(value: Any) -> bool:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return listed and all(isinstance(one, Mapping) for one in value)


def _block(value: Any) -> bool:
    return isinstance(value, Mapping)


#: By argument: what it may be beside None, and the words for that.
_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "task": (lambda value: value in ("classification", "regression"), "classification or regression"),
    "name": (lambda value: isinstance(value, str) and named(value), "small letters, digits and hyphens"),
    "workers": (lambda value: _whole(value) and value >= 1, "a whole number from 1"),
    "seed": (_whole, "a whole number"),
    "rope": (_number, "a finite number"),
    "metrics": (_texts, "the name of a metric, or a list of names"),
    "tuning": (lambda value: _whole(value) or _block(value), "a number of folds, or the block `tuning` of a study"),
    "tolerance": (_block, "a mapping"),
    "diagnostics": (_block, "a mapping"),
    "claims": (_mappings, "a list of mappings"),
}


def check_arguments(**given: Any) -> None:
    """Raises `UsageError` for the first argument that is of another kind than it must be."""
    for name, value in given.items():
        fits, words = _KINDS[name]
        if value is not None and not fits(value):
            raise UsageError(f"{name}: {str(value)[:60]!r} cannot be; expected {words}; nothing was fitted")
