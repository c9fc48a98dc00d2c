"""Errors by class: recall of each class and model, and the confusion tables."""

from __future__ import annotations

import numpy as np

from bench.core.by_row import ConfusionCount
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.confusion import confusion
from bench.report.charts.intervals import Dot
from bench.report.charts.lanes import lanes
from bench.report.charts.svg import Figure, Table
from bench.report.panel import Panel, View, drawn_by_row
from bench.report.styles import Style, Styles
from bench.report.text import classes as text
from bench.scores.design import level_of
from bench.stats.misses import Recall, recall
from bench.text import formats

#: Classes drawn: the hardest.
DRAWN = 8


def by_class(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """Recall of each class and model with its interval, and the confusion tables."""
    if bundle.study.task == "regression":
        return None
    tests, classes, shown = (
        bundle.test_sets(dataset),
        bundle.classes(dataset),
        drawn_by_row(bundle, styles, dataset),
    )
    if tests is None or not classes or not shown:
        return View(empty=text.NO_PREDICTIONS)
    counts: dict[str, list[ConfusionCount]] = {style.name: [] for style in shown}
    for one in bundle.rows("confusions", ConfusionCount, dataset=dataset):
        counts[one.family].append(one)
    level = level_of(bundle.study)
    found = [(style, _recalls(counts[style.name], classes, level)) for style in shown]
    figure = _figure(found, classes, dataset, styles.dataset(dataset), level)
    counted = text.confusions(tests.repeats, draws=facts.is_simulated(bundle, dataset))
    tables = tuple(
        confusion(style, counts[style.name], classes, tests.repeats) for style in shown
    )
    return View((), (figure,) if figure else (), confusions=tables, counted=counted)


def _recalls(
    counts: list[ConfusionCount], classes: list[str], level: float
) -> list[Recall]:
    of = {name: [one for one in counts if one.truth == name] for name in classes}
    right = {one.truth: one.predictions for one in counts if one.label == one.truth}
    return [
        recall(
            right.get(name, 0),
            sum(one.predictions for one in own),
            own[0].rows if own else 0,
            level=level,
        )
        for name, own in of.items()
    ]


def _figure(
    found: list[tuple[Style, list[Recall]]],
    classes: list[str],
    dataset: str,
    place: str,
    level: float,
) -> Figure | None:
    shares = {
        k: [s for _, recall in found if (s := recall[k].share) is not None]
        for k in range(len(classes))
    }
    means = {k: float(np.mean(values)) for k, values in shares.items() if values}
    hardest = sorted(means, key=lambda k: (means[k], k))
    if not hardest:
        return None
    kept = sorted(hardest) if len(hardest) <= DRAWN else hardest[:DRAWN]
    rows = [
        (classes[k], f"{formats.count(found[0][1][k].rows)} rows", _dots(found, k))
        for k in kept
    ]
    lines = tuple(
        (classes[k], *(_cell(recall[k]) for _, recall in found)) for k in kept
    )
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
