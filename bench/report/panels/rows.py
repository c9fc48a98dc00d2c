"""The hardest rows of a dataset: how many models get them wrong, and what stands in the raw table."""

from __future__ import annotations

from bench.core.by_row import FarRow, WrongCount, WrongRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.distributions import counted_bars
from bench.report.charts.svg import Figure, Table
from bench.report.panel import Panel, View
from bench.report.styles import Styles
from bench.report.text import rows as text
from bench.scores.external.place_names import PlaceNames
from bench.text import formats


def hardest(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """The rows that most models get wrong, with equal rows of the table; of a regression, the furthest off."""
    if facts.is_simulated(bundle, dataset):
        return View(empty=text.DRAWN)
    external = dataset in bundle.names
    names = bundle.names[dataset] if external else PlaceNames()
    if far := bundle.rows("far_rows", FarRow, dataset=dataset):
        title = text.listed(len(far), far[0].rows, external=external)
        return View((text.REGRESSION,), tables=((title, _far_table(far, names)),))
    counts = bundle.rows("wrong_counts", WrongCount, dataset=dataset)
    if not counts:
        return View(empty=text.NO_PREDICTIONS)
    wrong = bundle.rows("wrong_rows", WrongRow, dataset=dataset)
    if not wrong:
        return View((text.ALL_RIGHT,))
    said, figure = _how_many(counts, dataset, styles.dataset(dataset))
    title = text.listed(len(wrong), sum(one.rows for one in counts), external=external)
    return View(
        (said,),
        (figure,) if counts[0].models > 1 else (),
        ((title, _wrong_table(wrong, names)),),
    )


def _wrong_table(listed: list[WrongRow], names: PlaceNames) -> Table:
    lines = (
        (
            _called(names.row(row.row)),
            row.truth,
            formats.probability(row.wrong),
            text.said(row.said, row.source),
            text.of(row.families, row.of),
            text.equal_rows(row.equal, row.other, "label"),
        )
        for row in listed
    )
    return _without_equals(Table(text.WRONG_HEADER, tuple(lines)))


def _called(row: int | str) -> str:
    return formats.count(row) if isinstance(row, int) else row


def _without_equals(table: Table) -> Table:
    """A table without its last column, that of equal rows, where no row has any."""
    if any(line[-1] != formats.NONE for line in table.rows):
        return table
    return Table(table.head[:-1], tuple(line[:-1] for line in table.rows))


def _how_many(counts: list[WrongCount], dataset: str, place: str) -> tuple[str, Figure]:
    """How many rows are got wrong by how many models."""
    models, repeated = counts[0].models, counts[0].repeated
    wrong = {one.families: one.rows for one in counts}
    found = [(n, wrong.get(n, 0)) for n in range(models, -1, -1)]
    said = text.missed(wrong.get(models, 0), sum(wrong.values()), models)
    table = Table(
        text.COUNT_HEADER, tuple((str(n), formats.count(times)) for n, times in found)
    )
    body = counted_bars(
        [(text.lane(n, models), times) for n, times in found],
        text.wrong_label(place, said),
    )
    note = text.WRONG_NOTE if repeated else ""
    return said, Figure(f"wrong-{dataset}", text.WRONG_TITLE, note, body, table)


def _far_table(listed: list[FarRow], names: PlaceNames) -> Table:
    lines = tuple(
        (
            _called(names.row(row.row)),
            formats.quantity(row.truth),
            text.span(row.low, row.high),
            formats.quantity(row.error, beside=row.truth),
            text.equal_rows(row.equal, row.other, "value"),
        )
        for row in listed
    )
    return _without_equals(Table(text.FAR_HEADER, lines))


PANEL = Panel("rows", text.TITLE, hardest, order=60)
