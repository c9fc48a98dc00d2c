"""The checklists in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bench.report.checklist import Answer, answers, counts, in_order
from bench.report.exports.content import Content, ExportFormat
from bench.report.markdown import escaped, table
from bench.report.sections import SECTIONS
from bench.report.text import exports as text
from bench.text import formats


def checklist(content: Content) -> dict[str, str]:
    """checklist.md: every item with what the run shows, where, and what the author says."""
    parts = [
        f"# Checklist of {escaped(content.bundle.study.title)}",
        f"{_counted(content.checklist)}. {text.STATES}",
    ]
    for sheet in in_order():
        given = answers(content.bundle, sheet.items)
        parts += [f"## {sheet.name}: {_counted(given)}", f"{escaped(sheet.source)}."]
        for module, group in groupby(given, key=lambda answer: answer.item.module):
            parts += [
                f"### {escaped(module)}",
                table(text.CHECKLIST_HEAD, map(_item, group)),
            ]
    return {"checklist.md": "\n\n".join(parts) + "\n"}


def _counted(given: Sequence[Answer]) -> str:
    return ", ".join(f"{number} {state}" for state, number in counts(given).items())


def _item(answer: Answer) -> Sequence[str]:
    shown = list(answer.findings)
    if answer.section:
        shown.append(f"see {SECTIONS[answer.section].title}")
    return (
        answer.item.id,
        escaped(answer.item.asks),
        answer.state,
        escaped("; ".join(shown)) or formats.NONE,
        escaped(answer.stated) or formats.NONE,
    )


FORMAT = ExportFormat("checklist", checklist)
