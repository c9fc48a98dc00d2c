"""LaTeX: every table by itself, ready for `\\input`, with booktabs and its marks explained under it, and never
wider than the text. Plain ASCII."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.names import distinct, slug
from bench.report.exports.sheets import Sheet, numeric_columns
from bench.report.text import exports as text
from bench.report.text.tex import escaped


def latex(content: Content) -> dict[str, str]:
    """Texts by file name under tables/."""
    bundle, found = content.bundle, content.sheets
    made = (
        f"% {text.made(bundle.study.id, bundle.results_sha256)} {text.NEEDS_PACKAGES}\n"
    )
    names = distinct(slug(sheet.id) for sheet in found)
    return {
        f"tables/{name}.tex": made + _table(sheet, f"tab:{bundle.study.id}-{name}")
        for name, sheet in zip(names, found, strict=True)
    }


def _table(sheet: Sheet, label: str) -> str:
    head, rows = sheet.table.head, sheet.table.rows
    right = numeric_columns(sheet)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(sheet.title)}}}",
        rf"\label{{{label}}}",
        r"\sbox0{%",
        rf"\begin{{tabular}}{{{''.join('r' if one else 'l' for one in right)}}}",
        r"\toprule",
        _row(head, right),
        r"\midrule",
        *(_row(row, right) for row in rows),
        r"\bottomrule",
        r"\end{tabular}}%",
        r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi",
    ]
    if sheet.notes:
        notes = " ".join(escaped(note) for note in sheet.notes)
        lines += [
            "",
            r"\smallskip",
            r"\begin{minipage}{\linewidth}",
            rf"\footnotesize {notes}",
            r"\end{minipage}",
        ]
    return "\n".join([*lines, r"\end{table}", ""])


def _row(cells: Sequence[str], right: Sequence[bool]) -> str:
    line = " & ".join(_cell(cell, one) for cell, one in zip(cells, right, strict=True))
    return (
        ("{}" if line[:1] in ("[", "*") else "") + line + r" \\"
    )  # else the row above would take it for an option


def _cell(cell: str, right: bool) -> str:
    first, *more = (escaped(line) for line in cell.split("\n"))
    if not more:
        return first
    below = "".join(rf" \\ {{\scriptsize {line}}}" for line in more)
    return rf"\shortstack[{'r' if right else 'l'}]{{{first}{below}}}"


FORMAT = ExportFormat("latex", latex)
