"""Files of scores for one question: ours against a printed number, or against theirs. CSV, Parquet or JSON.

What a file is shows in its content, whatever its name. It holds numbers alone (a line a repeat, a column a fold; one
column: the folds), or a row a score with the words for its columns that authors use (`bench.data.adapter`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from bench.comparisons.run_record import RecordedFold, RecordedScores, RecordedTable, RunRecord
from bench.core.errors import DataError, UsageError, nearest, suggested
from bench.core.metrics import METRICS
from bench.core.rows import PLAIN
from bench.data.adapter import CALLED, column_of, metric_name
from bench.data.delimited import TextOptions, read_delimited
from bench.data.formats import read_parquet
from bench.scores.setting import Setting

#: What a model or a dataset is called that has no name in its file.
UNNAMED = "scores"


def read_scores(content: bytes, where: str, metric: str) -> pl.DataFrame:
    """Test scores of one metric with the columns dataset, family, repeat, fold, value. Raises `DataError`."""
    table = _table(content, where)
    columns = {key: column for key in CALLED if (column := column_of(key, None, table.columns, where)) is not None}
    if "score" not in columns:
        if table.width > 1 and not columns:
            return _grid(table, where)
        columns["score"] = _score_column(table, where, metric)
    table = _chosen(table, columns, where, metric)
    read = {key: table[column] for key, column in columns.items()}
    rows = pl.int_range(table.height, eager=True)
    repeat, fold = (_numbered(read[key], where) if key in read else rows * 0 for key in ("repeat", "fold"))
    dataset, family = (
        read[key].cast(pl.String) if key in read else [UNNAMED] * table.height for key in ("dataset", "model")
    )
    places = {"repeat": repeat, "fold": fold if {"fold", "repeat"} & read.keys() else rows}
    value = _floats(read["score"], where)
    _refuse_outside(value, where, metric)
    return pl.DataFrame({"dataset": dataset, "family": family, **places, "value": value})


def _refuse_outside(values: pl.Series, where: str, metric: str) -> None:
    """Raise `DataError` for a score that its metric cannot be."""
    known = METRICS[metric]
    low, high = known.range
    if (outside := values.filter(~values.is_between(low, high))).len():
        raise DataError(
            f"{where}: {outside[0]:g} lies outside the range of {metric}, {low:g} to {high:g}"
            + ("; are the scores in percent? They must be shares" if known.fraction and outside[0] > 1 else "")
        )


def _score_column(table: pl.DataFrame, where: str, metric: str) -> str:
    """The column that is called as the metric is, or the only one."""
    found = table.columns if table.width == 1 else [name for name in table.columns if metric_name(name) == metric]
    if not found:
        raise DataError(
            f"{where}: no column holds the scores: expected one called value, score or {metric}; the columns are "
            f"{', '.join(table.columns)}"
        )
    return found[0]


def _table(content: bytes, where: str) -> pl.DataFrame:
    """The rows of a file; of numbers alone the columns are c1, c2, ..."""
    start = content.lstrip()[:1]
    if content[:4] == b"PAR1":
        table = read_parquet(content, where)
    elif start in (b"[", b"{"):
        table = _of_json(content, where)
    else:
        first = content.decode("utf-8-sig", "replace").strip().partition("\n")[0]
        numbers = all(_is_number(cell) for cell in first.split(","))
        table = read_delimited(content, TextOptions(header=not numbers), where)
    if table.is_empty():
        raise DataError(f"{where}: holds no score")
    return table


def _of_json(content: bytes, where: str) -> pl.DataFrame:
    """A list of numbers, a list of lists (a repeat each), a list of objects, or an object of columns."""
    try:
        values = json.loads(content)
        if isinstance(values, list) and not any(isinstance(one, dict) for one in values):
            rows = values if any(isinstance(one, list) for one in values) else [[one] for one in values]
            return pl.DataFrame(rows, orient="row", schema=[f"c{n + 1}" for n in range(len(rows[0]))], strict=False)
        return pl.DataFrame(values, strict=False)
    except (ValueError, TypeError, IndexError, AttributeError, pl.exceptions.PolarsError):
        raise DataError(
            f"{where}: is no JSON of scores; expected a list of numbers, of lists of them, or of objects"
        ) from None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _grid(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """A line a repeat, a column a fold."""
    columns = [_floats(table[name], where) for name in table.columns]
    return pl.DataFrame(
        {
            "dataset": UNNAMED,
            "family": UNNAMED,
            "repeat": [repeat for repeat in range(table.height) for _ in columns],
            "fold": list(range(table.width)) * table.height,
            "value": [column[repeat] for repeat in range(table.height) for column in columns],
        }
    )


def _chosen(table: pl.DataFrame, columns: Mapping[str, str], where: str, metric: str) -> pl.DataFrame:
    """The rows of the metric on test rows, without the further fits of a study."""
    if "variant" in table.columns:
        table = table.filter(pl.col("variant") == PLAIN)
    if column := columns.get("split"):
        table = table.filter(pl.col(column).cast(pl.String).str.to_lowercase().is_in(["test", "testing", "holdout"]))
    if column := columns.get("metric"):
        named = {name: metric_name(name) for name in table[column].drop_nulls().unique()}
        if metric not in named.values():
            raise DataError(f"{where}: has no test score of {metric}; {nearest(metric, named.values())}")
        table = table.filter(pl.col(column).replace(named) == metric)
    if table.is_empty():
        raise DataError(f"{where}: has no test score of {metric}")
    return table


def _numbered(column: pl.Series, where: str) -> pl.Series:
    """The numbers of folds or repeats; what else they are called is numbered in the order of the words."""
    whole = column.cast(pl.Int64, strict=False)
    if column.null_count():
        raise DataError(f"{where}: {column.name}: {column.null_count()} cells are empty")
    if not whole.null_count():
        return whole
    return (column.cast(pl.String).rank("dense") - 1).cast(pl.Int64)


def _floats(column: pl.Series, where: str) -> pl.Series:
    values = column.cast(pl.Float64, strict=False).fill_nan(None)
    if (missing := values.null_count()) > 0:
        bad = column.filter(values.is_null())[0]
        raise DataError(f"{where}: {missing} of {len(values)} scores are no numbers, the first is {bad!r}")
    return values


def of_model(scores: pl.DataFrame, model: str | None, where: str) -> pl.DataFrame:
    """The scores of one model; None: of the only one. Raises `UsageError` for an unknown one."""
    known = scores["family"].unique().sort().to_list()
    if model is None and len(known) == 1:
        return scores
    if model is None:
        raise UsageError(f"{where}: holds scores of {len(known)} models ({', '.join(known)}); name one with --model")
    if model not in known:
        raise UsageError(f"{where}: has no model {model}; {suggested(model, known, 'models')}")
    return scores.filter(pl.col("family") == model)


def ratio_of(scores: pl.DataFrame, given: float | None, where: str) -> float:
    """Test rows over training rows: as given, else that of K-fold cross-validation."""
    folds = scores.select("fold").n_unique()
    if given is not None:
        return given
    if folds < 2:
        raise UsageError(
            f"{where}: has one fold a repeat, which does not say how many rows were held out; give "
            "--test-train-ratio, or --seeds where only the seed differs between repeats"
        )
    return 1 / (folds - 1)


def run_of_scores(
    name: str, scores: pl.DataFrame, *, metric: str, ratio: float, seeds: bool, level: float
) -> RunRecord:
    """A table of scores as a run of which nothing else is known, to be compared with another one."""
    tables, folds = list[RecordedTable](), list[RecordedFold]()
    for (dataset,), part in scores.group_by("dataset", maintain_order=True):
        places = part.select("repeat", "fold").unique().sort("repeat", "fold")
        setting = Setting(None if seeds else ratio, places.height, places["repeat"].n_unique(), 0, 0, 0, seeds=seeds)
        tables.append(RecordedTable(str(dataset), None, None, None, setting))
        folds += [RecordedFold(str(dataset), repeat, fold, None) for repeat, fold in places.iter_rows()]
    cells: dict[tuple[Any, ...], pl.DataFrame] = scores.sort("repeat", "fold").partition_by(
        "dataset", "family", as_dict=True, maintain_order=True
    )
    return RunRecord(
        study=name, settled="{}", code={}, versions={}, metric=metric, level=level,
        higher_is_better=METRICS[metric].higher_is_better, tables=tuple(tables), folds=tuple(folds),
        scores=tuple(
            RecordedScores(*key, *(tuple(part[name].to_list()) for name in ("repeat", "fold", "value")))
            for key, part in cells.items()
        ),
        claims=(), warnings=(),
    )  # fmt: skip


def read_bytes(where: str, stdin: BinaryIO) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if where == "-":
        return stdin.read()
    try:
        return Path(where).read_bytes()
    except OSError as error:
        raise DataError(f"{where}: cannot be read ({error.strerror}); nothing was compared") from None
