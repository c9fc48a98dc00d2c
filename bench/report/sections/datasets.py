"""Data sets that have a page of their own: what each is, who leads on it; and the opening of such a page."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.counts import results_hash
from bench.report.section import Section
from bench.report.sections.families import score_figure, standing_words
from bench.report.styles import Styles, styles_of
from bench.report.text.headline import headline
from bench.text import formats
from bench.text.words import HELD


def datasets(bundle: Bundle) -> dict[str, Any]:
    """One row a data set: a link to its page, its size, who leads on it."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    return {"metric": unit.word, "rows": [_row(bundle, styles, name) for name in bundle.datasets]}


def _row(bundle: Bundle, styles: Styles, dataset: str) -> dict[str, str]:
    unit = facts.primary(bundle)
    base, sizes = facts.baseline(bundle, styles, dataset, unit), _sizes(bundle, dataset)
    return {
        "title": styles.dataset(dataset),
        "page": page_name(dataset),
        "rows": sizes.get("rows", formats.NONE),
        "features": sizes.get("features", formats.NONE),
        "classes": sizes.get("classes", formats.NONE),
        "baseline": formats.NONE if base is None else unit.show(base),
        "leads": _leads(bundle, styles, dataset),
    }


def _sizes(bundle: Bundle, dataset: str) -> dict[str, str]:
    rows = bundle.frame("tables").filter(pl.col("dataset") == dataset)
    if not rows.height:
        return {}
    one = rows.row(0, named=True)
    found = {"rows": formats.count(one["rows"]), "features": formats.count(one["features"])}
    return found | ({"classes": formats.count(len(one["classes"]))} if one["classes"] else {})


def _leads(bundle: Bundle, styles: Styles, dataset: str) -> str:
    standing = facts.standing(bundle, dataset, facts.primary(bundle).name)
    if standing is None:
        return "Nothing was scored."
    known = [f for d, f in facts.estimates(bundle, facts.primary(bundle).name) if d == dataset]
    return standing_words(styles, standing, known) or f"{styles.family(standing.best).title} alone."


def opening(bundle: Bundle, dataset: str) -> dict[str, Any]:
    """What stands above the fold of a data set's page; `bundle` is the whole study's."""
    own = bundle.on(dataset)
    styles = styles_of(own)
    figure = score_figure(own, styles, dataset, facts.primary(bundle))
    words = [("rows", "rows"), ("features", "features"), ("classes", "classes")]
    sizes = _sizes(bundle, dataset)
    counted = [{"label": label, "figure": sizes[key], "of": ""} for key, label in words if key in sizes]
    verdicts = own.frame("verdicts")
    held = verdicts.filter(pl.col("verdict").is_in(HELD)).height
    claims = [{"label": "claims held up", "figure": str(held), "of": f"of {verdicts.height}"}]
    return {
        "title": styles.dataset(dataset),
        "results": results_hash(bundle)[:8],
        "study": headline(bundle, styles_of(bundle)),
        "lead": _leads(own, styles, dataset),
        "facts": counted + (claims if verdicts.height else []),
        "figures": [] if figure is None else [figure],
    }


SECTION = Section("datasets", "Data sets", datasets, "apart", order=80)
