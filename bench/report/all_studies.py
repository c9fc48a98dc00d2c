"""The pages over all studies and over all papers, from the summaries that the report stage wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.core.judgements import Agreement, Cause, Evidence
from bench.report.summary import ClaimShort, Summary
from bench.report.text import literature as text
from bench.report.text.answer import short
from bench.report.text.printed import badge
from bench.report.works import authors_of, one_number
from bench.text import formats
from bench.text.marks import MARKS, expected_word, uncounted

#: A claim, named with its study.
ClaimKey = tuple[str, str]


@dataclass(frozen=True)
class StudyLine:
    """A study's line: whom it re-does, in short (`of`), and what a reader may look for in it, in full (`words`).

    `agreement`: by mark, its word and how many attempted claims have it; `evidence`: how closely they follow a paper.
    `badge`, `share`: of a study of printed tables, how many numbers follow, in words and of a hundred.
    """

    id: str
    headline: str
    of: str
    year: str
    words: list[str]
    agreement: list[tuple[str, str, int]]
    badge: str
    share: int
    whole: str
    evidence: str
    left: str
    failures: int


@dataclass(frozen=True)
class Studies:
    """The page over all studies; `totals`: how many attempted claims of papers have each mark; `left`: others."""

    studies: list[StudyLine]
    totals: list[tuple[str, int]]
    claims: int
    left: str


@dataclass(frozen=True)
class PaperLine:
    """The line of a study of a paper: how many claims were attempted, of what (`of`), and what came out."""

    id: str
    words: list[str]
    name: str
    title: str
    year: str
    attempted: int
    of: list[str]
    claims: list[ClaimShort]
    left: str
    held: str
    causes: list[str]


@dataclass(frozen=True)
class Literature:
    """The page over all papers; `totals`: by mark, a number that several claims quote counting once.

    `explained`: a claim that differs with its study, and what that says of it.
    """

    papers: list[PaperLine]
    total: str
    totals: list[tuple[str, int]]
    left: str
    misses: list[str]
    explained: list[tuple[str, str, str]]


def all_studies(summaries: Sequence[Summary]) -> Studies:
    """What the page over all studies shows, in the order given."""
    of_papers = [one for one in summaries if not one.own]
    claims = [claim for one in of_papers for claim in one.claims]
    return Studies(
        [_study(one) for one in summaries],
        _totals(claims),
        len(claims),
        _left(of_papers),
    )


def _totals(claims: Iterable[ClaimShort]) -> list[tuple[str, int]]:
    """Claims by mark, in the order of the marks; those that none has are left out."""
    counts = Counter(claim.mark for claim in claims)
    return [(mark, counts[mark]) for mark in MARKS if counts[mark]]


def _left(summaries: Iterable[Summary]) -> str:
    """How many claims were not judged, in words."""
    counts: Counter[str] = Counter()
    for one in summaries:
        counts.update(one.statuses)
    return uncounted(counts)


def _study(one: Summary) -> StudyLine:
    citation, year = (
        ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    )
    return StudyLine(
        id=one.id,
        headline=one.headline,
        of=authors_of(citation, year) if one.paper else one.title,
        year=formats.NONE if year is None else str(year),
        words=[*one.datasets, *one.families, one.title, citation],
        agreement=_agreement(one),
        badge=badge(*one.printed) if one.printed[1] else "",
        share=100 * one.printed[0] // max(1, one.printed[1]),
        whole=short(one.answers),
        evidence=text.by_evidence(
            Counter(claim.evidence for claim in one.claims if not one.own)
        ),
        left=uncounted(one.statuses),
        failures=one.failures,
    )


def _agreement(one: Summary) -> list[tuple[str, str, int]]:
    """What became of a study's claims, in words of papers, or of expectations: then marks of one word are one."""
    found: dict[str, tuple[str, str, int]] = {}
    for mark, count in _totals(one.claims):
        word = expected_word(mark) if one.own else MARKS[mark].word.lower()
        first, _, before = found.get(word, (mark, word, 0))
        found[word] = first, word, before + count
    return list(found.values())


