"""Overfitting: train against test, inner against outer, the curves over candidates, and what was chosen how often."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.curves import Curve, validation_curve
from bench.report.charts.intervals import Descent, Ends, descents, paired
from bench.report.charts.svg import Figure, Table
from bench.report.dataset_switch import keys, lacking
from bench.report.section import Section
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import overfitting as text
from bench.report.text.candidates import candidate_words
from bench.text import formats
from bench.text.words import Measure, measure, terms, tuning_words

_Fold = tuple[int, int]


def overfitting(bundle: Bundle) -> dict[str, Any]:
    styles = styles_of(bundle)
    places = [_place(bundle, styles, d) for d in bundle.datasets]
    places = [p for p in places if p["figures"] or p["curves"] or p["chosen"]]
    return {
        "places": places,
        "lacking": lacking(bundle, styles, [p["name"] for p in places], text.NOT_STORED_ON.format),
        "empty": "" if places else text.NOT_STORED if bundle.study.fits else text.NOT_FITTED,
        "tuning": tuning_words(bundle.study.protocol.tuning) if bundle.study.protocol else text.NOTHING_FITTED,
        "terms": terms("gap", *(("optimism", "nested", "validation_curve") if _is_tuned(bundle) else ())),
    }


def _is_tuned(bundle: Bundle) -> bool:
    return bundle.plain("scores").filter(pl.col("side") == "inner").height > 0


def _place(bundle: Bundle, styles: Styles, dataset: str) -> dict[str, Any]:
    gap = _ends(bundle, styles, dataset, facts.primary(bundle), "train")
    optimism = _ends(bundle, styles, dataset, _tuned_by(bundle, dataset), "inner")
    return {
        "name": dataset,
        "key": keys(bundle).get(dataset, ""),
        "title": styles.dataset(dataset),
        "figures": [figure for figure in (gap, optimism) if figure is not None],
        "waterfall": _waterfall(bundle, styles, dataset),
        "curves": _curves(bundle, styles, dataset),
        "chosen": _chosen(bundle, styles, dataset),
    }


def _waterfall(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    """Where optimism comes from, of the families that were tuned: for the others the gap says the same."""
    rows = bundle.frame("findings").filter(pl.col("diagnostic") == "waterfall", pl.col("dataset") == dataset)
    have: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        have.setdefault(row["family"], {})[row["code"].removeprefix("O4.")] = row
    tuned = [f for f in bundle.families if {"inner", "outer"} <= have.get(f, {}).keys()]
    if not tuned:
        return None
    unit, drawn, table = _tuned_by(bundle, dataset), [], []
    for f in tuned:
        style, levels = styles.family(f), {n: have[f][n]["estimate"] for n in text.LEVELS if n in have[f]}
        steps = {tuple(code.split("_to_")): row for code, row in have[f].items() if "_to_" in code}
        (upper, lower), largest = max(
            ((ends, row) for ends, row in steps.items() if ends[-1] != "baseline"), key=lambda one: one[1]["estimate"]
        )
        note = text.step(upper, lower, unit.difference(largest["estimate"]))
        marks = (levels.get("train"), levels["inner"], levels["outer"], levels.get("baseline"))
        drawn.append(Descent(style.short, style.shape, style.hue, *marks, note))
        for name in levels:
            step = next((row for ends, row in steps.items() if ends[0] == name), None)
            down = unit.difference(step["estimate"]) if step else ""
            between = formats.interval(step["low"], step["high"], unit.difference) if step else ""
            table.append((style.title, text.LEVELS[name], unit.show(levels[name]), f"{down} {between}".strip()))
        table += [
            (style.title, what, unit.show(value), "") for what, value in _beside(bundle, unit, dataset, f).items()
        ]
    label = text.waterfall_label(styles.dataset(dataset), [(d.label, d.note) for d in drawn])
    note = text.waterfall_note(unit.title)
    body = descents(drawn, label, unit.limits)
    found = {f: _beside(bundle, unit, dataset, f) for f in tuned}
    others = (text.ONE_BY_TEST, text.EACH_BY_TEST, text.PERMUTED)
    said = " ".join(filter(None, (_said_beside(styles, unit, what, found) for what in others)))
    lines = Table(text.WATERFALL_HEADER, tuple(table))
    return Figure(f"waterfall-{dataset}", text.WATERFALL, note, body, lines, said)


def _beside(bundle: Bundle, unit: Measure, dataset: str, family: str) -> dict[str, float]:
    """What the family reaches where the test folds chose its candidate, and on a permuted target, if tried."""
    mine = (pl.col("dataset") == dataset) & (pl.col("family") == family) & (pl.col("metric") == unit.name)
    found = {}
    chosen = bundle.frame("tuning").filter(mine & (pl.col("variant") == "explanation=tuned_on_test"))
    means = chosen.group_by("candidate").agg(pl.col("value").mean())["value"].drop_nulls()
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    each = chosen.group_by("repeat", "fold").agg(best)["value"].mean()
    if means.len():
        found[text.ONE_BY_TEST] = max(means.to_list(), key=lambda value: -unit.loss(value))
        found[text.EACH_BY_TEST] = float(each)  # type: ignore[arg-type]
    random = bundle.frame("scores").filter(
        mine & (pl.col("side") == "test") & pl.col("variant").str.starts_with("permuted=")
    )
    if (value := random["value"].mean()) is not None:
        found[text.PERMUTED] = float(value)  # type: ignore[arg-type]
    return found


def _said_beside(styles: Styles, unit: Measure, what: str, found: dict[str, dict[str, float]]) -> str:
    words = [f"{styles.family(f).short} {unit.show(have[what])}" for f, have in found.items() if what in have]
    return f"{what[0].upper()}{what[1:]}: {formats.listed(words)}." if words else ""


def _tuned_by(bundle: Bundle, dataset: str) -> Measure:
    """The metric that candidates were chosen by: the tuning frame names it."""
    names = bundle.plain("tuning").filter(pl.col("dataset") == dataset)["metric"].drop_nulls()
    return measure(names[0]) if names.len() else facts.primary(bundle)


def _ends(bundle: Bundle, styles: Styles, dataset: str, unit: Measure, side: str) -> Figure | None:
    """Train or inner scores against the outer test, a family a row, largest difference last."""
    flattering, test = facts.estimates(bundle, unit.name, side), facts.estimates(bundle, unit.name, own=True)
    both = [f for f in bundle.families if (dataset, f) in flattering and (dataset, f) in test]
    if not both:
        return None
    ends = []
    for f in both:
        style, high, low = styles.family(f), flattering[dataset, f].value, test[dataset, f].value
        note = unit.difference(high - low)
        ends.append(Ends(style.short, style.shape, style.hue, high, low, note, style.baseline, style.key))
    title, hollow = text.ENDS[side]
    label = f"{title} on {styles.dataset(dataset)}: " + "; ".join(f"{e.label} {e.note}" for e in ends)
    rows = tuple((e.label, unit.show(e.hollow), unit.show(e.solid), e.note) for e in ends)
    body, table = paired(ends, label, unit.limits), Table(text.ends_header(hollow), rows)
    note = text.ends_note(unit.title, hollow)
    return Figure(f"{side}-{dataset}", title, note, body, table, _widest(ends, unit, side))


def _widest(ends: list[Ends], unit: Measure, side: str) -> str:
    """The model with the most optimistic score, in words."""
    worst = max(ends, key=lambda e: unit.loss(e.solid) - unit.loss(e.hollow))
    if unit.loss(worst.solid) - unit.loss(worst.hollow) <= 0:
        return text.NO_OPTIMISM
    size = worst.note.lstrip("+" + formats.MINUS)
    return text.most_optimistic(worst.label, size, side, several=len(ends) > 1)


def _curves(bundle: Bundle, styles: Styles, dataset: str) -> list[dict[str, Any]]:
    """A validation curve for every numeric parameter with two candidates or more."""
    unit, found = _tuned_by(bundle, dataset), []
    for family, candidates, scores in bundle.candidates.get(dataset, []):
        numeric = {
            name
            for parameters in candidates.values()
            for name, value in parameters.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        for name in sorted(numeric):
            curve = _curve(styles, family, name, candidates, scores, unit)
            if curve is not None:
                found.append((styles.family(family), name, curve))
    if not found:
        return []
    spans = {style.name: _span([curve for one, _, curve in found if one == style]) for style, *_ in found}
    return [_drawn(style, name, curve, spans[style.name], unit) for style, name, curve in found]


def _curve(
    styles: Styles, family: str, name: str, candidates: dict[int, dict[str, Any]], scores: pl.DataFrame, unit: Measure
) -> Curve | None:
    """Over a parameter's values: the best inner score with the others free, mean and spread over outer folds.

    None where a candidate is a word ("sqrt"): a line through the numbers alone hides what may be chosen most.
    """
    value_of = {c: p[name] for c, p in candidates.items() if isinstance(p.get(name), int | float)}
    if len(value_of) < len(candidates):
        return None
    values = sorted(set(value_of.values()))
    if len(values) < 2:
        return None
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    frame = scores.filter(pl.col("candidate").is_in(list(value_of))).with_columns(
        at=pl.col("candidate").replace_strict(value_of, return_dtype=pl.Float64)
    )
    tops = frame.group_by("repeat", "fold", "at").agg(best)
    over = (
        tops.group_by("at")
        .agg(
            pl.col("value").mean().round_sig_figs(9).alias("mean"),
            pl.col("value").std().fill_null(0.0).round_sig_figs(9).alias("sd"),
        )
        .sort("at")
    )
    times = dict(frame.filter(pl.col("chosen")).group_by("at").len().iter_rows())
    style = styles.family(family)
    at = tuple(over["at"])
    return Curve(at, tuple(over["mean"]), tuple(over["sd"]), tuple(times.get(v, 0) for v in at), style.hue, style.shape)


def _span(curves: list[Curve]) -> tuple[float, float]:
    """One upright range for all curves of a family, so that its parameters can be weighed against each other."""
    lows = sorted(m - s for c in curves for m, s in zip(c.means, c.spreads, strict=True))
    highs = [m + s for c in curves for m, s in zip(c.means, c.spreads, strict=True)]
    return lows[0], max(highs)


def _drawn(style: Style, name: str, curve: Curve, span: tuple[float, float], unit: Measure) -> dict[str, Any]:
    best = max(range(len(curve.values)), key=lambda i: -unit.loss(curve.means[i]))
    points = [(unit.show(curve.means[i]), formats.short(curve.values[i])) for i in (0, -1, best)]
    label = text.curve_label(style.title, name, unit.word, points[0], points[1], points[2])
    rows = zip(curve.values, curve.means, curve.spreads, curve.chosen, strict=True)
    return {
        "look": style,
        "parameter": name,
        "best": formats.short(curve.values[best]),
        "plot": validation_curve(curve, label, span),
        "rows": [(formats.short(v), unit.show(m), unit.show(s), str(n)) for v, m, s, n in rows],
        "unit": unit.word,
    }


def _chosen(bundle: Bundle, styles: Styles, dataset: str) -> list[dict[str, Any]]:
    """Which candidates were chosen in how many outer folds, and how often an end of what was tried."""
    found = []
    for family, candidates, scores in bundle.candidates.get(dataset, []):
        picked = Counter(scores.filter(pl.col("chosen"))["candidate"].to_list())
        folds = sum(picked.values())
        if not folds or len(candidates) < 2:
            continue
        common = sorted(picked.items(), key=lambda item: (-item[1], item[0]))
        found.append(
            {
                "look": styles.family(family),
                "tried": str(len(candidates)),
                "common": [text.candidate(candidate_words(candidates[c]), n, folds) for c, n in common[:3]],
                "more": len(common) - 3 if len(common) > 3 else 0,
                "share": formats.probability(common[0][1] / folds),
                "edge": _edges(candidates, picked),
            }
        )
    return found


def _edges(candidates: dict[int, dict[str, Any]], picked: Counter[int]) -> str:
    """In how many folds the smallest and the largest value tried were chosen, of each parameter that is a scale."""
    found, folds = [], sum(picked.values())
    for name in sorted(
        {k for p in candidates.values() for k, v in p.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    ):
        values = sorted({float(p[name]) for p in candidates.values() if isinstance(p.get(name), int | float)})
        if len(values) < 3 or math.isclose(values[0], values[-1]):
            continue
        ends = []
        for end, word in ((values[0], "smallest"), (values[-1], "largest")):
            times = sum(n for c, n in picked.items() if candidates[c].get(name) == end)
            ends.append(text.edge(word, formats.short(end), times, folds))
        found.append(f"{name}: {formats.listed(ends)}")
    return "; ".join(found) or text.FEW_VALUES


SECTION = Section("overfitting", "Overfitting", overfitting, "each", order=50)
