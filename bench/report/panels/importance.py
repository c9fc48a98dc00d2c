"""Which features matter on one dataset: what a score loses when a feature is shuffled."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bench.report import facts
from bench.report.blocks import Block, Cell, Figure, Note, Paragraph, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.plot_dots import DotRow, PlotDot, plot_dots
from bench.report.panel import Panel, drawn
from bench.report.styles import Style, Styles
from bench.report.values import Value, gain, percent
from bench.text.words import Measure

#: Features listed.
FEATURES = 10
#: From this correlation on two features say nearly the same; and so many pairs are named.
ALIKE, PAIRS = 0.9, 3


def importances(bundle: Bundle, styles: Styles, dataset: str) -> Iterator[Block]:
    """Permutation importances, and the features that stand for each other."""
    measured = bundle.frame("importance").filter(dataset=dataset, kind="permutation")
    measured = measured.drop_nulls("value")
    if measured.is_empty():
        return
    losses = mean_losses(measured)
    if not (losses["mean"] != 0).any():
        yield Paragraph(_why_nothing_changes(bundle, dataset))
        return
    shown = drawn(bundle, styles, dataset, set(losses["family"]))
    losses = losses.filter(pl.col("family").is_in([style.name for style in shown]))
    yield _figure(bundle, shown, losses, dataset)
    yield from _name_alike(bundle, dataset, losses["feature"])


def mean_losses(measured: pl.DataFrame) -> pl.DataFrame:
    """By family and feature: mean and standard deviation over folds, and the share of folds above 0."""
    value = pl.col("value")
    # Sums of threads differ in their last digits: rounded, so that equals stay equals and keep their order.
    return measured.group_by("family", "feature", maintain_order=True).agg(
        value.mean().round_sig_figs(9).alias("mean"),
        value.std().fill_null(0.0).round_sig_figs(9).alias("sd"),
        (value > 0).mean().alias("above"),
    )


def rank_features(losses: pl.DataFrame) -> list[str]:
    """The features by what they weigh with any family, each family's losses being shares of its largest."""
    mean = pl.col("mean")
    largest = mean.max().over("family")
    share = pl.when(largest > 0).then(mean / largest).otherwise(mean)
    weighed = losses.with_columns(share.round(9).alias("share"))
    most = weighed.group_by("feature").agg(pl.col("share").max())
    order = most.sort("share", "feature", descending=[True, False])
    return order["feature"].to_list()


def _why_nothing_changes(bundle: Bundle, dataset: str) -> str:
    tests = bundle.test_sets(dataset)
    if tests is not None and tests.largest == 1:
        return "No feature can be shuffled: every fold has one test row."
    return "Shuffling any one feature among the test rows changes no score."


def _figure(
    bundle: Bundle, shown: list[Style], losses: pl.DataFrame, dataset: str
) -> Figure:
    unit = facts.tuned_by(bundle, dataset).beside(*losses["mean"])
    times = 100.0 if unit.share else 1.0
    features = rank_features(losses)
    rows: list[DotRow] = []
    cells: list[tuple[Cell, ...]] = []
    for feature in features[:FEATURES]:
        dots = []
        for style in shown:
            of_both = losses.filter(family=style.name, feature=feature)
            for mean, sd, above in of_both.select("mean", "sd", "above").iter_rows():
                low, high = times * (mean - sd), times * (mean + sd)
                dots.append(PlotDot(style.named, times * mean, low, high))
                mean_and_sd = gain(unit, mean), gain(unit, sd)
                cells.append((feature, style.named, *mean_and_sd, percent(above)))
        rows.append(DotRow(feature, tuple(dots)))
    columns = ("Feature", "Model", "Mean", "SD over folds", "Folds above 0")
    return Figure(
        f"importance-{dataset}",
        _result(shown, losses, unit),
        _marks(bundle, dataset, unit, len(features)),
        (plot_dots("Permutation importance", rows, line=0.0),),
        Table(columns, tuple(cells)),
    )


def _marks(bundle: Bundle, dataset: str, unit: Measure, features: int) -> str:
    change = "drop" if unit.higher else "rise"
    points = ", in pp" if unit.share else ""
    marks = f"Across: {change} in {unit.word} when a feature is shuffled{points}; bar: SD over folds."
    if features > FEATURES:
        marks += f" Features shown: {FEATURES} of {features}."
    folds = ["repeat", "fold"]
    measured = bundle.frame("importance").filter(dataset=dataset).unique(folds).height
    every = bundle.frame("folds").filter(dataset=dataset).unique(folds).height
    if measured < every:
        marks += f" Folds measured: the first {measured} of {every}."
    return marks


def _result(
    shown: list[Style], losses: pl.DataFrame, unit: Measure
) -> tuple[Piece, ...]:
    """By feature the models that it matters most to, each with the loss when it is shuffled."""
    order = losses.filter(pl.col("mean") > 0).sort("mean", descending=True)
    firsts: dict[str, list[Piece]] = {}
    for style in shown:
        for feature, loss in order.filter(family=style.name).select("feature", "mean").head(1).iter_rows():  # fmt: skip
            models = firsts.setdefault(feature, [])
            comma = ", " if models else ""
            models += [comma, style.named, " (", gain(unit, loss), ")"]
    if not firsts:
        return ("No feature matters to any model when it is shuffled alone.",)
    result: list[Piece] = []
    for feature, models in firsts.items():
        begin = "; " if result else "Most important: "
        result += [begin, f"{feature} for ", *models]
    return (*result, ".")


def _name_alike(bundle: Bundle, dataset: str, features: pl.Series) -> Iterator[Note]:
    """The features that say nearly the same, by name: shuffled alone, each seems to matter little."""
    size, once = pl.col("r").abs(), pl.col("i") < pl.col("j")
    pairs = bundle.frame("correlations").filter(
        once,
        size >= ALIKE,
        pl.col("a").is_in(features.implode()),
        pl.col("b").is_in(features.implode()),
        dataset=dataset,
    )
    if pairs.is_empty():
        return
    pairs = pairs.sort(size, "i", "j", descending=[True, False, False])
    named: list[Piece] = []
    for a, b, r in pairs.head(PAIRS).select("a", "b", "r").iter_rows():
        comma = ", " if named else ""
        named += [f"{comma}{a} with {b} (r = ", Value(r, digits=3), ")"]
    if pairs.height > PAIRS:
        named.append(f"; more pairs: {pairs.height - PAIRS}")
    begin = "Highly correlated features, each may matter more than shown: "
    yield Note("remark", (begin, *named, "."))


PANEL = Panel("importance", "Feature importance", importances, order=80, folded=True)
