"""HTML: the tables of a page in one plain file, for word processors: they open it, or take what is copied from it."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.html import environment
from bench.report.text import exports as words


def html(content: Content) -> dict[str, str]:
    """tables.html."""
    study = content.bundle.study
    made = words.made(study.id, content.bundle.results_sha256)
    return {
        "tables.html": environment()
        .get_template("tables.html")
        .render(title=study.title, tables=content.tables, made=made)
    }


FORMAT = ExportFormat("html", html)
