"""Which features matter on one data set, how steadily, whether families agree, and what a feature does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import Dot
from bench.report.charts.lanes import heat, lanes
from bench.report.charts.lines import Entry, Field, Line, Panel, key, line_plot, panels
from bench.report.charts.svg import Figure, Table, nice
from bench.report.panel import Part, drawn
from bench.report.styles import Style, Styles
from bench.stats.dependence import together
from bench.stats.misses import alike
from bench.stats.ranks import midranks
from bench.text import formats
from bench.text.words import Measure, measure

#: Features listed, and features whose effect is drawn.
FEATURES, EFFECTS = 10, 6
#: Bands of effects are drawn for so many families at most.
BANDS = 3
#: Points of a curve at most, and those that its table lists.
PLACES, LISTED = 16, 8
#: Categories named under a curve, and how much of their names.
CODES, CUT = 5, 8


@dataclass(frozen=True)
class Weight:
    """One feature to one family: the mean over folds, their standard deviation, and the share of folds above 0."""

    mean: float
    sd: float
    above: float
    folds: int


Weights = dict[tuple[str, str], Weight]


def importances(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    """Permutation importances and coefficients, and the agreement of families."""
    title = "Which features matter"
    rows = bundle.frame("importance").filter(pl.col("dataset") == dataset, pl.col("value").is_not_null())
    if rows.is_empty():
        return Part("importance", title, empty="No importance of any feature was measured here.")
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    place, unit, figures = styles.dataset(dataset), _unit(bundle, dataset), []
    said: tuple[str, ...] = ()
    shuffled = weights(rows.filter(pl.col("kind") == "permutation"))
    if shuffled and not any(one.mean for one in shuffled.values()):
        said = (_unmoved(bundle, dataset),)
    elif shuffled:
        figures.append(_shuffled(shown, shuffled, dataset, place, unit))
        together = _agreement(shown, shuffled, dataset, place)
        figures += [together] if together is not None else []
    sloped = weights(rows.filter(pl.col("kind") == "coefficient"))
    if sloped:
        figures.append(_coefficients(shown, sloped, dataset, place))
    return Part("importance", title, said, tuple(figures)) if figures else Part("importance", title, empty=said[0])


def _unmoved(bundle: Bundle, dataset: str) -> str:
    """Why shuffling changed nothing at all."""
    if _single(bundle, dataset):
        return (
            "Every fold has one test row: there is nothing to shuffle a feature among, and no permutation importance."
        )
    return "Shuffling any one feature among the test rows changes no score."


def _single(bundle: Bundle, dataset: str) -> bool:
    """Whether every fold has one test row: what varies over folds is then the row, not the fit."""
    folds = bundle.frame("folds").filter(pl.col("dataset") == dataset)
    return folds.height > 0 and folds["test_rows"].max() == 1


def _unit(bundle: Bundle, dataset: str) -> Measure:
    """The metric that shuffling costs: that of tuning where there is tuning, else the primary one."""
    names = bundle.plain("tuning").filter(pl.col("dataset") == dataset)["metric"].drop_nulls()
    return measure(names[0]) if names.len() else facts.primary(bundle)


def weights(rows: pl.DataFrame) -> Weights:
    """By family and feature."""
    value = pl.col("value")
    # Sums of threads differ in their last digits: rounded, so that equals stay equals and keep their order.
    means = rows.group_by("family", "feature", maintain_order=True).agg(
        value.mean().round_sig_figs(9).alias("mean"),
        value.std().fill_null(0.0).round_sig_figs(9).alias("sd"),
        (value > 0).mean().alias("above"),
        pl.len(),
    )
    return {(family, feature): Weight(*rest) for family, feature, *rest in means.iter_rows()}


def top(found: Weights, most: int) -> list[str]:
    """The features that weigh most with any family, each family's weights being shares of its largest."""
    largest: dict[str, float] = {}
    for (family, _), one in found.items():
        largest[family] = max(largest.get(family, 0.0), abs(one.mean))
    share: dict[str, float] = {}
    for (family, feature), one in found.items():
        if largest[family] > 0:
            share[feature] = max(share.get(feature, 0.0), abs(one.mean) / largest[family])
    return sorted(share, key=lambda feature: (-round(share[feature], 9), feature))[:most]


