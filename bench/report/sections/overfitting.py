"""Overfitting: what fitting closely costs on new rows, what tuning adds to a score, how scores follow the settings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import polars as pl

from bench.core.findings import FindingRow, Severity
from bench.report import facts
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Figure,
    Paragraph,
    Piece,
    Sign,
    Table,
)
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, Chart, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.charts.plot_rows import PlotRow, plot_rows
from bench.report.section import Section
from bench.report.styles import Style, Styles, styles_of
from bench.report.terms import term
from bench.report.tuning import Tuned
from bench.report.values import Value, count, gain, score
from bench.scores.design import alpha_of, level_of, rope_of
from bench.text import formats
from bench.text.words import Measure, in_unit_of_target

#: So many candidates are named: those chosen most often.
COMMON = 3
#: A curve of fewer values shows nothing.
FEWEST = 3
#: Levels of a score, the most optimistic first (codes of the diagnostic `waterfall`), then what stands beside them.
LEVELS = {
    "train": "Training rows",
    "flat": "Inner folds, one setting for all",
    "inner": "Inner folds, a setting each",
    "outer": "Test rows",
    "baseline": "Baseline",
    "one_by_test": "Tuned on the test rows, one setting for all (invalid)",
    "each_by_test": "Tuned on the test rows, a setting each (invalid)",
    "permuted": "Permuted labels",
}
#: Beside the best on the test rows: 1 worse, 0 not told apart.
BEHIND = {
    1: Sign("off", "worse than the best"),
    0: Sign("open", "cannot tell from the best"),
    None: Sign("untested", "not tested"),
}


@dataclass(frozen=True)
class Fit:
    """A model on one dataset: its score on training rows and on test rows."""

    dataset: str
    style: Style
    train: float
    test: float
    gap: float
    behind: int | None
    best: bool

    @property
    def costs(self) -> bool:
        """Whether it fits its training rows better, and is shown to be worse than the best on new rows."""
        return self.gap > 0 and self.behind == 1


def overfitting(bundle: Bundle) -> Iterator[Block]:
    """The gap and its cost, tuning optimism, validation curves; what was chosen in a fold."""
    styles, unit = styles_of(bundle), facts.primary(bundle)
    fits = [one for d in bundle.datasets for one in compare_rows(bundle, styles, d)]
    said = facts.tuning_said(bundle, bundle.datasets)
    if bundle.apart:
        yield from _over_datasets(styles, unit, fits)
        return
    if fits:
        yield _draw_gaps(bundle, styles, unit, fits)
    yield from _draw_optimism(bundle, styles)
    curves = [one for d in bundle.datasets for one in _curves(bundle, styles, d)]
    if curves:
        yield _draw_curves(bundle, curves)
    folded = tuple(_tuning_tables(bundle, styles))
    if folded:
        words = "; ".join(said)
        how = Paragraph(f"{words[:1].upper()}{words[1:]}.")
        yield Details("Tuning: settings chosen, and where optimism comes from", (how, *folded))  # fmt: skip


def compare_rows(bundle: Bundle, styles: Styles, dataset: str) -> list[Fit]:
    """The models of a dataset with scores on training rows, the largest gap first; without baselines."""
    unit = facts.primary(bundle)
    train = facts.estimates(bundle, unit.name, "train")
    test = facts.estimates(bundle, unit.name, own=True)
    best = facts.best_on(bundle, dataset, unit.name)
    pairs, alpha = facts.pairs(bundle, dataset, unit.name), alpha_of(bundle.study)
    found = []
    for family in bundle.families:
        style, key = styles.family(family), (dataset, family)
        if style.baseline or key not in train or key not in test:
            continue
        high, low = train[key].value, test[key].value
        pair = pairs.get((best, family))
        told = None if pair is None else pair.told(unit, alpha)
        gap = unit.loss(low) - unit.loss(high)
        found.append(Fit(dataset, style, high, low, gap, told, family == best))
    return sorted(found, key=lambda one: -one.gap)


def _draw_gaps(
    bundle: Bundle, styles: Styles, unit: Measure, fits: Sequence[Fit]
) -> Figure:
    charts, rows = [], list[tuple[Cell, ...]]()
    for dataset in dict.fromkeys(one.dataset for one in fits):
        here = [one for one in fits if one.dataset == dataset]
        rows += [(styles.dataset(dataset),)] if len(here) < len(fits) else []
        rows += [_gap_cells(unit, one) for one in here]
        lines = [
            PlotRow(
                one.style.short, one.test, other=one.train, number=_size(unit, one),
                tone="off" if one.costs else "ours",
            )
            for one in here
        ]  # fmt: skip
        charts.append(plot_rows(styles.dataset(dataset), lines))
    marks = (
        f"{unit.title} ({unit.direction}). Hollow: training rows. Filled: test rows; orange: shown to be worse than the "
        "best model there. Number: the ", term("gap", "gap"), ".",
    )  # fmt: skip
    columns = ("Model", "Training rows", "Test rows", "Gap", "On test rows")
    result = _leaks(bundle) + judge_gaps(unit, fits, styles)
    return Figure("train-test-gap", result, marks, tuple(charts), Table(columns, tuple(rows)))  # fmt: skip


def _over_datasets(styles: Styles, unit: Measure, fits: Sequence[Fit]) -> Iterator[Figure]:  # fmt: skip
    """A row a model on the study's page, where each dataset has a page of its own."""
    if not fits or in_unit_of_target(unit.name):
        return
    lines = []
    for style in {one.style.name: one.style for one in fits}.values():
        gaps = sorted(one.gap for one in fits if one.style.name == style.name)
        middle = gain(unit, median(gaps), gaps[0], gaps[-1])
        behind = sum(one.costs for one in fits if one.style.name == style.name)
        tone, words = "off" if behind else "ours", f"behind on {behind} of {len(gaps)}"
        ends = middle.number, middle.low, middle.high
        lines.append(PlotRow(style.short, *ends, tone=tone, number=middle, words=words))
    lines.sort(key=lambda line: -(line.middle or 0.0))
    marks = (
        "Training rows minus test rows, turned so that above zero is better on training rows. Disc: median ",
        term("gap", "gap"), " of the datasets. Line: from the least to the largest. Orange: shown to be worse than "
        "the best model on the test rows of some datasets. The page of each dataset has all numbers.",
    )  # fmt: skip
    chart = plot_rows(f"Train–test gap of {unit.word}", lines, line=0.0)
    yield Figure("train-test-gap", judge_gaps(unit, fits, styles), marks, (chart,))


