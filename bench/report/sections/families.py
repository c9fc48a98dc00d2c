"""Every family on every dataset: means with intervals, ties instead of one winner, the baseline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from bench.core.metrics import METRICS
from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.charts.intervals import (
    Dot,
    beyond,
    cell_glyph,
    dot_values,
    score_intervals,
)
from bench.report.charts.svg import Figure, Scale, Table, nice
from bench.report.means import CellKey, MeanScore
from bench.report.section import Lacking, Section, keys, lacking
from bench.report.sections.cards import (
    Card,
    CardGrid,
    ResultCell,
    card_id,
    cards,
    has_cards,
    where,
)
from bench.report.sections.states import is_partial, states
from bench.report.styles import Style, Styles, styles_of
from bench.report.text import certainty as sure
from bench.report.text import external as given
from bench.report.text import families as text
from bench.report.text.same_source import forms_said
from bench.report.text.states import INCLUDED, MARKED
from bench.scores.design import alpha_of, level_of
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.words import MARK, Measure, marked, measure

Estimates = Mapping[CellKey, MeanScore]
#: Where more than this share of single scores lies beyond the axis, what is left would mislead: none is drawn.
MOST_BEYOND = 0.25
#: On more datasets than this, intervals are drawn in the table of the primary metric alone.
MOST_DRAWN = 30
#: In a table of more cells than this none is drawn.
MOST_CELLS = 1500
#: A longer table is folded after so many rows, unless only a few more would be.
MOST_ROWS, FEW_MORE = 12, 3


@dataclass(frozen=True)
class ScoredPlace:
    """A dataset at the edge of the table: `page` is its own, where it has one."""

    title: str
    baseline: str
    page: str


@dataclass(frozen=True)
class KeyedFigure:
    """A figure of one dataset."""

    dataset: str
    key: str
    figure: Figure


@dataclass(frozen=True)
class MetricTable:
    """One metric's table; `down`: whether families or datasets go down, whichever are more.

    Datasets and models without any content are `left_out`, and said to be. `head`: after how many rows the rest is
    folded; then the models stand by their mean rank.
    """

    name: str
    title: str
    direction: str
    down: str
    families: list[Style]
    datasets: list[ScoredPlace]
    cells: list[tuple[ResultCell, ...]]
    head: int
    left_out: str
    how: str
    baseline: bool
    clipped: bool
    elsewhere: str
    seeds_only: str
    no_interval: str
    one_class: str
    fallback: str
    tested: bool
    figures: list[KeyedFigure]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True)
class FamiliesView:
    """The section."""

    metrics: list[MetricTable]
    cards: tuple[Card, ...]
    where: str
    selectable: bool
    none: str
    forms: list[str]
    level: str
    alpha: str
    terms: list[Term]


def families(bundle: Bundle) -> FamiliesView:
    """Every metric's table, with the cards behind its numbers."""
    styles, names = styles_of(bundle), facts.scored(bundle)
    grids = [(unit, _grid(bundle, styles, unit)) for unit in map(measure, names)]
    more = ["fallback"] if any(facts.fallbacks(bundle, m) for m in names) else []
    metrics = [_metric(bundle, styles, unit, grid) for unit, grid in grids]
    tested = ("interval", "holm") if any(one.tested for one in metrics) else ()
    return FamiliesView(
        metrics=metrics,
        cards=cards(bundle, styles, grids),
        where=where(bundle),
        selectable=has_cards(bundle),
        none="" if names else _why_empty(bundle),
        forms=forms_said(bundle, styles),
        level=f"{100 * level_of(bundle.study):g}{formats.THIN}%",
        alpha=formats.short(alpha_of(bundle.study)),
        terms=terms(*tested, "pooled", "baseline", *more),
    )


def _why_empty(bundle: Bundle) -> str:
    failed = facts.failed_cells(bundle).height
    if failed:
        return text.failed(failed)
    return text.NEVER_SCORED


def _grid(bundle: Bundle, styles: Styles, unit: Measure) -> CardGrid:
    """One metric's cells by dataset and family."""
    return {d: _column(bundle, styles, unit, d) for d in facts.places(bundle)}


