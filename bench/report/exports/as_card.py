"""The card: the first screen of the page by itself, as HTML (a browser prints it as PDF) and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from bench.report.exports.content import Content, ExportFormat
from bench.report.markdown import escaped, table
from bench.report.page import render_card
from bench.report.sections.overview import Overview
from bench.report.sections.summary_rows import SummaryRow, SummaryTable
from bench.report.text import exports as words
from bench.text.marks import sign


def card(content: Content) -> dict[str, str]:
    """card.html and card.md."""
    shown: Overview = content.sections["overview"]
    return {
        "card.html": render_card(shown),
        "card.md": "\n\n".join(_parts(shown)) + "\n",
    }


def _parts(shown: Overview) -> Iterator[str]:
    yield f"# {escaped(shown.headline)}"
    yield from map(escaped, filter(None, (shown.caveat, shown.citation or shown.title)))
    yield from (escaped(whole.sentence) for whole in shown.whole)
    yield from _table(shown.table)
    said = (shown.table.foot, shown.others, shown.left)
    yield from map(escaped, filter(None, said))
    answer, use = escaped(shown.answer), escaped(shown.use)
    yield from filter(None, (answer and words.answer(answer), use and words.use(use)))
    facts = [
        *((fact.label, fact.text) for fact in shown.facts),
        (words.RERUN, f"{shown.rerun}, {shown.where}"),
    ]
    yield "\n".join(f"- {escaped(label)}: {escaped(said)}" for label, said in facts)


def _table(shown: SummaryTable) -> Iterator[str]:
    """The table without the columns that have no name; nothing without rows."""
    head = shown.head
    columns = [
        head.what,
        head.published,
        head.ours,
        head.difference,
        head.agreement,
        head.follows,
    ]
    kept = [i for i, name in enumerate(columns) if name]
    if shown.rows:
        rows = [[_cells(row)[i] for i in kept] for row in shown.rows]
        yield table([escaped(columns[i]) for i in kept], rows)


def _cells(row: SummaryRow) -> list[str]:
    agreement = f"{sign(row.mark)} {row.word}" if row.mark else row.word
    agreement = ": ".join(filter(None, (agreement, row.beside)))
    name = f"{row.name}, {row.what}" if row.what else row.name
    difference = " ".join(filter(None, (row.difference, row.interval)))
    return [
        escaped(cell)
        for cell in (name, row.published, row.ours, difference, agreement, row.follows)
    ]


FORMAT = ExportFormat("card", card)