def judge_gaps(unit: Measure, fits: Sequence[Fit], styles: Styles) -> tuple[Piece, ...]:
    """The verdict: a gap counts by what it costs on new rows, the same rule for all studies."""
    several = len({one.dataset for one in fits}) > 1
    most = max(fits, key=lambda one: one.gap)
    where = f" on {styles.dataset(most.dataset)}" if several else ""
    largest = (f"Largest gap: {most.style.title}{where} ", _size(unit, most), ". ")
    costly = [one for one in fits if one.costs]
    if costly:
        names = [_called(one, styles, several) for one in costly]
        return (
            *largest, f"With a gap and shown to be worse than the best on new rows: {_some(names)}. "
            "For the others no cost is shown.",
        )  # fmt: skip
    if all(one.behind is None for one in fits):
        words = "No test says whether a gap costs anything on new rows; a gap alone is no fault."
        return (*largest, words)
    words = "No gap is shown to cost anything on new rows: no model with one is shown to be worse than the best."
    return (*largest, words)


def _called(one: Fit, styles: Styles, several: bool) -> str:
    place = f" on {styles.dataset(one.dataset)}" if several else ""
    return one.style.short + place


def _some(names: Sequence[str], most: int = 6) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _size(unit: Measure, one: Fit) -> Value:
    return gain(unit.beside(one.train, one.test), one.gap)


