"""The polars schema of every frame that crosses a floor, and how to check, write and read them.

Conventions that hold in every frame: `dataset`, `family` are the names of the study file; `variant` is `plain`,
`fallback` (what stands in for a failed cell), or what a diagnostic asked for; `repeat` and `fold` count from 0;
`fold` is null where a score is pooled over the folds of one repeat; `row` is the row number in the raw table, from 0;
`side` is train, inner or test. Scores are in the metric's own unit (fractions, never percent). The columns of frames
of judgements are the fields of a dataclass, and their schemas stand behind it (`of_row`).
"""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import polars as pl

from bench.core.errors import BenchError, DataError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R")

#: The variant of the fallback of a failed cell: a baseline's answer from the same training rows.
FALLBACK = "fallback"
#: Numbers of results are kept to this many significant digits: the order of a sum shows only behind them.
DIGITS = 12


TEXT, NUMBER, COUNT, INDEX, FLAG = (
    pl.String(),
    pl.Float64(),
    pl.Int64(),
    pl.Int32(),
    pl.Boolean(),
)
TEXTS, NUMBERS = pl.List(TEXT), pl.List(NUMBER)
_TYPES: dict[Any, pl.DataType] = {
    str: TEXT,
    float: NUMBER,
    int: COUNT,
    bool: FLAG,
    list[str]: TEXTS,
    list[int]: pl.List(COUNT),
    list[float]: NUMBERS,
}


def _columns(*groups: tuple[pl.DataType, str]) -> pl.Schema:
    """A schema from groups of columns of one type, in order."""
    return pl.Schema({name: kind for kind, names in groups for name in names.split()})


def of_row(kind: type) -> pl.Schema:
    """The schema whose columns are the fields of a dataclass; a code is text.

    >>> from dataclasses import make_dataclass
    >>> of_row(make_dataclass("Row", [("cause", str), ("claims", int)]))
    Schema([('cause', String), ('claims', Int64)])
    """
    columns = {}
    for name, hint in get_type_hints(kind).items():
        (wanted,) = {*(get_args(hint) if isinstance(hint, UnionType) else (hint,))} - {
            NoneType
        }
        columns[name] = _TYPES.get(wanted, TEXT)
    return pl.Schema(columns)


_KEY = ((TEXT, "dataset family variant"), (INDEX, "repeat fold"))

#: One row an outer-fold prediction. `truth` and `label` are class names (classification) or null label (regression).
#: `p` probabilities in the dataset's class order; `decision` the decision function (one value for two classes: of the
#: second class in class order; else one a class). Exactly one of `p`, `decision` is set where the family gives scores.
CLASSIFICATION = _columns(
    *_KEY,
    (TEXT, "side"),
    (COUNT, "row"),
    (TEXT, "truth label"),
    (NUMBERS, "p decision"),
)
#: The same for regression: `truth` and `value` in the target's unit.
REGRESSION = _columns(*_KEY, (TEXT, "side"), (COUNT, "row"), (NUMBER, "truth value"))

#: Every candidate's inner score. `inner_fold` is null for an out-of-bag score; `parameters` is JSON; `chosen` marks the
#: candidate that was refitted; `metric` is the tuning metric; higher is not always better: see the metric.
TUNING = _columns(
    *_KEY,
    (INDEX, "candidate"),
    (TEXT, "parameters"),
    (INDEX, "inner_fold"),
    (TEXT, "metric"),
    (NUMBER, "value"),
    (FLAG, "chosen"),
)
#: One row a fold, side and metric; `fold` null: pooled over the repeat's folds. `value` is NaN-free: an undefined score
#: (AUC of a fold with one class) is null. `fallback`: of a fold that failed, or pooled over a repeat some of whose
#: folds failed; no fold and no pooled repeat is both `plain` and `fallback`.
SCORES = _columns(*_KEY, (TEXT, "side metric"), (NUMBER, "value"))
#: `status`: warning (the cell has its results) or failed, timeout, oom, crash, invalid_data; `stage`: load, split, fit,
#: predict, score; `policy`: what stands in for the cell.
FAILURES = _columns(*_KEY, (TEXT, "status stage reason policy"))
#: One row a check of one subject. `outcome`: found, passed, by_construction (the engine cannot do otherwise, so nothing
#: was tested), not_applicable; `severity`: note, warning, serious (the last two are alarms where a problem is found).
#: `code`: that of the diagnostic, and after a point its part (`L.test_set`); `estimate`, `low`, `high`: the
#: number of the diagnostic (`bench.diagnose.numbers`) and its interval; `details`: what was seen, as statements.
FINDINGS = _columns(
    (TEXT, "code diagnostic dataset family outcome severity"),
    (NUMBER, "estimate low high"),
    (TEXT, "details"),
)
#: Counts of fits only: seconds and memory are never in a result. `variant`: plain, or what a diagnostic asked for, all
#: its numbers together (`permuted`, `train_share`, `explanation=tuned_on_test`).
COSTS = _columns((TEXT, "dataset family variant"), (COUNT, "fits"))
#: How much fitted families depend on a feature, a fold. `kind`: permutation (by how much the tuning metric gets worse
#: on the test rows when the feature is shuffled there: positive where the feature helps) or coefficient (of a linear
#: family, a standard deviation of the feature; the largest over classes by size).
IMPORTANCE = _columns(
    (TEXT, "dataset family"),
    (INDEX, "repeat fold"),
    (TEXT, "feature kind"),
    (NUMBER, "value"),
)
#: Partial dependence, a fold: the mean prediction when all rows have `at` as their feature (`label`: the category
#: behind the code). `class`: null for regression and, of two classes, for the positive one (or the second).
EFFECTS = _columns(
    (TEXT, "dataset family"),
    (INDEX, "repeat fold"),
    (TEXT, "feature"),
    (NUMBER, "at"),
    (TEXT, "label class"),
    (NUMBER, "value"),
)
#: Extra fits that a study requests and its data refuse, a row for each family and `variant` (`permuted`,
#: `explanation=scaling_before_split`). `code`: why (bench/text/refusals.py); `reasons`: the statement as JSON.
UNAVAILABLE = _columns((TEXT, "dataset family variant code reasons"))
#: Test scores that a table of external results lacks: of a model of the table, where another has one.
MISSING_RUNS = _columns((TEXT, "dataset family metric"), (INDEX, "repeat fold"))
#: Datasets whose number of repeats a pilot decided: the repeats of the pilot, those that the claims need in all, and
#: those that were run: no more than the study allows.
REPEATS = _columns((TEXT, "dataset"), (COUNT, "pilot needed at_most run"))
#: What one seed at a time does to a mean score of the first repeat. `source`: split, model seed, tuning seed; sd of
#: `draws` draws with its 95 % interval; `share` of the sum of the variances.
VARIANCE = _columns(
    (TEXT, "dataset family metric source"),
    (NUMBER, "share sd low high"),
    (COUNT, "draws"),
)

