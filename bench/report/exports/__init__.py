"""What of a study goes into a paper, a spreadsheet or another program: each file holds one `FORMAT`.

Each format makes texts by file name; nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.core.registry import Registry
from bench.report.bundle import Bundle
from bench.report.exports.content import Content, ExportFormat

FORMATS = Registry("bench.report.exports", ExportFormat, "format")


def export(bundle: Bundle, names: Iterable[str] | None = None) -> dict[str, str]:
    """The texts of these formats by file name; of all formats by default."""
    content = Content(bundle)
    return {
        file: text
        for name in sorted(FORMATS if names is None else set(names))
        for file, text in FORMATS[name].files(content).items()
    }
