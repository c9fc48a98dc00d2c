"""Markdown: the tables of a page."""

from __future__ import annotations

from collections.abc import Iterable

from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.sheets import Sheet
from bench.report.first.headline import headline
from bench.report.markdown import escaped, write
from bench.report.markdown import table as table_of
from bench.report.styles import styles_of
from bench.report.text import exports as words
from bench.report.text.advice import use


def markdown(content: Content) -> dict[str, str]:
    """tables.md."""
    bundle = content.bundle
    styles = styles_of(bundle)
    parts = [
        f"# {escaped(headline(bundle))}",
        escaped(bundle.study.title),
        *([words.answer(escaped(bundle.study.answer))] if bundle.study.answer else []),
        *([words.use(escaped(advice))] if (advice := use(bundle, styles)) else []),
        *(part for sheet in content.sheets for part in _sheet(sheet)),
        *(write(table) for table in content.tables.values()),
        words.made(bundle.study.id, bundle.results_sha256),
    ]
    return {"tables.md": "\n\n".join(parts) + "\n"}


def _sheet(sheet: Sheet) -> Iterable[str]:
    rows = [[_cell(cell) for cell in row] for row in sheet.table.rows]
    yield f"## {escaped(sheet.title)}"
    yield table_of([escaped(name) for name in sheet.table.head], rows)
    yield from ([" ".join(map(escaped, sheet.notes))] if sheet.notes else [])
    if sheet.remarks:
        yield "\n".join(
            f"- {escaped(subject)}: {escaped(remark)}"
            for subject, remark in sheet.remarks
        )


def _cell(text: str) -> str:
    return " ".join(escaped(line) for line in text.split("\n"))


FORMAT = ExportFormat("markdown", markdown)
