"""Arguments of `benchmark` of the wrong kind, told before anything is made of them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from bench.core.errors import UsageError
from bench.study.reading import named
from bench.text.arguments import EXPECTED


def _whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return _whole(value) or (isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value))


def _texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, Sequence) and all(isinstance(one, str) for one in value))


def _mappings(value: Any) -> bool:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return listed and all(isinstance(one, Mapping) for one in value)


def _block(value: Any) -> bool:
    return isinstance(value, Mapping)


#: By argument, what it must be where it is not None.
_KINDS: dict[str, Callable[[Any], bool]] = {
    "task": lambda value: value in ("classification", "regression"),
    "name": lambda value: isinstance(value, str) and named(value),
    "workers": lambda value: _whole(value) and value >= 1,
    "seed": _whole,
    "rope": _number,
    "metrics": _texts,
    "tuning": lambda value: _whole(value) or _block(value),
    "tolerance": _block,
    "diagnostics": _block,
    "claims": _mappings,
    "folder": lambda value: isinstance(value, str | os.PathLike),
}


def check_arguments(**given: Any) -> None:
    """Raises `UsageError` for the first argument that is of another kind than it must be."""
    for name, value in given.items():
        if value is not None and not _KINDS[name](value):
            raise UsageError(f"{name}: {str(value)[:60]!r} cannot be; expected {EXPECTED[name]}; nothing was fitted")
