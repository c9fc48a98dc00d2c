"""The checklists in Markdown."""

from __future__ import annotations

from bench.report.checklist import MEANING, parts
from bench.report.exports.content import Content, ExportFormat
from bench.report.markdown import escaped, write_markdown


def checklist(content: Content) -> dict[str, str]:
    """checklist.md: every item with what the run shows, where, and what the author says."""
    title = f"# Checklist: {escaped(content.bundle.study.title)}"
    said = (title, MEANING, write_markdown(parts(content.bundle)))
    return {"checklist.md": "\n\n".join(said) + "\n"}


FORMAT = ExportFormat("checklist", checklist)
