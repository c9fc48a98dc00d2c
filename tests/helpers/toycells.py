"""Cells and outcomes as a listener sees them, without any fit."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from bench.run.workers.dispatch import CellOutcome


def cell(dataset: str, family: str, fold: int = 0, variant: str = "plain") -> Any:
    plan = SimpleNamespace(dataset=dataset, family=family)
    names = {
        "dataset": dataset,
        "family": family,
        "variant": variant,
        "repeat": 0,
        "fold": fold,
    }
    return SimpleNamespace(plan=plan, names=names, variant=variant)


def failed(
    one: Any,
    status: str = "failed",
    reason: str = "ValueError: no",
    seconds: float = 1.0,
) -> CellOutcome:
    return CellOutcome(one, None, (status, "fit", reason), seconds)


def ok(one: Any, seconds: float = 1.0) -> CellOutcome:
    return CellOutcome(one, b"", None, seconds)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def visible(text: str) -> list[str]:
    """The lines of a terminal's output without its control codes."""
    return re.split(r"\r?\n|\r", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text))
