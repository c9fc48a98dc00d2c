"""What of a study goes into a paper, a spreadsheet or another program: a module a format, all from the page's numbers.

Each format makes texts by file name; nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.exports.as_bibtex import bibtex
from bench.report.exports.as_csv import csv_files
from bench.report.exports.as_json import json_files
from bench.report.exports.as_latex import latex
from bench.report.exports.as_markdown import checklist, markdown
from bench.report.exports.as_svg import drawings
from bench.report.exports.content import Content

Files = dict[str, str]


@dataclass(frozen=True)
class Format:
    """A format's name, what it holds, and the function from content to texts by file name."""

    name: str
    title: str
    files: Callable[[Content], Files]


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("latex", "tables for LaTeX, with booktabs", latex),
        Format("markdown", "the same tables in Markdown", markdown),
        Format("csv", "the tables, and the data behind every figure", csv_files),
        Format("svg", "every figure by itself, in points", drawings),
        Format("bibtex", "the paper and this tool", bibtex),
        Format("json", "verdicts, scores and all that follows from them, with its schema", json_files),
        Format("checklist", "the filled checklist in Markdown", checklist),
    )
}


def export(bundle: Bundle, names: Iterable[str] = FORMATS) -> Files:
    """The texts of these formats by file name, in the order of `FORMATS`."""
    wanted, content = set(names), Content(bundle)
    return {file: text for one in FORMATS.values() if one.name in wanted for file, text in one.files(content).items()}
