"""Plain lines on a terminal, and JSON for programs."""

from __future__ import annotations

import json
import re
import unicodedata
from textwrap import TextWrapper
from typing import Any

#: What begins a formula, also as full-width signs; tab and line end are control characters, which are gone by then.
_FORMULA = "=+-@\t\r\n＝＋－＠"
#: Of every object that `--json` prints; it grows when a key goes or changes its meaning.
SCHEMA_VERSION = 1


def clean(text: object) -> str:
    """Text without control and format characters (bidi marks), so that a name cannot drive the terminal.

    Spaces that do not break, which `str.isprintable` counts among those, stay as they are.
    """
    return "".join(
        c if _harmless(c) else "\N{REPLACEMENT CHARACTER}" for c in str(text)
    )


def one_line(text: object) -> str:
    """The same in one line: what ends lines, and any run of blanks, is one space; spaces that do not break stay."""
    return clean(re.sub(r"[ \t\r\n\f\v]+", " ", str(text)).strip())


def text_cell(value: str) -> str:
    """Text that no spreadsheet takes for a formula, in one line and without control characters.

    >>> text_cell("=1+1"), text_cell("a-b"), text_cell(" @x")
    ("'=1+1", 'a-b', "'@x")
    """
    flat = one_line(value)
    return f"'{flat}" if flat.lstrip()[:1] and flat.lstrip()[0] in _FORMULA else flat


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters, the last one `…` where more follow.

    >>> shortened("random forest", 8)
    'random …'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _harmless(c: str) -> bool:
    return c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs"


#: Control characters but tab and newline, signs that turn the direction of all text behind them, and what XML forbids.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """A page or a drawing in which no name can hide, or turn around what stands behind it; letters stay as they are."""
    return (
        text if text.isprintable() else _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)
    )


def say(text: str) -> None:
    """One line of results on stdout."""
    print(clean(text))


def wrapped(text: str, first: str = "", rest: str = "    ") -> None:
    """A sentence on stdout within 80 columns, its further lines indented."""
    say(broken(text, 80, first, rest))


def broken(text: str, width: int, first: str = "", rest: str = "    ") -> str:
    """A sentence in lines of at most so many letters, its further lines indented; words stay whole."""
    lines = TextWrapper(
        width, first, first + rest, break_long_words=False, break_on_hyphens=False
    )
    return lines.fill(clean(text))


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    print(as_json(value, indent=2))


def json_object(values: dict[str, Any]) -> None:
    """What a command answers to a program: one object on stdout, its `schema_version` first."""
    json_out({"schema_version": SCHEMA_VERSION} | values)


def as_json(value: Any, indent: int | None = None) -> str:
    r"""JSON with its letters readable; what could drive a terminal is escaped, and reads back as it was.

    >>> as_json({"Größe": "a\x9b2J\u202e"})
    '{"Größe": "a\\u009b2J\\u202e"}'
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    return "".join(c if _harmless(c) else json.dumps(c)[1:-1] for c in text)
