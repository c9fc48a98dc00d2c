"""Calibration curves of one dataset: how often labels are right, over how sure the family was of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.diagnose.calibration import hard_votes
from bench.report.bundle import Bundle
from bench.report.charts.lines import Facet, Field, Line, facets, head, line_plot, ranges
from bench.report.charts.svg import Figure, Table, line
from bench.report.panel import Panel, View, drawn
from bench.report.styles import Style, Styles
from bench.report.text import calibration as text
from bench.run.seeds import seed_of
from bench.scores.design import alpha_of
from bench.stats.calibration import Calibration, Reliability, calibration, draws_at, reliability
from bench.text import formats

#: Rows that a bin should hold, and how many bins there are at most.
ROWS, BINS = 15, 10
HEIGHT = 150.0


@dataclass(frozen=True)
class Calibrated:
    """One family's reliability curve and its calibration error."""

    style: Style
    curve: Reliability
    whole: Calibration

    @property
    def error(self) -> text.Error:
        """The facts that sentences are made of."""
        outside = int(((self.curve.came < self.curve.low) | (self.curve.came > self.curve.high)).sum())
        whole = self.whole
        limit = whole.limit if whole.limit < float("inf") else None
        return text.Error(self.style.title, whole.error, whole.level, limit, whole.excess, outside, len(self.curve.n))


def calibrated(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """Reliability curves and the calibration error of each model; None of a regression."""
    if bundle.study.task == "regression":
        return None
    first = bundle.tested(dataset).filter(pl.col("repeat") == 0, pl.col("p").is_not_null())
    if first.is_empty():
        return View(empty=text.NO_PROBABILITIES)
    votes, many = _sorted(first)
    hard = text.hard_votes([style.title for style in drawn(bundle, styles, dataset, votes)])
    shown = drawn(bundle, styles, dataset, many - votes)
    alpha = _alpha(bundle, len(shown))
    found = [_of(bundle, style, dataset, first, alpha) for style in shown]
    if not found:
        return View(empty=hard or text.too_few(2 * ROWS))
    off, all_off = _off(bundle, found, dataset), _found_off(bundle, dataset)
    elsewhere = [style.title for name, style in styles.families.items() if name in all_off - {s.name for s in shown}]
    said = text.conclusion([model.error for model in off], elsewhere)
    figure = _figure(found, dataset, styles.dataset(dataset))
    return View((said, hard) if hard else (said,), (figure,), ((text.ERRORS, _errors(found)),))


def _sorted(predictions: pl.DataFrame) -> tuple[set[str], set[str]]:
    """The families that give hard votes, and those with rows enough for a curve."""
    parts = {str(family): part for (family,), part in predictions.partition_by("family", as_dict=True).items()}
    votes = {family for family, part in parts.items() if hard_votes(part)}
    return votes, {family for family, part in parts.items() if part.height >= 2 * ROWS}


def _errors(found: list[Calibrated]) -> Table:
    """What the sentence, the figure and the finding rest on."""
    rows = tuple(
        (e.model, formats.score(e.error), formats.score(e.expected), text.limit(e.limit))
        for e in (model.error for model in found)
    )
    return Table(("Model", "Calibration error", "Expected if calibrated", "Upper limit"), rows)


def _alpha(bundle: Bundle, families: int) -> float:
    """The level of one family's test: split over all that the finding looked at, else over those drawn."""
    rows = bundle.frame("findings").filter(pl.col("diagnostic") == "calibration", pl.col("estimate").is_not_null())
    return alpha_of(bundle.study) / max(1, rows.height or families)


def _of(bundle: Bundle, style: Style, dataset: str, first: pl.DataFrame, alpha: float) -> Calibrated:
    part = first.filter(family=style.name)
    confidence = np.clip(part["p"].list.max().to_numpy(), 0.0, 1.0)
    right = (part["label"] == part["truth"]).to_numpy()
    bins = min(BINS, len(right) // ROWS)
    seed = seed_of("calibration", bundle.study.id, dataset, style.name)
    whole = calibration(confidence, right, seed=seed, draws=draws_at(alpha), alpha=alpha)
    return Calibrated(style, reliability(confidence, right, bins=bins), whole)


def _figure(found: list[Calibrated], dataset: str, place: str) -> Figure:
    low = min(float(np.minimum(model.curve.said, model.curve.came).min()) for model in found)
    low = max(0.0, min(0.9, float(np.floor(10 * low) / 10)))
    parts = [
        Facet(head(model.style), text.facet_note(model.error), _panel(model, low, place), model.style.key)
        for model in found
    ]
    columns = ("Model", "Confidence", "Share right", "95 % range if calibrated", "Rows")
    rows = tuple(
        (
            model.style.title,
            *(formats.score(float(v)) for v in (said, came)),
            formats.interval(float(a), float(b)),
            formats.count(int(n)),
        )
        for model in found
        for said, came, n, a, b in _bins(model.curve)
    )
    return Figure(
        f"calibration-{dataset}", "Calibration", text.note(BINS), facets(parts, wide=True), Table(columns, rows)
    )


def _bins(curve: Reliability) -> Iterator[tuple[float, float, int, float, float]]:
    """Confidence, share of right labels, rows, low, high of each bin."""
    yield from zip(curve.said, curve.came, curve.n, curve.low, curve.high, strict=True)


def _panel(model: Calibrated, low: float, place: str) -> Markup:
    field = Field((low, 1.0), (low, 1.0), HEIGHT)
    across, up = field.across, field.up
    bars = ranges(field, [(said, a, b) for said, _, _, a, b in _bins(model.curve)])
    ideal = line(across(low), up(low), across(1.0), up(1.0), "rule slant")
    points = [(float(x), float(y)) for x, y in zip(model.curve.said, model.curve.came, strict=True)]
    curve = Line(tuple(points), model.style.hue, model.style.shape, "thin", marks=tuple(range(len(points))))
    return line_plot([curve], field, text.label(model.error, place), [bars, ideal])


def _off(bundle: Bundle, found: list[Calibrated], dataset: str) -> list[Calibrated]:
    """Whose probabilities are off: as the finding says, else by its test with the level split over these families."""
    if bundle.frame("findings").filter(diagnostic="calibration", dataset=dataset).height:
        named_ = _found_off(bundle, dataset)
        return [model for model in found if model.style.name in named_]
    return [model for model in found if model.whole.error > model.whole.limit]


def _found_off(bundle: Bundle, dataset: str) -> set[str]:
    """The families whose probabilities are off, as the finding says."""
    return set(bundle.frame("findings").filter(diagnostic="calibration", dataset=dataset, outcome="found")["family"])


PANEL = Panel("calibration", text.TITLE, calibrated, order=30)
