"""What machines read beside a page: RO-Crate metadata of the folder, and a schema.org ClaimReview of each claim.

No clock: a date stands there only where the study's record of a run has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle
from bench.report.citation import cited_paper
from bench.report.counts import doubts, mark
from bench.report.sections.overview import paper_link
from bench.report.styles import styles_of
from bench.report.text.finding import FindingOfClaims
from bench.report.text.headline import headline
from bench.text.marks import MARKS, evidence_words

_PROFILE = "https://w3id.org/ro/crate/1.1"
CRATE, REVIEWS = "ro-crate-metadata.json", "claim-review.jsonld"


def linked_data(bundle: Bundle, pages: Iterable[str]) -> dict[str, str]:
    """The texts by file name; `pages`: the files that the crate has."""
    found = {CRATE: _text(_crate(bundle, sorted(pages)))}
    rows = bundle.counted.attempted if bundle.study.paper is not None else []
    if reviews := [_review(bundle, row) for row in rows if row.source == "paper"]:
        found[REVIEWS] = _text({"@context": "https://schema.org", "@graph": reviews})
    return found


def _text(value: dict[str, Any]) -> str:
    """ASCII, and no sign that means something to HTML, wherever somebody pastes it."""
    text = json.dumps(value, indent=1)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text + "\n"


def _paper(bundle: Bundle) -> dict[str, Any]:
    paper = bundle.study.paper
    assert paper is not None
    found = cited_paper(paper)
    said: dict[str, Any] = {
        "@id": paper_link(bundle) or "#paper",
        "@type": "ScholarlyArticle",
        "name": found.title,
    }
    said |= {"creditText": paper.citation} | (
        {"datePublished": str(paper.year)} if paper.year else {}
    )
    return said | (
        {"author": [{"@type": "Person", "name": name} for name in found.authors]}
        if found.authors
        else {}
    )


def _crate(bundle: Bundle, pages: list[str]) -> dict[str, Any]:
    study, cost = bundle.study, bundle.provenance.cost
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": study.title,
        "identifier": study.id,
    }
    root |= {
        "description": headline(bundle, styles_of(bundle)),
        "hasPart": [{"@id": page} for page in pages],
    }
    root |= {"datePublished": cost.date} if cost else {}
    parts: list[dict[str, Any]] = [
        {"@id": page, "@type": "File", "encodingFormat": "text/html"} for page in pages
    ]
    if study.paper is not None:
        paper = _paper(bundle)
        root["citation"] = {"@id": paper["@id"]}
        people = [
            person | {"@id": f"#author-{i}"}
            for i, person in enumerate(paper.get("author", ()))
        ]
        parts += [paper | {"author": [{"@id": one["@id"]} for one in people]}, *people]
    tool = {"@id": "#bench", "@type": "SoftwareApplication", "name": "bench"}
    tool |= (
        {"softwareVersion": bundle.provenance.bench} if bundle.provenance.bench else {}
    )
    conforms = {"@id": _PROFILE}
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": conforms,
    }
    return {"@context": f"{_PROFILE}/context", "@graph": [about, root, *parts, tool]}


def _review(bundle: Bundle, row: VerdictRow) -> dict[str, Any]:
    claim, words = (
        bundle.claims.get(row.claim),
        FindingOfClaims(bundle, styles_of(bundle)),
    )
    name, what = words.named(row)
    number = (
        f": {row.printed}{' %' if row.unit == 'percent' else ''}" if row.printed else ""
    )
    said = evidence_words(str(row.evidence), doubts(bundle, row))
    rating = {
        "@type": "Rating",
        "alternateName": MARKS[mark(row)].word,
        "ratingExplanation": f"{words.judged(row)}; {said}.",
    }
    appearance = _paper(bundle) | (
        {"description": claim.where} if claim is not None else {}
    )
    return {
        "@type": "ClaimReview",
        "url": f"index.html#claim-{row.claim}",
        "claimReviewed": f"{name}, {what}{number}",
        "itemReviewed": {"@type": "Claim", "appearance": appearance},
        "reviewRating": rating,
    }
