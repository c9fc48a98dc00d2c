"""Overfitting: train against test, inner against outer, the curves over candidates, and what was chosen how often."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from bench.core.findings import Severity
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.curves import Curve, validation_curve
from bench.report.charts.intervals import Descent, Ends, descents, paired
from bench.report.charts.svg import Figure, Table
from bench.report.section import Lacking, Section, keys, lacking
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import overfitting as text
from bench.report.text.exports import axes
from bench.report.tuning import Tuned
from bench.scores.design import level_of, rope_of
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.words import Measure

#: So many candidates are named: those chosen most often.
COMMON = 3
#: A curve of fewer values shows nothing.
FEWEST = 3


@dataclass(frozen=True)
class CurveShown:
    """A validation curve, and its best value."""

    look: Style
    parameter: str
    best: str
    figure: Figure


@dataclass(frozen=True)
class ChosenShown:
    """What tuning chose for one family: the candidates chosen most often, and how many more."""

    look: Style
    tried: str
    common: list[str]
    more: int
    share: str


@dataclass(frozen=True)
class PlaceOverfitting:
    """The figures of one dataset."""

    name: str
    key: str
    title: str
    figures: tuple[Figure, ...]
    waterfall: Figure | None
    curves: list[CurveShown]
    chosen: list[ChosenShown]


@dataclass(frozen=True)
class OverfittingView:
    """The section; `several`: whether the page has several datasets, so that each is named."""

    places: list[PlaceOverfitting]
    several: bool
    lacking: tuple[Lacking, ...]
    empty: str
    tuning: str
    terms: list[Term]


def overfitting(bundle: Bundle) -> OverfittingView:
    """Every dataset on which something was trained or tuned."""
    styles, study = styles_of(bundle), bundle.study
    places = [_place(bundle, styles, d) for d in bundle.datasets]
    places = [p for p in places if p.figures or p.curves or p.chosen]
    tuned = bundle.plain("scores").filter(side="inner").height > 0
    return OverfittingView(
        places,
        len(bundle.datasets) > 1,
        lacking(bundle, styles, [p.name for p in places], text.NOT_STORED_ON.format),
        "" if places else text.NOT_STORED if study.fits else text.NOT_FITTED,
        text.tuning(facts.tuning_said(bundle, bundle.datasets)),
        terms(
            "gap",
            *(("optimism", "nested") if tuned else ()),
            *(("validation_curve",) if any(place.curves for place in places) else ()),
        ),
    )


def _place(bundle: Bundle, styles: Styles, dataset: str) -> PlaceOverfitting:
    gap = _ends(bundle, styles, dataset, facts.primary(bundle), "train")
    optimism = _ends(bundle, styles, dataset, facts.tuned_by(bundle, dataset), "inner")
    chosen = [
        tuned
        for tuned in bundle.tuned.get(dataset, [])
        if tuned.picked and len(tuned.candidates) > 1
    ]
    return PlaceOverfitting(
        name=dataset,
        key=keys(bundle).get(dataset, ""),
        title=styles.dataset(dataset),
        figures=tuple(figure for figure in (gap, optimism) if figure is not None),
        waterfall=_waterfall(bundle, styles, dataset),
        curves=_curves(bundle, styles, dataset),
        chosen=[_chosen(styles, tuned) for tuned in chosen],
    )


@dataclass(frozen=True)
class _Step:
    """A level of the waterfall, or the step from one to another (columns of frames.FINDINGS)."""

    family: str
    code: str
    estimate: float
    low: float | None
    high: float | None

    @property
    def name(self) -> str:
        return self.code.removeprefix("O4.")

    @property
    def ends(self) -> list[str]:
        """From which level to which; a level alone is one."""
        return self.name.split("_to_")


def _waterfall(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    """Where optimism comes from, of the families that were tuned: for the others the gap says the same."""
    have: dict[str, list[_Step]] = {}
    for step in bundle.rows("findings", _Step, diagnostic="waterfall", dataset=dataset):
        have.setdefault(step.family, []).append(step)
    tuned = [
        f
        for f in bundle.families
        if {"inner", "outer"} <= {step.name for step in have.get(f, [])}
    ]
    if not tuned:
        return None
    unit = facts.tuned_by(bundle, dataset)
    beside = {f: _beside(bundle, unit, dataset, f) for f in tuned}
    found = [_descent(styles.family(f), have[f], unit) for f in tuned]
    drawn = [descent for descent, _ in found]
    rows = [
        row
        for f in tuned
        for row in _waterfall_rows(styles.family(f), have[f], beside[f], unit)
    ]
    label = text.waterfall_label(
        styles.dataset(dataset), [(d.style.short, step) for d, step in found]
    )
    others = (text.ONE_BY_TEST, text.PERMUTED)
    said = " ".join(
        filter(None, (_said_beside(styles, unit, what, beside) for what in others))
    )
    body, table = (
        descents(drawn, label, unit.limits),
        Table(
            text.waterfall_header(_level(bundle, [have[f] for f in tuned])), tuple(rows)
        ),
    )
    note = text.waterfall_note(unit.title, baseline=_has_baseline(drawn))
    return Figure(f"waterfall-{dataset}", text.WATERFALL, note, body, table, said)


def _has_baseline(drawn: list[Descent]) -> bool:
    return any(descent.baseline is not None for descent in drawn)


def _level(bundle: Bundle, each: list[list[_Step]]) -> float | None:
    """Of the intervals of the steps; None where none has any."""
    return (
        level_of(bundle.study)
        if any(step.low is not None for steps in each for step in steps)
        else None
    )


def _descent(style: Style, have: list[_Step], unit: Measure) -> tuple[Descent, str]:
    """The levels of one family, and its largest step above the baseline, in words."""
    levels = {step.name: step.estimate for step in have}
    steps = [
        step for step in have if len(step.ends) == 2 and step.ends[-1] != "baseline"
    ]
    largest = max(steps, key=lambda step: step.estimate)
    marks = (
        levels.get("train"),
        levels["inner"],
        levels["outer"],
        levels.get("baseline"),
    )
    size = unit.beside(*marks).difference(largest.estimate)
    return Descent(style, *marks, size), text.step(
        largest.ends[0], largest.ends[1], size
    )


def _waterfall_rows(
    style: Style, have: list[_Step], beside: Mapping[str, float], unit: Measure
) -> Iterator[tuple[str, ...]]:
    """A row a level with the step down from it, then what stands beside the levels."""
    levels = {step.name: step.estimate for step in have}
    of = unit.beside(*(levels[name] for name in text.LEVELS if name in levels))
    for name in (name for name in text.LEVELS if name in levels):
        step = next(
            (step for step in have if len(step.ends) == 2 and step.ends[0] == name),
            None,
        )
        here = of.within(step.low, step.high) if step else of
        down = here.difference(step.estimate) if step else ""
        between = formats.interval(step.low, step.high, here.end) if step else ""
        yield (
            style.title,
            text.LEVELS[name],
            unit.show(levels[name]),
            f"{down} {between}".strip(),
        )
    for what, value in beside.items():
        yield style.title, what, unit.show(value), ""


def _beside(
    bundle: Bundle, unit: Measure, dataset: str, family: str
) -> dict[str, float]:
    """What the family reaches where the test folds chose its candidate, and on a permuted target, if tried."""
    mine, found = {"dataset": dataset, "family": family, "metric": unit.name}, {}
    chosen = bundle.frame("tuning").filter(**mine, variant="explanation=tuned_on_test")
    means = (
        chosen.group_by("candidate").agg(pl.col("value").mean())["value"].drop_nulls()
    )
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    each = chosen.group_by("repeat", "fold").agg(best)["value"].mean()
    if means.len():
        found[text.ONE_BY_TEST] = max(
            means.to_list(), key=lambda value: -unit.loss(value)
        )
        found[text.EACH_BY_TEST] = float(each)  # type: ignore[arg-type]
    random = bundle.frame("scores").filter(
        pl.col("variant").str.starts_with("permuted="), **mine, side="test"
    )
    if (value := random["value"].mean()) is not None:
        found[text.PERMUTED] = float(value)  # type: ignore[arg-type]
    return found


def _said_beside(
    styles: Styles, unit: Measure, what: str, found: dict[str, dict[str, float]]
) -> str:
    each = [
        (styles.family(f).short, unit.show(have[what]))
        for f, have in found.items()
        if what in have
    ]
    return text.beside(what, unit.word, each)


def _ends(
    bundle: Bundle, styles: Styles, dataset: str, unit: Measure, side: str
) -> Figure | None:
    """Train or inner scores against the outer test, a family a row, largest difference last."""
    flattering, test = (
        facts.estimates(bundle, unit.name, side),
        facts.estimates(bundle, unit.name, own=True),
    )
    both = [
        f
        for f in bundle.families
        if (dataset, f) in flattering and (dataset, f) in test
    ]
    if not both:
        return None
    ends = []
    for f in both:
        style, high, low = (
            styles.family(f),
            flattering[dataset, f].value,
            test[dataset, f].value,
        )
        note = unit.beside(low, high).difference(unit.loss(low) - unit.loss(high))
        ends.append(Ends(style, high, low, note))
    title, hollow, number = text.ENDS[side]
    label = f"{title} on {styles.dataset(dataset)}: " + "; ".join(
        f"{e.style.short} {e.note}" for e in ends
    )
    rows = tuple(
        (e.style.short, unit.show(e.hollow), unit.show(e.solid), e.note) for e in ends
    )
    body, table = (
        paired(ends, label, unit.limits),
        Table(text.ends_header(hollow, number), rows),
    )
    note, rope = (
        text.ends_note(unit.title, hollow, number),
        rope_of(bundle.study, unit.name),
    )
    said = (
        text.LEAKED
        if _leaks(bundle, dataset)
        else _widest(ends, unit, side, rope or 0.0)
    )
    return Figure(f"{side}-{dataset}", title, note, body, table, said)


def _leaks(bundle: Bundle, dataset: str) -> bool:
    """Whether a check found a serious leak, which makes the scores on test rows too good as well."""
    return (
        bundle.frame("findings")
        .filter(dataset=dataset, severity=Severity.SERIOUS.value)
        .height
        > 0
    )


def _widest(ends: list[Ends], unit: Measure, side: str, rope: float) -> str:
    """The model with the most optimistic score, in words; one within the ROPE is not named."""
    worst = max(ends, key=lambda e: unit.loss(e.solid) - unit.loss(e.hollow))
    most = unit.loss(worst.solid) - unit.loss(worst.hollow)
    if most <= rope:
        return text.optimism_within("0" if most <= 0 else unit.size(rope), side)
    size = worst.note.lstrip("+" + formats.MINUS)
    return text.most_optimistic(worst.style.short, size, side, several=len(ends) > 1)


def _curves(bundle: Bundle, styles: Styles, dataset: str) -> list[CurveShown]:
    """A validation curve for every numeric parameter with three candidates or more."""
    unit, found = facts.tuned_by(bundle, dataset), []
    for tuned in bundle.tuned.get(dataset, []):
        style = styles.family(tuned.family)
        curves = {name: _curve(style, tuned, name, unit) for name in tuned.numeric}
        drawn = {name: curve for name, curve in curves.items() if curve is not None}
        found += [
            _drawn(
                style,
                tuned,
                name,
                curve,
                _span(drawn.values()),
                unit,
                styles.dataset(dataset),
            )
            for name, curve in drawn.items()
        ]
    return found


def _curve(style: Style, tuned: Tuned, name: str, unit: Measure) -> Curve | None:
    """Over a parameter's values: the best inner score with the others free, mean and spread over outer folds.

    None where a candidate is a word ("sqrt"): a line through the numbers alone hides what may be chosen most.
    """
    value_of = {
        c: value
        for c in tuned.candidates
        if (value := tuned.number(c, name)) is not None
    }
    if len(value_of) < len(tuned.candidates) or len(set(value_of.values())) < FEWEST:
        return None
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    frame = tuned.scores.with_columns(
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
    at = tuple(over["at"])
    return Curve(
        at,
        tuple(over["mean"]),
        tuple(over["sd"]),
        tuple(times.get(v, 0) for v in at),
        style.hue,
    )


def _span(curves: Collection[Curve]) -> tuple[float, float]:
    """One upright range for all curves of a family, so that its parameters can be weighed against each other."""
    lows = sorted(
        m - s for c in curves for m, s in zip(c.means, c.spreads, strict=True)
    )
    highs = [m + s for c in curves for m, s in zip(c.means, c.spreads, strict=True)]
    return lows[0], max(highs)


def _drawn(
    style: Style,
    tuned: Tuned,
    name: str,
    curve: Curve,
    span: tuple[float, float],
    unit: Measure,
    place: str,
) -> CurveShown:
    best = max(range(len(curve.values)), key=lambda i: -unit.loss(curve.means[i]))
    points = [
        (unit.show(curve.means[i]), formats.short(curve.values[i]))
        for i in (0, -1, best)
    ]
    label = text.curve_label(
        style.title, name, unit.word, points[0], points[1], points[2]
    )
    told = zip(curve.values, curve.means, curve.spreads, curve.chosen, strict=True)
    rows = tuple(
        (formats.short(v), unit.show(m), unit.show(s), str(n)) for v, m, s, n in told
    )
    rest = [
        {k: v for k, v in one.items() if k != name} for one in tuned.candidates.values()
    ]
    alone = all(one == rest[0] for one in rest)
    table = Table((name, text.inner_head(unit.word, alone=alone), "SD", "Chosen"), rows)
    body, id_ = (
        validation_curve(curve, label, span),
        f"curve-{place}-{style.name}-{name}",
    )
    return CurveShown(
        style,
        name,
        formats.short(curve.values[best]),
        Figure(
            id_,
            f"{style.title}, {name}, {place}",
            axes(name, f"mean inner {unit.word}"),
            body,
            table,
        ),
    )


def _chosen(styles: Styles, tuned: Tuned) -> ChosenShown:
    """Which candidates were chosen in how many outer folds."""
    first = tuned.picked[:COMMON]
    return ChosenShown(
        look=styles.family(tuned.family),
        tried=str(len(tuned.candidates)),
        common=[
            text.candidate(text.candidate_words(tuned.candidates[c]), n, tuned.folds)
            for c, n in first
        ],
        more=len(tuned.picked) - len(first),
        share=formats.probability(first[0][1] / tuned.folds),
    )


SECTION = Section("overfitting", "Overfitting", overfitting, "each", order=50)
