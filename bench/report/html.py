"""Blocks as HTML: one macro of `templates/blocks.html` a kind of block. Nothing here knows a study."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from bench.report.blocks import Block, Cell, Code, Table, data_of
from bench.report.charts.marks import Chart
from bench.report.draw import draw, glyph
from bench.report.plain import plain
from bench.report.values import Value, show


def kind(block: object) -> str:
    """The name of a block's kind, by which its macro is found."""
    return type(block).__name__


def is_number(cell: Cell) -> bool:
    """Whether a cell is set to the right."""
    return isinstance(cell, Value)


def numeric(table: Table) -> list[bool]:
    """Which columns are set to the right: those of numbers, but the first."""
    full = [row for row in table.rows if len(row) == len(table.columns)]
    return [
        i > 0 and any(is_number(row[i]) for row in full)
        for i in range(len(table.columns))
    ]


def is_block_of_code(cell: Cell) -> bool:
    """Whether something to be typed has several lines."""
    return isinstance(cell, Code) and "\n" in cell.text


def is_blocks(found: Any) -> bool:
    """Whether a section or panel was filled with blocks."""
    return isinstance(found, tuple)


def draw_named(chart: Chart, result: Cell = "") -> Markup:
    """A chart whose label is its title and what the figure shows."""
    return draw(chart, f"{chart.title}. {plain(result)}" if result else "")


#: What templates ask of blocks.
FILTERS: dict[str, Callable[..., Any]] = {
    "kind": kind,
    "show": show,
    "plain": plain,
    "numeric": numeric,
    "data_of": data_of,
    "drawn": draw_named,
    "long_code": is_block_of_code,
}


def render_blocks(blocks: Iterable[Block]) -> Markup:
    """Blocks as HTML."""
    from bench.report.page import environment  # it knows these filters

    macros: Any = environment().get_template("blocks.html").module
    return Markup(macros.renders(tuple(blocks)))


__all__ = ["FILTERS", "glyph", "is_blocks", "render_blocks"]
