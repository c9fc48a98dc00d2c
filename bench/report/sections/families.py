"""Models compared: the best first, one row each, with what tests say beside the best; all metrics in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bench.core.metrics import METRICS
from bench.report import facts
from bench.report.advice import WITHOUT_FEATURES, tabulate_cautions
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Figure,
    Link,
    Note,
    Paragraph,
    Piece,
    Pieces,
    Sign,
    Table,
)
from bench.report.bundle import Bundle, page_name
from bench.report.charts.marks import Chart, Point, choose_axis
from bench.report.charts.plot_rows import PlotRow, plot_rows, reach
from bench.report.first.hero import shows_scores
from bench.report.first.verdicts import told
from bench.report.means import MeanScore
from bench.report.section import Section
from bench.report.sections.states import INCLUDED, states
from bench.report.styles import Styles, styles_of
from bench.report.terms import term
from bench.report.text.same_source import forms_said
from bench.report.values import Value, score
from bench.scores.design import level_of, rope_of
from bench.stats.shares import wilson
from bench.text.words import MARK, Measure, measure

#: A longer table stands in a fold.
MOST_ROWS = 15
#: So many models are named; of more their number.
NAMED = 4
OVER_SEEDS = "Only the seed varies: other rows may give another result."
NO_PAIRED_TEST = "No paired test of models: their fits share nearly all training rows."


class Standing(StrEnum):
    """What is known of a model beside the best mean."""

    BEST = "best"
    AS_GOOD = "as good"
    OPEN = "cannot tell"
    WORSE = "worse"
    UNTESTED = "not tested against it"


#: How each is drawn: shape and tone; and its sign.
MARKS = {
    Standing.BEST: ("disc", "ours", "holds"),
    Standing.AS_GOOD: ("disc", "ours", "holds"),
    Standing.OPEN: ("ring", "open", "open"),
    Standing.WORSE: ("disc", "off", "off"),
    Standing.UNTESTED: ("spot", "ink", "untested"),
}


#: By what is shown of a model minus the best one (`told`).
OUTCOMES = {
    "better": Standing.AS_GOOD,
    "equal": Standing.AS_GOOD,
    "unknown": Standing.OPEN,
    "worse": Standing.WORSE,
    "untested": Standing.UNTESTED,
}


@dataclass(frozen=True)
class RankedModel:
    """A model on one dataset, its mean by one metric and where that stands."""

    family: str
    mean: MeanScore
    standing: Standing


def rank_models(bundle: Bundle, dataset: str, unit: Measure) -> list[RankedModel]:
    """The models of a dataset by the primary metric, the best mean first, each with where it stands beside that."""
    means = facts.means_on(bundle, dataset, unit.name)
    best = facts.best_on(bundle, dataset, unit.name)
    first = facts.leading(bundle, dataset, unit.name) if best else []
    pairs = facts.pairs(bundle, dataset, unit.name)
    found = []
    for family, mean in means.items():
        standing = stand(bundle, pairs.get((family, best)))
        if family == best or (family in first and standing is not Standing.WORSE):
            standing = Standing.BEST
        found.append(RankedModel(family, mean, standing))
    return sorted(
        found,
        key=lambda model: (
            model.standing is not Standing.BEST,
            unit.loss(model.mean.value),
            model.family,
        ),
    )


def stand(bundle: Bundle, pair: facts.ComparedPair | None) -> Standing:
    """Where the first of a pair stands beside the second, which has the best mean."""
    return OUTCOMES[told(bundle, pair)]


def families(bundle: Bundle) -> Iterator[Block]:
    """The picture of each dataset, then one table of all metrics."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    if not facts.scored(bundle):
        yield from _without_scores(bundle)
        return
    for words in forms_said(bundle, styles):
        yield Paragraph(words)
    places = [d for d in facts.places(bundle) if facts.means_on(bundle, d, unit.name)]
    if places and not bundle.apart:
        if not shows_scores(bundle):
            yield draw_models(bundle, styles, unit, places)
        if len(places) == 1:
            yield from _other_leaders(bundle, styles, places[0])
    if cautions := tabulate_cautions(bundle, styles):
        yield cautions
    table = _across(bundle, styles, unit) if bundle.apart else _metrics(bundle, styles)
    if len(table.rows) > MOST_ROWS:
        title = "All scores by dataset" if bundle.apart else "All scores by all metrics"
        yield Details(title, (table,))
    else:
        yield table


