"""Each dataset up close: how models learn, rank, say how sure they are, and err there."""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.by_row import DRAWN
from bench.report import facts, panels
from bench.report.bundle import Bundle
from bench.report.panel import Panel, View, view_of
from bench.report.section import Lacking, Section, keys, lacking
from bench.report.styles import Styles, styles_of
from bench.report.text import drilldown as text
from bench.text.glossary import Term, terms

#: The term that a panel uses.
_TERMS = {
    "ranking": "roc",
    "calibration": "calibration_level",
    "classes": "recall",
    "importance": "importance",
    "effects": "dependence",
}


@dataclass(frozen=True)
class DrilldownPlace:
    """The panels of one dataset that have something to show, and those that could not be made, each with its reason."""

    id: str
    key: str
    title: str
    panels: tuple[tuple[Panel, View], ...]
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DrilldownView:
    """The section; `several`: whether the page has several datasets, so that each is named."""

    places: tuple[DrilldownPlace, ...]
    several: bool
    lacking: tuple[Lacking, ...]
    empty: str
    many: str
    terms: list[Term]


def drilldown(bundle: Bundle) -> DrilldownView:
    """The panels of every dataset of the page."""
    styles = styles_of(bundle)
    found = [place(bundle, styles, d) for d in bundle.datasets]
    places = tuple(p for p in found if p.panels or p.missing)
    models = sum(not styles.family(name).baseline for name in facts.families(bundle))
    return DrilldownView(
        places,
        len(bundle.datasets) > 1,
        lacking(bundle, styles, [p.id for p in places], text.lacking),
        "" if places else text.EMPTY,
        text.drawn(models, DRAWN),
        terms(
            *(
                term
                for name, term in _TERMS.items()
                if name in {panel.id for p in places for panel, _ in p.panels}
            )
        ),
    )


def place(bundle: Bundle, styles: Styles, dataset: str) -> DrilldownPlace:
    """One dataset's panels."""
    filled = [
        (panel, view)
        for panel in panels.in_order()
        if (view := view_of(panel, bundle, styles, dataset)) is not None
    ]
    full = tuple((panel, view) for panel, view in filled if not view.empty)
    missing = tuple((panel.title, view.empty) for panel, view in filled if view.lost)
    return DrilldownPlace(
        dataset, keys(bundle).get(dataset, ""), styles.dataset(dataset), full, missing
    )


SECTION = Section("drilldown", text.TITLE, drilldown, "each", order=60)
