"""A table of predicted classes -> frames.CLASSIFICATION and frames.FOLDS."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from bench.core.errors import IncompatibleDataError, nearest
from bench.core.frames import CLASSIFICATION, FOLDS
from bench.data.target import classes_of
from bench.scores.external.table import ExternalTable, are_whole, in_order
from bench.study.external import PredictionColumns

#: Probabilities of one row may miss 1 by so much for each class, as printed decimals do;
#: they are then divided by their sum. More is no rounding.
ROUNDING = 1e-3
#: Decimals of that sum: below them is the float noise of double and of single precision,
#: which would break ties.
SUM_DECIMALS = 6
_FOLD = ["dataset", "repeat", "fold"]


def read_predictions(
    table: ExternalTable, columns: PredictionColumns
) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """The predictions as if they were made here, and the classes of each dataset."""
    _check_rows(table)
    _check_repeats(table, columns)
    words = in_order(table.frame["row"])
    codes = {word: place for place, word in enumerate(words)}
    if are_whole(words):
        codes = {word: int(word) for word in words}
    frame = table.frame.with_columns(
        pl.col("truth").cast(pl.String),
        variant=pl.lit("plain"),
        side=pl.lit("test"),
        decision=pl.lit(None, CLASSIFICATION["decision"]),
    )
    classes: dict[str, list[str]] = {}
    parts = []
    for part in frame.partition_by("dataset", maintain_order=True):
        labelled, classes[part["dataset"][0]] = _label(table, columns, part)
        parts.append(labelled)
    frame = pl.concat(parts).with_columns(
        pl.col("row").replace_strict(codes, return_dtype=pl.Int64)
    )
    frame = frame.select(CLASSIFICATION.names()).cast(dict(CLASSIFICATION))  # type: ignore[arg-type]
    return frame.sort("dataset", "family", "repeat", "fold", "row"), classes


def _check_rows(table: ExternalTable) -> None:
    """Raise `DataError` unless each row is there once a family and repeat, with one truth,
    in one fold for all."""
    frame = table.frame
    place = frame.select("dataset", "family", "repeat", "row")
    table.refuse(
        frame.filter(place.is_duplicated()),
        "{family} predicts row {row} of {dataset} more than once in one repeat; test sets "
        "of one repeat do not overlap: make each split a repeat of its own, or drop the "
        "copies in `clean`",
    )
    first = pl.col("truth").sort_by("at").first().over("dataset", "row")
    table.refuse(
        frame.with_columns(first=first).filter(pl.col("truth") != pl.col("first")),
        "the truth of row {row} is {truth} here and {first} before",
    )
    table.check_equal_terms(frame, "row")


def _check_repeats(table: ExternalTable, columns: PredictionColumns) -> None:
    """Raise unless the test sets of repeats differ as `repeats_are` says."""
    sets = _test_sets(table.frame).group_by("dataset", "fold")
    counted = sets.agg(pl.col("rows_sha256").n_unique().alias("sets"), pl.len())
    repeated = counted.filter(pl.col("len") > 1).group_by("dataset")
    same = repeated.agg((pl.col("sets") == 1).all()).sort("dataset")
    path = ("datasets", table.name, "predictions", "repeats_are")
    for dataset, is_same in same.iter_rows():
        if columns.repeats_are == "splits" and is_same:
            raise IncompatibleDataError(
                path,
                f"says splits, but every repeat of {dataset} tests the same rows; "
                "did you mean seeds?",
            )
        if columns.repeats_are == "seeds" and not is_same:
            raise IncompatibleDataError(
                path,
                f"says seeds, but the repeats of {dataset} test different rows; "
                "did you mean splits?",
            )


def _label(
    table: ExternalTable, columns: PredictionColumns, part: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """The rows of one dataset with `label` and `p` in class order, and the classes."""
    if columns.p is None:
        truth = part["truth"].alias(table.columns["truth"])
        classes = classes_of(truth, None, table.where)
        part = part.with_columns(p=pl.lit(None, CLASSIFICATION["p"]))
    else:
        p = _probability_columns(table, columns.p)
        classes = list(p)
        table.refuse(
            part.filter(~pl.col("truth").is_in(classes)),
            "the truth {truth} has no probabilities; those are of {classes}",
            classes=", ".join(classes),
        )
        part = _with_probabilities(table, part, p)
    if columns.label is None:
        names = pl.lit(pl.Series(classes))
        part = part.with_columns(label=names.gather(pl.col("p").list.arg_max()))
    for label in part["label"].unique(maintain_order=True):
        if label not in classes:
            table.refuse(
                part.filter(label=label),
                "the label {label!r} is {what}; {near}",
                what="the truth of no row" if columns.p is None else "no class",
                near=nearest(str(label), classes),
            )
    return part, classes


def _probability_columns(table: ExternalTable, begin: str) -> dict[str, str]:
    """The column of each class, in class order."""
    taken = {begin, *table.columns.values()}
    named = {
        column.removeprefix(begin): column
        for column in table.raw.columns
        if column.startswith(begin) and column not in taken
    }
    if len(named) < 2:
        raise IncompatibleDataError(
            ("datasets", table.name, "predictions", "p"),
            f"{len(named)} columns begin with {begin}; "
            "expected one a class, at least two",
        )
    return named


def _with_probabilities(
    table: ExternalTable, part: pl.DataFrame, p: Mapping[str, str]
) -> pl.DataFrame:
    """`p` as a list in class order that sums to one; rows of equal printed numbers have
    equal ones."""
    # Under its own name a column could be one of ours.
    names = [f"p.{name}" for name in p]
    numbers = [
        pl.col(column).cast(pl.Float64).alias(name)
        for name, column in zip(names, p.values(), strict=True)
    ]
    raw = table.raw.select(pl.col("row").alias("at"), *numbers)
    part = part.join(raw, on="at", how="left", maintain_order="left")
    for name, column in zip(names, p.values(), strict=True):
        own = pl.col(name)
        table.refuse(
            part.filter(own.is_null() | ~own.is_between(0, 1)).with_columns(own=own),
            "{own} in {column} is no probability",
            column=column,
        )
    total = pl.sum_horizontal(names).round(SUM_DECIMALS)
    part = part.with_columns(total=total)
    far = (pl.col("total") - 1).abs() > ROUNDING * len(names)
    table.refuse(
        part.filter(far),
        "the probabilities of {family} sum to {total:.6g}, not to 1; "
        "all classes must be there",
    )
    shares = [pl.col(name) / pl.col("total") for name in names]
    return part.with_columns(p=pl.concat_list(shares))


def _test_sets(frame: pl.DataFrame) -> pl.DataFrame:
    """dataset, repeat, fold, test_rows, and the sha256 of the rows that are tested."""
    rows = frame.select(*_FOLD, "row").unique().sort(*_FOLD, "row")
    sets = rows.group_by(_FOLD, maintain_order=True).agg("row")
    sha = [
        hashlib.sha256("\n".join(names).encode()).hexdigest() for names in sets["row"]
    ]
    size = pl.col("row").list.len().cast(pl.Int64)
    return sets.select(
        *_FOLD, test_rows=size, rows_sha256=pl.Series(sha, dtype=pl.String)
    )


def folds_of_predictions(
    table: ExternalTable, columns: PredictionColumns
) -> pl.DataFrame:
    """frames.FOLDS: the test sets as they are.

    The training set of a fold is the other folds of its repeat, unless the study states a
    ratio; of a repeat of one fold it is not known.
    """
    size = pl.col("test_rows")
    others = size.sum().over("dataset", "repeat") - size
    known = others > 0 if columns.test_train_ratio is None else pl.lit(value=False)
    folds = _test_sets(table.frame).with_columns(train_rows=pl.when(known).then(others))
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(_FOLD)  # type: ignore[arg-type]