def _without_scores(bundle: Bundle) -> Iterator[Block]:
    failed = facts.failed_cells(bundle).height
    if failed:
        yield Note("caution", f"No model has a score: failed fits: {failed} (see Limits and failures).")  # fmt: skip
    elif bundle.study.families:
        yield Paragraph("No model has a score: nothing was fitted or scored here.")


def _other_leaders(bundle: Bundle, styles: Styles, place: str) -> Iterator[Paragraph]:
    """Which models lead by other metrics, where these are others."""
    first, *rest = facts.scored(bundle)
    best = facts.leading(bundle, place, first)
    leaders = {
        measure(name).title: facts.leading(bundle, place, name)
        for name in rest
        if facts.means_on(bundle, place, name)
    }
    others = [
        f"{title}: {', '.join(styles.family(f).title for f in names)}"
        for title, names in leaders.items()
        if not set(best) & set(names)
    ]
    if others:
        yield Paragraph(f"Other metrics have another best model. {'; '.join(others)}.")


def draw_models(
    bundle: Bundle, styles: Styles, unit: Measure, places: Sequence[str]
) -> Figure:
    """Every model in a row, the best first; a picture a dataset."""
    ranked = {place: rank_models(bundle, place, unit) for place in places}
    charts = tuple(
        _draw_dataset(bundle, styles, unit, place, models)
        for place, models in ranked.items()
    )
    result: tuple[Piece, ...] = ()
    for place, models in list(ranked.items())[:MOST_ROWS]:
        where = f" on {styles.dataset(place)}" if len(places) > 1 else ""
        result += (*say_best(styles, unit, models, where), " ")
    return Figure("scores", result[:-1], _marks(bundle, unit, ranked), charts)


def say_best(
    styles: Styles, unit: Measure, models: Sequence[RankedModel], where: str = ""
) -> tuple[Piece, ...]:
    """Who is first, and how many models are as good, cannot be told, or are worse."""
    models = [one for one in models if not styles.family(one.family).baseline] or models
    first = [one for one in models if one.standing is Standing.BEST] or models[:1]
    names = ", ".join(styles.family(one.family).title for one in first)
    said: list[Piece] = [f"Best {unit.word}{where}: {names} ", _mean(unit, first[0].mean)]  # fmt: skip
    for standing in list(Standing)[1:]:
        here = [one for one in models if one.standing is standing]
        others = [styles.family(one.family).title for one in here if one not in first]
        if others:
            few = ", ".join(others) if len(others) <= NAMED else f"{len(others)} models"
            said.append(f"; {standing}: {few}")
    return (*said, ".")


def _mean(unit: Measure, mean: MeanScore) -> Value:
    return replace(score(unit, mean.value, mean.low, mean.high), low=None, high=None)


def _draw_dataset(
    bundle: Bundle,
    styles: Styles,
    unit: Measure,
    place: str,
    models: Sequence[RankedModel],
) -> Chart:
    rows = [_row(bundle, styles, unit, place, one) for one in models]
    drawn = [row for row in rows if row.middle is not None]
    base = facts.baseline(bundle, styles, place, unit)
    if base is not None and not any(styles.family(one.family).baseline for one in models):  # fmt: skip
        rows.append(PlotRow(WITHOUT_FEATURES.get(unit.name, "Without features"), None, number=score(unit, base)))  # fmt: skip
    seeds = {}
    if bundle.setting(place).seeds:
        seeds = {
            i: _single(bundle, unit, place, one)
            for i, one in enumerate(models)
            if not styles.family(one.family).baseline
        }
    every = [value for values in seeds.values() for value in values]
    low, high = unit.limits
    axis = choose_axis([*reach(drawn), *every], title=unit.title, floor=low, roof=high)
    chart = plot_rows(styles.dataset(place), rows, axis)
    spots = [Point(value, i, "spot", "pale") for i, values in seeds.items() for value in values]  # fmt: skip
    return replace(chart, marks=(*spots, *chart.marks))


def _row(
    bundle: Bundle, styles: Styles, unit: Measure, place: str, one: RankedModel
) -> PlotRow:
    """A baseline has its number alone: it would set the scale."""
    style, value = styles.family(one.family), _scored(bundle, unit, place, one.mean)
    shape, tone, _ = MARKS[one.standing]
    simple = bundle.study.simple == one.family
    words = MARK if one.mean.fallbacks else ""
    if style.baseline:
        return PlotRow(style.title, None, number=value, words=words)
    return PlotRow(
        styles.brief(one.family), value.number, value.low, value.high, shape, tone, number=value, words=words,
        tag="simple" if simple else "",
    )  # fmt: skip


