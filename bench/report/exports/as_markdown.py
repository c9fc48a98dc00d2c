"""Markdown: the tables of a page, and the filled checklist; names are text, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bench.core.text import one_line
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.sheets import Sheet
from bench.report.styles import styles_of
from bench.report.text import exports as words
from bench.report.text.advice import use
from bench.report.text.headline import headline

#: What means something to Markdown, to HTML inside it, to the mathematics or the templates of those who show it.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&!^])")
#: At the beginning of a line.
_FIRST = re.compile(r"^([-+=]+|\d+[.)])(?=\s|$)")


def escaped(text: object) -> str:
    """One line of text that Markdown shows as it is.

    >>> escaped("a_b | <i>"), escaped("- 1")
    ('a\\\\_b \\\\| \\\\<i\\\\>', '\\\\- 1')
    """
    flat = one_line(text)
    return _FIRST.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", _SIGNS.sub(r"\\\1", flat))


def markdown(content: Content) -> dict[str, str]:
    """tables.md."""
    bundle = content.bundle
    styles = styles_of(bundle)
    parts = [
        f"# {escaped(headline(bundle, styles))}",
        escaped(bundle.study.title),
        *([words.answer(escaped(bundle.study.answer))] if bundle.study.answer else []),
        *([words.use(escaped(advice))] if (advice := use(bundle, styles)) else []),
        *(part for sheet in content.sheets for part in _sheet(sheet)),
        words.made(bundle.study.id, bundle.results_sha256),
    ]
    return {"tables.md": "\n\n".join(parts) + "\n"}


def _sheet(sheet: Sheet) -> Iterable[str]:
    rows = [[_cell(cell) for cell in row] for row in sheet.table.rows]
    yield f"## {escaped(sheet.title)}"
    yield table([escaped(name) for name in sheet.table.head], rows)
    yield from ([" ".join(map(escaped, sheet.notes))] if sheet.notes else [])
    if sheet.remarks:
        yield "\n".join(f"- {escaped(subject)}: {escaped(remark)}" for subject, remark in sheet.remarks)


def _cell(text: str) -> str:
    return " ".join(escaped(line) for line in text.split("\n"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


FORMAT = ExportFormat("markdown", markdown)