def _metric(
    bundle: Bundle, styles: Styles, unit: Measure, grid: CardGrid
) -> MetricTable:
    """One metric's table, the longer of families and datasets going down; its figures if there are several sets."""
    datasets, rows = _kept(bundle, unit, grid)
    down = "families" if len(rows) >= len(datasets) else "datasets"
    cells = [tuple(grid[d][f] for d in datasets) for f in rows]
    places, looks = (
        [_place(bundle, styles, d, unit) for d in datasets],
        [styles.family(f) for f in rows],
    )
    figures, found = _figures(bundle, styles, unit), facts.estimates(bundle, unit.name)
    return MetricTable(
        name=unit.name,
        title=unit.title,
        direction=unit.direction,
        down=down,
        families=looks,
        datasets=places,
        cells=cells if down == "families" else list(zip(*cells, strict=True)),
        head=MOST_ROWS if max(len(rows), len(datasets)) > MOST_ROWS + FEW_MORE else 0,
        left_out=_left_out(bundle, styles, grid, datasets, rows),
        how=_how(bundle, unit.name),
        baseline=_reckons(looks, places),
        clipped=facts.is_clipped(bundle, unit.name),
        elsewhere="" if _drawn(bundle, unit) else text.ELSEWHERE,
        seeds_only=_seeds_only(bundle, datasets, found) if _drawn(bundle, unit) else "",
        no_interval=_no_interval(bundle, unit.name, datasets, found),
        one_class=_one_class(bundle, unit, datasets),
        fallback=MARKED if facts.fallbacks(bundle, unit.name) else "",
        tested=any(_tied(facts.standing(bundle, d, unit.name)) for d in datasets),
        figures=figures,
        lacking=_lacking(bundle, styles, figures),
    )


def _lacking(
    bundle: Bundle, styles: Styles, figures: Sequence[KeyedFigure]
) -> tuple[Lacking, ...]:
    return (
        lacking(bundle, styles, [f.dataset for f in figures], text.NO_SCORE_ON.format)
        if figures
        else ()
    )


def _reckons(looks: Sequence[Style], places: Sequence[ScoredPlace]) -> bool:
    """Whether the page computes a baseline, for want of a model that is one."""
    return not any(look.baseline for look in looks) and any(
        place.baseline for place in places
    )


def _kept(bundle: Bundle, unit: Measure, grid: CardGrid) -> tuple[list[str], list[str]]:
    """The datasets and the models with any content."""
    datasets = [
        d for d in facts.places(bundle) if any(map(_has_content, grid[d].values()))
    ]
    return datasets, [
        f
        for f in _by_rank(bundle, unit)
        if any(_has_content(grid[d][f]) for d in datasets)
    ]


def _has_content(cell: ResultCell) -> bool:
    """Whether there is more to a cell than that the metric does not apply."""
    return cell.estimate is not None or any(
        state.kind == "lost" for state in cell.states
    )


def _by_rank(bundle: Bundle, unit: Measure) -> list[str]:
    """The models in the order of the study; of more than a table shows at once, by their mean rank."""
    names, ranks = list(facts.families(bundle)), facts.mean_ranks(bundle, unit.name)
    if len(names) <= MOST_ROWS + FEW_MORE or not ranks:
        return names
    return sorted(names, key=lambda f: (ranks.get(f, len(names) + 1), names.index(f)))


def _left_out(
    bundle: Bundle,
    styles: Styles,
    grid: CardGrid,
    datasets: Sequence[str],
    rows: Sequence[str],
) -> str:
    """Which datasets and models have no score of this metric."""
    places = [styles.dataset(d) for d in facts.places(bundle) if d not in datasets]
    models = [styles.family(f).title for f in facts.families(bundle) if f not in rows]
    states = [
        one
        for cells in grid.values()
        for f, cell in cells.items()
        if f not in rows
        for one in cell.states
    ]
    needs = {one.detail for one in states}
    return text.left_out(places, models, needs.pop() if len(needs) == 1 else "")


def _figures(bundle: Bundle, styles: Styles, unit: Measure) -> list[KeyedFigure]:
    """The figure of every dataset, where there are several on this page; one alone stands above the fold."""
    drawn = [d for d in facts.places(bundle) if d in bundle.datasets]
    if len(drawn) < 2 or bundle.apart:
        return []
    found = [(d, score_figure(bundle, styles, d, unit)) for d in drawn]
    return [
        KeyedFigure(d, keys(bundle).get(d, ""), figure)
        for d, figure in found
        if figure is not None
    ]


def _seeds_only(bundle: Bundle, datasets: Sequence[str], found: Estimates) -> str:
    """What the intervals of the table leave out where only seeds vary."""
    ranged = {place for (place, _), e in found.items() if e.low is not None}
    return given.seeds_only(bundle, [d for d in datasets if d in ranged])


