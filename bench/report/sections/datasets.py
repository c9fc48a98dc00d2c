"""Data sets that have a page of their own: what each is, who leads on it; and the opening of such a page."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.sections.families import score_figure, standing_words
from bench.report.styles import Looks, looks_of
from bench.report.summary import headline, results_hash
from bench.report.text import formats
from bench.report.text.words import HELD


def datasets(bundle: Bundle) -> dict[str, Any]:
    """One row a data set: a link to its page, its size, who leads on it."""
    looks, unit = looks_of(bundle), facts.primary(bundle)
    return {"metric": unit.word, "rows": [_row(bundle, looks, name) for name in bundle.datasets]}


def _row(bundle: Bundle, looks: Looks, dataset: str) -> dict[str, str]:
    unit = facts.primary(bundle)
    base, sizes = facts.baseline(bundle, looks, dataset, unit), _sizes(bundle, dataset)
    return {
        "title": looks.dataset(dataset),
        "page": page_name(dataset),
        "rows": sizes.get("rows", formats.NONE),
        "features": sizes.get("features", formats.NONE),
        "classes": sizes.get("classes", formats.NONE),
        "baseline": formats.NONE if base is None else unit.show(base),
        "leads": _leads(bundle, looks, dataset),
    }


def _sizes(bundle: Bundle, dataset: str) -> dict[str, str]:
    rows = bundle.frame("tables").filter(pl.col("dataset") == dataset)
    if not rows.height:
        return {}
    one = rows.row(0, named=True)
    found = {"rows": formats.count(one["rows"]), "features": formats.count(one["features"])}
    return found | ({"classes": formats.count(len(one["classes"]))} if one["classes"] else {})


def _leads(bundle: Bundle, looks: Looks, dataset: str) -> str:
    standing = facts.standing(bundle, dataset, facts.primary(bundle).name)
    if standing is None:
        return "Nothing was scored."
    known = [f for d, f in facts.estimates(bundle, facts.primary(bundle).name) if d == dataset]
    return standing_words(looks, standing, known) or f"{looks.family(standing.best).title} alone."


def opening(bundle: Bundle, dataset: str) -> dict[str, Any]:
    """What stands above the fold of a data set's page; `bundle` is the whole study's."""
    own = bundle.on(dataset)
    looks = looks_of(own)
    figure = score_figure(own, looks, dataset, facts.primary(bundle))
    words = [("rows", "rows"), ("features", "features"), ("classes", "classes")]
    sizes = _sizes(bundle, dataset)
    counted = [{"label": label, "figure": sizes[key], "of": ""} for key, label in words if key in sizes]
    verdicts = own.frame("verdicts")
    held = verdicts.filter(pl.col("verdict").is_in(HELD)).height
    claims = [{"label": "claims held up", "figure": str(held), "of": f"of {verdicts.height}"}]
    return {
        "title": looks.dataset(dataset),
        "results": results_hash(bundle)[:8],
        "study": headline(bundle, looks_of(bundle)),
        "lead": _leads(own, looks, dataset),
        "facts": counted + (claims if verdicts.height else []),
        "figures": [] if figure is None else [figure],
    }
