"""BibTeX of what was reproduced and of the tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.section import Labelled, Section
from bench.report.text import cite as text
from bench.report.text.tex import address, escaped


@dataclass(frozen=True)
class CiteView:
    """The section."""

    entries: list[Labelled]


def cite(bundle: Bundle) -> CiteView:
    """The paper, where there is one, and the tool."""
    study, paper = bundle.study, bundle.study.paper
    entries = []
    if paper is not None:
        fields = {"note": paper.citation, "year": paper.year, "doi": paper.doi, "url": paper.url}
        entries.append(Labelled(text.PAPER, entry("misc", study.id, fields)))
    versions = bundle.provenance.get("versions")
    version = versions.get("bench") if isinstance(versions, dict) else None
    tool = entry("software", "bench", {"title": text.TOOL_TITLE, "version": version})
    return CiteView([*entries, Labelled(text.TOOL, tool)])


def entry(kind: str, key: str, fields: Mapping[str, object]) -> str:
    """One BibTeX entry; fields without a value are left out, what TeX would read otherwise is escaped."""
    shown = [f"  {name} = {{{_tex(name, str(value))}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@{kind}{{{key},", *shown, "}"])


def _tex(name: str, value: str) -> str:
    return address(value) if name in ("url", "doi") else escaped(value)


SECTION = Section("cite", "Cite", cite, order=170)
