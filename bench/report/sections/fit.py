"""Regression, one data set: predicted against observed, and the quantiles of residuals over what was predicted."""

from __future__ import annotations

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report.bundle import Bundle
from bench.report.charts.lines import Field, Line, Panel, line_plot, panels
from bench.report.charts.matrices import predicted_observed
from bench.report.charts.svg import Figure, Table, line, nice
from bench.report.panel import Part, drawn, named
from bench.report.row_errors import tested
from bench.report.styles import Style, Styles
from bench.stats.misses import QUANTILES, ResidualBands, residual_bands
from bench.text import formats

BINS = 10


def fit(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    if bundle.study.task != "regression":
        return None
    tests, title = tested(bundle, dataset), "Predicted and observed"
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    if not shown:
        return Part("fit", title, empty="No predictions of test rows are stored here.")
    arrays = {}
    for style in shown:
        part = tests.filter(pl.col("family") == style.name)
        arrays[style.name] = part["truth"].to_numpy(), part["value"].to_numpy()
    place = styles.dataset(dataset)
    figures = _observed(shown, arrays, dataset, place), _residuals(shown, arrays, dataset, place)
    return Part("fit", title, (), figures)


def _observed(shown: list[Style], arrays: dict[str, tuple[np.ndarray, np.ndarray]], dataset: str, place: str) -> Figure:
    parts, rows = [], []
    for style in shown:
        truth, value = arrays[style.name]
        r = float(np.corrcoef(truth, value)[0, 1]) if np.ptp(truth) > 0 and np.ptp(value) > 0 else float("nan")
        label = (
            f"{style.title} on {place}: {formats.count(len(truth))} predictions against what was observed, "
            f"correlation {formats.score(r)}"
        )
        drawn_ = predicted_observed(truth, value, label)
        parts.append(Panel(named(style), f"r {formats.score(r)}", drawn_, style.key))
        bias = float((value - truth).mean())
        rows.append((style.title, formats.count(len(truth)), formats.score(r), formats.signed(bias)))
    note = "Predicted (up) over observed (across), test rows of every repeat; darker holds more; the line is perfect."
    table = Table(("Family", "Predictions", "Correlation", "Mean of predicted less observed"), tuple(rows))
    return Figure(f"observed-{dataset}", "Predicted over observed", note, panels(parts, wide=True), table)


def _residuals(
    shown: list[Style], arrays: dict[str, tuple[np.ndarray, np.ndarray]], dataset: str, place: str
) -> Figure:
    found = [(style, residual_bands(*arrays[style.name], bins=BINS)) for style in shown]
    up = nice([float(q) for _, one in found for q in (one.quantiles.min(), one.quantiles.max())] + [0.0], 4)
    parts = [
        Panel(named(style), _bias(one), _panel(style, one, (up.low, up.high), place), style.key) for style, one in found
    ]
    note = (
        "Observed less predicted over the prediction, in up to ten bins of equal mass. Line: the median. Bands: the "
        "middle half, and from the 5% to the 95% quantile. A line off zero is bias; a band that widens, growing noise."
    )
    columns = ("Family", "At", *(f"{100 * q:g}%" for q in QUANTILES), "Rows")
    rows = tuple(
        (style.title, formats.short(float(at)), *(formats.short(float(q)) for q in quantiles), formats.count(int(n)))
        for style, one in found
        for at, quantiles, n in zip(one.at, one.quantiles, one.n, strict=True)
    )
    return Figure(
        f"residuals-{dataset}", "Residuals", note, panels(parts, wide=True), Table(columns, rows), _said(found)
    )


def _bias(one: ResidualBands) -> str:
    return f"median {formats.short(round(float(np.average(one.quantiles[:, 2], weights=one.n)), 6))}"


def _panel(style: Style, one: ResidualBands, span: tuple[float, float], place: str) -> Markup:
    low, high = float(one.at.min()), float(one.at.max())
    field = Field((low, high if high > low else low + 1), span, 150.0)
    q = one.quantiles
    at = [float(x) for x in one.at]
    outer = tuple((x, float(a), float(b)) for x, a, b in zip(at, q[:, 0], q[:, 4], strict=True))
    inner = tuple((x, float(a), float(b)) for x, a, b in zip(at, q[:, 1], q[:, 3], strict=True))
    median = tuple(zip(at, (float(m) for m in q[:, 2]), strict=True))
    lines = [
        Line((), style.hue, band=outer),
        Line(median, style.hue, style.shape, band=inner, marks=tuple(range(len(at)))),
    ]
    label = f"Residuals of {style.title} on {place}: {_words(one)}"
    return line_plot(lines, field, label, [line(field.gutter, field.up(0), 98, field.up(0), "zero")])


def _width(one: ResidualBands) -> tuple[float, float]:
    """The span from the 5 % to the 95 % quantile in the lowest and in the highest bin."""
    spans = one.quantiles[:, 4] - one.quantiles[:, 0]
    return float(spans[0]), float(spans[-1])


def _words(one: ResidualBands) -> str:
    first, last = _width(one)
    return (
        f"median from {formats.short(float(one.quantiles[0, 2]))} at small to "
        f"{formats.short(float(one.quantiles[-1, 2]))} at large predictions; 90% of residuals span "
        f"{formats.short(first)} there and {formats.short(last)} here"
    )


def _said(found: list[tuple[Style, ResidualBands]]) -> str:
    """Whether the spread of residuals grows with the prediction: the last bin's span over the first's."""
    grows = [style.title for style, one in found if _width(one)[1] > 1.5 * _width(one)[0] > 0]
    if not grows:
        return "For no family is the spread of residuals half as large again at large predictions as at small ones."
    return f"The spread of residuals grows with the prediction for {formats.listed(grows)}."
