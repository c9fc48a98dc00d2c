"""Markdown: the tables of a page."""

from __future__ import annotations

from bench.report.advice import use
from bench.report.exports.content import Content, ExportFormat
from bench.report.first.headline import headline
from bench.report.markdown import escaped, write
from bench.report.styles import styles_of
from bench.report.text import exports as words


def markdown(content: Content) -> dict[str, str]:
    """tables.md."""
    bundle = content.bundle
    styles = styles_of(bundle)
    parts = [
        f"# {escaped(headline(bundle))}",
        escaped(bundle.study.title),
        *([words.answer(escaped(bundle.study.answer))] if bundle.study.answer else []),
        *([words.use(escaped(advice))] if (advice := use(bundle, styles)) else []),
        *(write(table) for table in content.tables.values()),
        words.made(bundle.study.id, bundle.results_sha256),
    ]
    return {"tables.md": "\n\n".join(parts) + "\n"}


FORMAT = ExportFormat("markdown", markdown)
