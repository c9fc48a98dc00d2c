"""Square tables of families: every row against every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from bench.report.charts.svg import glyph, tag
from bench.report.styles import Style

#: By row and column: what a cell says, and how strongly it is tinted, from 0 to 1.
Cells = Mapping[tuple[str, str], tuple[str, float]]


def matrix(
    styles: Sequence[Style],
    values: np.ndarray,
    words: Sequence[Sequence[str]],
    name: str,
) -> Markup:
    """A number for each two families: the larger in size, the stronger its tint; NaN has none."""
    sizes = np.abs(np.nan_to_num(values))
    np.fill_diagonal(sizes, 0.0)
    sizes /= sizes.max() or 1.0
    places = [(i, j) for i in range(len(styles)) for j in range(len(styles))]
    return square(
        styles,
        {
            (styles[i].name, styles[j].name): (words[i][j], sizes[i, j])
            for i, j in places
        },
        name,
    )


def square(styles: Sequence[Style], cells: Cells, name: str) -> Markup:
    """Every family against every other, the row against the column; the diagonal is empty."""
    heads = [
        tag("th", glyph(c), _brief(c), scope="col", data_f=c.key or None)
        for c in styles
    ]
    rows = [tag("tr", tag("td"), *heads)]
    for r in styles:
        row = [tag("th", tag("span", glyph(r), _brief(r), class_="fam"), scope="row")]
        row += [_cell(r, c, cells.get((r.name, c.name))) for c in styles]
        rows.append(tag("tr", *row, data_f=r.key or None))
    table = tag(
        "table", tag("thead", rows[0]), tag("tbody", *rows[1:]), class_="square"
    )
    return tag(
        "div",
        table,
        class_="scroll",
        role="group",
        tabindex="0",
        aria_label=f"{name}, table",
    )


def _brief(style: Style) -> Markup:
    return tag("span", style.short, title=style.title)


def _cell(row: Style, column: Style, cell: tuple[str, float] | None) -> Markup:
    if cell is None or row.name == column.name:
        return tag("td", " ", class_="self", data_f=column.key or None)
    words, tint = cell
    return tag(
        "td", words, data_f=column.key or None, style=f"--s:{round(100 * tint)}%"
    )
