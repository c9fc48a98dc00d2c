"""Datasets that have a page of their own: what each is, who leads on it; and the opening of such a page."""

from __future__ import annotations

from collections.abc import Iterator

from bench.report import facts
from bench.report.blocks import Block, Cell, Facts, Link, Paragraph, Pieces, Table
from bench.report.bundle import Bundle, page_name
from bench.report.counts import compared
from bench.report.first.verdicts import words_of
from bench.report.section import Section
from bench.report.sections.data import TableFacts
from bench.report.sections.families import rank_models, say_best
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.values import Value, count, score
from bench.scores.design import is_external
from bench.text import formats


def datasets(bundle: Bundle) -> Iterator[Block]:
    """One row a dataset: a link to its page, its size, who leads on it."""
    unit, styles = facts.primary(bundle), styles_of(bundle)
    rows: list[tuple[Cell, ...]] = []
    for name in bundle.datasets:
        counts = sizes(bundle, name)
        base = facts.baseline(bundle, styles, name, unit)
        rows.append(
            (
                Link(styles.dataset(name), page_name(name)),
                given.only(bundle, name) or counts.get("rows", Value(None)),
                counts.get("features", Value(None)),
                counts.get("classes", Value(None)),
                score(unit, base),
                say_leader(bundle, styles, name),
            )
        )
    columns = ("Dataset", "Rows", "Features", "Classes", "Without features", f"By {unit.word}")  # fmt: skip
    yield Table(columns, tuple(rows))


def tabulate_sizes(bundle: Bundle) -> Table | None:
    """The datasets with their sizes and sources, for exports; None without tables."""
    frame, styles = bundle.frame("tables"), styles_of(bundle)
    rows: list[tuple[Cell, ...]] = []
    for name, source in frame.select("dataset", "source").iter_rows():
        counts = sizes(bundle, name)
        cells = [counts.get(what, Value(None)) for what in ("features", "classes")]
        size = given.only(bundle, name) or counts.get("rows", Value(None))
        rows.append((styles.dataset(name), size, *cells, source or formats.NONE))
    columns = ("Dataset", "Rows", "Features", "Classes", "Source")
    return Table(columns, tuple(rows), "Datasets", id="datasets") if rows else None


def sizes(bundle: Bundle, dataset: str) -> dict[str, Value]:
    """Counts of rows, features and classes, as far as they are known: the rows of a table of scores are no cases."""
    table = next(iter(bundle.rows("tables", TableFacts, dataset=dataset)), None)
    if table is None:
        return {}
    counts = {}
    if not is_external(bundle.study, dataset):
        counts = {"rows": count(table.rows), "features": count(table.features)}
    if table.classes:
        counts["classes"] = count(len(table.classes))
    return counts


def say_leader(bundle: Bundle, styles: Styles, dataset: str) -> Pieces:
    """Who is first on a dataset, and how many are not told from it."""
    unit = facts.primary(bundle)
    models = rank_models(bundle, dataset, unit)
    return say_best(styles, unit, models) if models else f"no score by {unit.word}"


def opening(bundle: Bundle, dataset: str, own: Bundle) -> Iterator[Block]:
    """The first blocks of a dataset's page; `bundle` is the whole study's, `own` that of the page."""
    yield Paragraph(say_leader(own, styles_of(own), dataset))
    said: list[tuple[str, Cell]] = list(sizes(bundle, dataset).items())
    numbers = compared(own)
    if numbers.compared:
        said.append(("Claims", words_of(numbers)))
    if said:
        yield Facts(tuple(said))


SECTION = Section("datasets", "Datasets", datasets, "apart", order=80)
