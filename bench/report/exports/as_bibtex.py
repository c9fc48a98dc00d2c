"""BibTeX of the paper and of this tool, as the page shows it."""

from __future__ import annotations

from bench.report.bibtex import entries
from bench.report.exports.content import Content, ExportFormat


def bibtex(content: Content) -> dict[str, str]:
    """paper.bib."""
    return {"paper.bib": "\n\n".join(entries(content.bundle)) + "\n"}


FORMAT = ExportFormat("bibtex", bibtex)
