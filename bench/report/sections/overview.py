"""Above the fold: the finding, what it rests on, and the two figures that show it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.svg import Figure
from bench.report.counts import numbers, results_hash, verdict_counts
from bench.report.section import Section
from bench.report.sections.claims import answers, fold_figure
from bench.report.sections.differences import rank_figure
from bench.report.sections.families import score_figure
from bench.report.sections.findings import alarms
from bench.report.styles import Styles, styles_of
from bench.report.text import overview as text
from bench.report.text.advice import use
from bench.report.text.headline import headline
from bench.report.text.lead import lead
from bench.scores.design import varies
from bench.text import formats
from bench.text.words import HELD, short_protocol, with_code


def overview(bundle: Bundle) -> dict[str, Any]:
    styles, study = styles_of(bundle), bundle.study
    paper = study.paper
    return {
        "id": study.id,
        "title": study.title,
        "question": study.question or "",
        "results": results_hash(bundle)[:8],
        "headline": headline(bundle, styles),
        "answer": study.answer or "",
        "use": use(bundle, styles),
        "lead": lead(bundle, styles),
        "citation": paper.citation if paper else "",
        "url": paper_link(bundle),
        "about": with_code((paper.summary if paper else None) or ""),
        "facts": _facts(bundle),
        "alarms": alarms(bundle),
        "figures": _figures(bundle, styles),
        "answers": [] if bundle.frame("verdicts").height else answers(bundle),
    }


def paper_link(bundle: Bundle) -> str:
    """Where the paper is, if that is a web address; anything else is never made into a link."""
    paper = bundle.study.paper
    if paper is None:
        return ""
    if paper.url and paper.url.startswith(("https://", "http://")):
        return paper.url
    return f"https://doi.org/{paper.doi}" if paper.doi and paper.doi.startswith("10.") else ""


def _facts(bundle: Bundle) -> list[dict[str, str]]:
    counts, study = verdict_counts(bundle), bundle.study
    folds = bundle.frame("folds").filter(dataset=bundle.datasets[0])
    figure, counted = short_protocol(study, folds.height) if study.fits else _external_design(bundle, folds)
    found = []
    if total := sum(counts.values()):
        found.append(_fact(str(sum(counts[w] for w in HELD)), text.of(total), text.CLAIMS))
        if (count := numbers(bundle)) < len(facts.number_of(bundle)):
            found.append(_fact(str(count), "", text.numbers(count)))
    tables = bundle.frame("tables")
    places = facts.places(bundle) or tuple(study.datasets)
    distinct = facts.distinct(bundle, places)
    own = tables.filter(pl.col("dataset").is_in(facts.distinct(bundle, tables["dataset"])))
    in_forms = "" if len(distinct) == len(places) else text.forms(len(places))
    found.append(_fact(str(len(distinct)), in_forms, text.datasets(len(distinct))))
    found += _rows(own) if study.fits else []
    if families := len(facts.families(bundle)):
        found.append(_fact(str(families), "", text.models(families)))
    found.append(_fact(figure, "", counted))
    fits, failed = fit_count(bundle), facts.failed_cells(bundle).height
    if fits and study.fits:
        found.append(_fact(formats.count(max(fits - failed, 0)), text.of(fits), text.FITS))
    return found


def _rows(tables: pl.DataFrame) -> list[dict[str, str]]:
    """How many rows were measured, and how many draws of how many rows each were simulated."""
    drawn = pl.col("draws").fill_null(0) > 0
    measured = int(tables.filter(~drawn)["rows"].sum())
    found = [_fact(formats.count(measured), "", text.ROWS)] if measured else []
    simulated = tables.filter(drawn)
    if not simulated.height:
        return found
    each = sorted({rows // draws for rows, draws in simulated.select("rows", "draws").iter_rows()})
    return [*found, _fact(formats.count(int(simulated["draws"].sum())), text.row_range(each[0], each[-1]), text.DRAWS)]


def _external_design(bundle: Bundle, folds: pl.DataFrame) -> tuple[str, str]:
    """Repeats and folds of the first external data set."""
    if not folds.height:
        return "1", text.ONE_SCORE
    repeats = folds["repeat"].n_unique()
    what = varies(bundle.study, bundle.datasets[0]) or "test sets"
    each = folds.height // repeats
    if each > 1:
        return f"{repeats} × {each}", text.external_folds(what)
    return str(repeats), text.external_sets(what)


def _fact(figure: str, of: str, label: str) -> dict[str, str]:
    return {"figure": figure, "of": of, "label": label}


def fit_count(bundle: Bundle) -> int:
    """Fits of the study itself: data set × model × outer fold."""
    return bundle.frame("folds").height * len(bundle.families)


def _figures(bundle: Bundle, styles: Styles) -> list[Figure]:
    """The same figures as further down, under names of their own."""
    return [replace(figure, id=f"summary-{figure.id}") for figure in _chosen(bundle, styles)]


def _chosen(bundle: Bundle, styles: Styles) -> list[Figure]:
    """Published against ours; then the families, on one data set by score, on many by rank if ranks can decide."""
    claims = fold_figure(bundle, styles)
    found = [] if claims is None else [claims]
    unit = facts.primary(bundle)
    scored = set(bundle.plain("scores").filter(pl.col("side") == "test")["dataset"])
    places = [d for d in bundle.datasets if d in scored]
    if (ranks := rank_figure(bundle, styles, unit)) is not None:
        return [*found, ranks]
    shown = (
        [score_figure(bundle, styles, d, unit) for d in places[: 2 - len(found)]] if len(bundle.families) > 1 else []
    )
    return found + [figure for figure in shown if figure is not None]


SECTION = Section("overview", "Summary", overview, order=10)
