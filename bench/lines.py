"""Plain lines on a terminal."""

from __future__ import annotations

import json
import unicodedata
from typing import Any


def clean(text: object) -> str:
    """Text without control and format characters (bidi marks), so that a name cannot drive the terminal.

    Spaces that do not break, which `str.isprintable` counts among those, stay as they are.
    """
    return "".join(c if _harmless(c) else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def _harmless(c: str) -> bool:
    return c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs"


def say(text: str) -> None:
    """One line of results on stdout."""
    print(clean(text))


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
