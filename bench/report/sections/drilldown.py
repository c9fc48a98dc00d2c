"""Each data set up close: how families learn, rank, say how sure they are, and err there."""

from __future__ import annotations

from typing import Any

from bench.report.bundle import Bundle
from bench.report.dataset_switch import keys, lacking
from bench.report.panel import DRAWN, Maker, Part
from bench.report.sections.fit import fit
from bench.report.sections.importances import effects, importances
from bench.report.sections.learning import learning
from bench.report.sections.misses import by_class, disagree, hardest
from bench.report.sections.ranking import ranking
from bench.report.sections.reliability import calibrated
from bench.report.styles import Styles, styles_of
from bench.text import formats
from bench.text.words import terms

#: What is asked of every data set, in reading order.
PARTS: tuple[Maker, ...] = (
    learning,
    ranking,
    calibrated,
    fit,
    by_class,
    hardest,
    disagree,
    importances,
    effects,
)


def drilldown(bundle: Bundle) -> dict[str, Any]:
    styles = styles_of(bundle)
    places = [place(bundle, styles, d) for d in bundle.datasets]
    places = [one for one in places if one["parts"]]
    return {
        "places": places,
        "lacking": lacking(bundle, styles, [p["id"] for p in places], "No prediction of a single row is stored of {}."),
        "empty": ""
        if places
        else "No prediction of a single row is stored here, so no data set can be looked at up close.",
        "many": _many(bundle, styles),
        "terms": terms("roc", "calibration_level", "recall", "importance", "dependence"),
    }


def place(bundle: Bundle, styles: Styles, dataset: str) -> dict[str, Any]:
    """One data set's parts: those that have something to show, and, in one sentence each, those that do not."""
    parts = [part for maker in PARTS if (part := maker(bundle, styles, dataset)) is not None]
    full = [part for part in parts if not part.empty]
    missing = _missing(parts) if full else []
    key = keys(bundle).get(dataset, "")
    return {"id": dataset, "key": key, "title": styles.dataset(dataset), "parts": full, "missing": missing}


def _missing(parts: list[Part]) -> list[dict[str, str]]:
    return [{"title": part.title, "why": part.empty} for part in parts if part.empty]


def _many(bundle: Bundle, styles: Styles) -> str:
    n = sum(not style.baseline for style in styles.families.values())
    return (
        f"Of {formats.count(n)} families the {formats.spelled(DRAWN)} best of each data set are drawn."
        if n > DRAWN
        else ""
    )
