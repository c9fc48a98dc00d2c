"""Which features matter on one dataset: permutation importances, coefficients, and the agreement of models."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.intervals import Dot
from bench.report.charts.lanes import lanes
from bench.report.charts.pairs import matrix
from bench.report.charts.svg import Figure, Table
from bench.report.panel import Panel, View, drawn
from bench.report.panels._weights import Weight, Weights, legend, single, top, weights
from bench.report.styles import Style, Styles
from bench.report.text import importance as text
from bench.stats.misses import alike
from bench.stats.ranks import midranks
from bench.text import formats
from bench.text.words import Measure

#: Features listed.
FEATURES = 10
#: From this correlation on two features say nearly the same; and so many pairs are named.
ALIKE, PAIRS = 0.9, 3
#: A coefficient changes its sign if the share of folds above 0 lies between these.
TURNING = (0.1, 0.9)


def importances(bundle: Bundle, styles: Styles, dataset: str) -> View:
    """Permutation importances and coefficients, and the agreement of models."""
    rows = bundle.frame("importance").filter(
        pl.col("dataset") == dataset, pl.col("value").is_not_null()
    )
    if rows.is_empty():
        return View(empty=text.NOT_MEASURED)
    shown = drawn(bundle, styles, dataset, set(rows["family"].unique()))
    place, unit, figures = styles.dataset(dataset), facts.tuned_by(bundle, dataset), []
    said: tuple[str, ...] = ()
    shuffled = weights(rows.filter(kind="permutation"))
    if shuffled and not any(weight.mean for weight in shuffled.values()):
        said = (text.ONE_TEST_ROW if single(bundle, dataset) else text.UNCHANGED,)
    elif shuffled:
        figures.append(
            _shuffled(
                shown, shuffled, dataset, place, unit, _inspected(bundle, dataset, rows)
            )
        )
        together = _agreement(shown, shuffled, dataset, place)
        figures += [together] if together is not None else []
        said = _alike(bundle, dataset, {feature for _, feature in shuffled})
    sloped = weights(rows.filter(kind="coefficient"))
    if any(weight.mean for weight in sloped.values()):
        figures.append(_coefficients(shown, sloped, dataset, place))
    return (
        View(said, tuple(figures))
        if figures
        else View(empty=said[0] if said else text.NOT_MEASURED)
    )


def _inspected(bundle: Bundle, dataset: str, rows: pl.DataFrame) -> str:
    """Of how many folds the importances are, where not of all."""
    folds, every = (
        one.unique(["repeat", "fold"]).height
        for one in (rows, bundle.frame("folds").filter(dataset=dataset))
    )
    return text.inspected(folds, every)


def _alike(bundle: Bundle, dataset: str, features: set[str]) -> tuple[str, ...]:
    """The features that say nearly the same, by name: shuffled alone, each seems to matter little."""
    frame = bundle.frame("correlations").filter(
        pl.col("i") < pl.col("j"), pl.col("r").abs() >= ALIKE, dataset=dataset
    )
    frame = frame.filter(pl.col("a").is_in(features), pl.col("b").is_in(features))
    frame = frame.with_columns(size=pl.col("r").abs()).sort(
        ["size", "i", "j"], descending=[True, False, False]
    )
    pairs = list(frame.select("a", "b", "r").iter_rows())
    return (text.alike(pairs[:PAIRS], len(pairs)),) if pairs else ()


def _rows(
    shown: list[Style], found: Weights, names: list[str], times: float
) -> list[tuple[str, str, list[Dot]]]:
    rows = []
    for feature in names:
        dots = [
            Dot(style, times * w.mean, times * (w.mean - w.sd), times * (w.mean + w.sd))
            for style in shown
            if (w := found.get((style.name, feature))) is not None
        ]
        rows.append((feature, "", dots))
    return [row for row in rows if row[2]]


def _table(
    shown: list[Style], found: Weights, names: list[str], show: Callable[[float], str]
) -> Table:
    """A feature a row, a family a column: `+1.2 pp ± 0.4 pp (96 %)`."""
    lines = tuple(
        (name, *(_cell(found.get((style.name, name)), show) for style in shown))
        for name in names
    )
    return Table((text.WEIGHT, *(style.short for style in shown)), lines)


def _cell(weight: Weight | None, show: Callable[[float], str]) -> str:
    return (
        formats.NONE
        if weight is None
        else text.weight(weight.mean, weight.sd, weight.above, show)
    )


def _shuffled(
    shown: list[Style],
    found: Weights,
    dataset: str,
    place: str,
    unit: Measure,
    folds: str,
) -> Figure:
    times = 100.0 if unit.share else 1.0
    names = top(
        {k: w for k, w in found.items() if k[0] in {style.name for style in shown}},
        FEATURES,
        signed=True,
    )
    rows = _rows(shown, found, names, times)
    firsts: dict[str, list[tuple[str, float]]] = {}
    for style in shown:
        if (first := _first(found, style.name)) is not None:
            firsts.setdefault(first, []).append(
                (style.title, found[style.name, first].mean)
            )
    unit = unit.beside(*(weight.mean for weight in found.values()))
    said = text.most_important(firsts, unit)
    table = _table(shown, found, names, unit.difference)
    note = (
        text.shuffled_note(unit, len(rows), len({feature for _, feature in found}))
        + folds
    )
    body = Markup("").join(
        [lanes(rows, text.shuffled_label(place, said), zero=True), legend(shown)]
    )
    return Figure(
        f"importance-{dataset}", "Permutation importance", note, body, table, said
    )


def _first(found: Weights, family: str) -> str | None:
    """The feature that matters most to a family; None where none does."""
    own = {feature: w.mean for (name, feature), w in found.items() if name == family}
    best = max(sorted(own), key=lambda feature: own[feature], default=None)
    return best if best is not None and own[best] > 0 else None


def agreement(found: Weights, families: list[str]) -> np.ndarray:
    """(f, f): Spearman's correlation of mean importances over the features that all families have."""
    features = sorted({feature for _, feature in found})
    common = [f for f in features if all((family, f) in found for family in families)]
    if len(common) < 3:
        return np.full((len(families), len(families)), np.nan)
    ranks = np.array(
        [
            midranks(np.array([found[family, f].mean for f in common]))
            for family in families
        ]
    )
    return alike(ranks.T)


