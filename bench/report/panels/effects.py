"""What a feature does to the prediction on one dataset: partial dependence of the features that move it most."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bench.report.blocks import Block, Cell, Figure, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, Chart, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel, drawn
from bench.report.styles import Style, Styles
from bench.report.values import Value, quantity
from bench.scores.compute import classes_of
from bench.stats.dependence import together

#: Features whose effect is drawn.
EFFECTS = 6
#: Points of a curve at most.
POINTS = 12
#: Categories named under a curve, and how much of their names.
CODES, CUT = 5, 8


def effects(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Partial dependence of the features that move the prediction most, models together."""
    asked = bundle.frame("effects").filter(dataset=dataset).drop_nulls("value")
    shown = drawn(bundle, styles, dataset, set(asked["family"]))
    asked = asked.filter(pl.col("family").is_in([style.name for style in shown]))
    if asked.is_empty():
        return
    moves = furthest_moves(asked)
    is_numeric = bundle.study.task == "regression"
    positive = _positive(bundle, dataset)
    curves = {}
    for feature, moved_class in moves.select("feature", "class").iter_rows():
        of_class = pl.col("class").eq_missing(pl.lit(moved_class, pl.String))
        title = ", ".join(filter(None, (feature, moved_class)))
        curves[title] = asked.filter(of_class, feature=feature)
    means = {title: _average(rows) for title, rows in curves.items()}
    y = choose_axis(pl.concat(means.values())["value"].to_list(), ticks=4)
    charts = []
    lines: list[tuple[Cell, ...]] = []
    for title, mean in means.items():
        names = _categories(curves[title])
        charts.append(_draw(title, shown, mean, y, names))
        lines.append((f"{title} ({positive})" if positive else title,))
        lines += _tabulate(shown, mean, names, is_numeric)
    columns = ("At", *(style.short for style in shown))
    most, span = moves.select("feature", "span").row(0)
    result = ("Largest range of the mean prediction: ", most, ", ", _predicted(span, is_numeric), ".")  # fmt: skip
    marks = "Up: mean prediction with the feature set to one value in every row."
    if not is_numeric:
        target = positive or "the class that varies most"
        marks = (
            f"Up: mean probability of {target} with the feature set to one value in every row; of models without "
            "probabilities, the share of rows labelled so."
        )
    table = Table(columns, tuple(lines))
    yield Figure(f"effects-{dataset}", result, marks, tuple(charts), table)


def furthest_moves(asked: pl.DataFrame) -> pl.DataFrame:
    """The features by how far they move the prediction, each with the class that moves most: mean span of a fold."""
    value = pl.col("value")
    of_fold = asked.group_by("feature", "class", "family", "repeat", "fold").agg(
        (value.max() - value.min()).alias("span")
    )
    spans = of_fold.group_by("feature", "class").agg(
        pl.col("span").sort().mean().round_sig_figs(9)
    )
    order = spans.sort("span", "feature", "class", descending=[True, False, False])
    return order.unique("feature", keep="first", maintain_order=True).head(EFFECTS)


def _average(rows: pl.DataFrame) -> pl.DataFrame:
    """The mean over folds by family, whose folds may have been asked at places of their own."""
    means = []
    for (family,), own in rows.sort("at").group_by("family", maintain_order=True):
        folds = own.partition_by("repeat", "fold", maintain_order=True)
        asked = [(one["at"].to_numpy(), one["value"].to_numpy()) for one in folds]
        curve = together(asked, POINTS)
        mean = pl.DataFrame({"at": curve.x, "value": curve.mean})
        means.append(mean.with_columns(pl.lit(family).alias("family")))
    return pl.concat(means)


def _tabulate(
    shown: list[Style], mean: pl.DataFrame, names: dict[float, str], is_numeric: bool
) -> Iterator[tuple[Cell, ...]]:
    """The mean prediction of each model at each place of one feature."""
    for (at,), here in mean.sort("at").group_by("at", maintain_order=True):
        heights = dict(here.select("family", "value").iter_rows())
        place = float(str(at))
        cells = [_predicted(heights.get(style.name), is_numeric) for style in shown]
        yield (names.get(place) or quantity(place), *cells)


def _predicted(value: float | None, is_numeric: bool) -> Value:
    """A prediction: of a probability three decimals."""
    return quantity(value) if is_numeric else Value(value, digits=3)


def _positive(bundle: Bundle, dataset: str) -> str | None:
    """Of two classes the one whose probability is stored: the positive one, or the second."""
    classes = classes_of(bundle.frame("tables")).get(dataset)
    if classes is None or len(classes.names) != 2:
        return None
    return classes.positive or classes.names[1]


def _categories(rows: pl.DataFrame) -> dict[float, str]:
    """The names of a feature's categories by their codes; empty for a number."""
    named = rows.drop_nulls("label").select("at", "label").unique().sort("at")
    return dict(named.iter_rows())


def _draw(
    title: str,
    shown: list[Style],
    mean: pl.DataFrame,
    y: Axis,
    names: dict[float, str],
) -> Chart:
    """One feature's curves, each with one mark, all at other places."""
    series = []
    for i, style in enumerate(shown):
        own = mean.filter(family=style.name)
        if own.is_empty():
            continue
        spot = min(own.height - 1, round((i + 1) * own.height / (len(shown) + 1)))
        at, height = tuple(own["at"]), tuple(own["value"])
        curve = PlotCurve(
            style.title, at, height, style.hue, style.shape, marked=(spot,)
        )
        series.append(curve)
    x = choose_axis(mean["at"].to_list(), ticks=3)
    if names:
        codes = tuple(names)[:CODES]
        cut = tuple(names[code][:CUT] for code in codes)
        x = Axis(min(names), max(names) or 1, codes, names=cut)
    return plot_curves(title, series, x, y, height=130, key=True)


PANEL = Panel("effects", "Partial dependence", effects, order=90, folded=True)
