"""The checklists of `checklist.toml`, answered by findings and frames of a study, or by its author.

An item is `evidenced` where every finding on it passed or holds by design, or where the page shows the answer;
`stated` where the study's `checklist` answers it; else `open`, also where a finding found something.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bench.core.findings import FindingRow, Outcome
from bench.diagnose import title_of
from bench.report.blocks import Block, Cell, Paragraph, Part, Table
from bench.report.bundle import Bundle
from bench.text import formats

STATES = ("evidenced", "stated", "open")
MEANING = "Evidenced: this run shows the answer. Stated: the study's author gives it. Open: neither."
_HEAD = ("Item", "State", "What the run shows", "What the author says")
_SETTLED = (Outcome.PASSED, Outcome.BY_CONSTRUCTION)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Row):
    """A question: `module` is the heading that it stands under, the rest says what answers it."""

    id: str
    module: str
    asks: str
    codes: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    shown: str = "findings"


class Checklist(_Row):
    """A published checklist: its name, where it comes from, and its items."""

    name: str
    source: str
    items: tuple[Item, ...]


class Answer(_Row):
    """An item with what the findings on it say, what the author wrote (or nothing), and one of STATES.

    `section`: the section of the page that shows the answer, or nothing.
    """

    item: Item
    findings: tuple[str, ...]
    section: str
    stated: str
    state: str


@cache
def in_order() -> tuple[Checklist, ...]:
    """Every checklist, in the order of the page."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(Checklist(**sheet) for sheet in tomllib.loads(text)["checklist"])


@cache
def items() -> Mapping[str, Item]:
    """Every item of every checklist by its number, in order."""
    return {item.id: item for sheet in in_order() for item in sheet.items}


def answers(bundle: Bundle, asked: Sequence[Item]) -> tuple[Answer, ...]:
    """What the study answers to each item."""
    return tuple(_answer(bundle, item) for item in asked)


def counts(given: Sequence[Answer]) -> dict[str, int]:
    """How many items are in each state."""
    found = Counter(answer.state for answer in given)
    return {state: found[state] for state in STATES}


def _answer(bundle: Bundle, item: Item) -> Answer:
    rows = [row for row in bundle.findings if row.code in item.codes]
    settled = bool(rows) and all(row.outcome in _SETTLED for row in rows)
    shown = any(bundle.frame(name).height for name in item.frames)
    stated = bundle.study.checklist.get(item.id, "").strip()
    state = "evidenced" if settled or shown else "stated" if stated else "open"
    section = item.shown if rows or shown else ""
    return Answer(
        item=item,
        findings=_outcomes(rows),
        section=section,
        stated=stated,
        state=state,
    )


def _outcomes(rows: Sequence[FindingRow]) -> tuple[str, ...]:
    """By finding, how often which outcome came of it: `Temporal leakage: 2 passed, 1 not applicable`."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(title_of(row.diagnostic, row.code), Counter())[
            row.outcome.replace("_", " ")
        ] += 1
    return tuple(
        f"{title}: {', '.join(f'{n} {outcome}' for outcome, n in of.items())}"
        for title, of in found.items()
    )


def parts(bundle: Bundle) -> Iterator[Block]:
    """Each checklist with its answers, under the headings of its modules."""
    for sheet in in_order():
        given = answers(bundle, sheet.items)
        rows: list[tuple[Cell, ...]] = []
        for module, group in groupby(given, key=lambda answer: answer.item.module):
            rows += [(module,), *map(_row, group)]
        source = Paragraph(f"{sheet.source}.")
        yield Part(
            f"{sheet.name}: {counted(given)}", (source, Table(_HEAD, tuple(rows)))
        )


def counted(given: Sequence[Answer]) -> str:
    """How many items are in each state, in words."""
    return ", ".join(f"{state} {number}" for state, number in counts(given).items())


def _row(answer: Answer) -> tuple[Cell, ...]:
    from bench.report.sections import SECTIONS  # which read this file

    shown = list(answer.findings)
    if answer.section:
        shown.append(f"section “{SECTIONS[answer.section].title}”")
    return (
        f"{answer.item.id} {answer.item.asks}",
        answer.state,
        "; ".join(shown) or formats.NONE,
        answer.stated or formats.NONE,
    )
