"""A table as CSV: numbers at full precision, the ends of intervals in columns of their own."""

from __future__ import annotations

import csv
import io

from bench.core.text import text_cell
from bench.report.blocks import Cell, Table
from bench.report.plain import plain
from bench.report.values import Value


def write_csv(table: Table) -> str:
    """A table as text; a heading of rows becomes a column before the others."""
    grouped = len(table.full) < len(table.rows)
    ranged = [
        any(map(_has_interval, column)) for column in zip(*table.full, strict=True)
    ]
    ranged = ranged or [False] * len(table.columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ["group"] if grouped else []
    for column, ends in zip(table.columns, ranged, strict=True):
        name = plain(column)
        names += [name, f"{name} low", f"{name} high"] if ends else [name]
    writer.writerow(map(text_cell, names))
    group = ""
    for row in table.rows:
        if table.is_heading(row):
            group = plain(row[0])
            continue
        cells = [text_cell(group)] if grouped else []
        for cell, ends in zip(row, ranged, strict=True):
            cells += _cells(cell, ends)
        writer.writerow(cells)
    return out.getvalue()


def _has_interval(cell: Cell) -> bool:
    return isinstance(cell, Value) and cell.low is not None


def _cells(cell: Cell, ends: bool) -> list[str]:
    if isinstance(cell, Value):
        numbers = (cell.number, cell.low, cell.high) if ends else (cell.number,)
        return ["" if one is None else repr(one) for one in numbers]
    return [text_cell(plain(cell)), "", ""] if ends else [text_cell(plain(cell))]
