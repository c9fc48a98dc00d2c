"""BibTeX of what was reproduced and of the tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.citation import cited_paper, key_of
from bench.report.section import Labelled, Section
from bench.report.text import cite as text
from bench.report.text.tex import address, escaped
from bench.study.models import Paper


@dataclass(frozen=True)
class CiteView:
    """The section."""

    entries: list[Labelled]


def cite(bundle: Bundle) -> CiteView:
    """The paper, where there is one, and the tool."""
    paper = bundle.study.paper
    entries = (
        []
        if paper is None
        else [Labelled(text.PAPER, paper_entry(paper, bundle.study.id))]
    )
    fields = {
        "author": text.TOOL_AUTHOR,
        "title": text.TOOL_TITLE,
        "version": bundle.provenance.bench,
    }
    return CiteView([*entries, Labelled(text.TOOL, entry("software", "bench", fields))])


def paper_entry(paper: Paper, study: str) -> str:
    """The entry of the paper; its key is the study's id where no author is known."""
    found = cited_paper(paper)
    year = paper.year or found.year
    fields: dict[str, object] = {
        "editor" if found.editors else "author": " and ".join(found.authors) or None,
        "title": found.title,
    }
    fields |= {
        "year": year,
        **found.fields,
        "doi": paper.doi,
        "url": None if paper.doi else paper.url,
    }
    return entry(found.kind, key_of(found, year, study), fields)


def entry(kind: str, key: str, fields: Mapping[str, object]) -> str:
    """One BibTeX entry; fields without a value are left out, what TeX would read otherwise is escaped."""
    shown = [
        f"  {name} = {{{_tex(name, str(value))}}},"
        for name, value in fields.items()
        if value is not None
    ]
    return "\n".join([f"@{kind}{{{key},", *shown, "}"])


def _tex(name: str, value: str) -> str:
    if name in ("url", "doi"):
        return address(value)
    said = escaped(value).replace("\\,", " ")
    return (
        f"{{{said}}}"
        if name == "title" or (name == "author" and "," not in value)
        else said.replace("----", "--")
    )


SECTION = Section("cite", "Cite", cite, order=170)
