"""A cell as one line of text: for labels, for titles, and for renderers of text."""

from __future__ import annotations

from bench.report.blocks import SIGNS, Cell, Code, Link, Sign, Term
from bench.report.charts.marks import Chart
from bench.report.values import Model, Value, show


def plain(cell: Cell) -> str:
    """What a cell says."""
    match cell:
        case str():
            return cell
        case tuple():
            return "".join(plain(piece) for piece in cell)
        case Value():
            return show(cell)
        case Model():
            return cell.title
        case Sign():
            return f"{SIGNS[cell.kind]} {cell.words}"
        case Code():
            return cell.text
        case Link():
            return cell.words
        case Term():
            return cell.word
        case Chart():
            return cell.title
