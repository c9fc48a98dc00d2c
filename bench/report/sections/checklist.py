"""The checklists: for each item of REFORMS and of the leakage sheet what the run shows, and what the author says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bench.report.blocks import Block, Cell, Details, Paragraph, Part, Table
from bench.report.bundle import Bundle
from bench.report.checklist import Answer, answers, counts, in_order, items
from bench.report.section import Section
from bench.text import formats

MEANING = "Evidenced: this run shows the answer. Stated: the study's author gives it. Open: neither."
HEAD = ("Item", "State", "What the run shows", "What the author says")


def checklist(bundle: Bundle) -> Iterator[Block]:
    """How many items are answered, and every checklist in a fold."""
    every = answers(bundle, tuple(items().values()))
    yield Paragraph(f"{_counted(every)}. {MEANING}")
    yield Details("All items", tuple(parts(bundle)))


def parts(bundle: Bundle) -> Iterator[Block]:
    """Each checklist with its answers, under the headings of its modules."""
    for sheet in in_order():
        given = answers(bundle, sheet.items)
        rows: list[tuple[Cell, ...]] = []
        for module, group in groupby(given, key=lambda answer: answer.item.module):
            rows += [(module,), *map(_row, group)]
        yield Part(
            f"{sheet.name}: {_counted(given)}",
            (Paragraph(f"{sheet.source}."), Table(HEAD, tuple(rows))),
        )


def _counted(given: Sequence[Answer]) -> str:
    return ", ".join(f"{state} {number}" for state, number in counts(given).items())


def _row(answer: Answer) -> tuple[Cell, ...]:
    from bench.report.sections import SECTIONS  # which finds this file

    shown = list(answer.findings)
    if answer.section:
        shown.append(f"section “{SECTIONS[answer.section].title}”")
    return (
        f"{answer.item.id} {answer.item.asks}",
        answer.state,
        "; ".join(shown) or formats.NONE,
        answer.stated or formats.NONE,
    )


SECTION = Section("checklist", "Checklist", checklist, order=160)
