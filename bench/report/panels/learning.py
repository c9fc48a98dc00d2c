"""Learning curves of one dataset: what more training rows brought so far, and never what they would bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from bench.contrasts import compare_folds
from bench.report import facts
from bench.report.blocks import Block, Cell, Figure, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.marks import Axis, Chart, choose_axis
from bench.report.charts.plot_curves import PlotCurve, plot_curves
from bench.report.panel import Panel, drawn
from bench.report.styles import Style, Styles
from bench.report.values import Value, count, gain, score
from bench.scores.design import level_of, rope_of
from bench.stats.intervals import Interval
from bench.text.words import Measure

SHARE = "train_share="
#: Curves drawn: those of the best models. Of more models than this that did not gain, their number is said.
MOST, NAMED = 12, 3
_FOLD = ["repeat", "fold"]


@dataclass(frozen=True)
class LearningCurve:
    """One family: a row for each number of training rows (`rows test sd train`), and what the last step brought.

    `step`: the mean gain of the last step over the folds that both ends have, turned so that above 0 is better; None
    for fewer than two such folds, or a few that all gained the same.
    """

    style: Style
    points: pl.DataFrame
    step: Interval | None

    def column(self, name: str) -> tuple[float, ...]:
        """A column of the points."""
        return tuple(self.points[name])


def learning(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """The mean score over the number of training rows, a picture a model; nothing where none had fewer rows."""
    unit = facts.primary(bundle)
    scores = _scores(bundle, dataset, unit)
    have = set(scores.filter(pl.col("share") < 1)["family"])
    sizes = bundle.frame("folds").filter(dataset=dataset)
    sizes = sizes.drop_nulls(["train_rows", "test_rows"])
    if not have or sizes.is_empty():
        return
    level = level_of(bundle.study)
    found = []
    for style in drawn(bundle, styles, dataset, have, MOST):
        own = _on_the_same_folds(scores.filter(family=style.name))
        points = _points(own, sizes)
        found.append(LearningCurve(style, points, _step(own, sizes, unit, level)))
    if not found or any(curve.points.height < 2 for curve in found):
        return
    rope = rope_of(bundle.study, unit.name)
    x, y = _axes(found, unit)
    charts = tuple(_draw(curve, found, x, y) for curve in found)
    yield Figure(
        f"learning-{dataset}",
        _result(found, unit, rope, level),
        _marks(scores, unit),
        charts,
        _tabulate(found, unit),
    )


def _scores(bundle: Bundle, dataset: str, unit: Measure) -> pl.DataFrame:
    """The scores of the primary metric by the share of the training rows; plain ones have a share of 1."""
    variant = pl.col("variant")
    share = variant.str.strip_prefix(SHARE).cast(pl.Float64, strict=False)
    share = pl.when(variant == "plain").then(1.0).otherwise(share)
    scores = bundle.frame("scores").filter(dataset=dataset, metric=unit.name)
    scores = scores.filter((variant == "plain") | variant.str.starts_with(SHARE))
    return scores.with_columns(share=share).drop_nulls(["share", "value"])


def _on_the_same_folds(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores of the folds that have one at every share, so that a step is the difference of its ends; all where
    there is no such fold."""
    test = scores.filter(side="test")
    shares = test.group_by(_FOLD).agg(pl.col("share").n_unique())
    same = shares.filter(pl.col("share") == test["share"].n_unique())
    if same.is_empty():
        return scores
    return scores.join(same, on=_FOLD, how="semi", nulls_equal=True)


