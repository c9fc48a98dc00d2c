"""Plain lines on a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any


def clean(text: object) -> str:
    """Text without control and format characters (bidi marks), so that a name cannot drive the terminal.

    Spaces that do not break, which `str.isprintable` counts among those, stay as they are.
    """
    return "".join(c if _harmless(c) else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def one_line(text: object) -> str:
    """The same in one line: what ends lines, and any run of blanks, is one space; spaces that do not break stay."""
    return clean(re.sub(r"[ \t\r\n\f\v]+", " ", str(text)).strip())


def _harmless(c: str) -> bool:
    return c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs"


#: Control characters but tab and newline, signs that turn the direction of all text behind them, and what XML forbids.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """A page or a drawing in which no name can hide, or turn around what stands behind it; letters stay as they are."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def say(text: str) -> None:
    """One line of results on stdout."""
    print(clean(text))


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
