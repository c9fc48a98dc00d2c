"""CSV: the tables and the data behind every figure, as the page prints the numbers, for spreadsheets and programs.

A printed number is a number: its minus is ASCII, a unit that a column shares stands in its head, an interval is two
columns, a mark is a column of its own, an empty cell is empty. Text is text: what a spreadsheet would take for a
formula begins with an apostrophe, which is the usual way to say so.
"""

from __future__ import annotations

import csv
import io
import re

from bench.core.text import one_line
from bench.report.charts.svg import Table
from bench.report.exports.content import Content
from bench.report.exports.figures import behind
from bench.report.exports.names import distinct, slug
from bench.report.exports.sheets import TIED
from bench.text.formats import MINUS, NONE, THIN
from bench.text.words import MARK

#: What begins a formula, also as full-width signs; tab and line end are control characters, which are gone by then.
FORMULA = "=+-@\t\r\n＝＋－＠"
_NUMBER = rf"[+±{MINUS}-]?\d[\d{THIN}]*(?:\.\d+)?(?:e[{MINUS}-]?\d+)?"
_CELL = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>(?: |{THIN})(?:pp|%))?(?P<mark>(?: [{TIED}{MARK}])*)")
_INTERVAL = re.compile(r"\[([^,\[\]]+), ([^,\[\]]+)\]")
Column = tuple[str, list[str]]


def csv_files(content: Content) -> dict[str, str]:
    """Texts by file name under data/."""
    found = {slug(sheet.id): sheet.long for sheet in content.sheets}
    drawn = {name: one.figure.table for name, one in content.figures.items() if one.figure.table is not None}
    tables = [*found.items(), *((f"figure-{name}", table) for name, table in (drawn | behind(content.bundle)).items())]
    names = distinct(name for name, _ in tables)
    return {f"data/{name}.csv": text_of(table) for name, (_, table) in zip(names, tables, strict=True)}


def text_of(table: Table) -> str:
    """One table as CSV: UTF-8, commas, quotes where needed."""
    cells = [[row[i] for row in table.rows] for i in range(len(table.head))]
    columns = [one for head, column in zip(table.head, cells, strict=True) for one in _columns(head, column)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(text_cell(head) for head, _ in columns)
    writer.writerows(zip(*(column for _, column in columns), strict=True))
    return out.getvalue()


def text_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, in one line and without control characters.

    >>> text_cell("=1+1"), text_cell("a-b"), text_cell(" @x")
    ("'=1+1", 'a-b', "'@x")
    """
    flat = one_line(text)
    return f"'{flat}" if flat.lstrip()[:1] and flat.lstrip()[0] in FORMULA else flat


def _columns(head: str, cells: list[str]) -> list[Column]:
    """One printed column as one, or as the two ends of an interval, or with its marks apart."""
    filled = [cell for cell in cells if cell not in ("", NONE)]
    ends = [_INTERVAL.fullmatch(cell) for cell in cells]
    if filled and sum(end is not None for end in ends) == len(filled):
        sides = [[end[i] if end else "" for end in ends] for i in (1, 2)]
        return [
            one for name, side in zip(("low", "high"), sides, strict=True) for one in _columns(f"{head}, {name}", side)
        ]
    found = [_CELL.fullmatch(cell) for cell in cells]
    units = {one["unit"].strip() if one["unit"] else "" for one in found if one}
    shared = len(units) == 1 and all(one for cell, one in zip(cells, found, strict=True) if cell in filled)
    unit = units.pop() if shared else ""
    values = [_value(cell, one, shared) for cell, one in zip(cells, found, strict=True)]
    marks = [one["mark"].strip() if one else "" for one in found]
    column = (f"{head} ({unit})" if unit else head, values)
    return [column, (f"{head}, mark", marks)] if any(marks) else [column]


def _value(cell: str, found: re.Match[str] | None, shared: bool) -> str:
    if cell == NONE:
        return ""
    if found is not None and (shared or not found["unit"]):
        return found["number"].replace(MINUS, "-").replace(THIN, "").lstrip("+±")
    return text_cell(cell)
