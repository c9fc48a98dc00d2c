"""Datasets that have a page of their own: what each is, who leads on it; and the opening of such a page."""

from __future__ import annotations

from dataclasses import dataclass

from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.charts.svg import Figure
from bench.report.counts import held
from bench.report.section import Fact, Section
from bench.report.sections.data import TableFacts
from bench.report.sections.families import score_figure, standing_words
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.text import overview as text
from bench.scores.design import is_external
from bench.text import formats
from bench.text.words import measure


@dataclass(frozen=True)
class DatasetRow:
    """A dataset, its size and who leads on it."""

    title: str
    page: str
    rows: str
    features: str
    classes: str
    baseline: str
    leads: str


@dataclass(frozen=True)
class DatasetsView:
    """The section; `same`: who leads, where that is the same on every dataset."""

    metric: str
    rows: list[DatasetRow]
    same: str


@dataclass(frozen=True)
class DatasetOpening:
    """What stands above the fold of a dataset's page."""

    title: str
    results: str
    lead: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]


def datasets(bundle: Bundle) -> DatasetsView:
    """One row a dataset: a link to its page, its size, who leads on it."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    rows = [dataset_row(bundle, styles, name) for name in bundle.datasets]
    leads = {row.leads for row in rows}
    return DatasetsView(
        unit.word, rows, leads.pop() if len(leads) == 1 and len(rows) > 1 else ""
    )


def dataset_row(bundle: Bundle, styles: Styles, dataset: str) -> DatasetRow:
    unit, counts = facts.primary(bundle), sizes(bundle, dataset)
    base = facts.baseline(bundle, styles, dataset, unit)
    return DatasetRow(
        title=styles.dataset(dataset),
        page=page_name(dataset),
        rows=counts.get("rows", given.only(bundle, dataset) or formats.NONE),
        features=counts.get("features", formats.NONE),
        classes=counts.get("classes", formats.NONE),
        baseline=formats.NONE if base is None else unit.show(base),
        leads=_leads(bundle, styles, dataset),
    )


def sizes(bundle: Bundle, dataset: str) -> dict[str, str]:
    """Counts of rows, features and classes, as far as they are known: the rows of a table of scores are no cases."""
    table = next(iter(bundle.rows("tables", TableFacts, dataset=dataset)), None)
    if table is None:
        return {}
    counts = (
        {}
        if is_external(bundle.study, dataset)
        else {"rows": table.rows, "features": table.features}
    )
    counts |= {"classes": len(table.classes)} if table.classes else {}
    return {what: formats.count(n) for what, n in counts.items()}


def _leads(bundle: Bundle, styles: Styles, dataset: str) -> str:
    standing = facts.standing(bundle, dataset, facts.primary(bundle).name)
    if standing is None:
        others = [
            one for one in facts.scored(bundle) if facts.means_on(bundle, dataset, one)
        ]
        return text.not_scored_by(facts.primary(bundle), list(map(measure, others)))
    known = list(facts.means_on(bundle, dataset, facts.primary(bundle).name))
    return standing_words(styles, standing, known) or text.alone(
        styles.family(standing.best).title
    )


def opening(bundle: Bundle, dataset: str, own: Bundle) -> DatasetOpening:
    """What stands above the fold of a dataset's page; `bundle` is the whole study's, `own` that of the page."""
    styles = styles_of(own)
    figure = score_figure(own, styles, dataset, facts.primary(bundle))
    rows = own.counted.attempted
    claims = (
        [Fact(text.CLAIMS, str(held(rows)), text.attempted(len(rows)))] if rows else []
    )
    return DatasetOpening(
        title=styles.dataset(dataset),
        results=formats.fingerprint(bundle.results_sha256),
        lead=_leads(own, styles, dataset)
        if figure is None or not figure.conclusion
        else "",  # the figure says it
        facts=(
            *(Fact(what, figure) for what, figure in sizes(bundle, dataset).items()),
            *claims,
        ),
        figures=() if figure is None else (figure,),
    )


SECTION = Section("datasets", "Datasets", datasets, "apart", order=80)
