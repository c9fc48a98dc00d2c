"""The filled checklist in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bench.report.checklist import STATES, Filled, counts, filled, in_order
from bench.report.exports.content import Content, ExportFormat
from bench.report.sections import SECTIONS
from bench.report.text import exports as text
from bench.report.text.markdown import escaped, table


def checklist(content: Content) -> dict[str, str]:
    """checklist.md: every item with what the run shows, where, and what the author says."""
    parts = [
        f"# Checklist of {escaped(content.bundle.study.title)}",
        f"{_counted(content.checklist)}. {text.STATES}",
    ]
    for sheet in in_order():
        answers = filled(content.bundle, sheet)
        parts += [f"## {sheet.name}: {_counted(answers)}", f"{escaped(sheet.source)}."]
        for module, group in groupby(answers, key=lambda answer: answer.item.module):
            parts += [
                f"### {escaped(module)}",
                table(text.CHECKLIST_HEAD, map(_item, group)),
            ]
    return {"checklist.md": "\n\n".join(parts) + "\n"}


def _counted(answers: tuple[Filled, ...]) -> str:
    found = counts(answers)
    return ", ".join(f"{found[state]} {state}" for state in STATES)


def _item(answer: Filled) -> Sequence[str]:
    shown = "–"
    if answer.evidence is not None:
        part = "" if answer.evidence.whole else "In part. "
        shown = f"{part}{escaped(answer.evidence.text)} ({escaped(SECTIONS[answer.evidence.section].title)})"
    return (
        answer.item.id,
        escaped(answer.item.asks),
        answer.state,
        shown,
        escaped(answer.stated) or "–",
    )


FORMAT = ExportFormat("checklist", checklist)
