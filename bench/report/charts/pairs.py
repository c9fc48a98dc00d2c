"""Pairs of families: how a probability is shared out, and square tables of every row against every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import ChartRow, bar, glyph, lanes, tag
from bench.report.styles import Style

LANE = 26.0


@dataclass(frozen=True)
class PairProbabilities:
    """One family against the best: the probabilities that the best is better, that neither is, that it is itself.

    They add up to 1; `note` says them as text.
    """

    style: Style
    best: float
    same: float
    own: float
    note: str


def shared_out(rows: Sequence[PairProbabilities], label: str) -> Markup:
    """A bar a family from 0 to 100 percent: dark for the best, pale for no difference, mid for the family itself."""
    made = []
    for row in rows:
        first, second = 100 * row.best, 100 * (row.best + row.same)
        parts = [(0.0, first, "best"), (first, second, "same"), (second, 100.0, "own")]
        drawn = Markup("").join(bar(a, b, LANE / 2, 14, f"share {name}") for a, b, name in parts)
        style = row.style
        made.append(ChartRow(style.short, drawn, shape=style.shape, hue=style.hue, note=row.note, key=style.key))
    return lanes(made, label, height=LANE)


@dataclass(frozen=True)
class PairCell:
    """A cell of a square table: its text, and how strongly it is shaded, from 0 to 1."""

    text: str
    shade: float


def square(styles: Sequence[Style], cells: Mapping[tuple[str, str], PairCell], name: str) -> Markup:
    """Every family against every other, the row against the column; the diagonal is empty."""
    heads = [tag("th", glyph(c.shape, c.hue), _brief(c), scope="col", data_f=c.key or None) for c in styles]
    rows = [tag("tr", tag("td"), *heads)]
    for r in styles:
        row = [tag("th", tag("span", glyph(r.shape, r.hue), _brief(r), class_="fam"), scope="row")]
        row += [_cell(r, c, cells.get((r.name, c.name))) for c in styles]
        rows.append(tag("tr", *row, data_f=r.key or None))
    table = tag("table", tag("thead", rows[0]), tag("tbody", *rows[1:]), class_="square")
    return tag("div", table, class_="scroll", role="group", tabindex="0", aria_label=f"{name}, table")


def _brief(style: Style) -> Markup:
    return tag("span", style.short, title=style.title)


def _cell(row: Style, column: Style, cell: PairCell | None) -> Markup:
    if cell is None or row.name == column.name:
        return tag("td", " ", class_="self", data_f=column.key or None)
    return tag("td", cell.text, data_f=column.key or None, style=f"--s:{round(100 * cell.shade)}%")
