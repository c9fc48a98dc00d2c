"""Tables and folds, as a program holds them, as those of a study: numpy, pandas, polars; splitters of scikit-learn."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
import polars as pl

from bench.core.errors import DataError, UsageError
from bench.core.task import Task
from bench.study.protocol import RESAMPLINGS

#: More distinct whole numbers than this in a target are quantities, not classes.
MOST_CLASSES = 20
FOLD, GROUP, TIME, TARGET = "bench_fold", "bench_group", "bench_time", "bench_target"


def table_of(X: Any) -> pl.DataFrame:
    """Features as a polars frame: columns of frames under their names, of arrays as x1, x2, ...

    Raises `DataError` for what is no table of at least one row and one column, and for names that stand twice or that
    bench needs.
    """
    if isinstance(X, pl.DataFrame):
        columns = [column_of(series, series.name) for series in X]
    else:
        columns = (
            _of_pandas(X)
            if hasattr(X, "iloc") and hasattr(X, "columns")
            else _of_array(X)
        )
    frame = pl.DataFrame(columns)
    if not frame.height or not frame.width:
        raise DataError(
            f"X: has {frame.height} rows and {frame.width} columns; expected some of both"
        )
    if taken := [name for name in frame.columns if name in (FOLD, GROUP, TIME, TARGET)]:
        raise DataError(
            f"X: bench needs the name {taken[0]} itself; rename that column"
        )
    return frame


def _of_pandas(X: Any) -> list[pl.Series]:
    names = [str(name) for name in X.columns]
    if len(set(names)) < len(names):
        raise DataError("X: two columns have the same name")
    if any("\ud800" <= letter <= "\udfff" for letter in "".join(names)):
        raise DataError(
            "X: the name of a column holds half a letter (a lone surrogate); rename it"
        )
    return [column_of(X.iloc[:, number], name) for number, name in enumerate(names)]


def _of_array(X: Any) -> list[pl.Series]:
    try:
        array = np.asanyarray(X)
    except ValueError:
        raise DataError(
            "X: its rows differ in length; expected a table of rows and columns"
        ) from None
    if array.ndim != 2:
        raise DataError(
            f"X: has {array.ndim} dimensions; expected a table of rows and columns"
        )
    return [
        column_of(array[:, number], f"x{number + 1}")
        for number in range(array.shape[1])
    ]


def column_of(values: Any, name: str) -> pl.Series:
    """One column; missing values (None, NaN, NaT, pandas.NA) are null. Categories are words, whatever they are of.

    Raises `DataError` for what is no column, and for cells of several kinds.
    """
    if isinstance(values, pl.Series):
        return _of_polars(values.rename(name))
    dtype = getattr(values, "dtype", np.dtype(object))
    if type(dtype).__name__ == "CategoricalDtype":
        array = _categories(values, name)
    elif not isinstance(
        dtype, np.dtype
    ):  # of pandas: its whole numbers would become floats where one is missing
        array = np.asarray(values, dtype=object)
    else:
        try:
            array = (
                values.to_numpy()
                if hasattr(values, "to_numpy")
                else np.asanyarray(values)
            )
        except ValueError:
            raise DataError(
                f"{name}: its cells are lists of other lengths; expected one value a row"
            ) from None
    if array.ndim != 1:
        raise DataError(
            f"{name}: has {array.ndim} dimensions; expected one value a row"
        )
    if array.dtype.kind == "m":
        raise DataError(
            f"{name}: holds spans of time; give them as numbers, such as days"
        )
    if array.dtype.kind in "biufM" and not np.ma.is_masked(array):
        series = pl.Series(name, _known(np.asarray(array)))
        return series.fill_nan(None) if series.dtype.is_float() else series
    return _column_of_objects(array.tolist(), name)


def _of_polars(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Object:
        return _column_of_objects(series.to_list(), series.name)
    if isinstance(series.dtype, pl.Categorical | pl.Enum):
        return series.cast(pl.String)
    return series.fill_nan(None) if series.dtype.is_float() else series


def _known(array: np.ndarray) -> np.ndarray:
    """Numbers and moments in a precision that polars has."""
    if array.dtype.kind == "M" and (unit := np.datetime_data(array.dtype)[0]) not in (
        "D",
        "ms",
        "us",
        "ns",
    ):
        return array.astype("M8[D]" if unit in ("Y", "M", "W") else "M8[us]")
    return (
        array.astype(np.float64, copy=False)
        if array.dtype.kind == "f" and array.dtype.itemsize != 4
        else array
    )


def _categories(values: Any, name: str) -> Any:
    """The cells of a categorical column of pandas, each as the word of its category."""
    kept = getattr(values, "cat", values)
    words = _words([_plain(value, name) for value in kept.categories.tolist()], name)
    return np.array([*words, None], dtype=object)[np.asarray(kept.codes)]


def _words(cells: list[Any], name: str) -> list[str | None]:
    """Cells as words: 1, true. Raises where two different ones have the same word."""
    read: dict[str, set[tuple[type, Any]]] = defaultdict(set)
    words: list[str | None] = []
    for cell in cells:
        word = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
        word = word.lower() if isinstance(cell, bool) else word
        words.append(None if cell is None else word)
        read[word].add((float if type(cell) is int else type(cell), cell))
    if same := [word for word, values in read.items() if len(values) > 1]:
        raise DataError(
            f"{name}: different values read {same[0]}, one of them text; make all of them text"
        )
    return words


def _column_of_objects(values: list[Any], name: str) -> pl.Series:
    """Numbers, truth values or dates where all cells are; text where some is."""
    cells = [_plain(value, name) for value in values]
    kinds = {type(value) for value in cells if value is not None}
    if kinds <= {bool} or kinds <= {int, float} or kinds in ({dt.date}, {dt.datetime}):
        try:
            return pl.Series(name, cells, strict=False)
        except pl.exceptions.PolarsError:
            raise DataError(
                f"{name}: its times are of several time zones, or of none; give all in one"
            ) from None
    if str not in kinds:
        found = " and ".join(sorted(kind.__name__ for kind in kinds))
        raise DataError(f"{name}: holds {found} values; expected one kind in a column")
    try:
        return pl.Series(name, _words(cells, name), dtype=pl.String)
    except UnicodeEncodeError:
        raise DataError(
            f"{name}: holds half a letter (a lone surrogate); expected whole Unicode text"
        ) from None


def _plain(value: Any, name: str) -> str | float | dt.date | None:
    """A cell of an array of objects as Python's own; a number stays a number, whatever its class."""
    if value is None or (isinstance(value, dt.datetime) and value != value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Real | Decimal):
        return (
            None
            if value != value
            else int(value)
            if isinstance(value, Integral)
            else float(value)
        )
    if isinstance(value, dt.datetime):
        return getattr(value, "to_pydatetime", lambda: value)()
    if isinstance(value, str | dt.date):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    match type(value).__name__:
        case "NAType" | "NaTType":
            return None
        case "Interval":  # of pandas: a category that `cut` makes
            return str(value)
    raise DataError(
        f"{name}: holds a {type(value).__name__}; a table holds numbers, text, booleans and dates"
    )


