"""Every family on every data set: means with intervals, ties instead of one winner, the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bench.families import Family
from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.charts.intervals import Dot, beyond, cell_glyph, dot_values, score_intervals
from bench.report.charts.svg import Figure, Scale, Table, nice
from bench.report.dataset_switch import keys, lacking
from bench.report.means import CellKey, MeanScore
from bench.report.section import Section
from bench.report.sections.cards import CardGrid, card_id, cards, has_cards, where
from bench.report.sections.states import State, is_partial, states
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import certainty as sure
from bench.report.text import external as given
from bench.report.text import families as text
from bench.report.text.same_source import forms_said
from bench.scores.design import level_of
from bench.text import formats
from bench.text.words import MARK, Measure, marked, measure, terms

Estimates = Mapping[CellKey, MeanScore]
#: Where more than this share of single scores lies beyond the axis, what is left would mislead: none is drawn.
MOST_BEYOND = 0.25
#: On more data sets than this, intervals are drawn in the table of the primary metric alone.
MOST_DRAWN = 30


def families(bundle: Bundle) -> dict[str, Any]:
    styles = styles_of(bundle)
    names = facts.scored(bundle)
    grids = [(measure(name), _grid(bundle, styles, measure(name))) for name in names]
    more = ["fallback"] if any(facts.fallbacks(bundle, m) for m in names) else []
    metrics = [_metric(bundle, styles, unit, grid) for unit, grid in grids]
    tested = ("interval", "holm") if any(one["tested"] for one in metrics) else ()
    return {
        "metrics": metrics,
        "cards": cards(bundle, styles, grids),
        "where": where(bundle),
        "selectable": has_cards(bundle),
        "empty": "" if names else _why_empty(bundle),
        "forms": forms_said(bundle, styles),
        "level": f"{100 * level_of(bundle.study):g}{formats.THIN}%",
        "kinds": [_kind(style, style.family) for style in styles.families.values() if style.family is not None],
        "terms": terms(*tested, "pooled", "baseline", *more),
    }


def _why_empty(bundle: Bundle) -> str:
    failed = facts.failed_cells(bundle).height
    if failed:
        return text.failed(failed)
    return text.NEVER_SCORED


def _grid(bundle: Bundle, styles: Styles, unit: Measure) -> CardGrid:
    """One metric's cells by data set and family."""
    return {d: _column(bundle, styles, unit, d) for d in facts.places(bundle)}


def _metric(bundle: Bundle, styles: Styles, unit: Measure, grid: CardGrid) -> dict[str, Any]:
    """One metric's table, the longer of families and data sets going down; its figures if there are several sets."""
    name, found = unit.name, facts.estimates(bundle, unit.name)
    datasets, rows = list(facts.places(bundle)), list(facts.families(bundle))
    down = "families" if len(rows) >= len(datasets) else "datasets"
    places = [_place(bundle, styles, d, unit) for d in datasets]
    drawn = [d for d in datasets if d in bundle.datasets]
    figures = {d: score_figure(bundle, styles, d, unit) for d in drawn} if len(drawn) > 1 and not bundle.apart else {}
    figures = {d: figure for d, figure in figures.items() if figure is not None}
    return {
        "name": name,
        "title": unit.title,
        "direction": unit.direction,
        "down": down,
        "families": [styles.family(f) for f in rows],
        "datasets": places,
        "cells": [[grid[d][f] for d in datasets] for f in rows]
        if down == "families"
        else [[grid[d][f] for f in rows] for d in datasets],
        "how": _how(bundle, name),
        "baseline": not any(styles.family(f).baseline for f in rows) and any(p["baseline"] for p in places),
        "reckoned": sure.reckoned_words(unit),
        "clipped": facts.is_clipped(bundle, name),
        "elsewhere": "" if _drawn(bundle, unit) else text.ELSEWHERE,
        "no_interval": _no_interval(bundle, name, datasets, found),
        "fallback": text.REPLACED if facts.fallbacks(bundle, name) else "",
        "tested": any(s is not None and s.tested for s in (facts.standing(bundle, d, name) for d in datasets)),
        "figures": [{"key": keys(bundle).get(d, ""), "figure": figure} for d, figure in figures.items()],
        "lacking": lacking(bundle, styles, figures, text.NO_SCORE_ON.format) if figures else [],
    }


