"""BibTeX of what was reproduced and of the tool."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bench.report.bundle import Bundle
from bench.report.text.tex import address, escaped
from bench.study.models import Paper

TOOL = "bench: re-doing a paper's machine-learning experiment on tabular data"


def entries(bundle: Bundle) -> list[str]:
    """BibTeX of the paper, where there is one, and of the tool."""
    paper, version = bundle.study.paper, bundle.provenance.bench
    fields = {"author": "bench contributors", "title": TOOL, "version": version}
    tool = entry("software", "bench", fields)
    return [tool] if paper is None else [paper_entry(paper, bundle.study.id), tool]


def paper_entry(paper: Paper, study: str) -> str:
    """The entry of the paper, from the keys of the study; its citation stands in a note where no title is given."""
    fields = {
        "author": " and ".join(paper.authors or ()) or None,
        "title": paper.title,
        "howpublished": paper.published_in,
        "note": paper.citation if paper.title is None else None,
        "year": paper.year,
        "doi": paper.doi,
        "url": None if paper.doi else paper.url,
    }
    return entry("misc", key_of(paper, study), fields)


def key_of(paper: Paper, study: str) -> str:
    """First author, year and first long word of the title, in ASCII; the study's id where no author is given.

    >>> paper = Paper(citation="x", authors=("Demšar, J.",), title="Statistical Comparisons", year=2006)
    >>> key_of(paper, "x")
    'demsar2006statistical'
    """
    if not paper.authors:
        return study
    surname = paper.authors[0].split(",")[0]
    words = re.findall(r"\w{4,}", paper.title or "")
    text = "".join([surname, str(paper.year or ""), *words[:1]])
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


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
    text = escaped(value).replace("\\,", " ")
    is_whole = name == "title" or (name == "author" and "," not in value)
    return f"{{{text}}}" if is_whole else text.replace("----", "--")
