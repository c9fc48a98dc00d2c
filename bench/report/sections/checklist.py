"""The checklist: for each item of REFORMS and of the leakage sheet what the run shows, and what the author says."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from bench.report.bundle import Bundle
from bench.report.checklist import SOURCES, STATES, Filled, counts, filled
from bench.report.section import Section

#: Sections about one data set.
_EACH = ("overfitting", "drilldown", "data")


def checklist(bundle: Bundle) -> dict[str, Any]:
    items = filled(bundle)
    return {
        "counts": _counted(items),
        "sheets": [
            _sheet(sheet, [one for one in items if one.item.sheet == sheet], source, bundle.apart)
            for sheet, source in SOURCES.items()
        ],
    }  # fmt: skip


def _counted(items: tuple[Filled, ...]) -> list[dict[str, str]]:
    found = counts(items)
    return [{"state": state, "count": str(found[state])} for state in STATES]


def _sheet(name: str, items: list[Filled], source: str, apart: bool) -> dict[str, Any]:
    return {
        "name": name,
        "source": source,
        "counts": _counted(tuple(items)),
        "modules": [
            {"title": module, "rows": [_row(one, apart) for one in rows]}
            for module, rows in groupby(items, key=lambda one: one.item.module)
        ],
    }


def _row(one: Filled, apart: bool) -> dict[str, Any]:
    """`apart`: what is about each data set stands on pages of its own, which the section `datasets` lists."""
    evidence = one.evidence
    section = evidence.section if evidence is not None else ""
    return {
        "id": one.item.id,
        "asks": one.item.asks,
        "state": one.state,
        "evidence": evidence.text if evidence is not None else "",
        "section": "datasets" if apart and section in _EACH else section,
        "part": evidence is not None and not evidence.whole,
        "stated": one.stated,
    }


SECTION = Section("checklist", "Checklist", checklist, order=160)