#: The folds as they were made, once a dataset, shared by all families: counts of rows, and a sha256 of the row numbers.
FOLDS = _columns(
    (TEXT, "dataset"),
    (INDEX, "repeat fold"),
    (COUNT, "train_rows test_rows"),
    (TEXT, "rows_sha256"),
)
#: One row a clean table. `classes` in class order, empty for regression; `draws` 0 where the data are no simulation.
TABLES = _columns(
    (TEXT, "dataset title source"),
    (COUNT, "rows features"),
    (TEXTS, "classes"),
    (TEXT, "positive"),
    (COUNT, "draws"),
    (TEXT, "raw_sha256 fingerprint"),
)
#: One row a cleaning step and dataset, in the order they ran.
CLEANING = _columns(
    (TEXT, "dataset"),
    (INDEX, "order"),
    (TEXT, "step parameters"),
    (COUNT, "rows_before rows_after columns_before columns_after cells_changed"),
    (TEXT, "example"),
)
#: The profile of the clean tables; `role` is feature, target, group, time, split, dropped.
COLUMNS = _columns(
    (TEXT, "dataset column role type"),
    (COUNT, "rows missing unique"),
    (NUMBER, "mean sd minimum maximum"),
    (TEXT, "example"),
)
#: `low`, `high` are the bin's edges for numbers and null for categories, where `label` names the bin; `label` "(other)"
#: gathers rare categories. `class` is null for all rows together, else the class of the target.
HISTOGRAMS = _columns(
    (TEXT, "dataset column"),
    (INDEX, "bin"),
    (NUMBER, "low high"),
    (TEXT, "label class"),
    (COUNT, "count"),
)
#: Tukey's box: quartiles, whiskers at the last value within 1.5 interquartile ranges, how many lie beyond, and up to a
#: stated number of those as a list. `class` null: all rows.
BOXES = _columns(
    (TEXT, "dataset column class"),
    (NUMBER, "low_whisker q1 median q3 high_whisker"),
    (COUNT, "outliers"),
    (NUMBERS, "outlier_values"),
)
#: Pearson correlations of numeric columns, both triangles and the diagonal, in clustered order (`i`, `j`).
CORRELATIONS = _columns((TEXT, "dataset"), (INDEX, "i j"), (TEXT, "a b"), (NUMBER, "r"))
CLASSES = _columns((TEXT, "dataset class"), (COUNT, "count"))
#: What is unusual about a clean table: a code (duplicates, conflicting_labels, constant, id_like, missing, imbalance,
#: ...), a count, and its statement in `details`. `column` null: the whole table.
REMARKS = _columns(
    (TEXT, "dataset code column severity"), (COUNT, "count"), (TEXT, "details")
)
#: Rows whose features equal those of another row; `duplicates` numbers the sets of equal rows, from 0.
DUPLICATES = _columns((TEXT, "dataset"), (COUNT, "row"), (INDEX, "duplicates"))
PROFILE = {
    "columns": COLUMNS,
    "histograms": HISTOGRAMS,
    "boxes": BOXES,
    "correlations": CORRELATIONS,
    "classes": CLASSES,
    "remarks": REMARKS,
    "duplicates": DUPLICATES,
}


