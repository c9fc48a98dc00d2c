"""Learning curves of one dataset: what more training rows brought so far, and never what they would bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

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


class LastStep(StrEnum):
    """What the last step of a learning curve shows."""

    ROWS = "rows"
    MODEL = "model"
    OPEN = "open"


@dataclass(frozen=True)
class LearningCurve:
    """One family: rows (m,) trained on, mean test and train scores (m,), their spread (m,) over test folds, last step.

    `step`: the mean gain of the last step over the folds that both ends have, turned so that above 0 is better; None
    for fewer than two such folds, or a few that all gained the same. `rope`: how small a gain counts as none.
    """

    style: Style
    rows: tuple[float, ...]
    test: tuple[float, ...]
    sd: tuple[float, ...]
    train: tuple[float | None, ...]
    step: Interval | None
    rope: float | None

    @property
    def answer(self) -> LastStep:
        """Whether more rows still helped, brought nothing that counts, or neither is shown."""
        if self.step is None:
            return LastStep.OPEN
        if self.rope is not None and self.step.high < self.rope:
            return LastStep.MODEL
        return LastStep.ROWS if self.step.low > 0 else LastStep.OPEN


def learning(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """The mean score over the number of training rows, a picture a model; nothing where none had fewer rows."""
    unit = facts.primary(bundle)
    scores = _scores(bundle, dataset, unit)
    have = set(scores.filter(pl.col("share") < 1)["family"])
    sizes = bundle.frame("folds").filter(dataset=dataset)
    sizes = sizes.drop_nulls(["train_rows", "test_rows"])
    if not have or sizes.is_empty():
        return
    shown = drawn(bundle, styles, dataset, have, MOST)
    found = [
        _curve(bundle, style, scores.filter(family=style.name), sizes, unit)
        for style in shown
    ]
    if found and all(len(curve.rows) > 1 for curve in found):
        level = level_of(bundle.study)
        yield _figure(found, unit, dataset, level, _few_folds(scores))


def _few_folds(scores: pl.DataFrame) -> str:
    """Why the last point of a curve is not the mean score of the model; empty where it is."""
    folds, every = (
        scores.filter(side="test").filter(which).unique(["repeat", "fold"]).height
        for which in (pl.col("share") < 1, pl.col("share") == 1)
    )
    if folds >= every:
        return ""
    return f" Folds: {folds} of {every}, so the last point is not the mean of all."


def _scores(bundle: Bundle, dataset: str, unit: Measure) -> pl.DataFrame:
    """The scores of the primary metric by the share of the training rows; plain ones have a share of 1."""
    variant = pl.col("variant")
    rows = bundle.frame("scores").filter(
        pl.col("dataset") == dataset,
        pl.col("metric") == unit.name,
        pl.col("value").is_not_null(),
        (variant == "plain") | variant.str.starts_with(SHARE),
    )
    share = variant.str.strip_prefix(SHARE).cast(pl.Float64, strict=False)
    share = pl.when(variant == "plain").then(1.0).otherwise(share)
    return rows.with_columns(share=share).drop_nulls("share")


def _curve(
    bundle: Bundle,
    style: Style,
    scores: pl.DataFrame,
    sizes: pl.DataFrame,
    unit: Measure,
) -> LearningCurve:
    rows = float(sizes["train_rows"].mean())  # type: ignore[arg-type]
    ratio = float((sizes["test_rows"] / sizes["train_rows"]).mean())  # type: ignore[arg-type]
    scores = _on_the_same_folds(scores)
    means = scores.group_by("share", "side").agg(
        pl.col("value").mean().round_sig_figs(9),
        pl.col("value").std().fill_null(0.0).round_sig_figs(9).alias("sd"),
    )
    by = {(share, side): (value, sd) for share, side, value, sd in means.iter_rows()}
    shares = sorted({share for share, side in by if side == "test"})
    test = [by[share, "test"] for share in shares]
    step = None
    if len(shares) > 1:
        step = _step(scores, shares[-2:], unit, ratio, level_of(bundle.study))
    return LearningCurve(
        style,
        tuple(share * rows for share in shares),
        tuple(value for value, _ in test),
        tuple(sd for _, sd in test),
        tuple(by.get((share, "train"), (None, None))[0] for share in shares),
        step,
        rope_of(bundle.study, unit.name),
    )


def _on_the_same_folds(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores of the folds that have one at every share, so that a step is the difference of its ends; all where
    there is no such fold."""
    test = scores.filter(side="test")
    shares = test.group_by("repeat", "fold").agg(pl.col("share").n_unique())
    same = shares.filter(pl.col("share") == test["share"].n_unique())
    if same.is_empty():
        return scores
    return scores.join(same, on=["repeat", "fold"], how="semi", nulls_equal=True)


