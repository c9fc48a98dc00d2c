"""The shape of single columns: histograms on round edges, box plots, and what is aggregated is all that is kept."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from fractions import Fraction

import polars as pl

BINS = 30
TOP = 20
OUTLIERS = 50
OTHER = "(other)"
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))


def round_edges(low: float, high: float, whole: bool) -> list[float]:
    """At most 31 edges at multiples of 1, 2, 2.5 or 5 times a power of ten that cover [low, high].

    `whole` numbers get steps of at least 1, and a last edge above `high`: bins are [low, high) there, else the last one
    is closed.

    >>> round_edges(0.3, 2.9, False)[:3], round_edges(1, 3, True)
    ([0.3, 0.4, 0.5], [1.0, 2.0, 3.0, 4.0])
    """
    a, b = Fraction(low), Fraction(high)
    least = (b - a) / BINS or (
        Fraction(10) ** math.floor(math.log10(abs(low))) if low else Fraction(1)
    )
    # The float 0.3 lies a little beside 3/10: what rounds to an edge is on it.
    for step in _round_steps(
        max(least, Fraction(1)) if whole else least * (1 - Fraction(1, 10**9))
    ):
        if whole and step.denominator != 1:
            continue
        first, last = a // step, b // step + 1
        if not whole:
            first += _float((first + 1) * step) <= low
            last = max(last - (_float((last - 1) * step) >= high), first + 1)
        if last - first <= BINS:
            return [_float(i * step) for i in range(first, last + 1)]
    raise AssertionError("steps grow until the bins are few")


def _round_steps(least: Fraction) -> Iterator[Fraction]:
    """Round steps from the first that is at least `least`, without end."""
    power = math.floor(math.log10(least)) if float(least) else -330
    while True:
        for factor in _STEPS:
            step = factor * Fraction(10) ** power
            if step >= least:
                yield step
        power += 1


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return sys.float_info.max if number > 0 else -sys.float_info.max


def histogram(values: pl.Series, classes: pl.Series | None) -> list[dict[str, object]]:
    """Counts of a numeric column: one row a bin for all rows (`class` null), and one a bin and class."""
    known = values.is_not_null()
    present = values.filter(known)
    if not len(present):
        return []
    whole = bool((present == present.round(0)).all())
    edges = round_edges(float(present.min()), float(present.max()), whole)  # type: ignore[arg-type]
    count = len(edges) - 1
    bins = (
        pl.Series(edges).search_sorted(present, side="right").cast(pl.Int32) - 1
    ).clip(0, count - 1)
    places: list[dict[str, object]] = [
        {"bin": i, "low": edges[i], "high": edges[i + 1]} for i in range(count)
    ]
    return _counted(bins, places, None if classes is None else classes.filter(known))


def bars(
    values: pl.Series, classes: pl.Series | None, ordered: bool
) -> list[dict[str, object]]:
    """Counts of a categorical column: the 20 most frequent categories, by count, and all others as one; ordinal
    categories in their own order."""
    known = values.is_not_null()
    text = values.filter(known).cast(pl.String).alias("label")
    counts = text.value_counts(name="n").sort(["n", "label"], descending=[True, False])
    labels = counts["label"].head(TOP).to_list()
    if ordered and isinstance(values.dtype, pl.Enum):
        labels = [label for label in values.dtype.categories if label in set(labels)]
    places: list[dict[str, object]] = [
        {"bin": i, "label": label} for i, label in enumerate(labels)
    ]
    if counts.height > TOP:
        places.append({"bin": len(labels), "label": OTHER})
    codes = text.replace_strict(
        labels, list(range(len(labels))), default=len(labels), return_dtype=pl.Int32
    )
    return _counted(codes, places, None if classes is None else classes.filter(known))


def _counted(
    bins: pl.Series, places: list[dict[str, object]], classes: pl.Series | None
) -> list[dict[str, object]]:
    """Every place with its count, zeros too: over all rows, then class by class in class order."""
    bins = bins.alias("bin")
    if classes is None:
        found = dict(bins.value_counts(name="n").iter_rows())
        return [
            place | {"class": None, "count": found.get(place["bin"], 0)}
            for place in places
        ]
    pairs = (
        pl.DataFrame([bins, classes.alias("class").cast(pl.String)])
        .group_by("bin", "class")
        .len()
    )
    by_class = {(code, label): n for code, label, n in pairs.iter_rows()}
    labels = (
        list(classes.dtype.categories)
        if isinstance(classes.dtype, pl.Enum)
        else sorted(classes.unique())
    )
    total = [
        place
        | {
            "class": None,
            "count": sum(by_class.get((place["bin"], label), 0) for label in labels),
        }
        for place in places
    ]
    return total + [
        place | {"class": label, "count": by_class.get((place["bin"], label), 0)}
        for label in labels
        for place in places
    ]


def boxes(values: pl.Series, classes: pl.Series | None) -> list[dict[str, object]]:
    """Tukey's box for all rows (`class` null) and class by class."""
    found = [{"class": None} | box(values)] if values.null_count() < len(values) else []
    if classes is None or not found:
        return found
    for label in classes.dtype.categories:  # type: ignore[attr-defined]
        some = values.filter(classes == label)
        if some.null_count() < len(some):
            found.append({"class": label} | box(some))
    return found


def box(values: pl.Series) -> dict[str, object]:
    """Quartiles (linear between order statistics), whiskers at the last values within 1.5 interquartile ranges of them
    (Tukey 1977, Exploratory data analysis, 2C), the number of values beyond, and at most 50 of these, evenly spaced in
    order from the lowest to the highest."""
    ordered = values.drop_nulls().sort()
    q1, median, q3 = (ordered.quantile(q, "linear") for q in (0.25, 0.5, 0.75))
    assert q1 is not None and q3 is not None
    reach = 1.5 * (q3 - q1)
    inside = (ordered >= q1 - reach) & (ordered <= q3 + reach)
    within, beyond = ordered.filter(inside), ordered.filter(~inside)
    shown = beyond
    if len(beyond) > OUTLIERS:
        shown = beyond.gather(
            [round(i * (len(beyond) - 1) / (OUTLIERS - 1)) for i in range(OUTLIERS)]
        )
    return {
        "low_whisker": within.min(),
        "q1": q1,
        "median": median,
        "q3": q3,
        "high_whisker": within.max(),
        "outliers": len(beyond),
        "outlier_values": shown.to_list(),
    }