def _points(scores: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """By size: the mean on test rows, its spread over folds, and the mean on training rows."""
    mean = pl.col("value").mean().round_sig_figs(9)
    spread = pl.col("value").std().fill_null(0.0).round_sig_figs(9)
    test = scores.filter(side="test").group_by("share").agg(test=mean, sd=spread)
    train = scores.filter(side="train").group_by("share").agg(train=mean)
    points = test.join(train, on="share", how="left").sort("share")
    rows = sizes["train_rows"].mean()
    return points.with_columns(rows=pl.col("share") * rows)


def _step(
    scores: pl.DataFrame, sizes: pl.DataFrame, unit: Measure, level: float
) -> Interval | None:
    """The gain of the last step, fold by fold, with the interval that knows that folds share training rows."""
    test = scores.filter(side="test")
    ends = test["share"].unique().sort().tail(2).to_list()
    less, more = (test.filter(share=end) for end in (ends[0], ends[-1]))
    both = less.join(more, on=_FOLD, nulls_equal=True).sort(_FOLD)
    if both.height < 2:
        return None
    turn = 1 if unit.higher else -1
    after = turn * both["value_right"].to_numpy()
    before = turn * both["value"].to_numpy()
    ratio = (sizes["test_rows"] / sizes["train_rows"]).to_numpy().mean()
    contrast = compare_folds(after, before, ratio=float(ratio))
    if contrast.is_unspread:
        return None
    low, high = contrast.interval(level) or (0.0, 0.0)
    se, df = contrast.standard_error or 0.0, contrast.df or 0.0
    return Interval(contrast.gain, low, high, se, df)


def _axes(found: list[LearningCurve], unit: Measure) -> tuple[Axis, Axis]:
    points = pl.concat([curve.points for curve in found])
    heights = [
        *(points["test"] - points["sd"]),
        *(points["test"] + points["sd"]),
        *points["train"],
    ]
    low, high = unit.limits
    most = max(points["rows"])
    x = choose_axis([0, most], ticks=3, floor=0, roof=most)
    return x, choose_axis(heights, ticks=4, floor=low, roof=high)


def _draw(curve: LearningCurve, found: list[LearningCurve], x: Axis, y: Axis) -> Chart:
    """The other models in grey, then the model on training rows and on test rows."""
    style, series = curve.style, []
    for other in found:
        if other is not curve:
            across, up = other.column("rows"), other.column("test")
            series.append(PlotCurve("", across, up, "rule", marked=()))
    trained = curve.points.drop_nulls("train")
    if trained.height:
        across, up = tuple(trained["rows"]), tuple(trained["train"])
        name = f"{style.title}, training rows"
        series.append(PlotCurve(name, across, up, style.hue, marked=()))
    test, sd = curve.points["test"], curve.points["sd"]
    own = PlotCurve(
        style.title,
        curve.column("rows"),
        tuple(test),
        style.hue,
        style.shape,
        tuple((test - sd).clip(lower_bound=y.low)),
        tuple((test + sd).clip(upper_bound=y.high)),
    )
    return plot_curves(style.title, [*series, own], x, y, height=130)


def _marks(scores: pl.DataFrame, unit: Measure) -> str:
    marks = f"Across: training rows. Up: {unit.word}. Marked: test rows, band: SD over folds"
    if scores.filter(side="train").height:
        marks += "; plain: training rows"
    marks += "; grey: the other models."
    test = scores.filter(side="test")
    folds = test.filter(pl.col("share") < 1).unique(_FOLD).height
    every = test.filter(pl.col("share") == 1).unique(_FOLD).height
    if folds < every:
        marks += f" Folds: {folds} of {every}, so the last point is not the mean of all."  # fmt: skip
    return marks


def _result(
    found: list[LearningCurve], unit: Measure, rope: float | None, level: float
) -> tuple[Piece, ...]:
    """Which models still gained from more rows, which did not, and of which neither is shown."""
    helped: list[Piece] = []
    flat: list[LearningCurve] = []
    unclear: list[LearningCurve] = []
    for curve in found:
        step = curve.step
        if step is not None and rope is not None and step.high < rope:
            flat.append(curve)
        elif step is not None and step.low > 0:
            comma = ", " if helped else "; more rows helped "
            helped += [comma, curve.style.named, " ", _gained(step, unit)]
        else:
            unclear.append(curve)
    parts = helped
    if flat:
        parts += ["; a gain"]
        if rope is not None:
            parts += [" of ", replace(gain(unit, rope), signed=False), " or more"]
        parts += [" is ruled out for ", *_names(flat)]
    if unclear:
        parts += ["; it cannot be told for ", *_names(unclear)]
    parts[0] = str(parts[0]).removeprefix("; ")
    few, many = found[0].column("rows")[-2:]
    sizes = (count(round(few)), " to ", count(round(many)), " training rows: ")
    return ("From ", *sizes, *parts, f" (intervals of {100 * level:g} %).")


def _names(curves: list[LearningCurve]) -> list[Piece]:
    """The models; of many their number."""
    if len(curves) > NAMED:
        return [count(len(curves), "models")]
    names: list[Piece] = []
    for curve in curves:
        comma = ", " if names else ""
        names += [comma, curve.style.named]
    return names


def _gained(step: Interval, unit: Measure) -> Value:
    """The gain of the last step; above 0 is better."""
    return gain(unit.beside(step.estimate), step.estimate, step.low, step.high)


def _tabulate(found: list[LearningCurve], unit: Measure) -> Table:
    """A row for each model and size; beside the last the gain of its step."""
    rows: list[tuple[Cell, ...]] = []
    for curve in found:
        points = curve.points.select("rows", "test", "sd", "train")
        for size, *scores in points.iter_rows():
            cells = [score(unit, number) for number in scores]
            rows.append((curve.style.named, count(round(size)), *cells, ""))
        if curve.step is not None:
            rows[-1] = (*rows[-1][:-1], _gained(curve.step, unit))
    columns = ("Model", "Training rows", "Test", "SD over folds", "Training", "Gain of the last step")  # fmt: skip
    return Table(columns, tuple(rows))


PANEL = Panel("learning", "Learning curves", learning, order=10)