def empty(schema: pl.Schema) -> pl.DataFrame:
    """A frame of that schema with no rows."""
    return pl.DataFrame(schema=schema)


def checked(
    frame: pl.DataFrame, schema: pl.Schema, what: str = "frame"
) -> pl.DataFrame:
    """The frame itself when its columns and types are those of the schema, in that order.

    Raises `BenchError` that names the first difference otherwise: it is always the program's mistake, not a user's.
    """
    if frame.schema == schema:
        return frame
    for name, dtype in schema.items():
        if name not in frame.columns:
            raise BenchError(f"{what}: column {name} is missing")
        if frame.schema[name] != dtype:
            raise BenchError(
                f"{what}: column {name} is {frame.schema[name]}, expected {dtype}"
            )
    extra = [name for name in frame.columns if name not in schema]
    raise BenchError(
        f"{what}: unexpected column {extra[0]}"
        if extra
        else f"{what}: columns are in another order"
    )


def of_rows(
    rows: Sequence[Mapping[str, object]], schema: pl.Schema, nulls: Iterable[str] = ()
) -> pl.DataFrame:
    """A frame of that schema from rows by column name; columns in `nulls` may be left out, and are null there.

    Values are cast where that loses nothing. Raises `BenchError` for a key that is no column, and for a column that a
    row lacks.

    >>> toy = pl.Schema({"name": pl.String, "value": pl.Float64})
    >>> of_rows([{"name": "a"}], toy, nulls=["value"]).rows()
    [('a', None)]
    """
    optional = set(nulls)
    for number, row in enumerate(rows):
        if unknown := [name for name in row if name not in schema]:
            raise BenchError(
                f"row {number}: {unknown[0]} is no column; the columns are {', '.join(schema)}"
            )
        if missing := [
            name for name in schema if name not in row and name not in optional
        ]:
            raise BenchError(
                f"row {number}: column {missing[0]} is missing, and `nulls` does not name it"
            )
    return (
        pl.DataFrame(list(rows), schema=schema, orient="row", strict=False)
        if rows
        else empty(schema)
    )


def of_records(
    records: Iterable[DataclassInstance], schema: pl.Schema, digits: int | None = DIGITS
) -> pl.DataFrame:
    """A frame of that schema from dataclasses whose fields are its columns; numbers keep so many digits (None: all).

    Raises `BenchError` where fields and columns differ.
    """
    rows = [
        {one.name: rounded(getattr(record, one.name), digits) for one in fields(record)}
        for record in records
    ]
    for row in rows:
        if row.keys() != set(schema):
            raise BenchError(
                f"fields and columns differ: {', '.join(sorted(row.keys() ^ set(schema)))}"
            )
    return of_rows(rows, schema)


def records(frame: pl.DataFrame, kind: type[R]) -> list[R]:
    """The rows of a frame as dataclasses whose fields are its columns, or some of them."""
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    rows = zip(*(frame[name].to_list() for name in names), strict=True)
    return [kind(**dict(zip(names, row, strict=True))) for row in rows]


def rounded(value: Any, digits: int | None = DIGITS) -> Any:
    """A number to so many significant digits, never minus zero; anything else, or without `digits`, as it is."""
    return (
        float(f"{value:.{digits}g}") + 0.0
        if digits is not None and isinstance(value, float)
        else value
    )


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all: temporary name, fsync, rename.

    A file that holds these bytes already is left as it is; what a killed write of it left an hour ago goes. Raises
    `DataError` with a sentence when the disk is full or the folder cannot be written.
    """
    try:
        if _holds(path, content):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written ({error.strerror}); the old file, if any, is untouched"
        ) from error


def _sweep(path: Path) -> None:
    """Take away what writes of a file left that were killed an hour ago or earlier."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.????????"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - 3600:
                left.unlink()


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file, in a folder that could be written, has these bytes."""
    if (
        not path.is_file()
        or path.stat().st_size != len(content)
        or not os.access(path.parent, os.W_OK)
    ):
        return False
    return path.read_bytes() == content


def write(frame: pl.DataFrame, path: Path, schema: pl.Schema | None = None) -> None:
    """Write a frame as Parquet, atomically; with a schema it is checked first. The same frame gives the same bytes."""
    import io

    if schema is not None:
        checked(frame, schema, path.name)
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    write_bytes(path, buffer.getvalue())


def read(path: Path, schema: pl.Schema | None = None) -> pl.DataFrame:
    """Read a Parquet frame.

    Raises `DataError` when it is absent or damaged and `BenchError` on another schema.
    """
    if not path.exists():
        raise DataError(
            f"{path}: is missing; an earlier stage makes it: run `bench repro`"
        )
    try:
        frame = pl.read_parquet(path)
    except (Exception, pl.exceptions.PanicException) as error:
        raise DataError(
            f"{path}: cannot be read as Parquet ({error}); delete it and run `bench repro`"
        ) from error
    return frame if schema is None else checked(frame, schema, str(path))


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