def out_of_order(*tables: Any) -> bool:
    """Whether two frames or series of pandas hold the same rows in another order, or other rows of one table: by
    position, rows would be mixed. An index that counts from 0 is none of the rows' own."""
    first, *others = [one.index for one in tables if hasattr(one, "iloc")] or [None]
    return any(
        not first.equals(other)
        and len(common := first.intersection(other)) > 0
        and (
            len(common) == len(first.unique()) == len(other.unique())
            or not (_counts(first) or _counts(other))
        )
        for other in others
    )


def _counts(index: Any) -> bool:
    return index.equals(type(index)(range(len(index)))) if index.nlevels == 1 else False


def task_from(y: pl.Series) -> Task:
    """The task that a target asks for: classes where it is text, truth or few whole numbers, else regression."""
    if not y.dtype.is_numeric():
        return "classification"
    whole = y.dtype.is_integer() or bool(
        (y.drop_nulls() == y.drop_nulls().round(0)).all()
    )
    return "classification" if whole and y.n_unique() <= MOST_CLASSES else "regression"


def target_of(y: pl.Series, task: Task) -> pl.Series:
    """The target as a study holds it: class labels as text, whole numbers without a decimal point."""
    if y.null_count():
        raise DataError(f"y: is missing in {y.null_count()} rows; leave these rows out")
    if task == "regression":
        if not y.dtype.is_numeric():
            raise DataError("y: is no number, but the task is regression")
        return y.cast(pl.Float64)
    if y.dtype.is_float() and bool(((y == y.round(0)) & (y.abs() < 2**53)).all()):
        y = y.cast(pl.Int64)
    if y.dtype.is_float() and y.is_infinite().any():
        raise DataError("y: holds an infinite value; expected classes")
    return y.cast(pl.String)


def labels_of(y: Any) -> list[Any] | None:
    """The class labels that scikit-learn finds in a target, in its order; None of kinds that are no labels to it.

    >>> labels_of(["b", "a", "b"]), labels_of([2, 10, 2]), labels_of(["2", "10"]), labels_of([0.5, 1.5])
    (['a', 'b'], [2, 10], ['10', '2'], None)
    """
    try:
        found = np.unique(np.asarray(y))
    except TypeError:  # of kinds that have no order
        return None
    labels: list[Any] = found.tolist()
    if found.dtype.kind == "f" and all(label.is_integer() for label in labels):
        return labels
    exact = {type(label) for label in labels} in ({bool}, {int}, {str}) and np.array(
        labels
    ).tolist() == labels
    return labels if exact else None


