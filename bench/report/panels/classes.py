"""Errors by class: recall of each class and model, and the confusion tables."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.confusion import confusions
from bench.report.charts.intervals import Dot
from bench.report.charts.lanes import lanes
from bench.report.charts.svg import Figure, Table
from bench.report.panel import Panel, View, drawn
from bench.report.row_errors import by
from bench.report.styles import Style, Styles
from bench.report.text import classes as text
from bench.scores.design import level_of
from bench.stats.misses import Recall, recalls
from bench.text import formats

#: Classes drawn: the hardest.
DRAWN = 8


def by_class(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """Recall of each class and model with its interval, and the confusion tables."""
    if bundle.study.task == "regression":
        return None
    tests, classes = bundle.tested(dataset), bundle.classes(dataset)
    parts = by(tests, "family")
    shown = drawn(bundle, styles, dataset, set(parts))
    if tests.is_empty() or not classes or not shown:
        return View(empty=text.NO_PREDICTIONS)
    level = level_of(bundle.study)
    found = [(style, _recalls(parts[style.name], classes, level)) for style in shown]
    figure = _figure(found, classes, dataset, styles.dataset(dataset), level)
    counted = text.confusions(tests["repeat"].n_unique(), draws=facts.is_simulated(bundle, dataset))
    return View((), (figure,) if figure else (), confusions=confusions(tests, classes, shown), counted=counted)


def _recalls(part: pl.DataFrame, classes: list[str], level: float) -> list[Recall]:
    codes = part.select(
        pl.col("truth", "label")
        .cast(pl.String)
        .replace_strict(classes, list(range(len(classes))), return_dtype=pl.Int64)
    )
    return recalls(
        codes["truth"].to_numpy(), codes["label"].to_numpy(), part["row"].to_numpy(), len(classes), level=level
    )


def _figure(
    found: list[tuple[Style, list[Recall]]], classes: list[str], dataset: str, place: str, level: float
) -> Figure | None:
    shares = {k: [s for _, recall in found if (s := recall[k].share) is not None] for k in range(len(classes))}
    means = {k: float(np.mean(values)) for k, values in shares.items() if values}
    hardest = sorted(means, key=lambda k: (means[k], k))
    if not hardest:
        return None
    kept = sorted(hardest) if len(hardest) <= DRAWN else hardest[:DRAWN]
    rows = [(classes[k], f"{formats.count(found[0][1][k].rows)} rows", _dots(found, k)) for k in kept]
    lines = tuple((classes[k], *(_cell(recall[k]) for _, recall in found)) for k in kept)
    worst, best = ((classes[k], means[k]) for k in (hardest[0], hardest[-1]))
    highest = formats.share(best[1], 1)
    tied = sum(formats.share(means[k], 1) == highest for k in hardest[1:-1])
    conclusion = text.conclusion(worst, best, tied, models=len(found))
    body = lanes(rows, text.label(place, conclusion), (0.0, 1.0))
    table = Table(("Class", *(style.short for style, _ in found)), lines)
    note = text.note(level, DRAWN, len(hardest))
    return Figure(f"recall-{dataset}", "Recall by class", note, body, table, conclusion)


def _dots(found: list[tuple[Style, list[Recall]]], k: int) -> list[Dot]:
    return [
        Dot(style, share, recall[k].low, recall[k].high)
        for style, recall in found
        if (share := recall[k].share) is not None
    ]


def _cell(recall: Recall) -> str:
    return f"{formats.score(recall.share)} {formats.interval(recall.low, recall.high)}"


PANEL = Panel("classes", text.TITLE, by_class, order=50)
