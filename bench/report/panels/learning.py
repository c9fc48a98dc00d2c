"""Learning curves of one dataset: what more training rows brought so far, and never what they would bring."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from bench.contrasts import compare_folds
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.lines import Facet, Field, Line, facets, head, line_plot
from bench.report.charts.svg import Figure, Table, nice
from bench.report.panel import Panel, View, drawn
from bench.report.styles import Style, Styles
from bench.report.text import learning as text
from bench.report.text.learning import LastStep
from bench.scores.design import level_of, rope_of
from bench.stats.intervals import Interval
from bench.text import formats
from bench.text.words import Measure

SHARE = "train_share="


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


def learning(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """The mean score over the number of training rows, family by family, and what the last step gained."""
    unit = facts.primary(bundle)
    scores = _scores(bundle, dataset, unit)
    sizes = (
        bundle.frame("folds")
        .filter(dataset=dataset)
        .drop_nulls(["train_rows", "test_rows"])
    )
    if scores.filter(pl.col("share") < 1).is_empty() or sizes.is_empty():
        return View(empty=text.NO_CURVE)
    rows = float(sizes["train_rows"].mean())  # type: ignore[arg-type]
    ratio = float((sizes["test_rows"] / sizes["train_rows"]).mean())  # type: ignore[arg-type]
    rope = rope_of(bundle.study, unit.name)
    have = set(scores.filter(pl.col("share") < 1)["family"])
    found = [
        _curve(
            style,
            scores.filter(family=style.name),
            unit,
            rows,
            ratio,
            rope,
            level_of(bundle.study),
        )
        for style in drawn(bundle, styles, dataset, have)
    ]
    if any(len(curve.rows) < 2 for curve in found) or not found:
        return View(empty=text.NO_CURVE)
    figure = _figure(
        found, unit, dataset, styles.dataset(dataset), level_of(bundle.study)
    )
    said = _conclusions(found, unit, level_of(bundle.study))
    return View((said,) if said else (), (figure,))


def _scores(bundle: Bundle, dataset: str, unit: Measure) -> pl.DataFrame:
    """The scores of the primary metric by the share of the training rows; plain ones have a share of 1."""
    variant = pl.col("variant")
    rows = bundle.frame("scores").filter(
        pl.col("dataset") == dataset,
        pl.col("metric") == unit.name,
        pl.col("value").is_not_null(),
        (variant == "plain") | variant.str.starts_with(SHARE),
    )
    share = (
        pl.when(variant == "plain")
        .then(1.0)
        .otherwise(variant.str.strip_prefix(SHARE).cast(pl.Float64, strict=False))
    )
    return rows.with_columns(share=share).drop_nulls("share")


def _curve(
    style: Style,
    scores: pl.DataFrame,
    unit: Measure,
    rows: float,
    ratio: float,
    rope: float | None,
    level: float,
) -> LearningCurve:
    scores = _on_the_same_folds(scores)
    means = scores.group_by("share", "side").agg(
        pl.col("value").mean().round_sig_figs(9),
        pl.col("value").std().fill_null(0.0).round_sig_figs(9).alias("sd"),
    )
    by = {(share, side): (value, sd) for share, side, value, sd in means.iter_rows()}
    shares = sorted({share for share, side in by if side == "test"})
    test = [by[share, "test"] for share in shares]
    train = [by.get((share, "train"), (None, None))[0] for share in shares]
    step = _step(scores, shares[-2:], unit, ratio, level) if len(shares) > 1 else None
    return LearningCurve(
        style,
        tuple(share * rows for share in shares),
        tuple(value for value, _ in test),
        tuple(sd for _, sd in test),
        tuple(train),
        step,
        rope,
    )


def _on_the_same_folds(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores of the folds that have one at every share, so that a step is the difference of its ends; all where
    there is no such fold."""
    test = scores.filter(side="test")
    shares = test.group_by("repeat", "fold").agg(pl.col("share").n_unique())
    same = shares.filter(pl.col("share") == test["share"].n_unique())
    return (
        scores.join(same, on=["repeat", "fold"], how="semi", nulls_equal=True)
        if same.height
        else scores
    )


