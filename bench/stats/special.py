"""`scipy.special`, imported when a function is first called: it takes longer than all else of many commands.

from bench.stats import special
special.ndtri(0.975)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    value = getattr(import_module("scipy.special"), name)
    globals()[name] = value
    return value
