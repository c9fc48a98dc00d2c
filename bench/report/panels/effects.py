"""What a feature does to the prediction on one dataset: partial dependence of the features that matter most."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report.bundle import Bundle
from bench.report.charts.lines import Facet, Field, Line, facets, line_plot
from bench.report.charts.svg import Figure, Table, nice
from bench.report.panel import Panel, View, drawn
from bench.report.panels._weights import legend, single, top, weights
from bench.report.styles import Style, Styles
from bench.report.text import effects as text
from bench.scores.compute import classes_of
from bench.stats.dependence import together
from bench.text import formats

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


def effects(bundle: Bundle, styles: Styles, dataset: str) -> View:
    """Partial dependence of the features that matter most, models together."""
    rows = bundle.frame("effects").filter(
        pl.col("dataset") == dataset, pl.col("value").is_not_null()
    )
    if rows.is_empty():
        return View(empty=text.NOT_COMPUTED)
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    curves = _curves(
        rows.filter(pl.col("family").is_in([style.name for style in shown]))
    )
    if curves.is_empty():
        return View(empty=text.NOT_OF_THOSE_DRAWN)
    spans = _spans(curves)
    picked = {name: spans[name] for name in _order(bundle, dataset, spans)}
    return View(
        figures=(
            _figure(bundle, shown, curves, picked, dataset, styles.dataset(dataset)),
        )
    )


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
    place: str,
) -> Figure:
    picked = {
        feature: curves.filter(
            pl.col("feature") == feature,
            pl.col("class").eq_missing(pl.lit(target, pl.String)),
        )
        for feature, (target, _) in spans.items()
    }
    every = pl.concat(picked.values())
    banded = len(shown) <= BANDS and not single(bundle, dataset)
    up = nice([float(every["value"].min()), float(every["value"].max())], 4)  # type: ignore[arg-type]
    show = formats.short if bundle.study.task == "regression" else formats.score
    positive = _positive(bundle, dataset)
    parts, lines = [], []
    for feature, part in picked.items():
        target, size = spans[feature]
        label = text.label(feature, place, target, show(size), len(shown))
        known = part if banded else part.drop("sd")
        body = _effect(
            shown,
            known,
            (up.low, up.high),
            label,
            _categories(bundle, dataset, feature),
        )
        parts.append(Facet(feature, target or "", body))
        names = dict(_categories(bundle, dataset, feature).iter_rows())
        lines += [
            (feature, target or positive or formats.NONE, *row)
            for row in _listed(shown, part, show, names)
        ]
    note = text.note(
        positive, probability=bundle.study.task != "regression", banded=banded
    )
    most = max(spans, key=lambda f: spans[f][1])
    said = text.conclusion(most, spans[most][1], len(shown))
    table = Table(
        ("Feature", "Class", "Model", text.VALUES_HEAD, text.SPREAD_HEAD), tuple(lines)
    )
    body = Markup("").join([facets(parts), legend(shown)])
    return Figure(f"effects-{dataset}", "Partial dependence", note, body, table, said)


def _positive(bundle: Bundle, dataset: str) -> str | None:
    """Of two classes the one whose probability is stored: the positive one, or the second."""
    classes = classes_of(bundle.frame("tables")).get(dataset)
    return (
        (classes.positive or classes.names[1])
        if classes is not None and len(classes.names) == 2
        else None
    )


def _categories(bundle: Bundle, dataset: str, feature: str) -> pl.DataFrame:
    """(at, label) of a feature's categories, empty for a number."""
    here = (
        (pl.col("dataset") == dataset)
        & (pl.col("feature") == feature)
        & pl.col("label").is_not_null()
    )
    return bundle.frame("effects").filter(here).select("at", "label").unique()


def _listed(
    shown: list[Style],
    part: pl.DataFrame,
    show: Callable[[float], str],
    names: dict[float, str],
) -> list[tuple[str, str, str]]:
    """By family: its name, the heights at up to eight places, and the largest spread; `names` of categories."""
    found = []
    for style in shown:
        rows = part.filter(family=style.name).sort("at")
        if rows.height:
            every = rows.gather_every(-(-rows.height // LISTED))
            places = every.select("at", "value").iter_rows()
            heights = [
                f"{show(value)} at {names.get(at) or formats.short(at)}"
                for at, value in places
            ]
            found.append(
                (style.title, "; ".join(heights), show(float(rows["sd"].max())))  # type: ignore[arg-type]
            )
    return found


def _effect(
    shown: list[Style],
    part: pl.DataFrame,
    span: tuple[float, float],
    label: str,
    names: pl.DataFrame,
) -> Markup:
    """One feature's curves, with bands where `part` has their `sd`.

    `names` (at, label) are the categories behind its codes, if it has any.
    """
    low, high = float(part["at"].min()), float(part["at"].max())  # type: ignore[arg-type]
    banded = "sd" in part.columns
    field, lines = (
        Field((low, high if high > low else low + 1), span, 130.0, cut=True),
        [],
    )
    for i, style in enumerate(shown):
        rows = part.filter(family=style.name).sort("at")
        points = tuple(rows.select("at", "value").iter_rows())
        if not points:
            continue
        edges = (
            [
                (at, v - sd, v + sd)
                for at, v, sd in rows.select("at", "value", "sd").iter_rows()
            ]
            if banded
            else []
        )
        spot = min(len(points) - 1, round((i + 1) * len(points) / (len(shown) + 1)))
        lines.append(
            Line(
                points,
                style.hue,
                style.shape,
                band=tuple(edges),
                marks=(spot,),
                key=style.key,
            )
        )
    marks = [
        (at, formats.short(at) if name is None else name[:CUT])
        for at, name in names.sort("at").iter_rows()
    ]
    return line_plot(lines, field, label, x_ticks=marks[:CODES] if marks else None)


PANEL = Panel("effects", text.TITLE, effects, order=90)
