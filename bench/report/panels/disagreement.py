"""Where models disagree: the share of rows with different labels; of numbers, how alike their residuals are."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.report.bundle import Bundle
from bench.report.charts.pairs import matrix
from bench.report.charts.svg import Figure
from bench.report.panel import Panel, View, drawn
from bench.report.row_errors import residuals, side_by_side
from bench.report.styles import Style, Styles
from bench.report.text import disagreement as text
from bench.stats.misses import alike, disagreement
from bench.text import formats

TITLE = "Disagreement of models"


def disagree(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """A square of models: the share of rows with different labels, or the correlation of residuals."""
    tests: pl.DataFrame = bundle.tested(dataset)
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    if len(shown) < 2:
        return View(empty=text.ONE_MODEL)
    numbers, names = bundle.study.task == "regression", [style.name for style in shown]
    answers = residuals(tests, names) if numbers else side_by_side(tests, names)
    if len(answers) < 2:
        return View(empty=text.NO_COMMON_ROW)
    values = alike(answers) if numbers else disagreement(answers)
    words = [[_cell(float(v), numbers) for v in row] for row in values]
    conclusion = _residuals(shown, values) if numbers else _labels(shown, values)
    title, note = ("Likeness of errors", "residuals") if numbers else ("Disagreement", "labels")
    body = matrix(shown, values, words, f"{title}, {styles.dataset(dataset)}")
    return View((), (Figure(f"disagree-{dataset}", title, text.NOTES[note], body, None, conclusion),))


def _cell(value: float, numbers: bool) -> str:
    if numbers or np.isnan(value):
        return formats.correlation(value)
    return formats.share(value, 1)


def _pairs(values: np.ndarray) -> list[tuple[float, int, int]]:
    pairs = [(float(values[i, j]), i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    return [pair for pair in pairs if not np.isnan(pair[0])]


def _labels(shown: list[Style], values: np.ndarray) -> str:
    pairs = _pairs(values)
    (most, i, j), (least, k, m) = max(pairs), min(pairs)
    low = ((shown[k].title, shown[m].title), least) if len(pairs) > 1 else None
    return text.labels(((shown[i].title, shown[j].title), most), low)


def _residuals(shown: list[Style], values: np.ndarray) -> str:
    pairs = _pairs(values)
    if not pairs:
        return text.CONSTANT
    low, i, j = min(pairs)
    return text.residuals((shown[i].title, shown[j].title), low)


PANEL = Panel("disagreement", TITLE, disagree, order=70)
