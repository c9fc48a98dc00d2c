"""HTML: the tables of a page in one plain file, for word processors: they open it, or take what is copied from it."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.sheets import numeric_columns
from bench.report.html import environment
from bench.report.text import exports as words


def html(content: Content) -> dict[str, str]:
    """tables.html."""
    study = content.bundle.study
    sheets = [(sheet, numeric_columns(sheet)) for sheet in content.sheets]
    made = words.made(study.id, content.bundle.results_sha256)
    return {
        "tables.html": environment()
        .get_template("tables.html")
        .render(title=study.title, sheets=sheets, tables=content.tables, made=made)
    }


FORMAT = ExportFormat("html", html)