def _no_interval(
    bundle: Bundle, name: str, datasets: Sequence[str], found: Estimates
) -> str:
    """Why datasets have no interval, each reason once: `No interval on Wine: one random split.`"""
    styles = styles_of(bundle)
    said: dict[str, list[str]] = {}
    for d in datasets:
        here = [e for (place, _), e in found.items() if place == d]
        if here and all(e.low is None for e in here):
            said.setdefault(facts.no_interval_cause(bundle, d, name), []).append(
                styles.dataset(d)
            )
    return " ".join(
        text.no_interval(cause, [] if len(places) == len(datasets) else places)
        for cause, places in said.items()
    )


def _one_class(bundle: Bundle, unit: Measure, datasets: Sequence[str]) -> str:
    """Where a metric that compares classes is a mean over test sets of which some have one class only."""
    metric = METRICS.get(unit.name)
    if metric is None or metric.task != "classification" or metric.per_row:
        return ""
    styles, said = styles_of(bundle), []
    for d in datasets:
        sets, of = facts.one_class_tests(bundle, d)
        if sets and not facts.is_pooled(bundle, d, unit.name):
            said.append(
                text.one_class(
                    unit, sets, of, styles.dataset(d) if len(datasets) > 1 else ""
                )
            )
    return " ".join(said)


def _how(bundle: Bundle, metric: str) -> str:
    """Fold mean, pooled, or as given, stated."""
    pooled = {d: facts.is_pooled(bundle, d, metric) for d in facts.places(bundle)}
    if all(pooled.values()):
        return text.AS_GIVEN if bundle.study.protocol is None else text.POOLED
    each = {
        facts.fold_word(bundle, d) for d, together in pooled.items() if not together
    }
    return text.mean(each, mixed=any(pooled.values()))


def _place(bundle: Bundle, styles: Styles, dataset: str, unit: Measure) -> ScoredPlace:
    base = facts.baseline(bundle, styles, dataset, unit)
    page = page_name(dataset) if bundle.apart and dataset in bundle.datasets else ""
    return ScoredPlace(
        styles.dataset(dataset), "" if base is None else unit.show(base), page
    )


def _here(bundle: Bundle, dataset: str, unit: Measure) -> dict[str, MeanScore]:
    """The mean score of each family that has one on a dataset, in the order of the study."""
    found = facts.estimates(bundle, unit.name)
    return {
        f: found[dataset, f] for f in facts.families(bundle) if (dataset, f) in found
    }


def _column(
    bundle: Bundle, styles: Styles, unit: Measure, dataset: str
) -> dict[str, ResultCell]:
    """One dataset's cells by family, on a scale of their own."""
    here, standing = (
        _here(bundle, dataset, unit),
        facts.standing(bundle, dataset, unit.name),
    )
    values = dot_values([_dot(styles.family(f), e) for f, e in here.items()])
    scale = nice(values, 4, *unit.limits) if values else Scale(0, 1)
    best = here.get(standing.best) if standing is not None else None
    strip = (None, None) if best is None else (best.low, best.high)
    said, cells = states(bundle, dataset, unit.name, facts.families(bundle), here), {}
    for f, found in said.items():
        style, lost = styles.family(f), any(state.kind == "lost" for state in found)
        cell = ResultCell(
            card=card_id(bundle, styles, dataset, f)
            if has_cards(bundle) and (f in here or lost)
            else "",
            states=found,
            key=style.key,
            family=style.short,
            of=text.on(style.title, styles.dataset(dataset)),
        )
        tied = f in _tied(standing) and not is_partial(found)
        glyph = (
            partial(cell_glyph, scale=scale, best=strip)
            if _drawn(bundle, unit)
            else None
        )
        cells[f] = (
            _scored(cell, style, here[f], unit, tied, glyph) if f in here else cell
        )
    return cells


def _scored(
    cell: ResultCell,
    style: Style,
    e: MeanScore,
    unit: Measure,
    tied: bool,
    glyph: Callable[..., Markup] | None,
) -> ResultCell:
    """A cell with its number; with its interval, where intervals are drawn."""
    unit = unit.within(e.low, e.high)
    value, interval = unit.show(e.value), formats.interval(e.low, e.high, unit.show)
    cell = replace(cell, value=marked(value, e.fallbacks), tied=tied, estimate=e)
    if glyph is None:
        return cell
    stand_in = next(
        (
            f", {s.words.removeprefix(MARK).strip()}"
            for s in cell.states
            if s.kind == "fallback"
        ),
        "",
    )
    label = f"{style.title}: {value} {interval}".strip() + stand_in
    return replace(cell, interval=interval, glyph=glyph(_dot(style, e), label=label))


def _tied(standing: facts.Leaders | None) -> frozenset[str]:
    """The families that carry the mark of the best; none where nothing was tested."""
    return standing.tied if standing is not None and standing.tested else frozenset()