def _gap_cells(unit: Measure, one: Fit) -> tuple[Cell, ...]:
    behind = Sign("holds", "the best") if one.best else BEHIND[one.behind]
    return (
        one.style.named, score(unit, one.train), score(unit, one.test), _size(unit, one),
        behind,
    )  # fmt: skip


def _leaks(bundle: Bundle) -> tuple[Piece, ...]:
    serious = bundle.frame("findings").filter(
        pl.col("dataset").is_in(bundle.datasets), severity=Severity.SERIOUS.value
    )
    if not serious.height:
        return ()
    return (Sign("warning", "A leak makes the scores on test rows too good as well."), " ")  # fmt: skip


def _draw_optimism(bundle: Bundle, styles: Styles) -> Iterator[Figure]:
    """The score that chose the settings against the score on test rows, with the interval of the check."""
    charts, most, sure, tested = [], list[tuple[float, str, Value]](), 0, 0
    for dataset in bundle.datasets:
        unit, lines = facts.tuned_by(bundle, dataset), []
        for one in _optimism(bundle, dataset, unit):
            value, style = one.value, styles.family(one.family)
            tested += value.low is not None
            sure += one.shown
            most.append((one.share, style.title, value))
            ends = value.number, value.low, value.high
            lines.append(PlotRow(style.short, *ends, one.shape, one.tone, number=value))
        if lines:
            lines.sort(key=lambda line: -(line.middle or 0.0))
            charts.append(plot_rows(styles.dataset(dataset), lines, line=0.0))
    if not charts:
        return
    _, name, size = max(most, key=lambda one: one[0])
    shown = (
        f"Tuning optimism is shown in {sure} of {tested} tests"
        if tested
        else "Tuning optimism cannot be tested"
    )
    result = (
        f"{shown}. The largest: ",
        size,
        f" ({name}). The scores on test rows are free of it.",
    )
    marks = (
        term("optimism"),
        ": inner score minus test score, turned so that above zero is too good. Filled orange: shown above zero. "
        "Filled blue: shown below what counts as a difference. Hollow: neither is shown. Small: no interval. "
        f"Line: {100 * level_of(bundle.study):g} % interval, corrected for the number of models.",
    )  # fmt: skip
    yield Figure("tuning-optimism", result, marks, tuple(charts))


@dataclass(frozen=True)
class _Optimism:
    family: str
    value: Value
    share: float
    shown: bool
    shape: str
    tone: str


def _optimism(bundle: Bundle, dataset: str, unit: Measure) -> list[_Optimism]:
    """By model, inner minus outer score."""
    inner = facts.estimates(bundle, unit.name, "inner")
    outer = facts.estimates(bundle, unit.name, own=True)
    checks = {
        row.family: row
        for row in bundle.rows("findings", FindingRow, diagnostic="tuning_optimism", dataset=dataset)
    }  # fmt: skip
    rope, found = rope_of(bundle.study, unit.name) or 0.0, []
    for family in bundle.families:
        key = (dataset, family)
        if key not in inner or key not in outer:
            continue
        high, low = inner[key].value, outer[key].value
        size, check = unit.loss(low) - unit.loss(high), checks.get(family)
        ends = (None, None) if check is None else (check.low, check.high)
        shown = check is not None and check.outcome == "found"
        small = ends[1] is not None and ends[1] < rope
        shape = "spot" if ends[0] is None else "disc" if shown or small else "ring"
        tone = "off" if shown else "ours" if small else "open"
        value = gain(unit.beside(high, low), size, *ends)
        share = size / (abs(low) or 1.0)
        found.append(_Optimism(family, value, share, shown, shape, tone))
    return found


@dataclass(frozen=True)
class _CurveDrawn:
    """A validation curve, and whether the value chosen most often is the first or the last."""

    chart: Chart
    name: str
    edge: bool
    rows: tuple[tuple[Cell, ...], ...]