def _step(
    scores: pl.DataFrame, ends: list[float], unit: Measure, ratio: float, level: float
) -> Interval | None:
    """The gain of the last step, fold by fold, with the interval that knows that folds share training rows."""
    test = scores.filter(side="test")
    less, more = (
        test.filter(share=share).select("repeat", "fold", "value") for share in ends
    )
    both = less.join(more, on=["repeat", "fold"], nulls_equal=True).sort(
        "repeat", "fold"
    )
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
    found: list[LearningCurve], unit: Measure, dataset: str, place: str, level: float
) -> Figure:
    values = [
        v
        for curve in found
        for m, s in zip(curve.test, curve.sd, strict=True)
        for v in (m - s, m + s)
    ]
    values += [v for curve in found for v in curve.train if v is not None]
    up = nice(values, 4, *unit.limits)
    field = Field(
        (0.0, max(curve.rows[-1] for curve in found)), (up.low, up.high), 140.0
    )
    parts = [
        Facet(
            head(curve.style),
            _gap(curve, unit),
            _panel(curve, found, field, unit, place),
            curve.style.key,
        )
        for curve in found
    ]
    return Figure(
        f"learning-{dataset}",
        "Learning curves",
        text.note(unit),
        facets(parts),
        _table(found, unit),
    )


def _table(found: list[LearningCurve], unit: Measure) -> Table:
    """A family a row; at each number of training rows the test score ± SD over folds, and the train score."""
    sizes = sorted({n for curve in found for n in curve.rows})
    rows = []
    for curve in found:
        told = zip(curve.rows, curve.test, curve.sd, curve.train, strict=True)
        cells = {n: text.cell(test, sd, train, unit) for n, test, sd, train in told}
        rows.append((curve.style.title, *(cells.get(n, formats.NONE) for n in sizes)))
    return Table(
        ("Model", *(f"{formats.count(round(n))} rows" for n in sizes)), tuple(rows)
    )


def _gap(curve: LearningCurve, unit: Measure) -> str:
    last = curve.train[-1]
    return "" if last is None else text.gap(last, curve.test[-1], unit)


def _panel(
    curve: LearningCurve,
    found: list[LearningCurve],
    field: Field,
    unit: Measure,
    place: str,
) -> Markup:
    others = [
        Line(
            tuple(zip(o.rows, o.test, strict=True)),
            "ink",
            style="other",
            key=o.style.key,
        )
        for o in found
        if o.style.name != curve.style.name
    ]
    low, high = field.y
    band = tuple(
        (n, max(low, m - s), min(high, m + s))
        for n, m, s in zip(curve.rows, curve.test, curve.sd, strict=True)
    )
    train = tuple(
        (n, t) for n, t in zip(curve.rows, curve.train, strict=True) if t is not None
    )
    points = tuple(zip(curve.rows, curve.test, strict=True))
    own = Line(
        points,
        curve.style.hue,
        curve.style.shape,
        band=band,
        marks=tuple(range(len(points))),
    )
    lines = [*others, Line(train, curve.style.hue, style="dashed"), own]
    first, last_point = points[0], points[-1]
    label = text.label(curve.style.title, place, first, last_point, curve.step, unit)
    last = field.x[1]
    marks = [
        (0.0, "0"),
        (last / 2, formats.count(round(last / 2))),
        (last, formats.count(round(last))),
    ]
    return line_plot(lines, field, label, x_ticks=marks)


def _conclusions(found: list[LearningCurve], unit: Measure, level: float) -> str:
    """Who should get more rows and who another model, and what the last step was."""
    by: dict[LastStep, list[str]] = {}
    for curve in found:
        gain = "" if curve.step is None else f" ({text.gain(curve.step, unit)})"
        by.setdefault(curve.answer, []).append(f"{curve.style.title}{gain}")
    return text.conclusions(
        by, (found[0].rows[-2], found[0].rows[-1]), level, found[0].rope, unit
    )


PANEL = Panel("learning", text.TITLE, learning, order=10)
