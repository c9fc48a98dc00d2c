"""BibTeX of the paper and of this tool, as the page shows it."""

from __future__ import annotations

from bench.report.bundle import Bundle
from bench.report.sections.cite import cite


def bibtex(bundle: Bundle) -> dict[str, str]:
    """paper.bib."""
    return {"paper.bib": "\n\n".join(entry["text"] for entry in cite(bundle)["entries"]) + "\n"}
