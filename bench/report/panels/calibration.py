"""Calibration curves of one dataset: how often labels are right, over how sure the family was of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from bench.core.by_row import BIN_ROWS, MOST_BINS, CalibrationCurve
from bench.report.bundle import Bundle
from bench.report.charts.lines import (
    Facet,
    Field,
    Line,
    facets,
    head,
    line_plot,
    ranges,
)
from bench.report.charts.svg import Figure, Table, line
from bench.report.panel import Panel, View
from bench.report.styles import Style, Styles
from bench.report.text import calibration as text
from bench.text import formats

HEIGHT = 150.0


@dataclass(frozen=True)
class Calibrated:
    """One family's reliability curve and its calibration error."""

    style: Style
    curve: CalibrationCurve

    @property
    def error(self) -> text.Error:
        """The facts that sentences are made of."""
        one = self.curve
        outside = sum(
            came < low or came > high
            for came, low, high in zip(one.came, one.low, one.high, strict=True)
        )
        assert (
            one.error is not None and one.level is not None and one.excess is not None
        )  # no hard votes
        return text.Error(
            self.style.title,
            one.error,
            one.level,
            one.limit,
            one.excess,
            outside,
            len(one.n),
        )


def calibrated(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """Reliability curves and the calibration error of each model; None of a regression."""
    if bundle.study.task == "regression":
        return None
    tests = bundle.test_sets(dataset)
    if tests is None or not tests.calibrated:
        return View(empty=text.NO_PROBABILITIES)
    rows = bundle.rows("calibration_curves", CalibrationCurve, dataset=dataset)
    hard = text.hard_votes(
        [styles.family(row.family).title for row in rows if row.hard_votes]
    )
    found = [
        Calibrated(styles.family(row.family), row) for row in rows if not row.hard_votes
    ]
    if not found:
        return View(empty=hard or text.too_few(2 * BIN_ROWS))
    off, all_off = _off(bundle, found, dataset), _found_off(bundle, dataset)
    shown = {model.style.name for model in found}
    elsewhere = [
        style.title
        for name, style in styles.families.items()
        if name in all_off - shown
    ]
    said = text.conclusion([model.error for model in off], elsewhere)
    figure = _figure(found, dataset, styles.dataset(dataset))
    return View(
        (said, hard) if hard else (said,), (figure,), ((text.ERRORS, _errors(found)),)
    )


def _errors(found: list[Calibrated]) -> Table:
    """What the sentence, the figure and the finding rest on."""
    rows = tuple(
        (
            e.model,
            formats.score(e.error),
            formats.score(e.expected),
            text.limit(e.limit),
        )
        for e in (model.error for model in found)
    )
    return Table(
        ("Model", "Calibration error", "Expected if calibrated", "Upper limit"), rows
    )


def _figure(found: list[Calibrated], dataset: str, place: str) -> Figure:
    low = min(min(*model.curve.said, *model.curve.came) for model in found)
    low = max(0.0, min(0.9, float(np.floor(10 * low) / 10)))
    parts = [
        Facet(
            head(model.style),
            text.facet_note(model.error),
            _panel(model, low, place),
            model.style.key,
        )
        for model in found
    ]
    columns = ("Model", "Confidence", "Share right", "95 % range if calibrated", "Rows")
    rows = tuple(
        (
            model.style.title,
            *(formats.score(v) for v in (said, came)),
            formats.interval(a, b),
            formats.count(n),
        )
        for model in found
        for said, came, n, a, b in _bins(model.curve)
    )
    return Figure(
        f"calibration-{dataset}",
        "Calibration",
        text.note(MOST_BINS),
        facets(parts, wide=True),
        Table(columns, rows),
    )


def _bins(curve: CalibrationCurve) -> Iterator[tuple[float, float, int, float, float]]:
    """Confidence, share of right labels, rows, low, high of each bin."""
    yield from zip(curve.said, curve.came, curve.n, curve.low, curve.high, strict=True)


def _panel(model: Calibrated, low: float, place: str) -> Markup:
    field = Field((low, 1.0), (low, 1.0), HEIGHT)
    across, up = field.across, field.up
    bars = ranges(field, [(said, a, b) for said, _, _, a, b in _bins(model.curve)])
    ideal = line(across(low), up(low), across(1.0), up(1.0), "rule slant")
    points = list(zip(model.curve.said, model.curve.came, strict=True))
    curve = Line(
        tuple(points),
        model.style.hue,
        model.style.shape,
        "thin",
        marks=tuple(range(len(points))),
    )
    return line_plot([curve], field, text.label(model.error, place), [bars, ideal])


def _off(bundle: Bundle, found: list[Calibrated], dataset: str) -> list[Calibrated]:
    """Whose probabilities are off: as the finding says, else by its test with the level split over these families."""
    if (
        bundle.frame("findings")
        .filter(diagnostic="calibration", dataset=dataset)
        .height
    ):
        named_ = _found_off(bundle, dataset)
        return [model for model in found if model.style.name in named_]
    return [
        model
        for model in found
        if (limit := model.error.limit) is not None and model.error.error > limit
    ]


def _found_off(bundle: Bundle, dataset: str) -> set[str]:
    """The families whose probabilities are off, as the finding says."""
    return set(
        bundle.frame("findings").filter(
            diagnostic="calibration", dataset=dataset, outcome="found"
        )["family"]
    )


PANEL = Panel("calibration", text.TITLE, calibrated, order=30)
