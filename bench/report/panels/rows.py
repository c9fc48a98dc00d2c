"""The hardest rows of a dataset: how many models get them wrong, and what stands in the raw table."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.by_row import FarRow, WrongCount, WrongRow
from bench.report import facts
from bench.report.blocks import Block, Cell, Details, Figure, Table
from bench.report.bundle import Bundle
from bench.report.charts.plot_bars import plot_bars
from bench.report.panel import Panel
from bench.report.styles import Styles
from bench.report.values import Value, count, percent, quantity
from bench.scores.external.place_names import PlaceNames


def hardest(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """The rows that most models get wrong, with equal rows of the table; of a regression, the furthest off."""
    if facts.is_simulated(bundle, dataset):
        return  # each draw has new rows
    names = bundle.names.get(dataset, PlaceNames())
    where = "the name of the table" if dataset in bundle.names else "from 1, as in the raw table"  # fmt: skip
    if far := bundle.rows("far_rows", FarRow, dataset=dataset):
        title = f"Hardest rows: {len(far)} of {far[0].rows}"
        yield Details(title, (_far_table(far, names, where),))
        return
    counts = bundle.rows("wrong_counts", WrongCount, dataset=dataset)
    wrong = bundle.rows("wrong_rows", WrongRow, dataset=dataset)
    if counts and wrong:
        if counts[0].models > 1:
            yield _how_many(counts, dataset)
        rows = sum(one.rows for one in counts)
        title = f"Hardest rows: {len(wrong)} of {rows}"
        yield Details(title, (_wrong_table(wrong, names, where),))


def _how_many(counts: list[WrongCount], dataset: str) -> Figure:
    """How many rows are got wrong by how many models."""
    models = counts[0].models
    wrong = {one.families: one.rows for one in counts}
    every = sum(wrong.values())
    missed = every - wrong.get(0, 0)
    bars = [(f"{n} of {models}", wrong.get(n, 0)) for n in range(models, 0, -1)]
    chart = plot_bars("Rows by how many models miss them", bars)
    result = (
        f"Rows that all {models} models miss: ", count(wrong.get(models, 0)), " of ",
        count(every), "; rows that none misses: ", percent(1 - missed / every), ".",
    )  # fmt: skip
    marks = "Row: by so many models is a row missed."
    if counts[0].repeated:
        marks += " Missed: in more than half of the repeats."
    return Figure(f"wrong-{dataset}", result, marks, (chart,))


def _wrong_table(listed: list[WrongRow], names: PlaceNames, where: str) -> Table:
    lines: list[tuple[Cell, ...]] = [
        (
            _called(names.row(row.row)),
            row.truth,
            percent(row.wrong),
            row.said or "–",
            f"{row.families} of {row.of}",
            count(row.equal),
            count(row.other),
        )
        for row in listed
    ]
    columns = (
        "Row",
        "Truth",
        "Wrong predictions",
        "Most frequent wrong class",
        "Models wrong",
        "Equal rows",
        "with another label",
    )
    return Table(columns, tuple(lines), notes=(f"Row: {where}.",))


def _far_table(listed: list[FarRow], names: PlaceNames, where: str) -> Table:
    lines: list[tuple[Cell, ...]] = [
        (
            _called(names.row(row.row)),
            quantity(row.truth),
            quantity(row.low),
            quantity(row.high),
            quantity(row.error),
            count(row.equal),
            count(row.other),
        )
        for row in listed
    ]
    columns = (
        "Row",
        "Truth",
        "Least prediction",
        "Greatest",
        "Median error",
        "Equal rows",
        "with another value",
    )
    said = "Error: median over models of the absolute error of the mean prediction."
    return Table(columns, tuple(lines), notes=(f"Row: {where}. {said}",))


def _called(row: int | str) -> Value | str:
    return count(row) if isinstance(row, int) else row


PANEL = Panel("rows", "Hardest rows", hardest, order=60)