def _step(
    scores: pl.DataFrame, ends: list[float], unit: Measure, ratio: float, level: float
) -> Interval | None:
    """The gain of the last step, fold by fold, with the interval that knows that folds share training rows."""
    test = scores.filter(side="test")
    less, more = (
        test.filter(share=share).select("repeat", "fold", "value") for share in ends
    )
    both = less.join(more, on=["repeat", "fold"], nulls_equal=True)
    both = both.sort("repeat", "fold")
    if both.height < 2:
        return None
    turn = 1 if unit.higher else -1
    after, before = (turn * both[name].to_numpy() for name in ("value_right", "value"))
    contrast = compare_folds(after, before, ratio=ratio)
    if contrast.is_unspread:
        return None
    low, high = contrast.interval(level) or (0.0, 0.0)
    se, df = contrast.standard_error or 0.0, contrast.df or 0.0
    return Interval(contrast.gain, low, high, se, df)


def _figure(
    found: list[LearningCurve], unit: Measure, dataset: str, level: float, few: str
) -> Figure:
    ends = [
        mean + turn * sd
        for curve in found
        for mean, sd in zip(curve.test, curve.sd, strict=True)
        for turn in (-1, 1)
    ]
    trained = [one for curve in found for one in curve.train]
    low, high = unit.limits
    y = choose_axis([*ends, *trained], ticks=4, floor=low, roof=high)
    most = max(curve.rows[-1] for curve in found)
    x = choose_axis([0, most], ticks=3, floor=0, roof=most)
    charts = tuple(_panel(curve, found, x, y) for curve in found)
    plain = "; plain: training rows" if any(one is not None for one in trained) else ""
    marks = (
        f"Across: training rows. Up: {unit.word}. Marked: test rows, band: SD over folds{plain}; "
        f"grey: the other models.{few}"
    )
    return Figure(
        f"learning-{dataset}",
        _result(found, unit, level),
        marks,
        charts,
        _table(found, unit),
    )


def _panel(curve: LearningCurve, found: list[LearningCurve], x: Axis, y: Axis) -> Chart:
    """The other models in grey, then the model on training rows and on test rows."""
    title, hue = curve.style.title, curve.style.hue
    series = [
        PlotCurve("", other.rows, other.test, "rule", marked=())
        for other in found
        if other is not curve
    ]
    known = zip(curve.rows, curve.train, strict=True)
    trained = [(n, score) for n, score in known if score is not None]
    if trained:
        across, up = zip(*trained, strict=True)
        series.append(PlotCurve(f"{title}, training rows", across, up, hue, marked=()))
    ends = list(zip(curve.test, curve.sd, strict=True))
    low = tuple(max(y.low, mean - sd) for mean, sd in ends)
    high = tuple(min(y.high, mean + sd) for mean, sd in ends)
    own = PlotCurve(title, curve.rows, curve.test, hue, curve.style.shape, low, high)
    return plot_curves(title, [*series, own], x, y, height=130)


def _result(found: list[LearningCurve], unit: Measure, level: float) -> tuple[Piece, ...]:  # fmt: skip
    """Which models still gained from more rows, which did not, and of which neither is shown."""
    few, many = found[0].rows[-2:]
    said: list[Piece] = [
        "From ", count(round(few)), " to ", count(round(many)), " training rows: ",
    ]  # fmt: skip
    rope = found[0].rope
    smallest = () if rope is None else (" of ", replace(gain(unit, rope), signed=False), " or more")  # fmt: skip
    parts: list[tuple[LastStep, tuple[Piece, ...]]] = [
        (LastStep.ROWS, ("more rows helped ",)),
        (LastStep.MODEL, ("a gain", *smallest, " is ruled out for ")),
        (LastStep.OPEN, ("it cannot be told for ",)),
    ]
    begun = False
    for answer, words in parts:
        models = [curve for curve in found if curve.answer is answer]
        if models:
            said += ["; " if begun else "", *words, *_names(models, answer, unit)]
            begun = True
    return (*said, f" (intervals of {100 * level:g} %).")


def _names(models: list[LearningCurve], answer: LastStep, unit: Measure) -> list[Piece]:
    """The models, those that gained with their gain; of many their number."""
    if len(models) > NAMED and answer is not LastStep.ROWS:
        return [count(len(models), "models")]
    said: list[Piece] = []
    for i, curve in enumerate(models):
        said += [", " if i else "", curve.style.named]
        if curve.step is not None and answer is LastStep.ROWS:
            said += [" ", _gained(curve.step, unit)]
    return said


def _gained(step: Interval, unit: Measure) -> Value:
    """The gain of the last step; above 0 is better."""
    return gain(unit.beside(step.estimate), step.estimate, step.low, step.high)


def _table(found: list[LearningCurve], unit: Measure) -> Table:
    """A row for each model and size; beside the last the gain of its step."""
    rows: list[tuple[Cell, ...]] = []
    for curve in found:
        told = zip(curve.rows, curve.test, curve.sd, curve.train, strict=True)
        for n, test, sd, train in told:
            last = n == curve.rows[-1] and curve.step is not None
            rows.append((
                curve.style.named, count(round(n)), score(unit, test), score(unit, sd), score(unit, train),
                _gained(curve.step, unit) if last and curve.step else "",
            ))  # fmt: skip
    columns = ("Model", "Training rows", "Test", "SD over folds", "Training", "Gain of the last step")  # fmt: skip
    return Table(columns, tuple(rows))


PANEL = Panel("learning", "Learning curves", learning, order=10)
