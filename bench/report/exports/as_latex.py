"""LaTeX: every table by itself, ready for `\\input`, with booktabs and its marks explained under it, and never
wider than the text. Plain ASCII."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.names import distinct, slug
from bench.report.exports.sheets import Sheet, numeric_columns
from bench.report.latex import join_cells, set_table, stack, write_latex
from bench.report.text import exports as text
from bench.report.text.tex import escaped


def latex(content: Content) -> dict[str, str]:
    """Texts by file name under tables/."""
    bundle, found = content.bundle, content.sheets
    made = (
        f"% {text.made(bundle.study.id, bundle.results_sha256)} {text.NEEDS_PACKAGES}\n"
    )
    names = distinct(slug(sheet.id) for sheet in found)
    tables = {
        name: _table(sheet, f"tab:{bundle.study.id}-{name}")
        for name, sheet in zip(names, found, strict=True)
    }
    tables |= {
        name: write_latex(table, f"tab:{bundle.study.id}-{name}")
        for name, table in content.tables.items()
    }
    return {f"tables/{name}.tex": made + table for name, table in tables.items()}


def _table(sheet: Sheet, label: str) -> str:
    right = numeric_columns(sheet)
    rows = [
        join_cells(
            [
                stack([escaped(line) for line in cell.split("\n")], one)
                for cell, one in zip(row, right, strict=True)
            ]
        )
        for row in sheet.table.rows
    ]
    notes = [escaped(note) for note in sheet.notes]
    return set_table(sheet.title, label, sheet.table.head, right, rows, notes)


FORMAT = ExportFormat("latex", latex)
