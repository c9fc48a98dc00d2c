"""The first screen: the finding, the summary of findings, and what a reader must know to use it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from bench.claims.claim import shape_of
from bench.core.judgements import Evidence
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.counts import mark, sort_of, statuses
from bench.report.printed import lead
from bench.report.section import Section
from bench.report.sections.answer import Whole, whole
from bench.report.sections.findings import alarms, is_calm
from bench.report.sections.summary_rows import SummaryTable, shown_claims, summary_table
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.text import overview as text
from bench.report.text.advice import use
from bench.report.text.claim_names import claim_names
from bench.report.text.headline import caveat, headline, surprises
from bench.report.text.provenance import rerun, where
from bench.text import formats
from bench.text.marks import uncounted
from bench.text.words import with_code


@dataclass(frozen=True)
class SummaryFact:
    """What stands under the table: its label, what is said, and the section that says more (an id, or empty)."""

    label: str
    text: str
    more: str = ""


@dataclass(frozen=True)
class Overview:
    """The first screen of a study's page."""

    id: str
    title: str
    question: str
    results: str
    headline: str
    caveat: str
    whole: tuple[Whole, ...]
    citation: str
    url: str
    answer: str
    table: SummaryTable
    others: str
    left: str
    facts: tuple[SummaryFact, ...]
    rerun: str
    where: str
    use: str
    about: Markup


def overview(bundle: Bundle) -> Overview:
    """The finding, its table, how the others went, and what a reader must know."""
    styles, study, paper = styles_of(bundle), bundle.study, bundle.study.paper
    return Overview(
        id=study.id,
        title=study.title,
        question=study.question or "",
        results=formats.fingerprint(bundle.results_sha256),
        headline=headline(bundle, styles),
        caveat=caveat(bundle),
        whole=whole(bundle, styles),
        citation=paper.citation if paper else "",
        url=paper_link(bundle),
        answer=study.answer or "",
        table=summary_table(bundle, styles),
        others=lead(bundle) or _others(bundle),
        left=uncounted(statuses(bundle)),
        facts=_facts(bundle, styles),
        rerun=bundle.provenance.rerun or rerun(study.id),
        where=where(
            bundle.provenance.files,
            [name for name, _ in bundle.provenance.texts],
            facts.packages(bundle),
            study.fits,
        ),
        use=use(bundle, styles),
        about=with_code((paper.summary if paper else None) or ""),
    )


def _others(bundle: Bundle) -> str:
    """How all attempted claims came out, where some are no row of the table."""
    shown, attempted = (
        {row.claim for row in shown_claims(bundle)},
        bundle.counted.attempted,
    )
    if all(row.claim in shown for row in attempted):
        return _happened(bundle, apart=False)
    total = text.total(Counter(map(mark, attempted)), own=bundle.counted.own)
    return " ".join(
        filter(None, (total, _follow(bundle), _happened(bundle, apart=True)))
    )


def _follow(bundle: Bundle) -> str:
    """How many of all attempted claims follow the paper less than closely, where the table has some of them alone."""
    rows = [row for row in bundle.counted.attempted if row.source == "paper"]
    why = Counter(doubt for row in rows for doubt in row.doubted)
    return text.follow(
        sum(row.evidence != Evidence.STRONG for row in rows), len(rows), why
    )


def _happened(bundle: Bundle, *, apart: bool) -> str:
    """How many falsifiers happened, where the table, which has the clearest alone, does not say all; `apart`: the
    claims were counted."""
    names, found = claim_names(bundle, styles_of(bundle)), surprises(bundle)
    if not found or (len(found) == 1 and not apart):
        return ""
    return text.happened(
        [names[row.claim] for row in found[1:]], len(bundle.falsified), apart=apart
    )


def _noted(bundle: Bundle) -> bool:
    """Whether any claim of the paper that counts has a note."""
    claims = (
        bundle.claims.get(row.claim)
        for row in bundle.counted.claims
        if row.source == "paper"
    )
    return any(claim is not None and claim.note for claim in claims)


def paper_link(bundle: Bundle) -> str:
    """Where the paper is, if that is a web address; anything else is never made into a link."""
    paper = bundle.study.paper
    if paper is None:
        return ""
    if paper.url and paper.url.startswith(("https://", "http://")):
        return paper.url
    return (
        f"https://doi.org/{paper.doi}"
        if paper.doi and paper.doi.startswith("10.")
        else ""
    )


def _facts(bundle: Bundle, styles: Styles) -> tuple[SummaryFact, ...]:
    """Those that have something to say, in the order in which they matter to a reader."""
    known, study, results = bundle.provenance, bundle.study, bundle.results_sha256
    fingerprints, cost = list(known.hashes.values()), known.cost
    said = (
        SummaryFact(
            "Warnings",
            " ".join(filter(None, (alarms(bundle), _failed(bundle)))),
            _warned_at(bundle),
        ),
        SummaryFact("Scores", given.whole(bundle), "provenance"),
        SummaryFact(
            text.DIFFERS,
            text.deviations(len(study.deviations), notes=_noted(bundle)),
            "claims",
        ),
        SummaryFact(text.READ, _read(bundle), "claims"),
        SummaryFact(
            "Preregistered", text.preregistered(known.frozen), "preregistration"
        ),
        SummaryFact(
            "Run",
            text.cost(cost, results, facts.fits(bundle), study.id)
            if study.fits
            else "",
            "provenance",
        ),
        SummaryFact(
            "Made with",
            text.versions(known.bench, known.versions, results),
            "provenance",
        ),
        SummaryFact(
            "Data", text.data(fingerprints, cost.date if cost else ""), "provenance"
        ),
    )
    return tuple(fact for fact in said if fact.text)


def _warned_at(bundle: Bundle) -> str:
    """The section that says more of the warnings: where no check warns but fits did, that of the limits."""
    own = bundle.plain("failures").height > 0
    return "limits" if own and is_calm(bundle) else "findings"


def _failed(bundle: Bundle) -> str:
    fallbacks = facts.fallbacks(bundle, bundle.study.metrics.primary)
    return text.failed(facts.failed_cells(bundle).height, bool(fallbacks))


def _read(bundle: Bundle) -> str:
    """Where the published numbers of the attempted claims were read."""
    if bundle.counted.own:
        return ""
    rows = [row for row in bundle.counted.attempted if row.published is not None]
    claims = [
        bundle.claims.get(row.claim) for row in rows if sort_of(bundle, row) == "source"
    ]
    sources = {"" if claim is None else claim.where or "" for claim in claims}
    one, sorts = (
        sources.pop() if len(sources) == 1 else "",
        Counter(sort_of(bundle, row) for row in rows),
    )
    without = [
        row
        for row in bundle.counted.attempted
        if row.published is None and shape_of(row.kind).compares
    ]
    return text.read(sorts, one, len(without))


SECTION = Section("overview", "Summary", overview, order=10)
