"""What the columns of a table say of each other and of its target, and of the cases that its rows stand for."""

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
#: Of so many columns one may be a sum, of at most so many of them.
SUM_COLUMNS, PARTS = 60, 10
#: What chance leaves so rarely is none.
CHANCE = 1e-6
MOST_CASES = 1_000_000
#: What people call columns that count: cases of a row, and successes among trials.
_CASES = {"freq", "frequency", "count", "counts", "n", "cases"}
_SUCCESSES = {"successes", "success", "events", "deaths", "positives", "wins"}
_TRIALS = {"trials", "total", "attempts", "tested", "exposed", "n"}


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
    return pairs["b"].is_sorted() or pairs["b"].is_sorted(descending=True)


def has_ranges(numbers: pl.Series, by: pl.Series) -> bool:
    """Whether each of a few values of `by` holds a range of numbers that no other one reaches."""
    pairs = pl.DataFrame({"y": numbers, "x": by}).drop_nulls()
    low, high = pl.col("y").min().alias("low"), pl.col("y").max().alias("high")
    ranges = pairs.group_by("x").agg(pl.len(), low, high).sort("low")
    if not 2 <= ranges.height <= 10 or pairs.height < 50 or ranges["len"].min() < 5:  # type: ignore[operator]
        return False
    return bool((ranges["low"][1:] > ranges["high"][:-1]).all())


def decides(feature: pl.Series, target: pl.Series) -> bool:
    """Whether each of a few categories of a feature, no value among them, goes with one class of the target."""
    pairs = pl.DataFrame({"x": feature.cast(pl.String), "y": target})
    classes = pairs.group_by("x").agg(pl.col("y").n_unique())["y"]
    few = 2 <= len(classes) <= CATEGORIES and len(target) >= ROWS_A_CATEGORY * len(
        classes
    )
    return few and target.n_unique() > 1 and classes.max() == 1


def only_with(feature: pl.Series, target: pl.Series) -> str | None:
    """The class without which a feature has no value, where chance would hardly leave all its values there."""
    classes = target.filter(feature.is_not_null())
    if feature.null_count() == 0 or classes.n_unique() != 1:
        return None
    share = float((target == classes[0]).mean())
    return str(classes[0]) if share ** len(classes) < CHANCE else None


def parts_of(
    frame: pl.DataFrame, name: str, columns: Sequence[str], *, added: bool = False
) -> tuple[str, ...]:
    """The numeric columns whose weighted sum is another one in every row; empty where none is.

    A single one is no sum. added: no part may be subtracted.
    """
    names = [other for other in columns if frame[other].dtype == pl.Float64]
    names = names[:SUM_COLUMNS]
    whole = frame.select(name, *names).drop_nulls().head(ROWS)
    if len(names) < 2 or whole.height < max(
        50, 5 * len(names), min(ROWS, frame.height) // 2
    ):
        return ()
    values = whole.to_numpy()
    spread = values.std(axis=0)
    if not spread.all():
        return ()
    scaled = (values - values.mean(axis=0)) / spread
    weights, _, rank, _ = np.linalg.lstsq(scaled[:, 1:], scaled[:, 0], rcond=1e-10)
    left = scaled[:, 0] - scaled[:, 1:] @ weights
    places = np.flatnonzero(np.abs(weights) > 1e-6)
    if added and (weights[places] < 0).any():
        return ()
    parts = [names[at] for at in places]
    exact = float(np.abs(left).max()) < 1e-7 and rank == len(names)
    return tuple(parts) if exact and 2 <= len(parts) <= PARTS else ()


