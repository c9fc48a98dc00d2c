"""A table as LaTeX: booktabs, plain ASCII, never wider than the text, its notes below."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.blocks import Cell, Table
from bench.report.plain import plain
from bench.report.text.tex import escaped
from bench.report.values import Value, show_interval, show_middle


def write_latex(table: Table, label: str) -> str:
    """A table that a paper reads with `\\input`.

    Parameters
    ----------
    label
        What the paper refers to: `tab:wine-results`.
    """
    columns = [plain(column) for column in table.columns]
    rows = [_row(row, table) for row in table.rows]
    notes = [escaped(plain(note)) for note in table.notes]
    return set_table(
        table.caption or columns[0], label, columns, table.right, rows, notes
    )


def set_table(
    caption: str, label: str, columns: Sequence[str], right: Sequence[bool], rows: Sequence[str], notes: Sequence[str]
) -> str:  # fmt: skip
    """The frame around rows that are TeX already."""
    aligned = "".join("r" if one else "l" for one in right)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(caption)}}}",
        rf"\label{{{label}}}",
        r"\sbox0{%",
        rf"\begin{{tabular}}{{{aligned}}}",
        r"\toprule",
        join_cells([escaped(column) for column in columns]),
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}}%",
        r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi",
    ]
    if notes:
        lines += ["", r"\smallskip", r"\begin{minipage}{\linewidth}"]
        lines += [rf"\footnotesize {' '.join(notes)}", r"\end{minipage}"]
    return "\n".join([*lines, r"\end{table}", ""])


def join_cells(cells: Sequence[str]) -> str:
    """One row; the row above would take a first `[` or `*` for an option."""
    line = " & ".join(cells)
    return ("{}" if line[:1] in ("[", "*") else "") + line + r" \\"


def stack(lines: Sequence[str], right: bool) -> str:
    """The lines of a cell, those below the first in small print."""
    first, *more = lines
    if not more:
        return first
    below = "".join(rf" \\ {{\scriptsize {line}}}" for line in more)
    return rf"\shortstack[{'r' if right else 'l'}]{{{first}{below}}}"


def _row(row: tuple[Cell, ...], table: Table) -> str:
    if table.is_heading(row):
        words = escaped(plain(row[0]))
        return (
            rf"\multicolumn{{{len(table.columns)}}}{{l}}{{" + rf"\emph{{{words}}}}} \\"
        )
    return join_cells(
        [_cell(cell, one) for cell, one in zip(row, table.right, strict=True)]
    )


def _cell(cell: Cell, right: bool) -> str:
    if isinstance(cell, Value):
        lines = [show_middle(cell), show_interval(cell)]
        return stack([escaped(line) for line in lines if line], right)
    return escaped(plain(cell))
