"""What the columns of a table say of its target, and of the cases that its rows stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from bench.data.relations import FEWEST, groups_of
from bench.data.types import ColumnKind
from bench.stats.one_feature import binned, dealt, square_errors, wrong_labels

#: So many rows are enough to see which feature says the target, and so many features are looked at.
ROWS, FEATURES = 3_000, 300
#: A feature of so few categories, each with rows enough, can be seen to decide the target.
CATEGORIES, ROWS_A_CATEGORY = 20, 10
#: What chance leaves so rarely is none.
CHANCE = 1e-6


def same_groups(a: pl.Series, b: pl.Series) -> bool:
    """Whether each value of one goes with one value of the other; several rows share a value."""
    few = a.drop_nulls().n_unique() <= 0.5 * len(a)
    return few and bool((groups_of(a) == groups_of(b)).all())


def in_order(a: pl.Series, b: pl.Series) -> bool:
    """Whether numbers rise, or fall, with the other column's without exception: one is a function of the other."""
    both = pl.DataFrame({"a": a, "b": b}).drop_nulls()
    if both.height < max(FEWEST, 0.5 * len(a)) or both["a"].n_unique() < 10:
        return False
    pairs = both.unique().sort("a", "b")
    if pairs["a"].n_unique() < pairs.height or pairs["b"].n_unique() < pairs.height:
        return False
    return bool(pairs["b"].is_sorted() or pairs["b"].is_sorted(descending=True))


def ranges_of(target: pl.Series, feature: pl.Series) -> bool:
    """Whether each of a few values of a feature holds a range of the numeric target that no other one reaches."""
    by = (
        pl.DataFrame({"y": target, "x": feature})
        .drop_nulls()
        .group_by("x")
        .agg(pl.len(), pl.col("y").min().alias("low"), pl.col("y").max().alias("high"))
        .sort("low")
    )
    few = (
        2 <= by.height <= 10
        and int(by["len"].min() or 0) >= 5  # type: ignore[arg-type]
        and int(by["len"].sum()) >= 50
    )
    return few and bool((by["low"][1:].to_numpy() > by["high"][:-1].to_numpy()).all())


def decides(feature: pl.Series, target: pl.Series) -> bool:
    """Whether each of a few categories of a feature, no value among them, goes with one class of the target."""
    by = (
        pl.DataFrame({"x": feature.cast(pl.String), "y": target})
        .group_by("x")
        .agg(pl.len(), pl.col("y").n_unique().alias("classes"))
    )
    few = 2 <= by.height <= CATEGORIES and len(target) >= ROWS_A_CATEGORY * by.height
    return few and target.n_unique() > 1 and bool((by["classes"] == 1).all())


def there_only_with(feature: pl.Series, target: pl.Series) -> str | None:
    """The class without which a feature has no value, where chance would hardly leave all its values there."""
    classes = target.filter(feature.is_not_null())
    if feature.null_count() == 0 or not len(classes) or classes.n_unique() > 1:
        return None
    return (
        str(classes[0])
        if float((target == classes[0]).mean()) ** len(classes) < CHANCE
        else None
    )


