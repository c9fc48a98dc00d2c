"""Tables and folds, as a program holds them, as those of a study: numpy, pandas, polars; splitters of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from bench.core.errors import DataError, UsageError
from bench.core.task import Task

#: More distinct whole numbers than this in a target are quantities, not classes.
MOST_CLASSES = 20
FOLD, GROUP, TIME = "bench_fold", "bench_group", "bench_time"


def table_of(X: Any) -> pl.DataFrame:
    """Features as a polars frame: columns of frames under their names, of arrays as x1, x2, ...

    Raises
    ------
    DataError
        For what is no table of at least one row and one column, and for names that are no text or stand twice.
    """
    if isinstance(X, pl.DataFrame):
        frame = X.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    elif hasattr(X, "columns") and hasattr(X, "iloc"):
        names = [str(name) for name in X.columns]
        if len(set(names)) < len(names):
            raise DataError("X: two columns have the same name")
        frame = pl.DataFrame([column_of(X.iloc[:, number], name) for number, name in enumerate(names)])
    else:
        array = np.asarray(X)
        if array.ndim != 2:
            raise DataError(f"X: has {array.ndim} dimensions; expected a table of rows and columns")
        frame = pl.DataFrame([column_of(array[:, number], f"x{number + 1}") for number in range(array.shape[1])])
    if not frame.height or not frame.width:
        raise DataError(f"X: has {frame.height} rows and {frame.width} columns; expected some of both")
    return frame


def column_of(values: Any, name: str) -> pl.Series:
    """One column; missing values (None, NaN, NaT, pandas.NA) are null."""
    if isinstance(values, pl.Series):
        return values.rename(name)
    array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"{name}: has {array.ndim} dimensions; expected one value a row")
    if array.dtype.kind in "biufM":
        series = pl.Series(name, array)
        return series.fill_nan(None) if series.dtype.is_float() else series
    cells = [None if value is None or value != value else value for value in array.tolist()]
    kinds = {type(value) for value in cells if value is not None}
    if kinds <= {bool} or kinds <= {int, float}:
        return pl.Series(name, cells, strict=False)
    return pl.Series(name, [None if value is None else str(value) for value in cells], dtype=pl.String)


def task_from(y: pl.Series) -> Task:
    """The task that a target asks for: classes where it is text, truth or few whole numbers, else regression."""
    if not y.dtype.is_numeric():
        return "classification"
    whole = y.dtype.is_integer() or bool((y.drop_nulls() == y.drop_nulls().round(0)).all())
    return "classification" if whole and y.n_unique() <= MOST_CLASSES else "regression"


def target_of(y: pl.Series, task: Task) -> pl.Series:
    """The target as a study holds it: class labels as text, whole numbers without a decimal point."""
    if y.null_count():
        raise DataError(f"y: is missing in {y.null_count()} rows; leave these rows out")
    if task == "regression":
        if not y.dtype.is_numeric():
            raise DataError("y: is no number, but the task is regression")
        return y.cast(pl.Float64)
    if y.dtype.is_float() and bool((y == y.round(0)).all()):
        y = y.cast(pl.Int64)
    return y.cast(pl.String)


@dataclass(frozen=True)
class Splitting:
    """How rows are split: the block of a study, the columns that it needs, the seed of the splitter, if any."""

    block: Mapping[str, object]
    columns: Mapping[str, pl.Series] = field(default_factory=dict)
    seed: int | None = None


def splitting_of(cv: Any, X: Any, y: Any, groups: Any, n: int, task: Task) -> Splitting:
    """How a splitter, or a number of folds, splits rows.

    A splitter whose test sets are a partition of the rows gives these very folds. A repeated or random one gives its
    scheme: bench draws the splits anew, from its seed.

    Raises
    ------
    UsageError
        For a splitter whose test sets overlap and whose scheme a study does not know.
    """
    if cv is None:
        return _scheme(groups, 10 if groups is None else 5)
    if isinstance(cv, bool) or (isinstance(cv, int) and cv < 2):
        raise UsageError(f"cv: {cv} is no number of folds; expected 2 or more")
    if isinstance(cv, int):
        return _scheme(groups, cv)
    seed = getattr(cv, "random_state", None)
    seed = seed if isinstance(seed, int) else None
    known = _known_scheme(cv, task)
    if known is not None:
        times = {TIME: pl.Series(TIME, np.arange(n))} if known["kind"] == "time_ordered" else {}
        return Splitting(known, times, seed)
    try:
        fold = _partition(cv.split(X, y, groups) if hasattr(cv, "split") else cv, n)
    except (TypeError, ValueError, IndexError) as error:
        raise UsageError(f"cv: does not split these {n} rows ({type(error).__name__}: {error})") from None
    return Splitting({"kind": "given_folds", "column": FOLD}, {FOLD: fold}, seed)


def _scheme(groups: Any, folds: int) -> Splitting:
    return Splitting({"kind": "kfold" if groups is None else "group_kfold", "folds": folds, "repeats": 1})


def _known_scheme(cv: Any, task: Task) -> Mapping[str, object] | None:
    """The scheme of a splitter that draws: repeated K-fold, hold-out; or in the order of time."""
    kind = type(cv).__name__
    if kind in ("RepeatedKFold", "RepeatedStratifiedKFold"):
        folds = cv.cvargs["n_splits"]
        return {"kind": "kfold", "folds": folds, "repeats": cv.n_repeats, "stratify": "Stratified" in kind}
    if kind in ("ShuffleSplit", "StratifiedShuffleSplit"):
        size = cv.test_size if isinstance(cv.test_size, float) else None
        if size is None and cv.test_size is None and cv.train_size is None:
            size = 0.1
        if size is None or cv.train_size is not None:
            raise UsageError(f"cv: {kind} needs `test_size` as a share of the rows, and no `train_size`")
        return {"kind": "holdout", "test_size": size, "repeats": cv.n_splits, "stratify": "Stratified" in kind}
    if kind == "TimeSeriesSplit":
        if cv.gap or cv.max_train_size or cv.test_size:
            raise UsageError("cv: TimeSeriesSplit is taken without gap, max_train_size and test_size")
        return {"kind": "time_ordered", "folds": cv.n_splits}
    return None


def _partition(splits: Iterable[Any], n: int) -> pl.Series:
    """The number of the fold that tests each row. Raises unless each row is tested once, by a model of all others."""
    fold = np.full(n, -1)
    for number, (train, test) in enumerate(splits):
        test, train = np.asarray(test), np.asarray(train)
        if (fold[test] >= 0).any() or len(train) + len(test) != n or np.isin(test, train).any():
            raise UsageError(
                "cv: its splits are no partition: each row must be tested once, by a model of all other rows. Take "
                "KFold, StratifiedKFold, GroupKFold or the like; or RepeatedKFold, RepeatedStratifiedKFold, "
                "ShuffleSplit, StratifiedShuffleSplit, TimeSeriesSplit, whose schemes are known"
            )
        fold[test] = number
    if (fold < 0).any():
        raise UsageError(f"cv: {int((fold < 0).sum())} rows are in no test set")
    return pl.Series(FOLD, [f"{number:04d}" for number in fold])
