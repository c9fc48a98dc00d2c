"""Above the fold: the finding, what it rests on, and the two figures that show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from bench.core.judgements import Evidence
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Figure
from bench.report.counts import attempted, held
from bench.report.printed import needed
from bench.report.section import Fact, Section
from bench.report.sections.claims import fold_figure
from bench.report.sections.differences import rank_figure
from bench.report.sections.families import score_figure
from bench.report.sections.findings import alarms
from bench.report.styles import Styles, styles_of
from bench.report.text import overview as text
from bench.report.text.advice import use
from bench.report.text.headline import headline
from bench.report.text.lead import lead
from bench.scores.design import is_external, varies
from bench.text import formats
from bench.text.words import short_protocol, with_code


@dataclass(frozen=True)
class Overview:
    """What stands above the fold of a study's page."""

    id: str
    title: str
    question: str
    results: str
    headline: str
    answer: str
    use: str
    lead: list[str]
    citation: str
    url: str
    about: Markup
    facts: tuple[Fact, ...]
    alarms: str
    figures: tuple[Figure, ...]


def overview(bundle: Bundle) -> Overview:
    """The finding, what it rests on, and the two figures that show it."""
    styles, study, paper = styles_of(bundle), bundle.study, bundle.study.paper
    return Overview(
        id=study.id,
        title=study.title,
        question=study.question or "",
        results=bundle.results_sha256[:8],
        headline=headline(bundle, styles),
        answer=study.answer or "",
        use="" if needed(bundle) else use(bundle, styles),
        lead=lead(bundle, styles),
        citation=paper.citation if paper else "",
        url=paper_link(bundle),
        about=with_code((paper.summary if paper else None) or ""),
        facts=tuple(_facts(bundle)),
        alarms=alarms(bundle),
        figures=tuple(replace(figure, id=f"summary-{figure.id}") for figure in _chosen(bundle, styles)),
    )


def paper_link(bundle: Bundle) -> str:
    """Where the paper is, if that is a web address; anything else is never made into a link."""
    paper = bundle.study.paper
    if paper is None:
        return ""
    if paper.url and paper.url.startswith(("https://", "http://")):
        return paper.url
    return f"https://doi.org/{paper.doi}" if paper.doi and paper.doi.startswith("10.") else ""


def _facts(bundle: Bundle) -> Iterator[Fact]:
    """How many claims hold, and what of: numbers, datasets, rows, models, folds, fits."""
    study, places = bundle.study, facts.places(bundle) or bundle.datasets
    rows, numbered, folds = attempted(bundle), facts.number_of(bundle), bundle.frame("folds")
    strong = [row for row in rows if row.evidence == Evidence.STRONG]
    if rows:
        yield Fact(text.CLAIMS, str(held(rows)), text.attempted(len(rows)))
        yield Fact(text.STRONG, str(held(strong)), text.of(len(strong)))
    if (count := len(set(numbered.values()))) < len(numbered):
        yield Fact(text.numbers(count), str(count))
    distinct = len(facts.distinct(bundle, places))
    yield Fact(text.datasets(distinct), str(distinct), "" if distinct == len(places) else text.forms(len(places)))
    if study.fits:
        yield from _rows(bundle)
    if families := len(facts.families(bundle)):
        yield Fact(text.models(families), str(families))
    first = folds.filter(dataset=bundle.datasets[0])
    figure, counted = short_protocol(study, first.height) if study.fits else _external_design(bundle, first)
    yield Fact(counted, figure)
    fits = folds.height * len(bundle.families)
    if fits and study.fits:
        yield Fact(text.FITS, formats.count(max(fits - facts.failed_cells(bundle).height, 0)), text.of(fits))


def _rows(bundle: Bundle) -> Iterator[Fact]:
    """How many rows were measured, and how many draws of how many rows each were simulated; one form of a table."""
    tables = bundle.frame("tables")
    here = [name for name in facts.distinct(bundle, tables["dataset"]) if not is_external(bundle.study, name)]
    tables = tables.filter(pl.col("dataset").is_in(here))
    drawn = pl.col("draws").fill_null(0) > 0
    if measured := int(tables.filter(~drawn)["rows"].sum()):
        yield Fact(text.ROWS, formats.count(measured))
    simulated = tables.filter(drawn)
    if simulated.height:
        each = sorted({rows // draws for rows, draws in simulated.select("rows", "draws").iter_rows()})
        yield Fact(text.DRAWS, formats.count(int(simulated["draws"].sum())), text.row_range(each[0], each[-1]))


def _external_design(bundle: Bundle, folds: pl.DataFrame) -> tuple[str, str]:
    """Repeats and folds of the first external dataset."""
    if not folds.height:
        return "1", text.ONE_SCORE
    repeats = folds["repeat"].n_unique()
    what = varies(bundle.study, bundle.datasets[0]) or "test sets"
    each = folds.height // repeats
    if each > 1:
        return f"{repeats} × {each}", text.external_folds(what)
    return str(repeats), text.external_sets(what)


def _chosen(bundle: Bundle, styles: Styles) -> list[Figure]:
    """Published against ours; then the families, on one dataset by score, on many by rank if ranks can decide."""
    claims = fold_figure(bundle, styles)
    found = [] if claims is None else [claims]
    unit = facts.primary(bundle)
    scored = set(bundle.plain("scores").filter(side="test")["dataset"])
    places = [d for d in bundle.datasets if d in scored]
    if (ranks := rank_figure(bundle, styles, unit)) is not None:
        return [*found, ranks]
    shown = (
        [score_figure(bundle, styles, d, unit) for d in places[: 2 - len(found)]] if len(bundle.families) > 1 else []
    )
    return found + [figure for figure in shown if figure is not None]


SECTION = Section("overview", "Summary", overview, order=10)