def literature(summaries: Sequence[Summary]) -> Literature:
    """What the page shows, papers in the order of their years; a study that claims nothing of a paper is left out."""
    shown = _papers(summaries)
    works = {one.paper.work for one in shown if one.paper}
    first = _first_claims(shown)
    once = _counted_once(shown, first)
    missed = [
        (study, claim, _cause(claim))
        for study, claim in once
        if claim.cause is not None
    ]
    return Literature(
        [_paper(one, first) for one in shown],
        text.total(_sorts(shown, first), len(works), len(shown)),
        _totals(claim for _, claim in once),
        _left(shown),
        text.causes(Counter(why for *_, why in missed)),
        [
            (study, claim.claim, claim.explained)
            for study, claim, why in missed
            if why == text.EXPLAINED
        ],
    )


def _papers(summaries: Iterable[Summary]) -> list[Summary]:
    """The studies that speak of numbers of a paper, attempted or not, by year."""
    found = [
        (one, one.paper)
        for one in summaries
        if one.paper and (one.claims or one.statuses) and not one.own
    ]
    found.sort(key=lambda pair: (pair[1].year or 0, pair[0].id))
    return [one for one, _ in found]


def _cause(claim: ClaimShort) -> str:
    """Why a claim does not hold; where ours differs, that the study explains it if it does."""
    return (
        text.EXPLAINED
        if claim.cause == Cause.REFUTED and claim.explained
        else claim.cause or ""
    )


def _counted_once(
    papers: Sequence[Summary], first: Mapping[ClaimKey, ClaimKey]
) -> list[tuple[str, ClaimShort]]:
    """Every comparison, and for every number one claim on it: of the best evidence, central, the one that agrees least.

    So a number counts as reproduced only if no claim on it of equal standing is left open.
    """
    found: dict[ClaimKey, tuple[str, ClaimShort]] = {}
    for one in papers:
        for claim in one.claims:
            key = first.get((one.id, claim.claim), (one.id, claim.claim))
            if key not in found or _worth(claim) < _worth(found[key][1]):
                found[key] = one.id, claim
    return list(found.values())


def _worth(claim: ClaimShort) -> tuple[int, bool, int]:
    agreement = list(Agreement).index(Agreement(claim.agreement))
    return list(Evidence).index(Evidence(claim.evidence)), not claim.central, -agreement


def _first_claims(
    papers: Sequence[Summary],
) -> dict[ClaimKey, ClaimKey]:
    """By claim, named with its study, the first one on the page that quotes the same number of the same work."""
    quotes = {
        (one.id, claim.claim): replace(
            claim.quote, place=(one.paper.work, *claim.quote.place)
        )
        for one in papers
        for claim in one.claims
        if one.paper is not None and claim.quote is not None
    }
    return one_number(quotes)


def _sorts(
    studies: Iterable[Summary], first: Mapping[ClaimKey, ClaimKey]
) -> Counter[str]:
    """What is claimed, by `counts.sort_of`: comparisons, and numbers that no claim earlier on the page quotes."""
    keys = (
        ((one.id, claim.claim), claim.sort) for one in studies for claim in one.claims
    )
    return Counter(sort for key, sort in keys if first.get(key, key) == key)


def _paper(one: Summary, first: Mapping[ClaimKey, ClaimKey]) -> PaperLine:
    citation, year = (
        ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    )
    numbers = [
        first[key] for claim in one.claims if (key := (one.id, claim.claim)) in first
    ]
    elsewhere = Counter(study for study, _ in set(numbers) if study != one.id)
    return PaperLine(
        id=one.id,
        words=[*one.datasets, *one.families, citation],
        name=authors_of(citation, year),
        title=one.title,
        year=str(year or formats.NONE),
        attempted=len(one.claims),
        of=text.sorts(_sorts([one], first), elsewhere, len(numbers)),
        claims=by_mark(one.claims),
        left=uncounted(one.statuses),
        held=text.held(sum(claim.holds for claim in one.claims), len(one.claims)),
        causes=text.causes(
            Counter(_cause(claim) for claim in one.claims if claim.cause is not None)
        ),
    )


def by_mark(claims: list[ClaimShort]) -> list[ClaimShort]:
    """A study's claims, those that hold up on the best evidence first: a row of squares is seen at a glance."""
    order = list(MARKS)
    return sorted(claims, key=lambda claim: (order.index(claim.mark), _worth(claim)))
