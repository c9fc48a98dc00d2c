"""Where models disagree: the share of rows with different labels; of numbers, how alike their residuals are."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from bench.core.by_row import PairByRow
from bench.report.bundle import Bundle
from bench.report.charts.pairs import matrix
from bench.report.charts.svg import Figure
from bench.report.panel import Panel, View, drawn_by_row
from bench.report.styles import Style, Styles
from bench.report.text import disagreement as text
from bench.stats.noise import without_noise
from bench.text import formats

TITLE = "Disagreement of models"


def disagree(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """A square of models: the share of rows with different labels, or the correlation of residuals."""
    shown = drawn_by_row(bundle, styles, dataset)
    if len(shown) < 2:
        return View(empty=text.ONE_MODEL)
    pairs = bundle.rows("family_pairs", PairByRow, dataset=dataset)
    if not pairs:
        return View(empty=text.NO_COMMON_ROW)
    numbers, place = (
        bundle.study.task == "regression",
        {style.name: i for i, style in enumerate(shown)},
    )
    values = np.full((len(shown), len(shown)), 1.0 if numbers else 0.0)
    for pair in pairs:
        i, j = place[pair.family], place[pair.against]
        values[i, j] = values[j, i] = np.nan if pair.value is None else pair.value
    words = [[_cell(float(v), numbers) for v in row] for row in values]
    conclusion = _residuals(shown, values) if numbers else _labels(shown, values)
    title, note = (
        ("Likeness of errors", "residuals") if numbers else ("Disagreement", "labels")
    )
    body = matrix(shown, values, words, f"{title}, {styles.dataset(dataset)}")
    return View(
        (),
        (
            Figure(
                f"disagree-{dataset}", title, text.NOTES[note], body, None, conclusion
            ),
        ),
    )


def _cell(value: float, numbers: bool) -> str:
    if numbers or np.isnan(value):
        return formats.correlation(value)
    return formats.share(value, 1)


def _extremes(
    shown: list[Style], values: np.ndarray
) -> list[tuple[float, list[text.Couple]]]:
    """The smallest number of two models and the largest, each with all pairs that have it; empty without any."""
    pairs = combinations(range(len(values)), 2)
    known = [(i, j) for i, j in pairs if not np.isnan(values[i, j])]
    found = without_noise(np.array([values[pair] for pair in known]))
    couples = [(shown[i].title, shown[j].title) for i, j in known]
    ends = (found.min(), found.max()) if len(found) else ()
    return [
        (
            float(end),
            [pair for pair, one in zip(couples, found, strict=True) if one == end],
        )
        for end in ends
    ]


def _labels(shown: list[Style], values: np.ndarray) -> str:
    (low, least), (high, most) = _extremes(shown, values)
    return text.labels(most, high, least, low)


def _residuals(shown: list[Style], values: np.ndarray) -> str:
    extremes = _extremes(shown, values)
    return text.residuals(extremes[0][1], extremes[0][0]) if extremes else text.CONSTANT


PANEL = Panel("disagreement", TITLE, disagree, order=70)
