"""The hardest rows of a dataset: how many models get them wrong, and what stands in the raw table."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bench.core.frames import records
from bench.report.bundle import Bundle
from bench.report.charts.distributions import counted_bars
from bench.report.charts.svg import Figure, Table
from bench.report.panel import Panel, View, drawn
from bench.report.row_errors import missed_by, missed_rows, with_duplicates, wrong_rows
from bench.report.styles import Styles
from bench.report.text import rows as text
from bench.scores.external.place_names import PlaceNames
from bench.text import formats

#: Rows listed: the hardest.
LISTED = 10


def hardest(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """The rows that most models get wrong, with equal rows of the table; of a regression, the furthest off."""
    tests = bundle.tested(dataset)
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    tests = tests.filter(pl.col("family").is_in([style.name for style in shown]))
    if tests.is_empty():
        return View(empty=text.NO_PREDICTIONS)
    if any(bundle.frame("tables").filter(dataset=dataset)["draws"].to_list()):
        return View(empty=text.DRAWN)
    duplicates = bundle.frame("duplicates").filter(dataset=dataset).select("row", "duplicates")
    names = bundle.names.get(dataset, PlaceNames())
    if bundle.study.task == "regression":
        return _far_rows(tests, duplicates, names)
    by = missed_by(tests)
    rows = wrong_rows(tests, by)
    wrong = rows.filter(pl.col("wrong") > 0)
    if wrong.is_empty():
        return View((text.ALL_RIGHT,))
    table = _wrong_table(with_duplicates(wrong.head(LISTED), tests, duplicates), names)
    models, repeated = by["family"].n_unique(), by.height < tests.height
    said, figure = _how_many(rows, models, dataset, styles.dataset(dataset), repeated=repeated)
    return View((said,), (figure,) if models > 1 else (), ((text.listed(len(table.rows), rows.height), table),))


@dataclass(frozen=True)
class WrongRow:
    """A row that models get wrong (`row_errors.wrong_rows`, with equal rows)."""

    row: int
    truth: str
    wrong: float
    families: int
    of: int
    said: str | None
    source: float | None
    equal: int
    other: int


@dataclass(frozen=True)
class FarRow:
    """A row whose predictions are far off (`row_errors.missed_rows`, with equal rows)."""

    row: int
    truth: float
    error: float
    low: float
    high: float
    equal: int
    other: int


def _wrong_table(listed: pl.DataFrame, names: PlaceNames) -> Table:
    lines = (
        (
            _called(names.row(row.row)),
            row.truth,
            formats.probability(row.wrong),
            text.said(row.said, row.source),
            text.of(row.families, row.of),
            text.equal_rows(row.equal, row.other, "label"),
        )
        for row in records(listed, WrongRow)
    )
    return _without_equals(Table(text.WRONG_HEADER, tuple(lines)))


def _called(row: int | str) -> str:
    return formats.count(row) if isinstance(row, int) else row


def _without_equals(table: Table) -> Table:
    """A table without its last column, that of equal rows, where no row has any."""
    if any(line[-1] != formats.NONE for line in table.rows):
        return table
    return Table(table.head[:-1], tuple(line[:-1] for line in table.rows))


def _how_many(rows: pl.DataFrame, models: int, dataset: str, place: str, *, repeated: bool) -> tuple[str, Figure]:
    """How many rows are got wrong by how many models; `repeated`: rows are predicted more than once by each."""
    wrong: dict[int, int] = dict(rows.group_by("families").len().iter_rows())
    found = [(n, wrong.get(n, 0)) for n in range(models, -1, -1)]
    said = text.missed(wrong.get(models, 0), rows.height, models)
    table = Table(text.COUNT_HEADER, tuple((str(n), formats.count(times)) for n, times in found))
    body = counted_bars([(text.lane(n, models), times) for n, times in found], text.wrong_label(place, said))
    note = text.WRONG_NOTE if repeated else ""
    return said, Figure(f"wrong-{dataset}", text.WRONG_TITLE, note, body, table)


def _far_rows(tests: pl.DataFrame, duplicates: pl.DataFrame, names: PlaceNames) -> View:
    listed = with_duplicates(missed_rows(tests).head(LISTED), tests, duplicates)
    lines = tuple(
        (
            _called(names.row(row.row)),
            formats.quantity(row.truth),
            text.span(row.low, row.high),
            formats.quantity(row.error, beside=row.truth),
            text.equal_rows(row.equal, row.other, "value"),
        )
        for row in records(listed, FarRow)
    )
    title = text.listed(len(lines), tests["row"].n_unique())
    return View((text.REGRESSION,), tables=((title, _without_equals(Table(text.FAR_HEADER, lines))),))


PANEL = Panel("rows", text.TITLE, hardest, order=60)
