"""Plain lines on a terminal."""

from __future__ import annotations

import json
from typing import Any


def clean(text: object) -> str:
    """Text without control characters, so that a name cannot drive the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def say(text: str) -> None:
    """One line of results on stdout."""
    print(clean(text))


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