def _no_interval(bundle: Bundle, name: str, datasets: list[str], found: Estimates) -> str:
    """Why data sets have no interval, each reason once: `Wine: one drawn split: no interval exists`."""
    styles = styles_of(bundle)
    said: dict[str, list[str]] = {}
    for d in datasets:
        here = [e for (place, _), e in found.items() if place == d]
        if here and all(e.low is None for e in here):
            said.setdefault(facts.no_interval_reason(bundle, d, name), []).append(styles.dataset(d))
    if [len(places) for places in said.values()] == [len(datasets)]:
        (reason,) = said
        return f"{reason[0].upper()}{reason[1:]}."
    return " ".join(f"{formats.listed(places)}: {reason}." for reason, places in said.items())


def _how(bundle: Bundle, metric: str) -> str:
    """Fold mean, pooled, or as given, stated."""
    pooled = {facts.is_pooled(bundle, d, metric) for d in facts.places(bundle)}
    if pooled == {True} and bundle.study.protocol is None:
        return text.AS_GIVEN
    if pooled == {True}:
        return text.POOLED
    return text.MEAN if pooled == {False} else text.MIXED


def _place(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> dict[str, str]:
    base = facts.baseline(bundle, styles, dataset, unit)
    return {
        "title": styles.dataset(dataset),
        "baseline": "" if base is None else unit.show(base),
        "page": page_name(dataset) if bundle.apart and dataset in bundle.datasets else "",
    }


def _column(bundle: Bundle, styles: Styles, unit: Measure, dataset: str) -> dict[str, dict[str, Any]]:
    """One data set's cells by family, on a scale of their own."""
    rows, found = list(facts.families(bundle)), facts.estimates(bundle, unit.name)
    here = {f: found[dataset, f] for f in rows if (dataset, f) in found}
    values = dot_values([_dot(styles.family(f), e) for f, e in here.items()])
    scale = nice(values, 4, *unit.limits) if values else Scale(0, 1)
    standing = facts.standing(bundle, dataset, unit.name)
    tied = standing.tied if standing is not None and standing.tested else frozenset()
    drawn = _drawn(bundle, unit)
    strip = _strip(here.get(standing.best) if standing is not None else None)
    said = states(bundle, dataset, unit.name, rows, here)
    cells = {}
    for f in rows:
        style, found_states = styles.family(f), said[f]
        cell: dict[str, Any] = {"value": formats.NONE, "interval": "", "glyph": Markup(""), "tied": False}
        cell |= {"estimate": here.get(f), "card": ""}
        if has_cards(bundle) and (f in here or any(state.kind == "lost" for state in found_states)):
            cell["card"] = card_id(bundle, styles, dataset, f)
        if f in here:
            cell |= _cell(style, here[f], unit, found_states)
            label = cell.pop("label")
            if drawn:
                cell["glyph"] = cell_glyph(_dot(style, here[f]), scale, label, strip)
            else:
                cell["interval"] = ""
            cell["tied"] = f in tied and not is_partial(found_states)
        names = {"key": style.key, "family": style.short, "of": f"{style.title} on {styles.dataset(dataset)}"}
        cells[f] = cell | {"states": found_states} | names
    return cells


def _drawn(bundle: Bundle, unit: Measure) -> bool:
    """Whether the table of a metric has intervals: on very many data sets only that of the primary one."""
    return unit.name == bundle.study.metrics.primary or len(facts.places(bundle)) <= MOST_DRAWN


def _dot(style: Style, e: MeanScore, label: str = "", note: str = "", folds: tuple[float, ...] = ()) -> Dot:
    return Dot(label, style.shape, style.hue, e.value, e.low, e.high, note, style.baseline, style.key, folds)


def _cell(style: Style, estimate: MeanScore, unit: Measure, found: list[State]) -> dict[str, Any]:
    """The number of a cell, its interval, and both with what stands in for failed cells as one sentence."""
    interval = formats.interval(estimate.low, estimate.high, unit.show)
    stand_in = next((f", {s.words.removeprefix(MARK).strip()}" for s in found if s.kind == "fallback"), "")
    return {
        "value": marked(unit.show(estimate.value), estimate.fallbacks),
        "interval": interval,
        "label": f"{style.title}: {unit.show(estimate.value)} {interval}".strip() + stand_in,
    }


def _strip(best: MeanScore | None) -> tuple[float, float] | None:
    """The interval of the best, where it has one."""
    return None if best is None or best.low is None or best.high is None else (best.low, best.high)


def score_figure(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> Figure | None:
    """Every family's mean on one data set, with its interval; None without any score."""
    found = facts.estimates(bundle, unit.name)
    here = {f: found[dataset, f] for f in facts.families(bundle) if (dataset, f) in found}
    standing = facts.standing(bundle, dataset, unit.name)
    if not here or standing is None:
        return None
    order = sorted(here, key=lambda f: (unit.loss(here[f].value), f))
    tied = standing.tied if standing.tested else frozenset()
    dots = []
    for f in order:
        style, e = styles.family(f), here[f]
        note = marked(unit.show(e.value), e.fallbacks) + (" ●" if f in tied else "")
        dots.append(_dot(style, e, style.short, note, _single(bundle, dataset, f, unit)))
    ticks, dots = _with_ticks(bundle, dataset, unit, dots)
    base = facts.baseline(bundle, styles, dataset, unit)
    label = f"{unit.title} on {styles.dataset(dataset)}: " + "; ".join(f"{d.label} {unit.show(d.value)}" for d in dots)
    ends = [formats.interval(d.low, d.high, unit.show) or formats.NONE for d in dots]
    shown = [marked(unit.show(d.value), here[f].fallbacks) for f, d in zip(order, dots, strict=True)]
    rows = tuple(zip([d.label for d in dots], shown, ends, strict=True))
    intervals = any(e.low is not None for e in here.values())
    bars = (
        text.interval_bar(100 * level_of(bundle.study))
        if intervals
        else f"{facts.no_interval_reason(bundle, dataset, unit.name).capitalize()}. "
    )
    note = bars + (text.NOT_DIFFERENT if standing.tested else "")
    if base is not None and _near(base, dots):
        note += text.dashed(sure.baseline_words(bundle, styles, dataset, unit))
    note += ticks
    note += given.over_seeds(bundle, dataset).lstrip() if intervals else ""
    note += text.REPLACED_BRIEF if any(e.fallbacks for e in here.values()) else ""
    return Figure(
        f"scores-{dataset}-{unit.name}",
        f"{unit.title} on {styles.dataset(dataset)}",
        note.strip(),
        score_intervals(dots, label, base, unit.limits),
        Table(("Model", unit.title, "Interval"), rows),
        standing_words(styles, standing, list(here)),
    )


def _single(bundle: Bundle, dataset: str, family: str, unit: Measure) -> tuple[float, ...]:
    """The single scores of a cell; none where there is one, which is the mean."""
    values = tuple(v for row in facts.fold_scores(bundle, unit.name).get((dataset, family), {}).values() for v in row)
    return values if len(values) > 1 else ()


def _with_ticks(bundle: Bundle, dataset: str, unit: Measure, dots: list[Dot]) -> tuple[str, list[Dot]]:
    """What the ticks below the bars are, and how many lie beyond; without ticks where too many would."""
    total = sum(len(d.folds) for d in dots if not d.aside)
    if not total:
        return "", [replace(d, folds=()) for d in dots]
    what, out = facts.single_scores(bundle, dataset, unit.name), beyond(dots, unit.limits)
    if out > MOST_BEYOND * total:
        return text.not_drawn(what), [replace(d, folds=()) for d in dots]
    return text.ticks(what, out), dots


def _near(base: float, dots: list[Dot]) -> bool:
    values = dot_values(dots)
    return min(values) <= base <= max(values)


def standing_words(styles: Styles, standing: facts.Leaders, scored: list[str]) -> str:
    """The conclusion under a figure, in words; families' titles may be plural, so none is the subject of a verb."""
    best, others = styles.family(standing.best).title, len(standing.tied) - 1
    if len(scored) == 1:
        return ""
    if not standing.tested:
        return text.untested(best)
    if not others:
        rest = [f for f in scored if f != standing.best]
        return text.one_best(best, styles.family(rest[0]).title if len(rest) == 1 else None)
    if len(standing.tied) == len(scored):
        return text.NONE_DIFFERENT
    return text.some_tied(best, others)


def _kind(style: Style, kind: Family) -> dict[str, Any]:
    return {
        "look": style,
        "how": kind.how,
        "fails": kind.fails,
        "knobs": list(kind.knobs.items()),
        "source": kind.source,
    }


SECTION = Section("families", "Models compared", families, "both", order=30)
