"""ROC and precision-recall curves of one dataset: every fold has its own, and they are averaged upright."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.core.by_row import MOST_CLASSES, RankingCurve
from bench.report.blocks import Block, Cell, Figure, Piece, Row, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel
from bench.report.styles import Style, Styles
from bench.report.terms import term
from bench.report.values import Value, score
from bench.scores.compute import classes_of
from bench.text.words import measure

MARKED = (0.01, 0.05, 0.1, 0.25, 0.5)
RECALLED = (0.5, 0.75, 0.9, 0.95, 1.0)
AREA = measure("roc_auc")
Ranked = list[tuple[Style, RankingCurve]]


def ranking(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Both kinds of curves beside each other; none of single rows, of many classes, or of a regression."""
    tests = bundle.test_sets(dataset)
    classes = classes_of(bundle.frame("tables")).get(dataset)
    if tests is None or classes is None or tests.largest == 1:
        return
    curves = bundle.rows("ranking_curves", RankingCurve, dataset=dataset)
    if not curves or len(classes.names) > MOST_CLASSES:
        return
    about = f"Mean over {len(classes.names)} classes, each against the rest."
    if len(classes.names) == 2:
        second = classes.names[1]
        positive = second if classes.positive is None else classes.positive
        about = f"Positive class: {positive}."
    found: dict[str, Ranked] = {"roc": [], "pr": []}
    for curve in curves:
        found[curve.kind].append((styles.family(curve.family), curve))
    yield Row((_roc(found["roc"], dataset, about), _precision(found["pr"], dataset, about)))  # fmt: skip


def _roc(curves: Ranked, dataset: str, about: str) -> Figure:
    x = choose_axis((0.0, 1.0), title="false-positive rate", floor=0.0, roof=1.0)
    y = choose_axis((0.0, 1.0), title="true-positive rate", floor=0.0, roof=1.0)
    series = _series(curves)
    chart = plot_curves("ROC", series, x, y, diagonal=True, height=230, key=True)
    marks = f"{about} {_averaged(curves)} Dashed: chance."
    result = _result(curves, term("roc"))
    table = _table(curves, "True-positive rate at false-positive rate", MARKED)
    return Figure(f"roc-{dataset}", result, marks, (chart,), table)


def _precision(curves: Ranked, dataset: str, about: str) -> Figure:
    x = choose_axis((0.0, 1.0), title="recall", floor=0.0, roof=1.0)
    y = choose_axis((0.0, 1.0), title="precision", floor=0.0, roof=1.0)
    series = _series(curves)
    base = float(np.mean([curve.base for _, curve in curves]))
    title = "Precision against recall"
    chart = plot_curves(title, series, x, y, level=base, height=230, key=True)
    marks = f"{about} {_averaged(curves)} Dashed: the share of positive rows."
    result = _result(curves, "Area under the precision–recall curve")
    table = _table(curves, "Precision at recall", RECALLED)
    return Figure(f"pr-{dataset}", result, marks, (chart,), table)


def _series(curves: Ranked) -> list[PlotCurve]:
    """The mean curves, each model's mark at a place of its own along its curve."""
    series = []
    for i, (style, curve) in enumerate(curves):
        spot = round((i + 1) / (len(curves) + 1) * (len(curve.x) - 1))
        drawn = PlotCurve(
            style.title,
            tuple(curve.x),
            tuple(curve.mean),
            style.hue,
            style.shape,
            marked=(spot,),
            number=score(AREA, curve.area),
        )
        series.append(drawn)
    return series


def _averaged(curves: Ranked) -> str:
    folds = max(curve.folds for _, curve in curves)
    left_out = max(curve.left_out for _, curve in curves)
    words = f"Curve: mean of {folds} folds." if folds > 1 else "One test set."
    if left_out:
        words += f" Folds that lack a class, left out: {left_out}."
    return words


def _result(curves: Ranked, name: Piece) -> tuple[Piece, ...]:
    """The largest and the smallest area."""
    order = sorted(curves, key=lambda pair: -pair[1].area)
    best, most = order[0]
    worst, least = order[-1]
    largest = (name, ": ", best.named, " ", score(AREA, most.area))
    if len(order) == 1:
        return (*largest, ".")
    return (*largest, " to ", worst.named, " ", score(AREA, least.area), ".")


def _table(curves: Ranked, word: str, places: tuple[float, ...]) -> Table:
    """The areas, and the height of each curve at some places."""
    columns = ("Model", "Area", "SD", *(f"{word} {place:g}" for place in places))
    rows: list[tuple[Cell, ...]] = []
    for style, curve in curves:
        spread = score(AREA, curve.area_sd) if curve.folds > 1 else Value(None)
        heights = np.interp(places, curve.x, curve.mean)
        cells = [score(AREA, float(height)) for height in heights]
        rows.append((style.named, score(AREA, curve.area), spread, *cells))
    return Table(columns, tuple(rows))


PANEL = Panel(
    "ranking", "ROC and precision–recall curves", ranking, order=20, folded=True
)
