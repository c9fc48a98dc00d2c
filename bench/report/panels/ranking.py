"""ROC and precision-recall curves of one dataset: every fold has its own, and they are averaged upright."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from bench.core.by_row import MOST_CLASSES, RankingCurve
from bench.report.bundle import Bundle
from bench.report.charts.lines import Field, Line, key, line_plot
from bench.report.charts.svg import Figure, Table, line
from bench.report.panel import Panel, View
from bench.report.styles import Style, Styles
from bench.report.text import ranking as text
from bench.scores.compute import DatasetClasses, classes_of
from bench.text import formats

#: Bands are drawn for so many families at most.
BANDS = 2
#: From which area of the worst family on the corner is drawn larger, and how far it reaches.
HIGH, CORNER = 0.9, 0.25
HEIGHT = 250.0
MARKED = (0.01, 0.05, 0.1, 0.25, 0.5)
RECALLED = (0.5, 0.75, 0.9, 0.95, 1.0)
Curves = list[tuple[Style, RankingCurve]]


def ranking(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    if bundle.study.task == "regression":
        return None
    tests, classes = (
        bundle.test_sets(dataset),
        classes_of(bundle.frame("tables")).get(dataset),
    )
    if tests is None or classes is None or not tests.ranked:
        return View(empty=text.NO_SCORES)
    if len(classes.names) > MOST_CLASSES:
        return View(empty=text.too_many_classes(MOST_CLASSES))
    if tests.largest == 1:
        return View(empty=text.SINGLE_ROWS)
    found: dict[str, Curves] = {"roc": [], "pr": []}
    for one in bundle.rows("ranking_curves", RankingCurve, dataset=dataset):
        found[one.kind].append((styles.family(one.family), one))
    if not found["roc"]:
        return View(empty=text.NO_FOLD)
    place, about = styles.dataset(dataset), _about(classes)
    figures = tuple(
        _figure(curves, kind, dataset, place, about) for kind, curves in found.items()
    )
    return View((_said(found["roc"]),), figures)


def _about(classes: DatasetClasses) -> str:
    """Which classes are set against the rest."""
    names = classes.names
    if len(names) != 2:
        return text.one_vs_rest(len(names))
    return text.positive(classes.positive if classes.positive is not None else names[1])


def _figure(curves: Curves, kind: str, dataset: str, place: str, about: str) -> Figure:
    roc = kind == "roc"
    bands = len(curves) <= BANDS and max(one.folds for _, one in curves) > 1
    high = min(one.area for _, one in curves) >= HIGH
    field = _corner(curves, roc) if high else Field((0, 1), (0, 1), HEIGHT, 9.0)
    lines = [
        _line(style, one, field, (i + 1) / (len(curves) + 1), bands)
        for i, (style, one) in enumerate(curves)
    ]
    base = float(np.mean([one.base for _, one in curves]))
    label = text.label(roc, place, [(style.short, one.area) for style, one in curves])
    body = line_plot(lines, field, label, [_chance(field, roc, base)])
    legend = [(style, _area(one)) for style, one in curves]
    left_out, folds = (
        max(one.left_out for _, one in curves),
        max(one.folds for _, one in curves),
    )
    averaged = text.averaged(folds, left_out, bands=bands)
    note = text.note(roc, about, averaged, corner=high, hits=base)
    figure = Markup("").join([body, key(legend)])
    return Figure(
        f"{kind}-{dataset}",
        text.title(roc, corner=high),
        note,
        figure,
        _table(curves, kind),
    )


def _line(
    style: Style, one: RankingCurve, field: Field, where: float, band: bool
) -> Line:
    """The mean curve, its family's mark at a place of its own along it."""
    points = tuple(zip(one.x, one.mean, strict=True))
    edges = zip(one.x, one.mean, one.sd, strict=True)
    spread = (
        tuple((x, max(m - sd, 0.0), min(m + sd, 1.0)) for x, m, sd in list(edges)[::2])
        if band
        else ()
    )
    seen = [i for i, (x, _) in enumerate(points) if field.x[0] <= x <= field.x[1]]
    spot = seen[round(where * (len(seen) - 1))]
    return Line(
        points, style.hue, style.shape, band=spread, marks=(spot,), key=style.key
    )


def _corner(curves: Curves, roc: bool) -> Field:
    """The top corner where good curves differ, down to the worst of them soon after its start, or before its end."""
    near = CORNER / 10 if roc else 1 - CORNER / 10
    worst = min(float(np.interp(near, one.x, one.mean)) for _, one in curves)
    low = min(max(np.floor(20 * worst - 0.5) / 20, 0.0), 0.95)
    x = (0.0, CORNER) if roc else (1 - CORNER, 1.0)
    return Field(x, (low, 1.0), HEIGHT, 9.0, cut=True)


def _chance(field: Field, roc: bool, base: float) -> Markup:
    across, up = field.across, field.up
    if field.cut:
        return Markup("")
    if not roc:
        return line(across(0), up.clip(base), across(1), up.clip(base), "rule")
    return line(across(0), up(0), across(1), up(1), "rule slant")


def _area(one: RankingCurve) -> str:
    shown = formats.score(one.area)
    return f"{shown} ± {formats.score(one.area_sd)}" if one.folds > 1 else shown


def _table(curves: Curves, kind: str) -> Table:
    marks = MARKED if kind == "roc" else RECALLED
    head = text.header(kind == "roc", marks)
    rows = [
        (
            style.title,
            formats.score(one.area),
            formats.score(one.area_sd) if one.folds > 1 else formats.NONE,
            *(formats.score(float(np.interp(m, one.x, one.mean))) for m in marks),
        )
        for style, one in curves
    ]
    return Table(head, tuple(rows))


def _said(curves: Curves) -> str:
    order = sorted(curves, key=lambda pair: -pair[1].area)
    return text.conclusion([(style.title, one.area) for style, one in order])


PANEL = Panel("ranking", text.TITLE, ranking, order=20)