def _rows(shown: list[Style], found: Weights, names: list[str], times: float) -> list[tuple[str, str, list[Dot]]]:
    rows = []
    for feature in names:
        dots = [
            Dot(style.short, style.shape, style.hue, times * w.mean, *_ends(w, times), key=style.key)
            for style in shown
            if (w := found.get((style.name, feature))) is not None
        ]
        rows.append((feature, "", dots))
    return [row for row in rows if row[2]]


def _ends(weight: Weight, times: float) -> tuple[float, float]:
    return times * (weight.mean - weight.sd), times * (weight.mean + weight.sd)


def _legend(shown: list[Style]) -> Markup:
    return key([Entry(style.short, style.shape, style.hue, key=style.key) for style in shown])


def _told(weight: Weight | None, show: Callable[[float], str]) -> str:
    if weight is None:
        return formats.NONE
    return f"{show(weight.mean)} ± {show(weight.sd).lstrip('+')} ({formats.probability(weight.above)})"


def _table(shown: list[Style], found: Weights, names: list[str], show: Callable[[float], str]) -> Table:
    """A feature a row, a family a column: `+1.2 pp ± 0.4 pp (96 %)`."""
    lines = []
    for feature in names:
        cells = [found.get((style.name, feature)) for style in shown]
        said = [
            f"{show(w.mean)} ± {show(w.sd).lstrip('+')} ({formats.probability(w.above)})" if w else "–" for w in cells
        ]
        lines.append((feature, *said))
    return Table(("Mean ± SD (share of folds above 0)", *(style.short for style in shown)), tuple(lines))


def _shuffled(shown: list[Style], found: Weights, dataset: str, place: str, unit: Measure) -> Figure:
    times = 100.0 if unit.share else 1.0
    names = top({k: w for k, w in found.items() if k[0] in {style.name for style in shown}}, FEATURES)
    rows = _rows(shown, found, names, times)
    all_ = len({feature for _, feature in found})
    which = (
        f"the {len(rows)} that matter most of {formats.count(all_)} features" if all_ > len(rows) else "every feature"
    )
    note = (
        f"What the {unit.word} of the test rows loses when a feature is "
        f"shuffled{', in percent points' if unit.share else ''}: "
        f"{which}. Mark: mean over folds; bar: one standard deviation over them. At zero a feature brings nothing."
    )
    firsts = [(style, f) for style in shown if (f := _first(found, style.name)) is not None]
    said = _first_words(firsts, found, unit)
    table = _table(shown, found, names, unit.difference)
    label = f"Permutation importance on {place}: {said}"
    body = Markup("").join([lanes(rows, label, zero=True), _legend(shown)])
    return Figure(f"importance-{dataset}", "Permutation importance", note, body, table, said)


def _first(found: Weights, family: str) -> str | None:
    own = {feature: w.mean for (name, feature), w in found.items() if name == family}
    best = max(sorted(own), key=lambda feature: own[feature], default=None)
    return best if best is not None and own[best] > 0 else None


def _first_words(firsts: list[tuple[Style, str]], found: Weights, unit: Measure) -> str:
    """Which feature each family leans on most."""
    if not firsts:
        return "No feature matters to any family when it is shuffled alone."
    by: dict[str, list[str]] = {}
    for style, feature in firsts:
        loss = unit.difference(found[style.name, feature].mean).lstrip("+")
        by.setdefault(feature, []).append(f"{style.title} ({loss})")
    if len(by) == 1:
        return f"By its mean over folds {next(iter(by))} matters most to {formats.listed(next(iter(by.values())))}."
    return (
        "Most important by the mean over folds: "
        + "; ".join(f"{feature} to {formats.listed(who)}" for feature, who in by.items())
        + "."
    )


def agreement(found: Weights, families: list[str]) -> np.ndarray:
    """(f, f): Spearman's correlation of mean importances over the features that all families have."""
    features = sorted({feature for _, feature in found})
    common = [f for f in features if all((family, f) in found for family in families)]
    if len(common) < 3:
        return np.full((len(families), len(families)), np.nan)
    ranks = np.array([midranks(np.array([found[family, f].mean for f in common])) for family in families])
    return alike(ranks.T)


