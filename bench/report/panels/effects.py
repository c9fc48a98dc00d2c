"""What a feature does to the prediction on one dataset: partial dependence of the features that matter most."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from bench.report.blocks import Block, Cell, Figure, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, Chart, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel, drawn
from bench.report.panels._weights import single, top, weights
from bench.report.styles import Style, Styles
from bench.report.values import Value, quantity
from bench.scores.compute import classes_of
from bench.stats.dependence import together

#: Features whose effect is drawn.
EFFECTS = 6
#: Bands are drawn for so many families at most.
BANDS = 3
#: Points of a curve at most, and those that its table lists.
POINTS, LISTED = 16, 8
#: Categories named under a curve, and how much of their names.
CODES, CUT = 5, 8
#: By feature: the class whose mean dependence moves most, and how far.
Spans = dict[str, tuple[str | None, float]]


def effects(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Partial dependence of the features that matter most, models together."""
    rows = bundle.frame("effects").filter(dataset=dataset).drop_nulls("value")
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    names = [style.name for style in shown]
    curves = _curves(rows.filter(pl.col("family").is_in(names)))
    if not curves.is_empty():
        spans = _spans(curves)
        picked = {name: spans[name] for name in _order(bundle, dataset, spans)}
        yield _figure(bundle, shown, curves, picked, dataset)


def _curves(rows: pl.DataFrame) -> pl.DataFrame:
    """Mean and spread over folds by family, feature, class and place, which may be others in every fold."""
    by = ["family", "feature", "class"]
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(by, pl.String)
    schema |= dict.fromkeys(("at", "value", "sd"), pl.Float64)
    ordered = rows.sort(*by, "repeat", "fold", "at")
    at, value, named = (
        ordered["at"].to_numpy(),
        ordered["value"].to_numpy(),
        ordered.select(by),
    )
    ends, lines = _ends(ordered, [*by, "repeat", "fold"]), list[tuple[object, ...]]()
    for low, high in pairwise(_ends(ordered, by)):
        here = [end for end in ends if low <= end <= high]
        one = together([(at[a:b], value[a:b]) for a, b in pairwise(here)], POINTS)
        curve = named.row(low)
        lines += [
            (*curve, *point) for point in zip(one.x, one.mean, one.sd, strict=True)
        ]
    return pl.DataFrame(lines, schema=schema, orient="row")


def _ends(ordered: pl.DataFrame, columns: list[str]) -> list[int]:
    """Where the rows of one value of these columns begin, and the number of rows; equal rows stand together."""
    if ordered.is_empty():
        return []
    ids = ordered.select(pl.struct(columns).rle_id())[:, 0].to_numpy().astype(int)
    return [int(start) for start in np.flatnonzero(np.diff(ids, prepend=-1))] + [
        ordered.height
    ]


def _spans(curves: pl.DataFrame) -> Spans:
    """By feature: the class whose mean dependence moves most, and how far, over families."""
    moves = curves.group_by("feature", "class", "family").agg(
        (pl.col("value").max() - pl.col("value").min()).alias("by")
    )
    best = (
        moves.group_by("feature", "class")
        .agg(pl.col("by").mean().round_sig_figs(9))
        .sort("feature", "class")
    )
    found: Spans = {}
    for feature, klass, size in best.iter_rows():
        if feature not in found or size > found[feature][1]:
            found[feature] = (klass, size)
    return found


def _order(bundle: Bundle, dataset: str, spans: Spans) -> list[str]:
    """The features by importance where it was measured, else by how far they move the prediction."""
    rows = bundle.frame("importance").filter(dataset=dataset, kind="permutation")
    ranked = [
        feature
        for feature in top(weights(rows), rows.height, signed=True)
        if feature in spans
    ]
    rest = sorted(
        (f for f in spans if f not in ranked), key=lambda f: (-spans[f][1], f)
    )
    return [*ranked, *rest][:EFFECTS]


