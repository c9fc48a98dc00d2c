"""Which features matter on one dataset: permutation importances, coefficients, and the agreement of models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np
import polars as pl

from bench.report import facts
from bench.report.blocks import Block, Cell, Figure, Note, Paragraph, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.plot_dots import DotRow, PlotDot, plot_dots
from bench.report.panel import Panel, drawn
from bench.report.panels._weights import Weights, single, top, weights
from bench.report.panels.disagreement import pair_figure
from bench.report.styles import Style, Styles
from bench.report.values import Value, gain, quantity
from bench.stats.misses import alike
from bench.stats.ranks import midranks
from bench.text.words import Measure

#: Features listed.
FEATURES = 10
#: From this correlation on two features say nearly the same; and so many pairs are named.
ALIKE, PAIRS = 0.9, 3
#: A coefficient changes its sign if the share of folds above 0 lies between these.
TURNING = (0.1, 0.9)
Shown = Callable[[float], Value]


def importances(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Permutation importances and coefficients, and the agreement of models."""
    rows = bundle.frame("importance").filter(dataset=dataset).drop_nulls("value")
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    shuffled = weights(rows.filter(kind="permutation"))
    if any(weight.mean for weight in shuffled.values()):
        yield _shuffled(bundle, shown, shuffled, dataset, rows)
        yield from _agreement(shown, shuffled, dataset)
        yield from _alike(bundle, dataset, {feature for _, feature in shuffled})
    elif shuffled:
        yield Paragraph(
            "No feature can be shuffled: every fold has one test row."
            if single(bundle, dataset)
            else "Shuffling any one feature among the test rows changes no score."
        )
    sloped = weights(rows.filter(kind="coefficient"))
    if any(weight.mean for weight in sloped.values()):
        yield _coefficients(shown, sloped, dataset)


def _alike(bundle: Bundle, dataset: str, features: set[str]) -> Iterator[Note]:
    """The features that say nearly the same, by name: shuffled alone, each seems to matter little."""
    frame = bundle.frame("correlations").filter(
        pl.col("i") < pl.col("j"), pl.col("r").abs() >= ALIKE, dataset=dataset
    )
    frame = frame.filter(pl.col("a").is_in(features), pl.col("b").is_in(features))
    frame = frame.with_columns(size=pl.col("r").abs())
    frame = frame.sort(["size", "i", "j"], descending=[True, False, False])
    if frame.is_empty():
        return
    said: list[Piece] = ["Highly correlated features, each may matter more than shown: "]  # fmt: skip
    for i, (a, b, r) in enumerate(frame.head(PAIRS).select("a", "b", "r").iter_rows()):
        said += [", " if i else "", f"{a} with {b} (r = ", Value(r, digits=3), ")"]
    if frame.height > PAIRS:
        said.append(f"; more pairs: {frame.height - PAIRS}")
    yield Note("remark", (*said, "."))


def _rows(shown: list[Style], found: Weights, names: list[str], times: float) -> list[DotRow]:  # fmt: skip
    rows = []
    for feature in names:
        dots = [
            PlotDot(
                style.named,
                times * one.mean,
                times * (one.mean - one.sd),
                times * (one.mean + one.sd),
            )
            for style in shown
            if (one := found.get((style.name, feature))) is not None
        ]
        rows.append(DotRow(feature, tuple(dots)))
    return [row for row in rows if row.dots]


def _table(shown: list[Style], found: Weights, names: list[str], show: Shown) -> Table:
    """A row for each feature and model."""
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            style.named,
            show(one.mean),
            show(one.sd),
            Value(100 * one.above, "%", 0),
        )
        for name in names
        for style in shown
        if (one := found.get((style.name, name))) is not None
    ]
    columns = ("Feature", "Model", "Mean", "SD over folds", "Folds above 0")
    return Table(columns, tuple(rows))


