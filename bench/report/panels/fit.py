"""Regression, one dataset: predicted against observed, and the quantiles of residuals over what was predicted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.core.by_row import GRID, RegressionFit
from bench.report.blocks import Block, Cell, Figure, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Area, Axis, Chart, Segment, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.charts.plot_matrix import plot_matrix
from bench.report.panel import Panel
from bench.report.styles import Style, Styles
from bench.report.values import Value, count, quantity
from bench.stats.misses import QUANTILES

#: The spread of residuals grows if it is so many times as large in the highest bin as in the lowest.
GROWS = 1.5
Fits = list[tuple[Style, RegressionFit]]


def fit(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Predicted against observed values, and residuals over the prediction; nothing of a classification."""
    fits = bundle.rows("regression_fits", RegressionFit, dataset=dataset)
    if fits:
        shown = [(styles.family(one.family), one) for one in fits]
        yield _observed(shown, dataset)
        yield _residuals(shown, dataset)


def _observed(shown: Fits, dataset: str) -> Figure:
    charts = tuple(_grid(style, one) for style, one in shown)
    rows = tuple(
        (style.named, count(one.n), Value(one.r, digits=3), quantity(one.bias))
        for style, one in shown
    )
    table = Table(
        ("Model", "Predictions", "Correlation", "Mean of predicted − observed"), rows
    )
    known = [pair for pair in shown if pair[1].r is not None]
    best, most = max(known or shown, key=lambda pair: pair[1].r or 0.0)
    result = (
        "Highest correlation of predicted and observed values: ", best.named, " ",
        Value(most.r, digits=3), ".",
    )  # fmt: skip
    marks = "Across: observed. Up: predicted. The darker a square, the more rows; dashed: equality."
    return Figure(f"observed-{dataset}", result, marks, charts, table)


def _grid(style: Style, one: RegressionFit) -> Chart:
    counts = np.sqrt(np.array(one.counts, dtype=float).reshape(GRID, GRID))
    cells = counts.T[::-1].tolist()  # across: truth; the largest prediction on top
    axis = choose_axis([one.low, one.high], ticks=4, floor=one.low, roof=one.high)
    chart = plot_matrix(style.title, (), (), cells, x=axis, y=axis, height=190)
    equal = Segment(one.low, one.low, one.high, one.high, "open", dashed=True)
    return replace(chart, marks=(*chart.marks, equal))


def _residuals(shown: Fits, dataset: str) -> Figure:
    quantiles = {
        style.name: np.array(one.quantiles).reshape(-1, len(QUANTILES))
        for style, one in shown
    }
    y = choose_axis(
        [0.0, *(float(q) for part in quantiles.values() for q in part.ravel())], ticks=4
    )
    charts = tuple(_bands(style, one, quantiles[style.name], y) for style, one in shown)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (style.named, quantity(at), *map(quantity, part), count(rows))
        for style, one in shown
        for at, part, rows in zip(
            one.at, quantiles[style.name].tolist(), one.in_bin, strict=True
        )
    )
    columns = ("Model", "At", *(f"{100 * q:g} %" for q in QUANTILES), "Rows")
    growing = [style.title for style, _ in shown if _grows(quantiles[style.name])]
    result = (
        f"The spread of residuals grows with the prediction: {', '.join(growing)}."
        if growing
        else "The residuals of no model spread 50 % more at large predictions than at small ones."
    )
    marks = (
        "Across: the prediction. Up: observed − predicted. Curve: median of the residuals; "
        "bands: 50 % and 90 % of the rows; dashed: zero."
    )
    return Figure(f"residuals-{dataset}", result, marks, charts, Table(columns, rows))


def _bands(style: Style, one: RegressionFit, quantiles: np.ndarray, y: Axis) -> Chart:
    at, by = tuple(one.at), [tuple(column) for column in quantiles.T.tolist()]
    x = choose_axis(at, ticks=3)
    outer = Area(at, by[0], by[4], style.hue)
    median = PlotCurve(style.title, at, by[2], style.hue, style.shape, by[1], by[3])
    return plot_curves(style.title, [median], x, y, level=0.0, under=[outer])


def _grows(quantiles: np.ndarray) -> bool:
    """Whether the span from the 5 % to the 95 % quantile is larger in the highest bin than in the lowest."""
    spans = quantiles[:, 4] - quantiles[:, 0]
    return bool(spans[-1] > GROWS * spans[0] > 0)


PANEL = Panel("fit", "Predicted and observed", fit, order=40)