def parts_of(frame: pl.DataFrame, target: str, columns: Sequence[str]) -> list[str]:
    """Numeric features whose weighted sum is the numeric target in every row; empty where none is.

    A single one is no sum, and is left to `in_order`.
    """
    names = [name for name in columns if frame[name].dtype == pl.Float64][:60]
    whole = frame.select(target, *names).drop_nulls()
    if len(names) < 2 or whole.height < max(50, 5 * len(names), frame.height // 2):
        return []
    values = whole.head(ROWS).to_numpy()
    values = values[:, values.std(axis=0) > 0] if values[:, 0].std() > 0 else values
    if values.shape[1] != len(names) + 1:
        return []
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    weights, _, rank, _ = np.linalg.lstsq(scaled[:, 1:], scaled[:, 0], rcond=1e-10)
    left = scaled[:, 0] - scaled[:, 1:] @ weights
    found = [
        name for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-6
    ]
    exact = float(np.abs(left).max()) < 1e-7 and rank == len(names)
    return found if exact and 2 <= len(found) <= 10 else []


def removed(
    frame: pl.DataFrame, target: pl.Series, kinds: Mapping[str, ColumnKind]
) -> dict[str, float]:
    """By feature, the share of the error of a constant guess that it removes alone: the largest first."""
    there = target.is_not_null()
    frame, target = frame.filter(there), target.filter(there)
    if frame.height > ROWS:
        at = np.sort(np.random.default_rng(0).choice(frame.height, ROWS, replace=False))
        frame, target = frame[at], target[at]
    names = list(kinds)[:FEATURES]
    if frame.height < 2 * FEWEST or not names or target.n_unique() < 2:
        return {}
    fold = dealt(frame.height, 0)
    labels = target.dtype != pl.Float64
    y = _codes(target) - 1 if labels else target.to_numpy()
    errors_of = wrong_labels if labels else square_errors
    guess = float((y != np.bincount(y).argmax()).mean()) if labels else float(y.var())
    shares = {}
    for name in names:
        series = frame[name]
        numeric = kinds[name] == "numeric"
        bins = (
            binned(series.to_numpy().astype(float)[:, None])
            if numeric
            else (_codes(series) - 1)[:, None]
        )
        shares[name] = 1 - float(errors_of(bins, y, fold).mean()) / guess
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _codes(series: pl.Series) -> np.ndarray:
    """Codes of values from 1; 0 for none."""
    return series.cast(pl.String).rank("dense").fill_null(0).cast(pl.Int64).to_numpy()


def decided_by(frame: pl.DataFrame, name: str, others: Sequence[str]) -> list[str]:
    """The columns that have one value for each value of another, and fewer values than it."""
    levels = frame[name].n_unique()
    fewer = [
        other
        for other in others
        if other != name and 1 < frame[other].n_unique() < levels
    ]
    if not fewer:
        return []
    counts = (
        frame.group_by(name)
        .agg(pl.col(fewer).n_unique())
        .select(pl.col(fewer).max())
        .row(0, named=True)
    )
    return [other for other in fewer if counts[other] == 1]


def alike_within(frame: pl.DataFrame, name: str, columns: Sequence[str]) -> float:
    """The median share of the variance of numeric columns that lies between the values of `name` (adjusted eta²)."""
    shares = []
    for column in columns:
        both = frame.select(
            pl.col(name).cast(pl.String).alias("g"), pl.col(column).alias("x")
        ).drop_nulls()
        n, k = both.height, both["g"].n_unique()
        if n <= k or both["x"].n_unique() < 2:
            continue
        inside = float(
            both.select(
                ((pl.col("x") - pl.col("x").mean().over("g")) ** 2).sum()
            ).item()
        )
        if (whole := float(both["x"].var())) > 0:  # type: ignore[arg-type]
            shares.append(1 - (inside / (n - k)) / whole)
    return float(np.median(shares)) if shares else 0.0


def count_column(raw: pl.DataFrame, columns: Sequence[str]) -> str | None:
    """The column that says how many cases each row of a text table stands for: named so, whole numbers, beside few
    values of everything else, and no combination twice. None where there is none."""
    for name in columns:
        if name.lower() not in ("freq", "frequency", "count", "counts", "n", "cases"):
            continue
        series = raw[name].cast(pl.Int64, strict=False)
        others = [
            one for one in raw.columns if one != name and raw[one].n_unique() <= 20
        ]
        counted = (
            not series.null_count()
            and int(series.min()) >= 0  # type: ignore[arg-type]
            and 0 < int(series.sum()) <= 1_000_000
        )
        if (
            counted
            and len(others) >= 2
            and not raw.select(others).is_duplicated().any()
        ):
            return name
    return None