def _scored(bundle: Bundle, unit: Measure, place: str, mean: MeanScore) -> Value:
    """A mean with its interval; of single rows tested once, Wilson's."""
    low, high = mean.low, mean.high
    if low is None and has_wilson(bundle, unit, place):
        low, high = wilson(mean.value, _tested(bundle, place), level=level_of(bundle.study))  # fmt: skip
    return score(unit, mean.value, low, high)


def has_wilson(bundle: Bundle, unit: Measure, place: str) -> bool:
    """Whether a score is the share of rows that were each tested once."""
    pooled = facts.is_pooled(bundle, place, unit.name)
    return pooled and unit.name in ("accuracy", "error_rate") and _tested(bundle, place) > 1  # fmt: skip


def _tested(bundle: Bundle, place: str) -> int:
    """Rows tested in a repeat."""
    folds = bundle.of("folds", place)
    return int(folds["test_rows"].sum() or 0) // max(1, folds["repeat"].n_unique())


def _single(
    bundle: Bundle, unit: Measure, place: str, one: RankedModel
) -> tuple[float, ...]:
    repeats = facts.fold_scores(bundle, unit.name).get((place, one.family), {})
    return tuple(value for values in repeats.values() for value in values)


def _marks(
    bundle: Bundle, unit: Measure, ranked: Mapping[str, Sequence[RankedModel]]
) -> Pieces:
    """How the marks are read, and of what an interval is."""
    kinds = Counter(one.standing for models in ranked.values() for one in models)
    said: list[Piece] = [f"{unit.title}, {unit.direction}. "]
    margin = rope_of(bundle.study, unit.name)
    tested = set(kinds) - {Standing.BEST, Standing.UNTESTED}
    if tested:
        said.append("Filled: the best, or shown to be as good")
        if margin:
            said += [
                f" (very probably within {unit.size(margin)}, the ",
                term("rope", "margin"),
                ")",
            ]
        said.append("; hollow: cannot tell; orange: shown to be worse (")
        said += [term("holm", "corrected"), " for all pairs). "]
    if Standing.UNTESTED in kinds:
        said.append("Small mark: not tested against the best. ")
    said += _intervals(bundle, unit, ranked)
    if any(one.mean.fallbacks for models in ranked.values() for one in models):
        said.append(INCLUDED)
    return tuple(said)


def _intervals(
    bundle: Bundle, unit: Measure, ranked: Mapping[str, Sequence[RankedModel]]
) -> Iterator[Piece]:
    """Of what the intervals are, or why there are none, with the datasets that this holds for."""
    level = f"{100 * level_of(bundle.study):g} % interval"
    places: dict[str, list[str]] = {}
    for dataset, models in ranked.items():
        ranged = any(model.mean.low is not None for model in models)
        if ranged and bundle.setting(dataset).seeds:
            words = f"line: {level} over seeds; pale spots: single seeds. {OVER_SEEDS}"
        elif ranged:
            words = f"line: {level} of the mean for new training and test rows."
        elif has_wilson(bundle, unit, dataset):
            words = f"line: {level} (Wilson) for new rows, one by one, of models trained like these. {NO_PAIRED_TEST}"
        else:
            cause = facts.no_interval_cause(bundle, dataset, unit.name)
            words = f"no interval: {cause}."
        places.setdefault(words, []).append(dataset)
    for words, some in places.items():
        where = _on(bundle, some, ranked)
        yield f"{where}{words[:1].upper()}{words[1:]} "
    if any("line" in words for words in places):
        yield "All models saw the same rows, so lines may overlap where models differ. "


def _on(bundle: Bundle, some: Sequence[str], every: Mapping[str, object]) -> str:
    if len(some) == len(every):
        return ""
    return f"{', '.join(map(styles_of(bundle).dataset, some))}: "


def _metrics(bundle: Bundle, styles: Styles) -> Table:
    """A row a model and dataset, a column a metric, the primary one first."""
    units = [measure(name) for name in facts.scored(bundle)]
    rows: list[tuple[Cell, ...]] = []
    for place in facts.places(bundle):
        if len(facts.places(bundle)) > 1:
            rows.append((styles.dataset(place),))
        rows += _dataset_rows(bundle, styles, units, place)
    columns = ("Model", *(unit.title for unit in units), f"Beside the best by {units[0].word}", "Remarks")  # fmt: skip
    if not any(row[-1] for row in rows if len(row) > 1):
        columns = columns[:-1]
        rows = [row if len(row) == 1 else row[:-1] for row in rows]
    notes = tuple(_notes(bundle, units))
    return Table(columns, tuple(rows), "Scores on test rows", notes, "results")