def _agreement(shown: list[Style], found: Weights, dataset: str, place: str) -> Figure | None:
    here = [style for style in shown if any(family == style.name for family, _ in found)]
    values = agreement(found, [style.name for style in here])
    off = [(float(values[i, j]), i, j) for i in range(len(here)) for j in range(i) if not np.isnan(values[i, j])]
    if not off:
        return None
    low, i, j = min(off)
    said = f"The least agreement is between {here[j].title} and {here[i].title}: {formats.score(low)}."
    words = [[formats.NONE if np.isnan(v) else formats.score(float(v)) for v in row] for row in values]
    label = f"Agreement of families on which features matter, {place}: {said}"
    note = "Spearman's correlation of mean importances over all features: 1 is the same order of features, 0 none."
    rows = tuple((style.title, *row) for style, row in zip(here, words, strict=True))
    table = Table(("Family", *(style.short for style in here)), rows)
    body = heat([(style.short, style.shape, style.hue) for style in here], values, words, label)
    return Figure(f"agreement-{dataset}", "Agreement on what matters", note, body, table, said)


def _coefficients(shown: list[Style], found: Weights, dataset: str, place: str) -> Figure:
    here = [style for style in shown if any(family == style.name for family, _ in found)]
    names = top(found, FEATURES)
    rows = _rows(here, found, names, 1.0)
    turning = sorted({f for (_, f), w in found.items() if f in names and 0.1 < w.above < 0.9})
    said = f"The sign changes from fold to fold for {formats.listed(turning)}." if turning else ""
    said = said or "Every coefficient drawn keeps its sign in at least nine folds of ten."
    note = (
        "Coefficients of standardised features: what one standard deviation of a feature changes, the others held "
        "still; "
        "for more than two classes the largest in size. Mark: mean over folds; bar: one standard deviation over them."
    )
    table = _table(here, found, names, formats.signed)
    label = f"Coefficients on {place}: {said}"
    body = Markup("").join([lanes(rows, label, zero=True), _legend(here)])
    return Figure(f"coefficients-{dataset}", "Coefficients", note, body, table, said)


def effects(bundle: Bundle, styles: Styles, dataset: str) -> Part | None:
    """Partial dependence of the features that matter most, families together."""
    title = "What the features do"
    rows = bundle.frame("effects").filter(pl.col("dataset") == dataset, pl.col("value").is_not_null())
    if rows.is_empty():
        return Part("effects", title, empty="No partial dependence was computed here.")
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    curves = _curves(rows.filter(pl.col("family").is_in([style.name for style in shown])))
    if curves.is_empty():
        return Part("effects", title, empty="No partial dependence was computed for the families drawn.")
    spans = _spans(curves)
    names = _order(bundle, dataset, spans)
    picked = {n: spans[n] for n in names}
    figure = _effects_figure(bundle, shown, curves, picked, dataset, styles.dataset(dataset))
    return Part("effects", title, figures=(figure,))


def _curves(rows: pl.DataFrame) -> pl.DataFrame:
    """Mean and spread over folds by family, feature, class and place, which may be others in every fold."""
    by = ["family", "feature", "class"]
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(by, pl.String)
    schema |= dict.fromkeys(("at", "value", "sd"), pl.Float64)
    lines: list[tuple[object, ...]] = []
    for key_, part in rows.sort(*by, "repeat", "fold", "at").group_by(by, maintain_order=True):
        folds = part.group_by("repeat", "fold", maintain_order=True)
        one = together([(fold["at"].to_numpy(), fold["value"].to_numpy()) for _, fold in folds], PLACES)
        lines += [(*key_, *point) for point in zip(one.x, one.mean, one.sd, strict=True)]
    return pl.DataFrame(lines, schema=schema, orient="row")


def _spans(curves: pl.DataFrame) -> dict[str, tuple[str | None, float]]:
    """By feature: the class whose mean dependence moves most, and how far, over families."""
    moves = curves.group_by("feature", "class", "family").agg(
        (pl.col("value").max() - pl.col("value").min()).alias("by")
    )
    best = moves.group_by("feature", "class").agg(pl.col("by").mean().round_sig_figs(9)).sort("feature", "class")
    found: dict[str, tuple[str | None, float]] = {}
    for feature, klass, size in best.iter_rows():
        if feature not in found or size > found[feature][1]:
            found[feature] = (klass, size)
    return found


def _order(bundle: Bundle, dataset: str, spans: dict[str, tuple[str | None, float]]) -> list[str]:
    """The features by importance where it was measured, else by how far they move the prediction."""
    rows = bundle.frame("importance").filter(pl.col("dataset") == dataset, pl.col("kind") == "permutation")
    ranked = [feature for feature in top(weights(rows), rows.height) if feature in spans]
    rest = sorted((f for f in spans if f not in ranked), key=lambda f: (-spans[f][1], f))
    return [*ranked, *rest][:EFFECTS]