def _shuffled(
    bundle: Bundle,
    shown: list[Style],
    found: Weights,
    dataset: str,
    rows: pl.DataFrame,
) -> Figure:
    names = {style.name for style in shown}
    listed = top({k: w for k, w in found.items() if k[0] in names}, FEATURES, signed=True)  # fmt: skip
    unit = facts.tuned_by(bundle, dataset)
    unit = unit.beside(*(weight.mean for weight in found.values()))
    lines = _rows(shown, found, listed, 100.0 if unit.share else 1.0)
    chart = plot_dots("Permutation importance", lines, line=0.0)
    change, points = "drop" if unit.higher else "rise", ", in pp" if unit.share else ""
    marks = f"Across: {change} in {unit.word} when a feature is shuffled{points}; bar: SD over folds."
    every = len({feature for _, feature in found})
    if every > len(listed):
        marks += f" Features shown: {len(listed)} of {every}."
    folds = [
        one.unique(["repeat", "fold"]).height
        for one in (rows, bundle.frame("folds").filter(dataset=dataset))
    ]
    if folds[0] < folds[1]:
        marks += f" Folds measured: the first {folds[0]} of {folds[1]}."
    result = _most_important(shown, found, unit)
    table = _table(shown, found, listed, partial(gain, unit))
    return Figure(f"importance-{dataset}", result, marks, (chart,), table)


def _most_important(shown: list[Style], found: Weights, unit: Measure) -> tuple[Piece, ...]:  # fmt: skip
    """By feature the models that it matters most to, each with the loss when it is shuffled."""
    firsts: dict[str, list[Style]] = {}
    for style in shown:
        if first := _first(found, style.name):
            firsts.setdefault(first, []).append(style)
    if not firsts:
        return ("No feature matters to any model when it is shuffled alone.",)
    said: list[Piece] = ["Most important: "]
    for i, (feature, models) in enumerate(firsts.items()):
        said += ["; " if i else "", feature, " for "]
        for k, style in enumerate(models):
            loss = gain(unit, found[style.name, feature].mean)
            said += [", " if k else "", style.named, " (", loss, ")"]
    return (*said, ".")


def _first(found: Weights, family: str) -> str | None:
    """The feature whose shuffling costs a family most; None where none costs it anything."""
    own = [(-weight.mean, feature) for (name, feature), weight in found.items() if name == family]  # fmt: skip
    least = min(own, default=(0.0, ""))
    return least[1] if least[0] < 0 else None


def agreement(found: Weights, families: list[str]) -> np.ndarray:
    """(f, f): Spearman's correlation of mean importances over the features that all families have."""
    features = sorted({feature for _, feature in found})
    common = [f for f in features if all((family, f) in found for family in families)]
    if len(common) < 3:
        return np.full((len(families), len(families)), np.nan)
    ranks = [
        midranks(np.array([found[family, f].mean for f in common]))
        for family in families
    ]
    return alike(np.array(ranks).T)


def _agreement(shown: list[Style], found: Weights, dataset: str) -> Iterator[Figure]:
    """Whether models agree on what matters; nothing without a correlation."""
    have = {family for family, _ in found}
    here = [style for style in shown if style.name in have]
    values = agreement(found, [style.name for style in here])
    pairs = [
        (here[i], here[j], float(values[i, j]))
        for i, j in combinations(range(len(here)), 2)
        if not np.isnan(values[i, j])
    ]
    if pairs:
        marks = "Square: Spearman's correlation of the mean importances of two models."
        words = ("Most agreement on what matters", "least")
        show = partial(Value, digits=3)
        yield pair_figure(f"agreement-{dataset}", here, pairs, show, words, marks)


def _coefficients(shown: list[Style], found: Weights, dataset: str) -> Figure:
    have = {family for family, _ in found}
    here = [style for style in shown if style.name in have]
    names = top(found, FEATURES, signed=False)
    chart = plot_dots("Coefficients", _rows(here, found, names, 1.0), line=0.0)
    low, high = TURNING
    turning = {f for (_, f), w in found.items() if f in names and low < w.above < high}
    result = (
        f"Coefficients that change their sign between folds: {', '.join(sorted(turning))}."
        if turning
        else "Every coefficient shown keeps its sign in at least nine of ten folds."
    )
    marks = "Across: coefficient of the standardised feature; bar: SD over folds."
    table = _table(here, found, names, quantity)
    return Figure(f"coefficients-{dataset}", result, marks, (chart,), table)


PANEL = Panel("importance", "Feature importance", importances, order=80, folded=True)
