"""BibTeX of what was reproduced and of the tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.text import cite as text
from bench.report.text.tex import address, escaped


def cite(bundle: Bundle) -> dict[str, Any]:
    study, paper = bundle.study, bundle.study.paper
    entries = []
    if paper is not None:
        fields = {"note": paper.citation, "year": paper.year, "doi": paper.doi, "url": paper.url}
        entries.append({"label": text.PAPER, "text": entry("misc", study.id, fields)})
    versions = bundle.provenance.get("versions")
    version = versions.get("bench") if isinstance(versions, dict) else None
    entries.append(
        {"label": text.TOOL, "text": entry("software", "bench", {"title": text.TOOL_TITLE, "version": version})}
    )
    return {"entries": entries}


def entry(kind: str, key: str, fields: Mapping[str, object]) -> str:
    """One BibTeX entry; fields without a value are left out, what TeX would read otherwise is escaped."""
    shown = [f"  {name} = {{{_tex(name, str(value))}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@{kind}{{{key},", *shown, "}"])


def _tex(name: str, value: str) -> str:
    return address(value) if name in ("url", "doi") else escaped(value)


SECTION = Section("cite", "Cite", cite, order=170)
