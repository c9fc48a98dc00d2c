"""HTML: the tables of a page in one plain file, for word processors: they open it, or take what is copied from it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.sheets import Sheet, is_number
from bench.report.text import exports as words

#: Word reads styles of an element; it passes over classes, and over a style sheet in the head.
_TABLE = 'border="1" cellpadding="4" cellspacing="0" style="border-collapse:collapse;border:1px solid #888"'


def html(content: Content) -> dict[str, str]:
    """tables.html."""
    bundle = content.bundle
    title = escape(bundle.study.title)
    parts = [
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n<body>',
        f"<h1>{title}</h1>",
        *map(_sheet, content.sheets),
        f"<p>{escape(words.made(bundle.study.id, bundle.results_sha256))}</p>",
        "</body>\n</html>\n",
    ]
    return {"tables.html": "\n".join(parts)}


def _sheet(sheet: Sheet) -> str:
    right = [i > 0 and all(is_number(row[i]) for row in sheet.table.rows) for i in range(len(sheet.table.head))]
    head = _row("th", sheet.table.head, right)
    body = "\n".join(_row("td", row, right) for row in sheet.table.rows)
    notes = f"\n<p>{escape(' '.join(sheet.notes))}</p>" if sheet.notes else ""
    return f"<h2>{escape(sheet.title)}</h2>\n<table {_TABLE}>\n{head}\n{body}\n</table>{notes}"


def _row(tag: str, cells: Sequence[str], right: Sequence[bool]) -> str:
    made = (
        f'<{tag} align="{"right" if one else "left"}">{"<br>".join(map(escape, cell.split(chr(10))))}</{tag}>'
        for cell, one in zip(cells, right, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"


FORMAT = ExportFormat("html", html)