def _agreement(
    shown: list[Style], found: Weights, dataset: str, place: str
) -> Figure | None:
    here = [
        style for style in shown if any(family == style.name for family, _ in found)
    ]
    values = agreement(found, [style.name for style in here])
    off = [
        (float(values[i, j]), i, j)
        for i in range(len(here))
        for j in range(i)
        if not np.isnan(values[i, j])
    ]
    if not off:
        return None
    low, i, j = min(off)
    said = text.least_agreement((here[j].title, here[i].title), low)
    words = [[formats.correlation(v) for v in row] for row in values]
    body = matrix(here, values, words, f"{text.AGREEMENT}, {place}")
    return Figure(
        f"agreement-{dataset}", text.AGREEMENT, text.AGREEMENT_NOTE, body, None, said
    )


def _coefficients(
    shown: list[Style], found: Weights, dataset: str, place: str
) -> Figure:
    here = [
        style for style in shown if any(family == style.name for family, _ in found)
    ]
    names = top(found, FEATURES, signed=False)
    rows = _rows(here, found, names, 1.0)
    low, high = TURNING
    said = text.signs(
        sorted(
            {f for (_, f), w in found.items() if f in names and low < w.above < high}
        )
    )
    largest = max(
        (abs(w.mean) for (_, feature), w in found.items() if feature in names),
        default=0.0,
    )
    table = _table(here, found, names, formats.signing(largest))
    body = Markup("").join(
        [lanes(rows, text.coefficients_label(place, said), zero=True), legend(here)]
    )
    return Figure(
        f"coefficients-{dataset}",
        "Coefficients",
        text.COEFFICIENTS_NOTE,
        body,
        table,
        said,
    )


PANEL = Panel("importance", "Feature importance", importances, order=80)
