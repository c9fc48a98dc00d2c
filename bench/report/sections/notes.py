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
class NoteBlock:
    """A heading, a paragraph, or a list with a line an item."""

    kind: str
    lines: list[Markup]


@dataclass(frozen=True)
class NotesView:
    """The section."""

    blocks: list[NoteBlock]
    empty: str


def notes(bundle: Bundle) -> NotesView:
    """The blocks of the notes."""
    text = bundle.provenance.notes
    blocks = [
        _block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()
    ]
    return NotesView(blocks, "" if blocks else NONE)


def _block(part: str) -> NoteBlock:
    """A paragraph, a heading (`# ...`) or a list (it begins with `-` or `*`; an item may go on over further lines)."""
    lines = [line.strip() for line in part.strip().splitlines()]
    if len(lines) == 1 and (found := re.match(r"#{1,6}\s+(.*)", lines[0])):
        return NoteBlock("heading", [with_code(found.group(1))])
    if re.match(r"[-*]\s+", lines[0]):
        items = re.split(r"\n[-*]\s+", "\n" + "\n".join(lines))[1:]
        return NoteBlock(
            "list", [with_code(" ".join(item.split("\n"))) for item in items]
        )
    return NoteBlock("paragraph", [with_code(" ".join(lines))])


SECTION = Section("notes", "Notes", notes, order=140)