def _effects_figure(
    bundle: Bundle,
    shown: list[Style],
    curves: pl.DataFrame,
    spans: dict[str, tuple[str | None, float]],
    dataset: str,
    place: str,
) -> Figure:
    parts, lines = [], []
    picked = {
        feature: curves.filter(pl.col("feature") == feature, pl.col("class").eq_missing(pl.lit(klass, pl.String)))
        for feature, (klass, _) in spans.items()
    }
    every = pl.concat(picked.values())
    banded = len(shown) <= BANDS and not _single(bundle, dataset)
    up = nice([float(every["value"].min()), float(every["value"].max())], 4)  # type: ignore[arg-type]
    for feature, part in picked.items():
        klass, size = spans[feature]
        show = formats.score if bundle.study.task != "regression" else formats.short
        label = (
            f"{feature} on {place}: the prediction{f' of {klass}' if klass else ''} moves by {show(size)}"
            f"{' on average over families' if len(shown) > 1 else ''}"
        )
        known = part if banded else part.drop("sd")
        drawn_ = _effect(shown, known, (up.low, up.high), label, _categories(bundle, dataset, feature))
        parts.append(Panel(feature, klass or "", drawn_))
        lines += [(feature, klass or formats.NONE, *row) for row in _listed(shown, part, show)]
    what = "Mean prediction" if bundle.study.task == "regression" else "Mean probability"
    note = f"{what} when one feature is set to a value in every row, mean over folds."
    note += " Band: one standard deviation over folds." if banded else ""
    note += " Of several classes the one that moves most is shown." if any(klass for klass, _ in spans.values()) else ""
    most = max(spans, key=lambda f: spans[f][1])
    mean = " on average over families" if len(shown) > 1 else ""
    said = f"{most} moves the prediction most, by {formats.short(round(spans[most][1], 4))}{mean}."
    table = Table(
        ("Feature", "Class", "Family", "Mean at each value of the feature", "Largest SD over folds"), tuple(lines)
    )
    body = Markup("").join([panels(parts), _legend(shown)])
    return Figure(f"effects-{dataset}", "Partial dependence", note, body, table, said)


def _categories(bundle: Bundle, dataset: str, feature: str) -> pl.DataFrame:
    """(at, label) of a feature's categories, empty for a number."""
    here = (pl.col("dataset") == dataset) & (pl.col("feature") == feature) & pl.col("label").is_not_null()
    return bundle.frame("effects").filter(here).select("at", "label").unique()


def _listed(shown: list[Style], part: pl.DataFrame, show: Callable[[float], str]) -> list[tuple[str, str, str]]:
    """By family: its name, the heights at up to eight places, and the largest spread."""
    found = []
    for style in shown:
        rows = part.filter(pl.col("family") == style.name).sort("at")
        if rows.height:
            every = rows.gather_every(-(-rows.height // LISTED))
            heights = [f"{show(value)} at {formats.short(at)}" for at, value in every.select("at", "value").iter_rows()]
            found.append((style.title, "; ".join(heights), show(float(rows["sd"].max()))))  # type: ignore[arg-type]
    return found


def _effect(
    shown: list[Style], part: pl.DataFrame, span: tuple[float, float], label: str, names: pl.DataFrame
) -> Markup:
    """One feature's curves, with bands where `part` has their `sd`.

    `names` (at, label) are the categories behind its codes, if it has any.
    """
    low, high = float(part["at"].min()), float(part["at"].max())  # type: ignore[arg-type]
    banded = "sd" in part.columns
    field, lines = Field((low, high if high > low else low + 1), span, 130.0, cut=True), []
    for i, style in enumerate(shown):
        rows = part.filter(pl.col("family") == style.name).sort("at")
        points = tuple(rows.select("at", "value").iter_rows())
        if not points:
            continue
        edges = [(at, v - sd, v + sd) for at, v, sd in rows.select("at", "value", "sd").iter_rows()] if banded else []
        spot = min(len(points) - 1, round((i + 1) * len(points) / (len(shown) + 1)))
        lines.append(Line(points, style.hue, style.shape, band=tuple(edges), marks=(spot,), key=style.key))
    marks = [(at, formats.short(at) if name is None else name[:CUT]) for at, name in names.sort("at").iter_rows()]
    return line_plot(lines, field, label, x_ticks=marks[:CODES] if marks else None)
