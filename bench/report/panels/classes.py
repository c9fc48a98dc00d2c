"""Errors by class: recall of each class and model, and what is taken for what."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.by_row import ConfusionCount
from bench.report import facts
from bench.report.blocks import Block, Cell, Details, Figure, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Chart, choose_axis
from bench.report.charts.plot_dots import DotRow, PlotDot, plot_dots
from bench.report.charts.plot_matrix import plot_matrix
from bench.report.panel import Panel, drawn_by_row
from bench.report.styles import Style, Styles
from bench.report.values import Value, count, percent, score
from bench.scores.design import level_of
from bench.stats.misses import Recall, recall
from bench.text.words import measure

#: Classes drawn: the hardest. With more classes than this a matrix is a list of its largest errors.
DRAWN, IN_MATRIX = 8, 12
LISTED = 10
ClassCounts = dict[str, list[ConfusionCount]]
ClassRecalls = dict[str, list[Recall]]


def by_class(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Recall of each class and model with its interval; all confusions in a fold."""
    tests, classes = bundle.test_sets(dataset), bundle.classes(dataset)
    shown = drawn_by_row(bundle, styles, dataset)
    if bundle.study.task == "regression" or not (tests and classes and shown):
        return
    counts: ClassCounts = {style.name: [] for style in shown}
    for one in bundle.rows("confusions", ConfusionCount, dataset=dataset):
        counts[one.family].append(one)
    level = level_of(bundle.study)
    found = {name: _recalls(rows, classes, level) for name, rows in counts.items()}
    hardest = sorted(_means(found, classes).items(), key=lambda item: item[1])
    if hardest:
        yield _figure(shown, found, classes, hardest, dataset, level)
    per = "draw" if facts.is_simulated(bundle, dataset) else "repeat"
    said = f"Row: true class; column: predicted class; mean over each {per}: {tests.repeats}."
    table = _taken_for(shown, counts, tests.repeats)
    if len(classes) <= IN_MATRIX:
        charts = tuple(
            _matrix(style, counts[style.name], classes, tests.repeats)
            for style in shown
        )
        marks = "Blue: recognised; orange: taken for another class; the darker, the larger its share of the class."
        figure = Figure(f"confusions-{dataset}", said, marks, charts, table)
        yield Details("Confusions", (figure,))
    elif table.rows:
        yield Details("Confusions", (table,))


def _recalls(
    counts: list[ConfusionCount], classes: list[str], level: float
) -> list[Recall]:
    """The recall of each class."""
    found = []
    for name in classes:
        own = [one for one in counts if one.truth == name]
        right = sum(one.predictions for one in own if one.label == name)
        every = sum(one.predictions for one in own)
        found.append(recall(right, every, own[0].rows if own else 0, level=level))
    return found


def _means(found: ClassRecalls, classes: list[str]) -> dict[int, float]:
    """By class its mean recall over models."""
    means = {}
    for k in range(len(classes)):
        shares = [row[k].share for row in found.values()]
        known = [share for share in shares if share is not None]
        if known:
            means[k] = sum(known) / len(known)
    return means


def _figure(
    shown: list[Style],
    found: ClassRecalls,
    classes: list[str],
    hardest: list[tuple[int, float]],
    dataset: str,
    level: float,
) -> Figure:
    kept = [k for k, _ in hardest[:DRAWN]]
    if len(hardest) <= DRAWN:
        kept.sort()
    first = found[shown[0].name]
    rows = [
        DotRow(classes[k], _dots(shown, found, k), count(first[k].rows, "rows"))
        for k in kept
    ]
    unit = measure("accuracy")
    cells: list[tuple[Cell, ...]] = [
        (
            classes[k],
            *(
                score(unit, one.share, one.low, one.high)
                for style in shown
                for one in [found[style.name][k]]
            ),
        )
        for k in kept
    ]
    table = Table(("Class", *(style.short for style in shown)), tuple(cells))
    ends = [end for row in rows for dot in row.dots for end in (dot.low, dot.middle)]
    chart = plot_dots("Recall by class", rows, choose_axis([*ends, 1.0], roof=1.0))
    marks = f"Across: the share of a class's rows that is recognised. Bar: {100 * level:g} % Wilson interval."
    if len(hardest) > DRAWN:
        marks += f" Classes shown: the {DRAWN} hardest of {len(hardest)}."
    return Figure(
        f"recall-{dataset}",
        _result(shown, found, classes, hardest),
        marks,
        (chart,),
        table,
    )


def _dots(shown: list[Style], found: ClassRecalls, k: int) -> tuple[PlotDot, ...]:
    return tuple(
        PlotDot(style.named, one.share, one.low, one.high)
        for style in shown
        if (one := found[style.name][k]).share is not None
    )


def _result(
    shown: list[Style],
    found: ClassRecalls,
    classes: list[str],
    hardest: list[tuple[int, float]],
) -> tuple[Piece, ...]:
    """The hardest class, and who recognises it best and worst; the easiest."""
    k, mean = hardest[0]
    easiest, most = hardest[-1]
    named = [(found[style.name][k].share, style) for style in shown]
    known = [(share, style) for share, style in named if share is not None]
    said: list[Piece] = [
        "Hardest class: ", classes[k], " (mean recall ", percent(mean, 1),
    ]  # fmt: skip
    worst, best = (
        min(known, key=lambda one: one[0]),
        max(known, key=lambda one: one[0]),
    )
    if worst[0] < best[0]:
        said += [
            "; from ", percent(worst[0], 1), " by ", worst[1].named,
            " to ", percent(best[0], 1), " by ", best[1].named,
        ]  # fmt: skip
    said.append(")")
    if most > mean:
        said += ["; easiest: ", classes[easiest], " (", percent(most, 1), ")"]
    return (*said, ".")


def _matrix(
    style: Style, counts: list[ConfusionCount], classes: list[str], repeats: int
) -> Chart:
    """The mean number of rows of each true class that got each label."""
    sizes = {(one.truth, one.label): one.predictions / repeats for one in counts}
    digits = 1 if repeats > 1 else 0
    numbers, shades = [], []
    for truth in classes:
        row = [sizes.get((truth, label), 0.0) for label in classes]
        total = sum(row) or 1.0
        numbers.append([Value(size, digits=digits) for size in row])
        signs = [1 if label == truth else -1 for label in classes]
        shades.append([s * size / total for s, size in zip(signs, row, strict=True)])
    return plot_matrix(style.title, classes, classes, shades, numbers=numbers, most=1.0)


def _taken_for(shown: list[Style], counts: ClassCounts, repeats: int) -> Table:
    """The most frequent errors of each model."""
    rows: list[tuple[Cell, ...]] = []
    digits = 1 if repeats > 1 else 0
    for style in shown:
        wrong = [one for one in counts[style.name] if one.truth != one.label]
        wrong.sort(key=lambda one: (-one.predictions, one.truth, one.label))
        rows += [
            (
                style.named,
                one.truth,
                one.label,
                Value(one.predictions / repeats, digits=digits),
            )
            for one in wrong[:LISTED]
        ]
    columns = ("Model", "True class", "Predicted", "Rows, mean over repeats")
    return Table(columns, tuple(rows), f"The {LISTED} most frequent errors of a model")


PANEL = Panel("classes", "Recall by class", by_class, order=50)
