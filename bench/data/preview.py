"""What an adapter understood of some files: counts and names, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import known_metric
from bench.text.formats import count

#: So many pairs without a score are listed, and no more.
MOST_ABSENT = 1_000_000
#: A model on a dataset.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Preview:
    """What stands in a tidy table of scores."""

    #: scores, files: how many numbers the table holds, and of how many files it was made
    scores: int
    files: int
    #: models, datasets, metrics, splits, repeats, folds: the names, in their order; empty where the files do not tell
    models: tuple[str, ...]
    datasets: tuple[str, ...]
    metrics: tuple[str, ...]
    splits: tuple[str, ...]
    repeats: tuple[str, ...]
    folds: tuple[str, ...]
    #: fewest, most: how many scores a model has on a dataset, of one metric on one part of the rows
    fewest: int
    most: int
    without: tuple[Pair, ...]  # model and dataset without any score
    fewer: tuple[
        Pair, ...
    ]  # model and dataset that have fewer scores of a metric than another model there
    #: no_number, unfinished: how many scores are no number, and how many runs did not finish
    no_number: int
    unfinished: int
    unknown_metrics: tuple[
        str, ...
    ]  # metrics that bench does not compute; such rows cannot be judged under that name


def preview(table: pl.DataFrame, files: int) -> Preview:
    """What stands in a tidy table (adapter.EVIDENCE) that was made of so many files.

    Raises `DataError` where so many pairs of model and dataset have no score that columns must have been mistaken.
    """
    names = {
        key: _in_order(table[key])
        for key in ("model", "dataset", "metric", "split", "repeat", "fold")
    }
    there = table.filter(pl.col("score").is_not_null())
    cells = there.group_by("model", "dataset", "metric", "split").len()
    short = cells.filter(
        pl.col("len") < pl.col("len").max().over("dataset", "metric", "split")
    )
    have = set(there.select("model", "dataset").unique().iter_rows())
    if (
        absent := len(names["model"]) * len(names["dataset"]) - len(have)
    ) > MOST_ABSENT:
        raise DataError(
            f"{count(absent)} pairs of model and dataset have no score; which columns name these?"
        )
    return Preview(
        scores=there.height,
        files=files,
        models=names["model"],
        datasets=names["dataset"],
        metrics=names["metric"],
        splits=names["split"],
        repeats=names["repeat"],
        folds=names["fold"],
        fewest=int(cells["len"].min() or 0),  # type: ignore[arg-type]
        most=int(cells["len"].max() or 0),  # type: ignore[arg-type]
        without=tuple(
            (m, d)
            for m in names["model"]
            for d in names["dataset"]
            if (m, d) not in have
        ),
        fewer=tuple(
            short.select("model", "dataset")
            .unique()
            .sort("model", "dataset")
            .iter_rows()
        ),
        no_number=table.filter(pl.col("finished") & pl.col("score").is_null()).height,
        unfinished=table.filter(~pl.col("finished")).n_unique(
            ["model", "dataset", "repeat", "fold"]
        ),
        unknown_metrics=tuple(
            name for name in names["metric"] if not known_metric(name)
        ),
    )


def _in_order(column: pl.Series) -> tuple[str, ...]:
    """The words of a column, whole numbers by their size."""

    def place(word: str) -> tuple[bool, int, str]:
        digits = word.lstrip("0")
        return (False, len(digits), digits) if word.isdecimal() else (True, 0, word)

    return tuple(sorted(column.drop_nulls().unique().sort().to_list(), key=place))
