"""What the study's author wants to say, as written: escaped, with its paragraphs."""

from __future__ import annotations

import re
from typing import Any

from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.text.notes import NONE
from bench.text.words import with_code


def notes(bundle: Bundle) -> dict[str, Any]:
    text = str(bundle.provenance.get("notes") or "")
    blocks = [_block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return {"blocks": blocks, "empty": "" if blocks else NONE}


def _block(part: str) -> dict[str, Any]:
    """A paragraph, a heading (`# ...`) or a list (it begins with `-` or `*`; an item may go on over further lines)."""
    lines = [line.strip() for line in part.strip().splitlines()]
    if len(lines) == 1 and (found := re.match(r"#{1,6}\s+(.*)", lines[0])):
        return {"kind": "heading", "lines": [with_code(found.group(1))]}
    if re.match(r"[-*]\s+", lines[0]):
        items = re.split(r"\n[-*]\s+", "\n" + "\n".join(lines))[1:]
        return {"kind": "list", "lines": [with_code(" ".join(item.split("\n"))) for item in items]}
    return {"kind": "paragraph", "lines": [with_code(" ".join(lines))]}


SECTION = Section("notes", "Notes", notes, order=140)
