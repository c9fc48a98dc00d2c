"""ROC and precision-recall curves of one dataset: every fold has its own, and they are averaged upright."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.core.by_row import MOST_CLASSES, RankingCurve
from bench.report.blocks import Block, Cell, Figure, Piece, Row, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel
from bench.report.styles import Style, Styles
from bench.report.terms import term
from bench.report.values import Value, score
from bench.scores.compute import classes_of
from bench.text.words import measure

#: Bands are drawn for so many families at most.
BANDS = 2
#: From which area of the worst family on the corner is drawn larger, and how far it reaches.
HIGH, CORNER = 0.9, 0.25
MARKED = (0.01, 0.05, 0.1, 0.25, 0.5)
RECALLED = (0.5, 0.75, 0.9, 0.95, 1.0)
AREA = measure("roc_auc")
Ranked = list[tuple[Style, RankingCurve]]


def ranking(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Both kinds of curves beside each other; none of single rows, of many classes, or of a regression."""
    tests = bundle.test_sets(dataset)
    classes = classes_of(bundle.frame("tables")).get(dataset)
    if (
        tests is None
        or classes is None
        or tests.largest == 1
        or len(classes.names) > MOST_CLASSES
    ):
        return
    found: dict[str, Ranked] = {"roc": [], "pr": []}
    for one in bundle.rows("ranking_curves", RankingCurve, dataset=dataset):
        found[one.kind].append((styles.family(one.family), one))
    if not found["roc"]:
        return
    about = f"Mean over {len(classes.names)} classes, each against the rest."
    if len(classes.names) == 2:
        positive = (
            classes.positive if classes.positive is not None else classes.names[1]
        )
        about = f"Positive class: {positive}."
    yield Row((
        _figure(found["roc"], dataset, styles.dataset(dataset), about, roc=True),
        _figure(found["pr"], dataset, styles.dataset(dataset), about, roc=False),
    ))  # fmt: skip


def _figure(
    curves: Ranked, dataset: str, place: str, about: str, *, roc: bool
) -> Figure:
    """One kind of curve, all models on one field."""
    banded = len(curves) <= BANDS and max(one.folds for _, one in curves) > 1
    corner = min(one.area for _, one in curves) >= HIGH
    x, y = _axes(curves, roc, corner)
    series = [
        _series(style, one, x, (i + 1) / (len(curves) + 1), banded)
        for i, (style, one) in enumerate(curves)
    ]
    base = float(np.mean([one.base for _, one in curves]))
    kind = "ROC" if roc else "Precision against recall"
    chart = plot_curves(
        f"{kind} on {place}", series, x, y, diagonal=roc and not corner,
        level=None if roc or corner else base, height=230, key=True,
    )  # fmt: skip
    marks = f"{about} {_averaged(curves, banded)} {_ground(roc, corner)}"
    name = f"{'roc' if roc else 'pr'}-{dataset}"
    return Figure(name, _result(curves, roc), marks, (chart,), _table(curves, roc))


def _averaged(curves: Ranked, banded: bool) -> str:
    folds = max(one.folds for _, one in curves)
    left_out = max(one.left_out for _, one in curves)
    said = f"Curve: mean of {folds} folds." if folds > 1 else "One test set."
    said += " Band: one SD." if banded else ""
    return said + (
        f" Folds that lack a class, left out: {left_out}." if left_out else ""
    )


def _ground(roc: bool, corner: bool) -> str:
    """What is drawn of the field, and the dashed line."""
    if corner:
        return "Only the corner where the curves differ is drawn."
    return "Dashed: chance." if roc else "Dashed: the share of positive rows."


def _axes(curves: Ranked, roc: bool, corner: bool) -> tuple[Axis, Axis]:
    """The whole field, or the top corner where good curves differ, down to the worst of them soon after its start, or
    before its end."""
    across, up = ("false-positive rate", "true-positive rate")
    if not roc:
        across, up = "recall", "precision"
    x, low = (0.0, 1.0), 0.0
    if corner:
        x = (0.0, CORNER) if roc else (1 - CORNER, 1.0)
        near = CORNER / 10 if roc else 1 - CORNER / 10
        worst = min(float(np.interp(near, one.x, one.mean)) for _, one in curves)
        low = min(max(float(np.floor(20 * worst - 0.5)) / 20, 0.0), 0.95)
    return (
        choose_axis(x, title=across, floor=0.0, roof=1.0),
        choose_axis([low, 1.0], title=up, floor=0.0, roof=1.0),
    )


def _series(
    style: Style, one: RankingCurve, x: Axis, where: float, banded: bool
) -> PlotCurve:
    """The mean curve, its model's mark at a place of its own along it."""
    seen = [i for i, at in enumerate(one.x) if x.low <= at <= x.high]
    spot = seen[round(where * (len(seen) - 1))]
    edges = list(zip(one.mean, one.sd, strict=True)) if banded else []
    low = tuple(max(mean - sd, 0.0) for mean, sd in edges)
    high = tuple(min(mean + sd, 1.0) for mean, sd in edges)
    return PlotCurve(
        style.title, tuple(one.x), tuple(one.mean), style.hue, style.shape, low, high,
        marked=(spot,), number=score(AREA, one.area),
    )  # fmt: skip


def _result(curves: Ranked, roc: bool) -> tuple[Piece, ...]:
    """The largest and the smallest area."""
    order = sorted(curves, key=lambda pair: -pair[1].area)
    (best, most), (worst, least) = order[0], order[-1]
    name: Piece = term("roc") if roc else "Area under the precision–recall curve"
    largest = (name, ": ", best.named, " ", score(AREA, most.area))
    if len(order) == 1:
        return (*largest, ".")
    return (*largest, " to ", worst.named, " ", score(AREA, least.area), ".")


def _table(curves: Ranked, roc: bool) -> Table:
    """The areas, and the height of each curve at some places."""
    marks = MARKED if roc else RECALLED
    word = "True-positive rate at false-positive rate" if roc else "Precision at recall"
    columns = ("Model", "Area", "SD", *(f"{word} {mark:g}" for mark in marks))
    rows: list[tuple[Cell, ...]] = []
    for style, one in curves:
        spread = score(AREA, one.area_sd) if one.folds > 1 else Value(None)
        heights = [
            score(AREA, float(np.interp(mark, one.x, one.mean))) for mark in marks
        ]
        rows.append((style.named, score(AREA, one.area), spread, *heights))
    return Table(columns, tuple(rows))


PANEL = Panel(
    "ranking", "ROC and precision–recall curves", ranking, order=20, folded=True
)