def _dataset_rows(
    bundle: Bundle, styles: Styles, units: Sequence[Measure], place: str
) -> Iterator[tuple[Cell, ...]]:
    """The models of one dataset, the best first, then what no features give."""
    first, names = units[0], facts.families(bundle)
    means = [facts.means_on(bundle, place, unit.name) for unit in units]
    remarks = states(bundle, place, first.name, names, means[0])
    ranked = rank_models(bundle, place, first)
    stands = {model.family: model.standing for model in ranked}
    for family in (*stands, *(name for name in names if name not in stands)):
        cells = [
            _cell(bundle, unit, place, scores.get(family))
            for unit, scores in zip(units, means, strict=True)
        ]
        stand = stands.get(family)
        beside: Cell = "" if stand is None else Sign(MARKS[stand][2], stand)
        yield (styles.family(family).named, *cells, beside, "; ".join(remarks[family]))
    base = facts.baseline(bundle, styles, place, first)
    if base is not None and not any(styles.family(name).baseline for name in stands):
        rest = [""] * (len(units) + 1)
        title = WITHOUT_FEATURES.get(first.name, "Without features")
        yield (title, score(first, base), *rest)


def _cell(bundle: Bundle, unit: Measure, place: str, mean: MeanScore | None) -> Cell:
    if mean is None:
        return Value(None)
    value = _scored(bundle, unit, place, mean)
    return (value, f" {MARK}") if mean.fallbacks else value


def _notes(bundle: Bundle, units: Sequence[Measure]) -> Iterator[Pieces]:
    """Over what means are, and where a metric compares no classes."""
    first = units[0]
    ways = {
        "pooled over folds" if facts.is_pooled(bundle, d, first.name) else f"mean of every {facts.fold_word(bundle, d)}"
        for d in facts.places(bundle)
    }  # fmt: skip
    how = "as given" if bundle.study.protocol is None else "; ".join(sorted(ways))
    better = "; ".join(f"{unit.title}: {unit.direction}" for unit in units)
    yield f"{better}. Scores: {how}. In brackets: {100 * level_of(bundle.study):g} % intervals."  # fmt: skip
    if any(bundle.setting(d).seeds for d in facts.places(bundle)):
        yield OVER_SEEDS
    if facts.is_clipped(bundle, first.name):
        yield "Intervals end where the metric does."
    if any(facts.fallbacks(bundle, unit.name) for unit in units):
        yield INCLUDED
    for unit in units:
        yield from _one_class(bundle, unit)


def _one_class(bundle: Bundle, unit: Measure) -> Iterator[str]:
    """Where a metric that compares classes is a mean over test sets of which some have one class only."""
    metric, styles = METRICS.get(unit.name), styles_of(bundle)
    if metric is None or metric.task != "classification" or metric.per_row:
        return
    for place in facts.places(bundle):
        sets, of = facts.one_class_tests(bundle, place)
        if sets and not facts.is_pooled(bundle, place, unit.name):
            title = styles.dataset(place)
            yield f"{unit.title} compares classes; test sets of one class only on {title}: {sets} of {of}."


def _across(bundle: Bundle, styles: Styles, unit: Measure) -> Table:
    """A row a dataset, a column a model: means of the primary metric."""
    places = [d for d in facts.places(bundle) if facts.means_on(bundle, d, unit.name)]
    scored = {f for d in places for f in facts.means_on(bundle, d, unit.name)}
    ranks = facts.mean_ranks(bundle, unit.name)
    names = sorted((f for f in facts.families(bundle) if f in scored), key=lambda f: ranks.get(f, len(scored) + 1))  # fmt: skip
    rows = []
    for place in places:
        means = facts.means_on(bundle, place, unit.name)
        title = styles.dataset(place)
        own = place in bundle.datasets
        cells = [_brief(unit, means.get(family)) for family in names]
        rows.append((Link(title, page_name(place)) if own else title, *cells))
    columns = ("Dataset", *(styles.family(family).short for family in names))
    caption = f"{unit.title} on test rows ({unit.direction}), by mean rank"
    notes = [INCLUDED] if facts.fallbacks(bundle, unit.name) else []
    return Table(columns, tuple(rows), caption, tuple(notes), "results")


def _brief(unit: Measure, mean: MeanScore | None) -> Cell:
    if mean is None:
        return Value(None)
    value = _mean(unit, mean)
    return (value, f" {MARK}") if mean.fallbacks else value


SECTION = Section("families", "Models compared", families, "both", order=30)