@dataclass(frozen=True)
class Splitting:
    """How rows are split: the block of a study, the columns that it needs, the seed of the splitter, if any."""

    block: Mapping[str, object]
    columns: Mapping[str, pl.Series] = field(default_factory=dict)
    seed: int | None = None


def splitting_of(cv: Any, X: Any, y: Any, groups: Any, n: int, task: Task) -> Splitting:
    """How a splitter, or a number of folds, splits rows.

    A splitter whose test sets are a partition of the rows gives these very folds, or leave-one-out where each is one
    row. A repeated or random one gives its scheme: bench draws the splits anew, from its seed. Raises `UsageError` for
    one whose test sets overlap and whose scheme a study does not know.
    """
    if cv is None:
        return _scheme(groups, 10 if groups is None else 5)
    if isinstance(cv, bool) or (isinstance(cv, Integral) and cv < 2):
        raise UsageError(f"cv: {cv} is no number of folds; expected 2 or more")
    if isinstance(cv, Integral):
        return _scheme(groups, int(cv))
    seed = getattr(cv, "random_state", None)
    seed = int(seed) if isinstance(seed, Integral) else None
    known = _known_scheme(cv, task)
    if known is not None:
        times = (
            {TIME: pl.Series(TIME, np.arange(n))}
            if RESAMPLINGS[str(known["kind"])].in_time
            else {}
        )
        return Splitting(known, times, seed)
    try:
        fold = _partition(cv.split(X, y, groups) if hasattr(cv, "split") else cv, n)
    except (TypeError, ValueError, IndexError) as error:
        raise UsageError(
            f"cv: does not split these {n} rows ({type(error).__name__}: {error})"
        ) from None
    if fold.n_unique() == n:
        return Splitting({"kind": "leave_one_out"}, seed=seed)
    return Splitting({"kind": "given_folds", "column": FOLD}, {FOLD: fold}, seed)


def _scheme(groups: Any, folds: int) -> Splitting:
    return Splitting(
        {
            "kind": "kfold" if groups is None else "group_kfold",
            "folds": folds,
            "repeats": 1,
        }
    )


def _known_scheme(cv: Any, task: Task) -> Mapping[str, object] | None:
    """The scheme of a splitter that draws: repeated K-fold, hold-out; or in the order of time."""
    kind = type(cv).__name__
    if kind in ("RepeatedKFold", "RepeatedStratifiedKFold"):
        folds = cv.cvargs["n_splits"]
        return {
            "kind": "kfold",
            "folds": folds,
            "repeats": cv.n_repeats,
            "stratify": "Stratified" in kind,
        }
    if kind in ("ShuffleSplit", "StratifiedShuffleSplit"):
        size = cv.test_size if isinstance(cv.test_size, float) else None
        if size is None and cv.test_size is None and cv.train_size is None:
            size = 0.1
        if size is None or cv.train_size is not None:
            raise UsageError(
                f"cv: {kind} needs `test_size` as a share of the rows, and no `train_size`"
            )
        return {
            "kind": "holdout",
            "test_size": size,
            "repeats": cv.n_splits,
            "stratify": "Stratified" in kind,
        }
    if kind == "TimeSeriesSplit":
        if cv.gap or cv.max_train_size or cv.test_size:
            raise UsageError(
                "cv: TimeSeriesSplit is taken without gap, max_train_size and test_size"
            )
        return {"kind": "time_ordered", "folds": cv.n_splits}
    return None


def _partition(splits: Iterable[Any], n: int) -> pl.Series:
    """The number of the fold that tests each row. Raises unless each row is tested once, by a model of all others."""
    fold = np.full(n, -1)
    for number, (train, test) in enumerate(splits):
        test, train = np.asarray(test), np.asarray(train)
        if (fold[test] >= 0).any() or not np.array_equal(
            np.sort(np.concatenate([train, test])), np.arange(n)
        ):
            raise UsageError(
                "cv: its splits are no partition: each row must be tested once, by a model of all other rows. Take "
                "KFold, StratifiedKFold, GroupKFold or the like; or RepeatedKFold, RepeatedStratifiedKFold, "
                "ShuffleSplit, StratifiedShuffleSplit, TimeSeriesSplit, whose schemes are known"
            )
        fold[test] = number
    if (fold < 0).any():
        raise UsageError(f"cv: {int((fold < 0).sum())} rows are in no test set")
    return pl.Series(FOLD, [f"{number:04d}" for number in fold])
