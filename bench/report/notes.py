"""What the study's author wants to say, as written, with its paragraphs."""

from __future__ import annotations

import re

from bench.report.blocks import Block, Code, Listing, Paragraph, Part, Piece


def list_notes(text: str) -> tuple[Block, ...]:
    """The paragraphs of notes.md."""
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(_block(part) for part in parts if part.strip())


def _block(part: str) -> Block:
    """A paragraph, a heading (`# ...`) or a list (it begins with `-` or `*`; an item may go on over further lines)."""
    lines = [line.strip() for line in part.strip().splitlines()]
    if len(lines) == 1 and (found := re.match(r"#{1,6}\s+(.*)", lines[0])):
        return Part(found.group(1), ())
    if re.match(r"[-*]\s+", lines[0]):
        items = re.split(r"\n[-*]\s+", "\n" + "\n".join(lines))[1:]
        return Listing(tuple(_pieces(item.replace("\n", " ")) for item in items))
    return Paragraph(_pieces(" ".join(lines)))


def _pieces(words: str) -> tuple[Piece, ...]:
    """Words; what stands between backticks is code."""
    parts = re.split(r"`([^`]+)`", words)
    return tuple(Code(part) if i % 2 else part for i, part in enumerate(parts) if part)
