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
#: By class, the recall of each model.
ClassRecalls = dict[str, list[tuple[Style, Recall]]]


def by_class(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Recall of each class and model with its interval; all confusions in a fold."""
    tests, classes = bundle.test_sets(dataset), bundle.classes(dataset)
    shown = drawn_by_row(bundle, styles, dataset)
    if bundle.study.task == "regression" or not (tests and classes and shown):
        return
    counts: ClassCounts = {style.name: [] for style in shown}
    for cell in bundle.rows("confusions", ConfusionCount, dataset=dataset):
        counts[cell.family].append(cell)
    level = level_of(bundle.study)
    found: ClassRecalls = {}
    for name in classes:
        recalls = [(style, _recall(counts[style.name], name, level)) for style in shown]
        if _known(recalls):
            found[name] = recalls
    means = {name: _mean(pairs) for name, pairs in found.items()}
    if means:
        yield _figure(found, means, dataset, level)
    table = _list_errors(shown, counts, tests.repeats)
    if len(classes) > IN_MATRIX:
        yield Details("Confusions", (table,))
        return
    per = "draw" if facts.is_simulated(bundle, dataset) else "repeat"
    result = _most_frequent(shown, counts, tests.repeats)
    marks = (
        f"Row: true class; column: predicted class; mean over each {per}: {tests.repeats}. Blue: recognised; orange: "
        "taken for another class; the darker, the larger its share of the class."
    )
    charts = tuple(
        _matrix(style, counts[style.name], classes, tests.repeats) for style in shown
    )
    figure = Figure(f"confusions-{dataset}", result, marks, charts, table)
    yield Details("Confusions", (figure,))


def _recall(counts: list[ConfusionCount], name: str, level: float) -> Recall:
    own = [cell for cell in counts if cell.truth == name]
    right = sum(cell.predictions for cell in own if cell.label == name)
    every = sum(cell.predictions for cell in own)
    return recall(right, every, own[0].rows if own else 0, level=level)


def _known(pairs: list[tuple[Style, Recall]]) -> list[tuple[float, Style, Recall]]:
    """The models of which rows of the class were tested."""
    shares = [(one.share, style, one) for style, one in pairs]
    return [(share, style, one) for share, style, one in shares if share is not None]


def _mean(pairs: list[tuple[Style, Recall]]) -> float:
    shares = [share for share, _, _ in _known(pairs)]
    return sum(shares) / len(shares)


def _figure(
    found: ClassRecalls, means: dict[str, float], dataset: str, level: float
) -> Figure:
    """A row for each of the hardest classes."""
    hardest = sorted(means, key=lambda name: means[name])
    kept = [name for name in means if name in hardest[:DRAWN]]
    if len(means) > DRAWN:
        kept = hardest[:DRAWN]
    unit = measure("accuracy")
    rows: list[DotRow] = []
    cells: list[tuple[Cell, ...]] = []
    for name in kept:
        dots = tuple(
            PlotDot(style.named, share, one.low, one.high)
            for share, style, one in _known(found[name])
        )
        rows.append(DotRow(name, dots, count(found[name][0][1].rows, "rows")))
        recalls = [score(unit, one.share, one.low, one.high) for _, one in found[name]]
        cells.append((name, *recalls))
    ends = [end for row in rows for dot in row.dots for end in (dot.low, dot.middle)]
    chart = plot_dots("Recall by class", rows, choose_axis([*ends, 1.0], roof=1.0))
    marks = f"Across: the share of a class's rows that is recognised. Bar: {100 * level:g} % Wilson interval."
    if len(means) > DRAWN:
        marks += f" Classes shown: the {DRAWN} hardest of {len(means)}."
    short = [style.short for style, _ in found[kept[0]]]
    table = Table(("Class", *short), tuple(cells))
    result = _result(found, means, hardest)
    return Figure(f"recall-{dataset}", result, marks, (chart,), table)


def _result(
    found: ClassRecalls, means: dict[str, float], order: list[str]
) -> tuple[Piece, ...]:
    """The hardest class, and who recognises it best and worst; the easiest."""
    hardest, easiest = order[0], order[-1]
    known = _known(found[hardest])
    least, worst, _ = min(known, key=lambda row: row[0])
    most, best, _ = max(known, key=lambda row: row[0])
    words: list[Piece] = ["Hardest class: ", hardest, " (mean recall ", percent(means[hardest], 1)]  # fmt: skip
    if least < most:
        words += ["; from ", percent(least, 1), " by ", worst.named]
        words += [" to ", percent(most, 1), " by ", best.named]
    words.append(")")
    if means[easiest] > means[hardest]:
        words += ["; easiest: ", easiest, " (", percent(means[easiest], 1), ")"]
    return (*words, ".")


def _most_frequent(
    shown: list[Style], counts: ClassCounts, repeats: int
) -> tuple[Piece, ...]:
    """The mistake that a model makes most often."""
    mistakes = [
        (cell.predictions, style, cell)
        for style in shown
        for cell in counts[style.name]
        if cell.label != cell.truth
    ]
    if not mistakes:
        return ("No model takes a class for another.",)
    often, style, cell = max(mistakes, key=lambda row: row[0])
    rows = Value(often / repeats, digits=1 if repeats > 1 else 0)
    said = f": {cell.truth} taken for {cell.label} in "
    return ("Most frequent mistake: ", style.named, said, rows, f" of {cell.rows} rows.")  # fmt: skip


def _matrix(
    style: Style, counts: list[ConfusionCount], classes: list[str], repeats: int
) -> Chart:
    """The mean number of rows of each true class that got each label."""
    sizes = {(cell.truth, cell.label): cell.predictions / repeats for cell in counts}
    digits = 1 if repeats > 1 else 0
    numbers, shades = [], []
    for truth in classes:
        row = [sizes.get((truth, label), 0.0) for label in classes]
        total = sum(row) or 1.0
        signs = [1 if label == truth else -1 for label in classes]
        numbers.append([Value(size, digits=digits) for size in row])
        shades.append([s * size / total for s, size in zip(signs, row, strict=True)])
    return plot_matrix(style.title, classes, classes, shades, numbers=numbers, most=1.0)


def _list_errors(shown: list[Style], counts: ClassCounts, repeats: int) -> Table:
    """The most frequent errors of each model."""
    rows: list[tuple[Cell, ...]] = []
    digits = 1 if repeats > 1 else 0
    for style in shown:
        wrong = [cell for cell in counts[style.name] if cell.truth != cell.label]
        wrong.sort(key=lambda cell: (-cell.predictions, cell.truth, cell.label))
        for cell in wrong[:LISTED]:
            mean = Value(cell.predictions / repeats, digits=digits)
            rows.append((style.named, cell.truth, cell.label, mean))
    columns = ("Model", "True class", "Predicted", "Rows, mean over repeats")
    return Table(columns, tuple(rows), f"The {LISTED} most frequent errors of a model")


PANEL = Panel("classes", "Recall by class", by_class, order=50)
