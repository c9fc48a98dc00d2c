"""What the study's author wants to say, as written: escaped, with its paragraphs."""

from __future__ import annotations

import re
from typing import Any

from bench.report.bundle import Bundle


def notes(bundle: Bundle) -> dict[str, Any]:
    text = str(bundle.provenance.get("notes") or "")
    blocks = [_block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return {"blocks": blocks, "empty": "" if blocks else "The study has no notes of its own."}


def _block(part: str) -> dict[str, Any]:
    """A paragraph, a heading (`# ...`) or a list (every line begins with `-` or `*`)."""
    lines = [line.strip() for line in part.strip().splitlines()]
    if len(lines) == 1 and (found := re.match(r"#{1,6}\s+(.*)", lines[0])):
        return {"kind": "heading", "lines": [found.group(1)]}
    if all(re.match(r"[-*]\s+", line) for line in lines):
        return {"kind": "list", "lines": [line[1:].strip() for line in lines]}
    return {"kind": "paragraph", "lines": [" ".join(lines)]}
