"""What the study's author wants to say, as written: escaped, with its paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.text.notes import NONE
from bench.text.words import with_code


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list with a line an item."""

    kind: str
    lines: list[Markup]


@dataclass(frozen=True)
class Notes:
    """The section."""

    blocks: list[Block]
    empty: str


def notes(bundle: Bundle) -> Notes:
    """The blocks of the notes."""
    text = str(bundle.provenance.get("notes") or "")
    blocks = [_block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return Notes(blocks, "" if blocks else NONE)


def _block(part: str) -> Block:
    """A paragraph, a heading (`# ...`) or a list (it begins with `-` or `*`; an item may go on over further lines)."""
    lines = [line.strip() for line in part.strip().splitlines()]
    if len(lines) == 1 and (found := re.match(r"#{1,6}\s+(.*)", lines[0])):
        return Block("heading", [with_code(found.group(1))])
    if re.match(r"[-*]\s+", lines[0]):
        items = re.split(r"\n[-*]\s+", "\n" + "\n".join(lines))[1:]
        return Block("list", [with_code(" ".join(item.split("\n"))) for item in items])
    return Block("paragraph", [with_code(" ".join(lines))])


SECTION = Section("notes", "Notes", notes, order=140)
