"""The checklists in Markdown."""

from __future__ import annotations

from bench.report.exports.content import Content, ExportFormat
from bench.report.markdown import escaped, write_markdown
from bench.report.sections.checklist import MEANING, parts


def checklist(content: Content) -> dict[str, str]:
    """checklist.md: every item with what the run shows, where, and what the author says."""
    head = f"# Checklist of {escaped(content.bundle.study.title)}\n\n{MEANING}"
    return {"checklist.md": f"{head}\n\n{write_markdown(parts(content.bundle))}\n"}


FORMAT = ExportFormat("checklist", checklist)