def _drawn(bundle: Bundle, unit: Measure) -> bool:
    """Whether the table of a metric has intervals: on many datasets only that of the primary one, on very many none."""
    places = len(facts.places(bundle))
    primary = (
        unit.name == bundle.study.metrics.primary
        and places * len(facts.families(bundle)) <= MOST_CELLS
    )
    return primary or places <= MOST_DRAWN


def _dot(
    style: Style, e: MeanScore, note: str = "", folds: tuple[float, ...] = ()
) -> Dot:
    return Dot(style, e.value, e.low, e.high, note, style.baseline, folds)


def score_figure(
    bundle: Bundle, styles: Styles, dataset: str, unit: Measure
) -> Figure | None:
    """Every family's mean on one dataset, with its interval; None without any score."""
    here, standing = (
        _here(bundle, dataset, unit),
        facts.standing(bundle, dataset, unit.name),
    )
    if not here or standing is None:
        return None
    order = sorted(here, key=lambda f: (unit.loss(here[f].value), f))
    of = {f: unit.within(here[f].low, here[f].high) for f in order}
    shown = {f: marked(of[f].show(here[f].value), here[f].fallbacks) for f in order}
    dots = []
    for f in order:
        style, note = (
            styles.family(f),
            shown[f] + (" ●" if f in _tied(standing) else ""),
        )
        dots.append(_dot(style, here[f], note, _single(bundle, dataset, f, unit)))
    ticks, dots = _with_ticks(bundle, dataset, unit, dots)
    base, title = (
        facts.baseline(bundle, styles, dataset, unit),
        text.on(unit.title, styles.dataset(dataset)),
    )
    dashed = (
        text.dashed(sure.baseline_words(bundle, styles, dataset, unit))
        if base is not None and _near(base, dots)
        else ""
    )
    ends = [
        formats.interval(d.low, d.high, unit.within(d.low, d.high).show) or formats.NONE
        for d in dots
    ]
    rows = tuple(zip([d.style.short for d in dots], shown.values(), ends, strict=True))
    label = f"{title}: " + "; ".join(
        f"{d.style.short} {unit.within(d.low, d.high).show(d.value)}" for d in dots
    )
    return Figure(
        f"scores-{dataset}-{unit.name}",
        title,
        _note(bundle, dataset, unit, standing, here.values(), dashed + ticks),
        score_intervals(dots, label, base, unit.limits),
        Table(text.header(unit), rows),
        standing_words(styles, standing, list(here)),
    )


def _note(
    bundle: Bundle,
    dataset: str,
    unit: Measure,
    standing: facts.Leaders,
    here: Collection[MeanScore],
    marks: str,
) -> str:
    """What the bars, the dots and the other `marks` of a figure are."""
    intervals = any(e.low is not None for e in here)
    bars = (
        text.interval_bar(100 * level_of(bundle.study))
        if intervals
        else f"{facts.no_interval_reason(bundle, dataset, unit.name).capitalize()}. "
    )
    note = bars + (text.NOT_DIFFERENT if standing.tested else "") + marks
    note += given.over_seeds(bundle, dataset).lstrip() if intervals else ""
    return (note + (INCLUDED if any(e.fallbacks for e in here) else "")).strip()


def _single(
    bundle: Bundle, dataset: str, family: str, unit: Measure
) -> tuple[float, ...]:
    """The single scores of a cell; none where there is one, which is the mean."""
    values = tuple(
        v
        for row in facts.fold_scores(bundle, unit.name)
        .get((dataset, family), {})
        .values()
        for v in row
    )
    return values if len(values) > 1 else ()


def _with_ticks(
    bundle: Bundle, dataset: str, unit: Measure, dots: list[Dot]
) -> tuple[str, list[Dot]]:
    """What the ticks below the bars are, and how many lie beyond; without ticks where too many would."""
    total = sum(len(d.folds) for d in dots if not d.aside)
    if not total:
        return "", [replace(d, folds=()) for d in dots]
    what, out = (
        facts.single_scores(bundle, dataset, unit.name),
        beyond(dots, unit.limits),
    )
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
        return text.untested([styles.family(one).title for one in standing.first])
    if not others:
        rest = [f for f in scored if f != standing.best]
        other = styles.family(rest[0]).title if len(rest) == 1 else None
        return text.one_best(best, other, len(standing.untested))
    if len(standing.tied) == len(scored):
        return text.NONE_DIFFERENT
    return text.some_tied(best, others, len(standing.untested))


SECTION = Section("families", "Models compared", families, "both", order=30)
