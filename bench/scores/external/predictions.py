"""A table of predictions -> frames.CLASSIFICATION or REGRESSION, and frames.FOLDS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import polars as pl

from bench.core.errors import IncompatibleDataError, nearest
from bench.core.frames import CLASSIFICATION, FOLDS, REGRESSION
from bench.data.target import classes_of
from bench.scores.external.table import ExternalTable, are_whole, in_order
from bench.study.external import PredictionColumns

#: Probabilities of one row may miss 1 by so much for each class, as printed decimals do; they are then divided by
#: their sum. More is no rounding.
ROUNDING = 1e-3
#: Decimals of that sum: below them is the float noise of double and of single precision, which would break ties.
SUM_DECIMALS = 6


def read_predictions(
    table: ExternalTable, columns: PredictionColumns
) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """The predictions as if they were made here, and the classes of each dataset; none for a regression."""
    _check_rows(table)
    _check_repeats(table, columns)
    frame = table.frame.with_columns(variant=pl.lit("plain"), side=pl.lit("test"))
    words = in_order(frame["row"])
    whole = are_whole(words)
    codes = {word: int(word) if whole else place for place, word in enumerate(words)}
    row = pl.col("row").replace_strict(codes, return_dtype=pl.Int64)
    classes: dict[str, list[str]] = {}
    if columns.value is None:
        parts = []
        frame = frame.with_columns(pl.col("truth").cast(pl.String))
        for (dataset,), part in frame.partition_by(
            "dataset", as_dict=True, maintain_order=True
        ).items():
            labelled, classes[str(dataset)] = _labelled(table, columns, part)
            parts.append(labelled)
        frame = pl.concat(parts)
    schema = REGRESSION if columns.value is not None else CLASSIFICATION
    made = frame.with_columns(row).select(schema.names()).cast(dict(schema))  # type: ignore[arg-type]
    return made.sort("dataset", "family", "repeat", "fold", "row"), classes


def _check_rows(table: ExternalTable) -> None:
    """Raise `DataError` unless each row is there once a family and repeat, with one truth, in one fold for all."""
    frame = table.frame
    if bad := table.bad(
        frame.filter(frame.select("dataset", "family", "repeat", "row").is_duplicated())
    ):
        row = bad.first
        raise bad.error(
            f"{row['family']} predicts row {row['row']} of {row['dataset']} more than once in "
            f"{table.fold(row['repeat'], None) if 'repeat' in table.labels else 'the table'}; test sets of one repeat "
            "do not overlap: make each split a repeat of its own, or drop the copies in `clean`"
        )
    first = pl.col("truth").sort_by("at").first().over("dataset", "row")
    if bad := table.bad(
        frame.with_columns(first=first).filter(pl.col("truth") != pl.col("first"))
    ):
        row = bad.first
        raise bad.error(
            f"the truth of row {row['row']} is {row['truth']} here and {row['first']} before"
        )
    table.check_equal_terms(frame, "row")


def _check_repeats(table: ExternalTable, columns: PredictionColumns) -> None:
    """Raise unless sizes are numbers of rows, and the test sets of repeats differ as `repeats_are` says."""
    if isinstance(columns.train_rows, str):
        table.check_sizes("train_rows")
    sets = (
        _test_sets(table.frame)
        .group_by("dataset", "fold")
        .agg(pl.col("rows_sha256").n_unique(), pl.len())
    )
    alike = (
        sets.filter(pl.col("len") > 1)
        .group_by("dataset")
        .agg((pl.col("rows_sha256") == 1).all().alias("alike"))
    )
    path = ("datasets", table.name, "predictions", "repeats_are")
    for dataset, same in alike.sort("dataset").iter_rows():
        if columns.repeats_are == "splits" and same:
            raise IncompatibleDataError(
                path,
                f"says splits, but every repeat of {dataset} tests the same rows; did you mean seeds?",
            )
        if columns.repeats_are == "seeds" and not same:
            raise IncompatibleDataError(
                path,
                f"says seeds, but the repeats of {dataset} test different rows; did you mean splits?",
            )


def _labelled(
    table: ExternalTable, columns: PredictionColumns, part: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """The rows of one dataset with `label` and `p` in class order, and the classes."""
    if p := _probability_columns(table, columns):
        classes = list(p)
        part = _as_written(part, "truth", classes)
        if bad := table.bad(part.filter(~pl.col("truth").is_in(classes))):
            raise bad.error(
                f"the truth {bad.first['truth']} has no probabilities; those are of {', '.join(classes)}"
            )
        part = _with_probabilities(table, part, p)
    else:
        classes = classes_of(
            part["truth"].alias(table.columns["truth"]), None, table.where
        )
        part = part.with_columns(p=pl.lit(None, CLASSIFICATION["p"]))
    if columns.label is None:
        part = part.with_columns(
            label=pl.lit(pl.Series(classes)).gather(pl.col("p").list.arg_max())
        )
    part = _as_written(part, "label", classes)
    if bad := table.bad(part.filter(~pl.col("label").is_in(classes))):
        label = bad.first["label"]
        raise bad.error(
            f"the label {label!r} is {'no class' if p else 'the truth of no row'}; {nearest(label, classes)}"
        )
    return part.with_columns(decision=pl.lit(None, CLASSIFICATION["decision"])), classes


def _as_written(
    part: pl.DataFrame, column: str, classes: Sequence[str]
) -> pl.DataFrame:
    """A column whose whole numbers are written as the classes are: 1.0 is the class 1, where there is just one such.

    pandas writes whole numbers with a decimal point once a column lacked a value. Nothing else is taken for the same.
    """
    numbers = [_whole(name) for name in classes]
    named = {
        number: name
        for number, name in zip(numbers, classes)
        if number is not None and numbers.count(number) == 1
    }
    words = set(part[column].unique()) - set(classes)
    same = {word: named[number] for word in words if (number := _whole(word)) in named}
    return part.with_columns(pl.col(column).replace(same))


def _whole(word: str) -> str | None:
    """The digits of a whole number, without a fraction of zeros; None for any other word.

    >>> _whole("1"), _whole("-1.0"), _whole("01"), _whole("1.5"), _whole("yes")
    ('1', '-1', '01', None, None)
    """
    found = re.fullmatch(r"(-?\d+)(\.0+)?", word, re.ASCII)
    return None if found is None else found[1]


def _probability_columns(
    table: ExternalTable, columns: PredictionColumns
) -> dict[str, str]:
    """The column of each class, in class order; empty without probabilities."""
    if columns.p is None:
        return {}
    if isinstance(columns.p, Mapping):
        return {name: f"p.{name}" for name in columns.p}
    taken = set(table.columns.values())
    names = [
        name
        for name in table.raw.columns
        if name.startswith(columns.p) and name not in taken
    ]
    found = {name.removeprefix(columns.p): name for name in names if name != columns.p}
    if len(found) < 2:
        raise IncompatibleDataError(
            ("datasets", table.name, "predictions", "p"),
            f"{len(found)} columns begin with {columns.p}; expected one a class, at least two",
        )
    return found


def _with_probabilities(
    table: ExternalTable, part: pl.DataFrame, p: Mapping[str, str]
) -> pl.DataFrame:
    """`p` as a list in class order that sums to one; rows of equal printed numbers have equal ones."""
    names = list(p.values())
    if lacking := [
        column for column in names if column not in part.columns
    ]:  # found by their beginning
        rows = table.raw.select(
            pl.col("row").alias("at"),
            *(pl.col(name).cast(pl.Float64) for name in lacking),
        )
        part = part.join(rows, on="at", how="left", maintain_order="left")
    for name in names:
        if bad := table.bad(
            part.filter(pl.col(name).is_null() | ~pl.col(name).is_between(0, 1))
        ):
            said = bad.first[name]
            raise bad.error(
                f"{'nothing' if said is None else f'{said:g}'} in {name} is no probability"
            )
    part = part.with_columns(total=pl.sum_horizontal(names).round(SUM_DECIMALS))
    if bad := table.bad(
        part.filter((pl.col("total") - 1).abs() > ROUNDING * len(names))
    ):
        raise bad.error(
            f"the probabilities of {bad.first['family']} sum to {bad.first['total']:.6g}, not to 1; "
            "all classes must be there"
        )
    return part.with_columns(
        p=pl.concat_list(pl.col(name) / pl.col("total") for name in names)
    )


def _test_sets(frame: pl.DataFrame) -> pl.DataFrame:
    """dataset, repeat, fold, test_rows, and the sha256 of the rows that are tested."""
    keys = ["dataset", "repeat", "fold"]
    rows = frame.select(*keys, "row").unique().sort(*keys, "row")
    grouped = rows.group_by(keys, maintain_order=True).agg(pl.col("row"))
    sha = [
        hashlib.sha256("\n".join(names).encode()).hexdigest()
        for names in grouped["row"]
    ]
    size = pl.col("row").list.len().cast(pl.Int64)
    return grouped.select(
        *keys, test_rows=size, rows_sha256=pl.Series(sha, dtype=pl.String)
    )


def folds_of_predictions(
    table: ExternalTable, columns: PredictionColumns
) -> pl.DataFrame:
    """frames.FOLDS: the test sets as they are.

    A training set is as large as the table or the study says; where neither does and a repeat has several folds, it is
    the other folds of the repeat; else it is not known.
    """
    stated, keys = columns.train_rows, ["dataset", "repeat", "fold"]
    folds = _test_sets(table.frame)
    if isinstance(stated, str):
        sizes = table.frame.group_by(keys).agg(
            pl.col("train_rows").min().cast(pl.Int64)
        )
        folds = folds.join(sizes, on=keys)
    elif stated is not None or columns.test_train_ratio is not None:
        folds = folds.with_columns(train_rows=pl.lit(stated, dtype=pl.Int64))
    else:
        others = pl.col("test_rows").sum().over("dataset", "repeat") - pl.col(
            "test_rows"
        )
        folds = folds.with_columns(train_rows=pl.when(others > 0).then(others))
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(keys)  # type: ignore[arg-type]
