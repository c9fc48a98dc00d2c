"""The pages over all studies and over all papers, from the summaries that the report stage wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.report.summary import ClaimShort, Look, Summary
from bench.report.text import literature as text
from bench.report.works import cited, one_number, works
from bench.text import formats
from bench.text.words import VERDICTS

#: A claim, named with its study.
ClaimKey = tuple[str, str]


@dataclass(frozen=True)
class StudyLine:
    """A study's line: whom it re-does, in short (`of`), and what a reader may look for in it, in full (`words`)."""

    id: str
    headline: str
    of: str
    words: list[str]
    claims: list[ClaimShort]
    not_attempted: int
    datasets: list[str]
    families: list[str]
    looks: list[Look]
    failures: int
    results_sha256: str


@dataclass(frozen=True)
class Studies:
    """The page over all studies; `totals`: how many attempted claims of papers have each verdict."""

    studies: list[StudyLine]
    totals: list[tuple[str, int]]
    claims: int
    not_attempted: int
    hues: list[tuple[str, str, str]]


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
    held: str
    interval: str
    causes: list[str]


@dataclass(frozen=True)
class Literature:
    """The page over all papers."""

    papers: list[PaperLine]
    total: str
    totals: list[tuple[str, int]]
    not_attempted: int
    misses: list[str]


def all_studies(summaries: Sequence[Summary]) -> Studies:
    """What the page over all studies shows, in the order given."""
    of_papers = [one for one in summaries if not one.own]
    totals, left = _totals(of_papers), sum(one.not_attempted for one in of_papers)
    hues = sorted({hue for one in summaries for hue in one.hues})
    return Studies([_study(one) for one in summaries], totals, sum(n for _, n in totals), left, hues)


def _totals(summaries: Iterable[Summary]) -> list[tuple[str, int]]:
    """Claims by verdict, in the order of the words; verdicts that none has are left out."""
    verdicts: Counter[str] = Counter()
    for one in summaries:
        verdicts.update(one.verdicts)
    return [(word, verdicts[word]) for word in VERDICTS if verdicts[word]]


def _study(one: Summary) -> StudyLine:
    citation, year = ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    who = cited(citation, year)[0] if one.paper else one.title
    of = f"{who} ({year})" if one.paper and who != citation else who
    return StudyLine(
        id=one.id,
        headline=one.headline,
        of=of,
        words=[*one.datasets, *one.families, one.title, citation],
        claims=by_verdict(one.claims),
        not_attempted=one.not_attempted,
        datasets=one.datasets,
        families=one.families,
        looks=one.looks,
        failures=one.failures,
        results_sha256=one.results_sha256,
    )


def literature(summaries: Sequence[Summary]) -> Literature:
    """What the page shows, papers in the order of their years; a study that claims nothing of a paper is left out."""
    papers = {one.id: one.paper for one in summaries if one.paper and (one.claims or one.not_attempted) and not one.own}
    shown = sorted((one for one in summaries if one.id in papers), key=lambda one: (_year(one), one.id))
    work = works([papers[one.id] for one in shown])
    first = _first_claims(shown, work)
    misses: Counter[str] = Counter()
    for one in shown:
        misses.update(one.misses)
    return Literature(
        [_paper(one, first) for one in shown],
        text.total(_sorts(shown, first), len(set(work)), len(shown)),
        _totals(shown),
        sum(one.not_attempted for one in shown),
        text.causes(misses),
    )


def _year(one: Summary) -> int:
    return (one.paper and one.paper.year) or 0


def _first_claims(papers: Sequence[Summary], work: Sequence[int]) -> dict[ClaimKey, ClaimKey]:
    """By claim, named with its study, the first one on the page that quotes the same number of the same work."""
    quotes = {
        (one.id, claim.claim): replace(claim.quote, place=(str(paper), *claim.quote.place))
        for one, paper in zip(papers, work, strict=True)
        for claim in one.claims
        if claim.quote is not None
    }
    return one_number(quotes)


def _sorts(studies: Iterable[Summary], first: Mapping[ClaimKey, ClaimKey]) -> Counter[str]:
    """What is claimed, by `counts.sort_of`: comparisons, and numbers that no claim earlier on the page quotes."""
    keys = (((one.id, claim.claim), claim.sort) for one in studies for claim in one.claims)
    return Counter(sort for key, sort in keys if first.get(key, key) == key)


def _paper(one: Summary, first: Mapping[ClaimKey, ClaimKey]) -> PaperLine:
    citation, year = ("", None) if one.paper is None else (one.paper.citation, one.paper.year)
    numbers = [first[key] for claim in one.claims if (key := (one.id, claim.claim)) in first]
    elsewhere = Counter(study for study, _ in set(numbers) if study != one.id)
    return PaperLine(
        id=one.id,
        words=[*one.datasets, *one.families, citation],
        name=cited(citation, year)[0],
        title=one.title,
        year=str(year or formats.NONE),
        attempted=len(one.claims),
        of=text.sorts(_sorts([one], first), elsewhere, len(numbers), one.not_attempted),
        claims=by_verdict(one.claims),
        held=text.held(one.share.held),
        interval=text.interval(one.share.held, one.share.held_with_error_rate),
        causes=text.causes(one.misses),
    )


def by_verdict(claims: list[ClaimShort]) -> list[ClaimShort]:
    """A study's claims, those that hold up first: what a row of squares adds up to is seen at a glance."""
    order = list(VERDICTS)
    return sorted(claims, key=lambda claim: order.index(claim.verdict))
