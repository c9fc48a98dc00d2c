"""Tables in which authors keep scores, whatever the file format, and their columns as the tidy ones."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import Field

from bench.core.errors import DataError, nearest
from bench.data.adapter import CALLED, AdapterOptions, Files, column_of, numbers
from bench.data.archives import unpacked
from bench.data.delimited import TextOptions, read_delimited
from bench.data.formats import of_pandas, read_parquet
from bench.study.fields import Text

_R = (".rda", ".rdata", ".rds")


class TableOptions(AdapterOptions):
    """Which columns are which. A column that is not named is looked for under the words that authors use."""

    object: Text | None = None
    """Of R data, the name of the data frame; needed where a file holds several. Example: `scores`."""
    model: Text | Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The column that names the model, or several that do so together. Example: `[model, optimizer]`."""
    dataset: Text | None = None
    """The column that names the dataset. Example: `table`."""
    metric: Text | None = None
    """The column that names the metric. Example: `metric`."""
    split: Text | None = None
    """The column that says train, valid or test. Example: `split`."""
    repeat: Text | None = None
    """The column of seeds or runs. Example: `seed`."""
    fold: Text | None = None
    """The column of folds. Example: `fold`."""
    metric_is: Text | None = None
    """The metric of all rows, where no column names it. Example: `accuracy`."""
    dataset_is: Text | None = None
    """The dataset of all rows, where no column names it. Example: `wine`."""
    split_is: Text | None = None
    """The part of all rows, where no column names it; `test` unless said. Example: `valid`."""
    where: Mapping[Text, Text] = {}
    """The rows that are kept: by column, the value that they have. Example: `{kind: single}`."""
    ignore: tuple[Text, ...] = ()
    """Columns that are not read, such as a fold that is the same everywhere. Example: `[fold]`."""


def read_tables(files: Files, options: TableOptions) -> pl.DataFrame:
    """The rows of all files under each other; those of text as text. Raises `DataError`."""
    frames = [
        _read(inner, content, options)
        for name, raw in files.items()
        for inner, content in unpacked(raw, name, ("**",)).items()
    ]
    whole = pl.concat(
        [frame if len(frames) == 1 else frame.cast(pl.String) for frame in frames],
        how="diagonal",
    )
    for name, value in options.where.items():
        column = whole[str(column_of("where", name, whole.columns, "the table"))].cast(
            pl.String
        )
        if whole.height and not (column == value).any():
            raise DataError(
                f"where: no row has {value} in {name}; {nearest(value, column.drop_nulls().unique())}"
            )
        whole = whole.filter(column == value)
    for name in options.ignore:
        whole = whole.drop(str(column_of("ignore", name, whole.columns, "the table")))
    if not isinstance(options.model, tuple):
        return whole
    for name in options.model:
        column_of("model", name, whole.columns, "the table")
    return whole.with_columns(
        pl.concat_str(options.model, separator="/").alias("model")
    )


def _read(name: str, raw: bytes, options: TableOptions) -> pl.DataFrame:
    ending = name.casefold()
    if ending.endswith(_R):
        return _only(frames_of_r(raw, name), name, options.object)
    if ending.endswith(".parquet"):
        return read_parquet(raw, name)
    separator = "tab" if ending.endswith((".tsv", ".tab")) else ","
    return read_delimited(raw, TextOptions(separator=separator), name)


def _only(
    found: dict[str, pl.DataFrame], name: str, wanted: str | None
) -> pl.DataFrame:
    if wanted is None and len(found) == 1:
        return next(iter(found.values()))
    if wanted in found:
        return found[wanted]
    if wanted is None:
        raise DataError(
            f"{name}: holds {len(found)} data frames ({', '.join(found)}); say which: `object: NAME`"
        )
    raise DataError(f"{name}: has no data frame {wanted}; {nearest(wanted, found)}")


def found_columns(frame: pl.DataFrame, options: TableOptions) -> dict[str, str]:
    """The columns of the tidy table that a table has, by their names in the tidy one."""
    given = {key: getattr(options, key) for key in CALLED if key != "score"}
    given["model"] = "model" if isinstance(options.model, tuple) else options.model
    named = {
        key: column_of(key, column, frame.columns, "the table")
        for key, column in given.items()
    }
    return {key: column for key, column in named.items() if column is not None}


def labels(
    frame: pl.DataFrame, columns: dict[str, str], options: TableOptions
) -> pl.DataFrame:
    """The columns that say what a score is of, under their tidy names. Raises `DataError` without a dataset."""
    constants = {
        "metric": options.metric_is,
        "dataset": options.dataset_is,
        "split": options.split_is or "test",
    }
    made = {key: pl.col(column).cast(pl.String) for key, column in columns.items()}
    made |= {
        key: pl.lit(value)
        for key, value in constants.items()
        if key not in made and value is not None
    }
    if "dataset" not in made:
        raise DataError(
            f"no column names the dataset; name it (`dataset`), or write `dataset_is`. "
            f"The columns are {', '.join(frame.columns)}"
        )
    return frame.select(**made)


def under(
    frame: pl.DataFrame, scores: dict[str, tuple[str | None, str]], head: pl.DataFrame
) -> pl.DataFrame:
    """A row a score of several columns: by column, the part of the rows (None: what `head` says) and the metric."""
    parts = []
    for column, (split, metric) in scores.items():
        part = head.with_columns(
            numbers(frame[column], "the table").alias("score"), metric=pl.lit(metric)
        )
        parts.append(part if split is None else part.with_columns(split=pl.lit(split)))
    return pl.concat(parts, how="diagonal")


def frames_of_r(raw: bytes, name: str) -> dict[str, pl.DataFrame]:
    """The data frames in a file by their names; every column as numbers or text. Raises `DataError`."""
    try:
        import rdata
    except ImportError:
        raise DataError(
            f"{name}: R data need the package rdata; `pip install 'bench[r]'` brings it"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = rdata.conversion.convert(
                rdata.parser.parse_data(raw), default_encoding="utf-8"
            )
    except Exception as error:  # the reader raises whatever its parsing meets
        raise DataError(
            f"{name}: cannot be read as R data ({type(error).__name__}: {error})"
        ) from None
    found = held if isinstance(held, dict) else {name: held}
    frames = {
        key: of_pandas(value)
        for key, value in found.items()
        if hasattr(value, "dtypes") and hasattr(value, "iloc")
    }
    if not frames:
        raise DataError(
            f"{name}: holds no data frame; it holds {', '.join(found) or 'nothing'}"
        )
    return frames
