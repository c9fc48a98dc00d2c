"""The pages over all studies and over all papers, from the summaries that the report stage wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.report.summary import ClaimShort, Look, Summary
from bench.report.text import literature as text
from bench.text import formats
from bench.text.words import VERDICTS


@dataclass(frozen=True)
class StudyLine:
    """A study's line: whom it re-does, in short (`of`), and what a reader may look for in it, in full (`words`)."""

    id: str
    headline: str
    of: str
    words: list[str]
    claims: list[ClaimShort]
    datasets: list[str]
    families: list[str]
    looks: list[Look]
    failures: int
    results_sha256: str


@dataclass(frozen=True)
class Studies:
    """The page over all studies; `totals`: how many claims of papers have each verdict."""

    studies: list[StudyLine]
    totals: list[tuple[str, int]]
    claims: int
    hues: list[tuple[str, str, str]]


@dataclass(frozen=True)
class PaperLine:
    """A paper's line."""

    id: str
    words: list[str]
    name: str
    title: str
    year: str
    judged: int
    of: str
    claims: list[ClaimShort]
    held: str
    interval: str
    causes: list[str]


@dataclass(frozen=True)
class Literature:
    """The page over all papers."""

    papers: list[PaperLine]
    total: str
    totals: list[tuple[str, int]]
    misses: list[str]


def all_studies(summaries: Sequence[Summary]) -> Studies:
    """What the page over all studies shows, in the order given."""
    totals = _totals(one for one in summaries if not one.own)
    hues = sorted({hue for one in summaries for hue in one.hues})
    return Studies([_study(one) for one in summaries], totals, sum(n for _, n in totals), hues)


def _totals(summaries: Iterable[Summary]) -> list[tuple[str, int]]:
    """Claims by verdict, in the order of the words; verdicts that none has are left out."""
    verdicts: Counter[str] = Counter()
    for one in summaries:
        verdicts.update(one.verdicts)
    return [(word, verdicts[word]) for word in VERDICTS if verdicts[word]]


def _study(one: Summary) -> StudyLine:
    citation, year = ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    who = authors(citation, year) if one.paper else one.title
    of = f"{who} ({year})" if one.paper and who != citation else who
    return StudyLine(
        id=one.id,
        headline=one.headline,
        of=of,
        words=[*one.datasets, *one.families, one.title, citation],
        claims=by_verdict(one.claims),
        datasets=one.datasets,
        families=one.families,
        looks=one.looks,
        failures=one.failures,
        results_sha256=one.results_sha256,
    )


def literature(summaries: Sequence[Summary]) -> Literature:
    """What the page shows, papers in the order of their years; a study that claims nothing of a paper is left out."""
    papers = [one for one in summaries if one.paper and one.claims and not one.own]
    papers.sort(key=lambda one: ((one.paper and one.paper.year) or 0, one.id))
    misses: Counter[str] = Counter()
    for one in papers:
        misses.update(one.misses)
    return Literature([_paper(one) for one in papers], _total(papers), _totals(papers), text.causes(misses))


def _paper(one: Summary) -> PaperLine:
    held, drawn = one.share.held, one.share.held_with_error_rate
    citation, year = ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    judged = _judged(one)
    numbers = Counter(dict(judged).values())
    claims = len(judged) - numbers["comparison"] if len(dict(judged)) < len(judged) else None
    return PaperLine(
        id=one.id,
        words=[*one.datasets, *one.families, citation],
        name=authors(citation, year),
        title=one.title,
        year=str(year or formats.NONE),
        judged=held.claims,
        of=text.sorts(numbers, claims),
        claims=by_verdict(one.claims),
        held=text.held(held),
        interval=text.interval(held, drawn),
        causes=text.causes(one.misses),
    )


def authors(citation: str, year: int | None) -> str:
    """A citation up to its year, where the year stands in it.

    >>> authors("Gorman, R. P. and Sejnowski, T. J. (1988). Analysis of hidden units.", 1988)
    'Gorman, R. P. and Sejnowski, T. J.'
    """
    start, found, _ = citation.partition(str(year))
    return start.rstrip(" (,") if year is not None and found and start.strip(" (") else citation


def by_verdict(claims: list[ClaimShort]) -> list[ClaimShort]:
    """A study's claims, those that hold up first: what a row of squares adds up to is seen at a glance."""
    order = list(VERDICTS)
    return sorted(claims, key=lambda claim: order.index(claim.verdict))


def _judged(one: Summary) -> list[tuple[tuple[str, ...], str]]:
    """The judged claims of a study, each named by its paper, the first claim of its number and what is printed, with
    what it is: two studies of one paper may use one id for different numbers."""
    citation = one.paper.citation if one.paper else ""
    return [
        ((citation, claim.number, claim.printed), sort)
        for claim, sort in zip(one.claims, one.sorts, strict=True)
        if claim.verdict != "not_testable"
    ]


def _total(papers: list[Summary]) -> str:
    """One number that several claims speak of, in one study or under one id in two of one paper, counts once."""
    judged = Counter(dict(pair for one in papers for pair in _judged(one)).values())
    return text.total(judged, len({one.paper and one.paper.citation for one in papers}), len(papers))