def errors_removed(
    frame: pl.DataFrame, target: pl.Series, kinds: Mapping[str, ColumnKind]
) -> dict[str, float]:
    """By feature, the share of the error of a constant guess that it removes alone: the largest first."""
    there = target.is_not_null()
    frame, target = frame.filter(there), target.filter(there)
    if frame.height > ROWS:
        at = np.sort(np.random.default_rng(0).choice(frame.height, ROWS, replace=False))
        frame, target = frame[at], target[at]
    if frame.height < 2 * FEWEST or target.n_unique() < 2:
        return {}
    fold = dealt(frame.height, 0)
    labels = target.dtype != pl.Float64
    if labels:
        y = _codes(target) - 1
        guess = float((y != np.bincount(y).argmax()).mean())
    else:
        y = target.to_numpy()
        guess = float(y.var())
    errors_of = wrong_labels if labels else square_errors
    shares = {}
    for name in list(kinds)[:FEATURES]:
        bins = (_codes(frame[name]) - 1)[:, None]
        if kinds[name] == "numeric":
            bins = binned(frame[name].to_numpy().astype(float)[:, None])
        shares[name] = 1 - float(errors_of(bins, y, fold).mean()) / guess
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _codes(series: pl.Series) -> np.ndarray:
    """Codes of values from 1; 0 for none."""
    return series.cast(pl.String).rank("dense").fill_null(0).cast(pl.Int64).to_numpy()


def decided_by(
    frame: pl.DataFrame, name: str, others: Sequence[str]
) -> tuple[str, ...]:
    """The columns that have one value for each value of another, and fewer values than it."""
    levels = frame[name].n_unique()
    fewer = [c for c in others if c != name and 1 < frame[c].n_unique() < levels]
    if not fewer:
        return ()
    counts = frame.group_by(name).agg(pl.col(fewer).n_unique())
    return tuple(other for other in fewer if counts[other].max() == 1)


# --- tables of counts


def count_column(raw: pl.DataFrame, columns: Sequence[str]) -> str | None:
    """The column that says how many cases each row of a text table stands for: named so, whole numbers, beside few
    values of everything else, and no combination twice. None where there is none."""
    for name in columns:
        others = [c for c in raw.columns if c != name and raw[c].n_unique() <= 20]
        if name.lower() not in _CASES or len(others) < 2:
            continue
        if _are_counts(raw[name]) and not raw.select(others).is_duplicated().any():
            return name
    return None


def _are_counts(series: pl.Series) -> bool:
    numbers = series.cast(pl.Int64, strict=False)
    if numbers.null_count() or int(numbers.min()) < 0:  # type: ignore[arg-type]
        return False
    return 0 < int(numbers.sum()) <= MOST_CASES


def with_cases(raw: pl.DataFrame, count: str) -> pl.DataFrame:
    """The table with a row for each case; numbers of its rows are left out."""
    kept = [c for c in raw.columns if c != count and raw[c].n_unique() < raw.height]
    times = raw[count].cast(pl.Int64)
    return raw.select(pl.col(kept).repeat_by(times)).filter(times > 0).explode(kept)


def trial_columns(raw: pl.DataFrame) -> tuple[str, str] | None:
    """The columns of successes and of trials; None unless there is one of each, and no row has more successes."""
    successes = [c for c in raw.columns if c.lower() in _SUCCESSES]
    trials = [c for c in raw.columns if c.lower() in _TRIALS]
    if len(successes) != 1 or len(trials) != 1:
        return None
    made, tried = raw[successes[0]], raw[trials[0]]
    if not (_are_counts(made) and _are_counts(tried)):
        return None
    fit = (made.cast(pl.Int64) <= tried.cast(pl.Int64)).all()
    return (successes[0], trials[0]) if fit and tried.cast(pl.Int64).max() > 1 else None  # type: ignore[operator]


def with_trials(
    raw: pl.DataFrame, successes: str, trials: str, target: str
) -> pl.DataFrame:
    """The table with a row for each trial, and the target yes or no."""
    made, tried = raw[successes].cast(pl.Int64), raw[trials].cast(pl.Int64)
    about = raw.drop(successes, trials)
    parts = []
    for label, count in (("yes", made), ("no", tried - made)):
        labelled = about.with_columns(pl.lit(label).alias(target), count.alias("\0"))
        parts.append(with_cases(labelled, "\0"))
    return pl.concat(parts)
