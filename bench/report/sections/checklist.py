"""The checklist: for each item of REFORMS and of the leakage sheet what the run shows, and what the author says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bench.report.bundle import Bundle
from bench.report.checklist import STATES, Filled, counts, filled, in_order
from bench.report.checklist.item import Checklist
from bench.report.section import Section

#: Sections about one dataset.
_EACH = ("overfitting", "drilldown", "data")


@dataclass(frozen=True)
class AnsweredItem:
    """An item as shown: its evidence, and the section that shows it; `part`: the evidence answers a part only."""

    id: str
    asks: str
    state: str
    evidence: str
    section: str
    part: bool
    stated: str


@dataclass(frozen=True)
class FilledChecklist:
    """A checklist as shown: how many items are in each state, the answers under each heading, and what is open."""

    name: str
    source: str
    counts: tuple[tuple[str, int], ...]
    modules: tuple[tuple[str, tuple[AnsweredItem, ...]], ...]
    open: tuple[AnsweredItem, ...]


@dataclass(frozen=True)
class ChecklistView:
    """All checklists as shown, and how many items are in each state."""

    counts: tuple[tuple[str, int], ...]
    sheets: tuple[FilledChecklist, ...]


def checklist(bundle: Bundle) -> ChecklistView:
    """Every checklist, filled."""
    return ChecklistView(_counted(filled(bundle)), tuple(_sheet(bundle, published) for published in in_order()))


def _counted(answers: tuple[Filled, ...]) -> tuple[tuple[str, int], ...]:
    found = counts(answers)
    return tuple((state, found[state]) for state in STATES)


def _sheet(bundle: Bundle, published: Checklist) -> FilledChecklist:
    answers = filled(bundle, published)
    modules = tuple(
        (module, tuple(_answer(answer, bundle.apart) for answer in group))
        for module, group in groupby(
            (answer for answer in answers if answer.state != "open"), key=lambda answer: answer.item.module
        )
    )
    left = tuple(_answer(answer, bundle.apart) for answer in answers if answer.state == "open")
    return FilledChecklist(published.name, published.source, _counted(answers), modules, left)


def _answer(answer: Filled, apart: bool) -> AnsweredItem:
    """`apart`: what is about each dataset stands on pages of its own, which the section `datasets` lists."""
    evidence = answer.evidence
    section = evidence.section if evidence is not None else ""
    return AnsweredItem(
        answer.item.id,
        answer.item.asks,
        answer.state,
        evidence.text if evidence is not None else "",
        "datasets" if apart and section in _EACH else section,
        evidence is not None and not evidence.whole,
        answer.stated,
    )


SECTION = Section("checklist", "Checklist", checklist, order=160)
