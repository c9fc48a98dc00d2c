"""Regression, one dataset: predicted against observed, and the quantiles of residuals over what was predicted."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from bench.core.by_row import GRID, RegressionFit
from bench.report.bundle import Bundle
from bench.report.charts.lines import Facet, Field, Line, facets, head, line_plot
from bench.report.charts.matrices import predicted_observed
from bench.report.charts.svg import Figure, Table, line, nice
from bench.report.panel import Panel, View
from bench.report.styles import Style, Styles
from bench.report.text import fit as text
from bench.stats.misses import QUANTILES, ResidualBands
from bench.stats.noise import kept_decimals
from bench.text import formats

#: The spread of residuals grows if it is so many times as large in the highest bin as in the lowest.
GROWS = 1.5


def fit(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """Predicted against observed values, and residuals over the prediction; None of a classification."""
    if bundle.study.task != "regression":
        return None
    fits = bundle.rows("regression_fits", RegressionFit, dataset=dataset)
    if not fits:
        return View(empty=text.NO_PREDICTIONS)
    shown, place = (
        [(styles.family(one.family), one) for one in fits],
        styles.dataset(dataset),
    )
    return View(
        (), (_observed(shown, dataset, place), _residuals(shown, dataset, place))
    )


def _observed(
    shown: list[tuple[Style, RegressionFit]], dataset: str, place: str
) -> Figure:
    parts, rows = [], []
    for style, one in shown:
        r = float("nan") if one.r is None else one.r
        counts = np.array(one.counts).reshape(GRID, GRID)
        label = text.observed_label(style.title, place, one.n, r)
        body = predicted_observed(counts, one.low, one.high, label)
        parts.append(Facet(head(style), f"r {formats.correlation(r)}", body, style.key))
        bias = formats.signing(one.largest)(one.bias)
        rows.append((style.title, formats.count(one.n), formats.correlation(r), bias))
    table = Table(text.HEADER, tuple(rows))
    body = facets(parts, wide=True)
    return Figure(
        f"observed-{dataset}",
        "Predicted against observed",
        text.OBSERVED_NOTE,
        body,
        table,
    )


def _residuals(
    shown: list[tuple[Style, RegressionFit]], dataset: str, place: str
) -> Figure:
    found = [(style, _bands(one)) for style, one in shown]
    up = nice(
        [
            float(q)
            for _, bands in found
            for q in (bands.quantiles.min(), bands.quantiles.max())
        ]
        + [0.0],
        4,
    )
    parts = [
        Facet(
            head(style),
            _median(bands),
            _panel(style, bands, (up.low, up.high), place),
            style.key,
        )
        for style, bands in found
    ]
    columns = ("Model", "At", *(f"{100 * q:g} %" for q in QUANTILES), "Rows")
    rows = tuple(
        (
            style.title,
            formats.short(float(at)),
            *(formats.short(float(q)) for q in quantiles),
            formats.count(int(n)),
        )
        for style, bands in found
        for at, quantiles, n in zip(bands.at, bands.quantiles, bands.n, strict=True)
    )
    growing = [
        style.title
        for style, bands in found
        if _widths(bands)[1] > GROWS * _widths(bands)[0] > 0
    ]
    body, table = facets(parts, wide=True), Table(columns, rows)
    return Figure(
        f"residuals-{dataset}",
        "Residuals",
        text.RESIDUALS_NOTE,
        body,
        table,
        text.spread(growing),
    )


def _bands(one: RegressionFit) -> ResidualBands:
    quantiles = np.array(one.quantiles).reshape(-1, len(QUANTILES))
    return ResidualBands(np.array(one.at), quantiles, np.array(one.in_bin))


def _median(bands: ResidualBands) -> str:
    median = float(np.average(bands.quantiles[:, 2], weights=bands.n))
    return f"median {formats.short(round(median, kept_decimals(bands.quantiles)))}"


def _panel(
    style: Style, bands: ResidualBands, span: tuple[float, float], place: str
) -> Markup:
    low, high = float(bands.at.min()), float(bands.at.max())
    field = Field((low, high if high > low else low + 1), span, 150.0)
    q = bands.quantiles
    at = [float(x) for x in bands.at]
    outer = tuple(
        (x, float(a), float(b)) for x, a, b in zip(at, q[:, 0], q[:, 4], strict=True)
    )
    inner = tuple(
        (x, float(a), float(b)) for x, a, b in zip(at, q[:, 1], q[:, 3], strict=True)
    )
    median = tuple(zip(at, (float(m) for m in q[:, 2]), strict=True))
    lines = [
        Line((), style.hue, band=outer),
        Line(median, style.hue, style.shape, band=inner, marks=tuple(range(len(at)))),
    ]
    label = text.residuals_label(
        style.title, place, (float(q[0, 2]), float(q[-1, 2])), _widths(bands)
    )
    return line_plot(
        lines, field, label, [line(field.gutter, field.up(0), 98, field.up(0), "zero")]
    )


def _widths(bands: ResidualBands) -> tuple[float, float]:
    """The span from the 5 % to the 95 % quantile in the lowest and in the highest bin."""
    spans = bands.quantiles[:, 4] - bands.quantiles[:, 0]
    return float(spans[0]), float(spans[-1])


PANEL = Panel("fit", "Predicted and observed", fit, order=40)
