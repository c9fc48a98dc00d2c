"""Learning curves of one data set: what more training rows brought so far, and never what they would bring."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.lines import Field, Line, Panel, line_plot, panels
from bench.report.charts.svg import Figure, Table, nice
from bench.report.panel import Part, drawn, named
from bench.report.styles import Style, Styles
from bench.scores.design import rope_of
from bench.stats.intervals import Interval, corrected_mean
from bench.text import formats
from bench.text.words import Measure

SHARE = "train_share="


@dataclass(frozen=True)
class Learning:
    """One family: rows (m,) trained on, mean test and train scores (m,), their spread (m,) over test folds, last step.

    `step`: the mean gain of the last step over the folds that both ends have, turned so that above 0 is better; None
    for fewer than two such folds. `rope`: how small a gain counts as none.
    """

    style: Style
    rows: tuple[float, ...]
    test: tuple[float, ...]
    sd: tuple[float, ...]
    train: tuple[float | None, ...]
    step: Interval | None
    rope: float | None

    @property
    def answer(self) -> str:
        """`rows`: more of them still helped; `model`: they brought nothing that counts; `open`: nobody can say."""
        if self.step is None:
            return "open"
        if self.rope is not None and self.step.high < self.rope:
            return "model"
        return "rows" if self.step.low > 0 else "open"


def learning(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    unit, title = facts.primary(bundle), "Learning curves: more rows, or another model?"
    scores = _scores(bundle, dataset, unit)
    sizes = bundle.frame("folds").filter(pl.col("dataset") == dataset).drop_nulls(["train_rows", "test_rows"])
    if scores.filter(pl.col("share") < 1).is_empty() or sizes.is_empty():
        return Part("learning", title, empty="No family was trained on fewer rows, so there is no learning curve.")
    rows = float(sizes["train_rows"].mean())  # type: ignore[arg-type]
    ratio = float((sizes["test_rows"] / sizes["train_rows"]).mean())  # type: ignore[arg-type]
    rope = rope_of(bundle.study, unit.name)
    have = set(scores.filter(pl.col("share") < 1)["family"])
    found = [
        _of(style, scores.filter(pl.col("family") == style.name), unit, rows, ratio, rope, facts.level(bundle))
        for style in drawn(bundle, styles, dataset, have)
    ]
    figure = _figure(found, unit, dataset, styles.dataset(dataset), facts.level(bundle))
    return Part("learning", title, _said(found, unit, facts.level(bundle)), (figure,))


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
        pl.when(variant == "plain").then(1.0).otherwise(variant.str.strip_prefix(SHARE).cast(pl.Float64, strict=False))
    )
    return rows.with_columns(share=share).drop_nulls("share")


def _of(
    style: Style, scores: pl.DataFrame, unit: Measure, rows: float, ratio: float, rope: float | None, level: float
) -> Learning:
    means = scores.group_by("share", "side").agg(
        pl.col("value").mean().round_sig_figs(9), pl.col("value").std().fill_null(0.0).round_sig_figs(9).alias("sd")
    )
    by = {(share, side): (value, sd) for share, side, value, sd in means.iter_rows()}
    shares = sorted({share for share, side in by if side == "test"})
    test = [by[share, "test"] for share in shares]
    train = [by.get((share, "train"), (None, None))[0] for share in shares]
    step = _step(scores, shares[-2:], unit, ratio, level) if len(shares) > 1 else None
    return Learning(
        style,
        tuple(share * rows for share in shares),
        tuple(value for value, _ in test),
        tuple(sd for _, sd in test),
        tuple(train),
        step,
        rope,
    )


def _step(scores: pl.DataFrame, ends: list[float], unit: Measure, ratio: float, level: float) -> Interval | None:
    """The gain of the last step, fold by fold, with the interval that knows that folds share training rows."""
    test = scores.filter(pl.col("side") == "test")
    less, more = (test.filter(pl.col("share") == share).select("repeat", "fold", "value") for share in ends)
    both = less.join(more, on=["repeat", "fold"], nulls_equal=True).sort("repeat", "fold")
    gains = (both["value_right"] - both["value"]).to_numpy() * (1 if unit.higher else -1)
    return corrected_mean(gains, test_train_ratio=ratio, level=level) if len(gains) > 1 else None


def _figure(found: list[Learning], unit: Measure, dataset: str, place: str, level: float) -> Figure:
    values = [v for one in found for m, s in zip(one.test, one.sd, strict=True) for v in (m - s, m + s)]
    values += [v for one in found for v in one.train if v is not None]
    up = nice([min(max(v, _or(unit.low, v)), _or(unit.high, v)) for v in values], 4, *unit.limits)
    field = Field((0.0, max(one.rows[-1] for one in found)), (up.low, up.high), 140.0)
    parts = [
        Panel(named(one.style), _gap(one, unit), _panel(one, found, field, unit, place), one.style.key) for one in found
    ]
    note = (
        f"{unit.title} over the number of training rows. Solid: test folds, with one standard deviation over them; "
        "dashed: "
        "the training rows; grey: the other families. The last point is the study itself."
    )
    return Figure(f"learning-{dataset}", "Learning curves", note, panels(parts), _table(found, unit))


def _table(found: list[Learning], unit: Measure) -> Table:
    """A family a row; at each number of training rows the test score ± SD over folds, and the train score."""
    sizes = sorted({n for one in found for n in one.rows})
    rows = []
    for one in found:
        told = zip(one.rows, one.test, one.sd, one.train, strict=True)
        cells = {n: f"{unit.show(t)} ± {unit.show(s)}, train {unit.show(f)}" for n, t, s, f in told}
        rows.append((one.style.title, *(cells.get(n, formats.NONE) for n in sizes)))
    return Table(("Family", *(f"{formats.count(round(n))} rows" for n in sizes)), tuple(rows))


def _or(limit: float | None, value: float) -> float:
    return value if limit is None else limit


def _gap(one: Learning, unit: Measure) -> str:
    last = one.train[-1]
    return "" if last is None else f"gap {unit.difference(last - one.test[-1])}"


def _panel(one: Learning, found: list[Learning], field: Field, unit: Measure, place: str) -> Markup:
    others = [
        Line(tuple(zip(o.rows, o.test, strict=True)), "ink", style="other", key=o.style.key)
        for o in found
        if o.style.name != one.style.name
    ]
    low, high = field.y
    band = tuple((n, max(low, m - s), min(high, m + s)) for n, m, s in zip(one.rows, one.test, one.sd, strict=True))
    train = tuple((n, t) for n, t in zip(one.rows, one.train, strict=True) if t is not None)
    points = tuple(zip(one.rows, one.test, strict=True))
    own = Line(points, one.style.hue, one.style.shape, band=band, marks=tuple(range(len(points))))
    lines = [*others, Line(train, one.style.hue, style="dashed"), own]
    label = (
        f"{one.style.title} on {place}: test {unit.word} {unit.show(one.test[0])} on {one.rows[0]:.0f} training rows, "
    )
    label += f"{unit.show(one.test[-1])} on {one.rows[-1]:.0f}. {_step_words(one, unit)}"
    last = field.x[1]
    marks = [(0.0, "0"), (last / 2, formats.count(round(last / 2))), (last, formats.count(round(last)))]
    return line_plot(lines, field, label, x_ticks=marks)


def _step_words(one: Learning, unit: Measure) -> str:
    if one.step is None:
        return "The last step has too few folds for an interval."
    ends = formats.interval(one.step.low, one.step.high, unit.difference)
    return f"The last step brought {unit.difference(one.step.estimate)} {ends}."


def _said(found: list[Learning], unit: Measure, level: float) -> tuple[str, ...]:
    """Who should get more rows and who another model, and what the last step was."""
    by: dict[str, list[str]] = {}
    for one in found:
        gain = "" if one.step is None else f" ({_gain(one.step, unit)})"
        by.setdefault(one.answer, []).append(f"{one.style.title}{gain}")
    ends = f"{formats.count(round(found[0].rows[-2]))} to {formats.count(round(found[0].rows[-1]))}"
    said = [
        f"What the last step, from {ends} training rows, gained on the same test folds, with its {100 * level:g}% "
        "interval:"
    ]
    if "rows" in by:
        said.append(f"More rows still helped {formats.listed(by['rows'])}.")
    if "model" in by:
        margin = "" if found[0].rope is None else f" of at least {unit.size(found[0].rope)}"
        said.append(
            f"More rows brought no gain{margin} to {formats.listed(by['model'])}: try another model or features."
        )
    if "open" in by:
        said.append(f"These folds cannot say for {formats.listed(by['open'])}.")
    return (" ".join(said), "Nothing is said of more rows than there are: a curve may bend anywhere.")


def _gain(step: Interval, unit: Measure) -> str:
    return f"{unit.difference(step.estimate)} {formats.interval(step.low, step.high, unit.difference)}"