def _curves(bundle: Bundle, styles: Styles, dataset: str) -> list[_CurveDrawn]:
    """A curve for every parameter whose candidates are numbers, three or more."""
    unit, found = facts.tuned_by(bundle, dataset), []
    place = f", {styles.dataset(dataset)}" if len(bundle.datasets) > 1 else ""
    for tuned in bundle.tuned.get(dataset, []):
        curves = {name: over for name in tuned.numeric if (over := curve_of(tuned, name, unit)) is not None}  # fmt: skip
        span = [end for over in curves.values() for end in _reach(over)]
        for name, over in curves.items():
            style = styles.family(tuned.family)
            title = f"{style.short}, {name}{place}"
            chart = _draw_curve(title, style, over, choose_axis(span, ticks=3))
            chosen = over["chosen"].arg_max()
            edge = chosen in (0, over.height - 1)
            rows = tuple(
                (formats.short(at), score(unit, mean), score(unit, sd), count(times))
                for at, mean, sd, times in over.iter_rows()
            )
            found.append(_CurveDrawn(chart, f"{style.short} ({name})", edge, ((title,), *rows)))  # fmt: skip
    return found


def curve_of(tuned: Tuned, name: str, unit: Measure) -> pl.DataFrame | None:
    """Over the values of a parameter: the best inner score with the others free, mean and SD over outer folds.

    None where a candidate is a word ("sqrt"): a line through the numbers alone hides what may be chosen most.
    """
    at = {c: value for c in tuned.candidates if (value := tuned.number(c, name)) is not None}  # fmt: skip
    if len(at) < len(tuned.candidates) or len(set(at.values())) < FEWEST:
        return None
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    place = pl.col("candidate").replace_strict(at, return_dtype=pl.Float64)
    frame = tuned.scores.with_columns(at=place)
    tops = frame.group_by("repeat", "fold", "at").agg(best, pl.col("chosen").any())
    return (
        tops.group_by("at")
        .agg(
            pl.col("value").mean().round_sig_figs(9).alias("mean"),
            pl.col("value").std().fill_null(0.0).round_sig_figs(9).alias("sd"),
            pl.col("chosen").sum(),
        )
        .sort("at")
    )


def _reach(over: pl.DataFrame) -> tuple[float, ...]:
    return (*(over["mean"] - over["sd"]), *(over["mean"] + over["sd"]))