def _figure(
    bundle: Bundle,
    shown: list[Style],
    curves: pl.DataFrame,
    spans: Spans,
    dataset: str,
) -> Figure:
    parts = {}
    for feature, (target, _) in spans.items():
        same = pl.col("class").eq_missing(pl.lit(target, pl.String))
        parts[feature] = curves.filter(pl.col("feature") == feature, same)
    banded = len(shown) <= BANDS and not single(bundle, dataset)
    values = [value for part in parts.values() for value in part["value"]]
    y = choose_axis(values, ticks=4)
    codes = {feature: _categories(bundle, dataset, feature) for feature in parts}
    positive = _positive(bundle, dataset)
    charts, lines = [], list[tuple[Cell, ...]]()
    for feature, part in parts.items():
        target = spans[feature][0]
        title = f"{feature}, {target}" if target else feature
        charts.append(_effect(title, shown, part, y, codes[feature], banded))
        lines.append((f"{title} ({positive})" if positive else title,))
        lines += _heights(bundle, shown, part, codes[feature])
    columns = ("At", *(style.short for style in shown))
    most = max(spans, key=lambda name: spans[name][1])
    result = (
        "Largest range of the mean prediction: ", most, ", ", _moved(bundle, spans[most][1]), ".",
    )  # fmt: skip
    marks = _marks(bundle, positive, banded)
    table = Table(columns, tuple(lines))
    return Figure(f"effects-{dataset}", result, marks, tuple(charts), table)


def _heights(
    bundle: Bundle, shown: list[Style], part: pl.DataFrame, codes: dict[float, str]
) -> list[tuple[Cell, ...]]:
    """The mean prediction of each model at each place of one feature."""
    found = {
        (family, at): value
        for family, at, value in part.select("family", "at", "value").iter_rows()
    }
    places = sorted({at for _, at in found})
    rows: list[tuple[Cell, ...]] = []
    for at in places[:: -(-len(places) // LISTED)]:
        heights = [found.get((style.name, at)) for style in shown]
        cells = [Value(None) if one is None else _moved(bundle, one) for one in heights]
        rows.append((codes.get(at) or quantity(at), *cells))
    return rows


def _moved(bundle: Bundle, value: float) -> Value:
    """A prediction: of a probability three decimals."""
    return quantity(value) if bundle.study.task == "regression" else Value(value, digits=3)  # fmt: skip


def _marks(bundle: Bundle, positive: str | None, banded: bool) -> str:
    words = "Up: mean prediction with the feature set to one value in every row."
    if bundle.study.task != "regression":
        target = positive or "the class that varies most"
        words = (
            f"Up: mean probability of {target} with the feature set to one value in every row; of models without "
            "probabilities, the share of rows labelled so."
        )
    return words + (" Band: SD over folds." if banded else "")


def _positive(bundle: Bundle, dataset: str) -> str | None:
    """Of two classes the one whose probability is stored: the positive one, or the second."""
    classes = classes_of(bundle.frame("tables")).get(dataset)
    if classes is None or len(classes.names) != 2:
        return None
    return classes.positive or classes.names[1]


def _categories(bundle: Bundle, dataset: str, feature: str) -> dict[float, str]:
    """The names of a feature's categories by their codes; empty for a number."""
    rows = bundle.frame("effects").filter(dataset=dataset, feature=feature)
    named = rows.drop_nulls("label").select("at", "label").unique().sort("at")
    return dict(named.iter_rows())


def _effect(
    title: str,
    shown: list[Style],
    part: pl.DataFrame,
    y: Axis,
    codes: dict[float, str],
    banded: bool,
) -> Chart:
    """One feature's curves, each with one mark, all at other places."""
    series = []
    for i, style in enumerate(shown):
        rows = part.filter(family=style.name).sort("at")
        if rows.height:
            at, value, sd = (tuple(rows[name]) for name in ("at", "value", "sd"))
            spot = min(len(at) - 1, round((i + 1) * len(at) / (len(shown) + 1)))
            ends = list(zip(value, sd, strict=True)) if banded else []
            low = tuple(max(y.low, mean - spread) for mean, spread in ends)
            high = tuple(min(y.high, mean + spread) for mean, spread in ends)
            series.append(
                PlotCurve(
                    style.title,
                    at,
                    value,
                    style.hue,
                    style.shape,
                    low,
                    high,
                    marked=(spot,),
                )
            )
    x = choose_axis([end for one in series for end in one.x], ticks=3)
    if codes:
        first = list(codes)[:CODES]
        names = tuple(codes[at][:CUT] for at in first)
        x = Axis(min(codes), max(codes) or 1, tuple(first), names=names)
    return plot_curves(title, series, x, y, height=130, key=True)


PANEL = Panel("effects", "Partial dependence", effects, order=90, folded=True)
