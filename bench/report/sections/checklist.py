"""The checklists: for each item of REFORMS and of the leakage sheet what the run shows, and what the author says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.report.bundle import Bundle
from bench.report.checklist import Answer, Checklist, answers, counts, in_order, items
from bench.report.section import Section

#: Sections about one dataset.
_EACH = ("drilldown", "data")


@dataclass(frozen=True)
class AnsweredChecklist:
    """A checklist as shown: how many items are in each state, those about which something is said, and the others."""

    published: Checklist
    counts: Mapping[str, int]
    said: tuple[Answer, ...]
    bare: tuple[Answer, ...]


@dataclass(frozen=True)
class ChecklistView:
    """All checklists as shown, and how many items are in each state.

    `apart`: sections that stand on pages of each dataset, which the section `datasets` lists.
    """

    counts: Mapping[str, int]
    sheets: tuple[AnsweredChecklist, ...]
    apart: tuple[str, ...]


def checklist(bundle: Bundle) -> ChecklistView:
    """Every checklist with its answers."""
    return ChecklistView(
        counts(answers(bundle, tuple(items().values()))),
        tuple(_sheet(bundle, published) for published in in_order()),
        _EACH if bundle.apart else (),
    )


def _sheet(bundle: Bundle, published: Checklist) -> AnsweredChecklist:
    given = answers(bundle, published.items)
    return AnsweredChecklist(
        published,
        counts(given),
        tuple(answer for answer in given if answer.section or answer.stated),
        tuple(answer for answer in given if not (answer.section or answer.stated)),
    )


SECTION = Section("checklist", "Checklist", checklist, order=160)
