"""The checklist: for each item of REFORMS and of the leakage sheet what the run shows, and what the author says."""

from __future__ import annotations

from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.checklist import STATES, Filled, counts, filled, in_order
from bench.report.checklist.item import Checklist
from bench.report.section import Section

#: Sections about one dataset.
_EACH = ("overfitting", "drilldown", "data")
#: How many items are in each state.
ByState = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FilledChecklist:
    """A checklist as shown: how many items are in each state, the answers, and what is open; `stated`: whether the
    author answers any."""

    published: Checklist
    counts: ByState
    answered: tuple[Filled, ...]
    stated: bool
    open: tuple[Filled, ...]


@dataclass(frozen=True)
class ChecklistView:
    """All checklists as shown, and how many items are in each state.

    `apart`: sections that stand on pages of each dataset, which the section `datasets` lists.
    """

    counts: ByState
    sheets: tuple[FilledChecklist, ...]
    apart: tuple[str, ...]


def checklist(bundle: Bundle) -> ChecklistView:
    """Every checklist, filled."""
    sheets = tuple(_sheet(bundle, published) for published in in_order())
    return ChecklistView(
        _counted(filled(bundle)), sheets, _EACH if bundle.apart else ()
    )


def _counted(answers: tuple[Filled, ...]) -> ByState:
    found = counts(answers)
    return tuple((state, found[state]) for state in STATES)


def _sheet(bundle: Bundle, published: Checklist) -> FilledChecklist:
    answers = filled(bundle, published)
    known = tuple(answer for answer in answers if answer.state != "open")
    left = tuple(answer for answer in answers if answer.state == "open")
    return FilledChecklist(
        published,
        _counted(answers),
        known,
        any(answer.stated for answer in known),
        left,
    )


SECTION = Section("checklist", "Checklist", checklist, order=160)