def _draw_curve(title: str, style: Style, over: pl.DataFrame, y: Axis) -> Chart:
    """Values that spread by factors stand on a logarithmic axis."""
    values = over["at"].to_list()
    factors = values[0] > 0 and values[-1] / values[0] >= 20
    places = tuple(math.log10(one) if factors else one for one in values)
    span = places[-1] - places[0]
    inside = [i for i, at in enumerate(places) if 0.25 < (at - places[0]) / span < 0.75]
    shown = [0, *inside[len(inside) // 2 :][:1], len(values) - 1]
    names = tuple(formats.short(values[i]) for i in shown)
    free = 0.04 * span
    x = Axis(places[0] - free, places[-1] + free, tuple(places[i] for i in shown), names=names)  # fmt: skip
    mean, sd = over["mean"], over["sd"]
    most = int(over["chosen"].arg_max() or 0)
    line = PlotCurve(
        "mean inner score", places, tuple(mean), style.hue, "spot", tuple(mean - sd), tuple(mean + sd)
    )  # fmt: skip
    top = PlotCurve("chosen most often", (places[most],), (mean[most],), style.hue, joined=False)  # fmt: skip
    return plot_curves(title, [line, top], x, y, height=96)


def _draw_curves(bundle: Bundle, curves: Sequence[_CurveDrawn]) -> Figure:
    edge = [one.name for one in curves if one.edge]
    words = (
        f"Chosen most often at an end of its grid, so that a wider grid may do better: {_some(edge)}."
        if edge
        else "The value chosen most often lies inside its grid in every curve."
    )
    unit = facts.tuned_by(bundle, bundle.datasets[0])
    marks = (
        term("validation_curve"), f": mean inner {unit.word} over the values of a parameter, the others at their best. "
        "Disc: chosen most often. Band: one SD over outer folds.",
    )  # fmt: skip
    charts = tuple(one.chart for one in curves)
    columns = ("Value", f"Mean inner {unit.word}", "SD", "Chosen")
    table = Table(columns, tuple(row for one in curves for row in one.rows))
    return Figure("validation-curves", words, marks, charts, table)


def _tuning_tables(bundle: Bundle, styles: Styles) -> Iterator[Table]:
    """What was chosen how often, and the levels of a score from training rows to test rows."""
    chosen = _chosen_rows(bundle, styles)
    if chosen:
        columns = ("Model", "Settings tried", "Chosen most often (of outer folds)", "Different ones chosen")  # fmt: skip
        yield Table(columns, tuple(chosen), "Settings that tuning chose")
    levels = [
        (dataset, family, found)
        for dataset in bundle.datasets
        for family, found in score_levels(bundle, dataset).items()
    ]
    names = [name for name in LEVELS if any(name in found for *_, found in levels)]
    rows = list[tuple[Cell, ...]]()
    for dataset, family, found in levels:
        unit, style = facts.tuned_by(bundle, dataset), styles.family(family)
        scores = [score(unit, found.get(name)) for name in names]
        rows.append((style.named, styles.dataset(dataset), *scores))
    if rows:
        heads = ("Model", "Dataset", *(LEVELS[name] for name in names))
        yield Table(heads, tuple(rows), "Scores from training rows to test rows")


def _chosen_rows(bundle: Bundle, styles: Styles) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for dataset in bundle.datasets:
        tuned = [t for t in bundle.tuned.get(dataset, []) if t.picked and len(t.candidates) > 1]  # fmt: skip
        if tuned and len(bundle.datasets) > 1:
            rows.append((styles.dataset(dataset),))
        for one in tuned:
            first = "; ".join(
                f"{candidate_words(one.candidates[c])} ({times} of {one.folds})"
                for c, times in one.picked[:COMMON]
            )
            tried, picked = count(len(one.candidates)), count(len(one.picked))
            rows.append((styles.family(one.family).named, tried, first, picked))
    return rows


def score_levels(bundle: Bundle, dataset: str) -> dict[str, dict[str, float]]:
    """By tuned model, its score at each of `LEVELS`."""
    have: dict[str, dict[str, float]] = {}
    for row in bundle.rows(
        "findings", FindingRow, diagnostic="waterfall", dataset=dataset
    ):
        name = row.code.removeprefix("O4.")
        if name in LEVELS and row.family and row.estimate is not None:
            have.setdefault(row.family, {})[name] = row.estimate
    return {
        family: found | _beside(bundle, dataset, family)
        for family, found in have.items()
        if {"inner", "outer"} <= found.keys()
    }


def _beside(bundle: Bundle, dataset: str, family: str) -> dict[str, float]:
    """What the model reaches where the test folds chose its candidate, and on a permuted target, if tried."""
    unit, found = facts.tuned_by(bundle, dataset), dict[str, float]()
    mine = {"dataset": dataset, "family": family, "metric": unit.name}
    chosen = bundle.frame("tuning").filter(**mine, variant="explanation=tuned_on_test")
    best = pl.col("value").max() if unit.higher else pl.col("value").min()
    means = chosen.group_by("candidate").agg(pl.col("value").mean()).drop_nulls()
    if means.height:
        each = chosen.group_by("repeat", "fold").agg(best)["value"].mean()
        found = {
            "one_by_test": means.select(best).item(),
            "each_by_test": float(each),  # type: ignore[arg-type]
        }
    permuted = bundle.frame("scores").filter(
        pl.col("variant").str.starts_with("permuted="), **mine, side="test"
    )
    value = permuted["value"].mean()
    return found if value is None else found | {"permuted": float(value)}  # type: ignore[arg-type]


def candidate_words(parameters: Mapping[str, object]) -> str:
    """A candidate in one line: `C = 1, gamma = scale`."""
    shown = (
        f"{k} = {formats.short(v) if isinstance(v, float) else v}"
        for k, v in sorted(parameters.items())
    )
    return ", ".join(shown) or "defaults"


SECTION = Section("overfitting", "Overfitting", overfitting, "both", order=50)
