"""Files of scores for one question: ours against a printed number, or against theirs. CSV, Parquet or JSON.

What a file is shows in its content, whatever its name. It holds numbers alone, without a header (a line a repeat, a
column a fold; one column: the folds), or a row a score with the words for its columns that authors use
(`bench.data.adapter`).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl

from bench.comparisons.run_record import (
    RecordedFold,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
)
from bench.core.errors import DataError, UsageError, nearest, row_number, suggested
from bench.core.metrics import METRICS
from bench.core.rows import PLAIN
from bench.data.adapter import CALLED, column_of, known_metric, metric_name
from bench.data.delimited import TextOptions, read_delimited
from bench.data.formats import read_parquet
from bench.scores.fold_words import called
from bench.scores.setting import Setting

#: What a model or a dataset is called that has no name in its file.
UNNAMED = "scores"
_KEY = ("dataset", "family", "repeat", "fold")
#: What JSON that holds no scores comes to.
_NO_SCORES = (
    ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, pl.exceptions.PolarsError
)  # fmt: skip
#: The place of a row in its file; no column of a file has this name.
_AT = "\0"


def read_scores(content: bytes, where: str, metric: str) -> pl.DataFrame:
    """Test scores of one metric with the columns dataset, family, repeat, fold, value; repeat and fold as they are
    called in the file (`numbered` numbers them). Raises `DataError`."""
    table, header = _table(content, where)
    found = _rows(table, where, metric) if header else _grid(table, where)
    _refuse_outside(found["value"], where, metric)
    if (twice := found.filter(found.select(_KEY).is_duplicated())).height:
        dataset, family, repeat, fold, _ = twice.row(0)
        raise DataError(
            f"{where}: {family} on {dataset} has more than one score in repeat {repeat}, fold {fold}; expected "
            "one for each dataset, model, repeat and fold"
        )
    return found


def _rows(table: pl.DataFrame, where: str, metric: str) -> pl.DataFrame:
    """A row a score, under a header."""
    columns = {
        key: column
        for key in CALLED
        if (column := column_of(key, None, table.columns, where)) is not None
    }
    if "score" not in columns:
        columns["score"] = _score_column(table, where, metric)
    table, rows = _chosen(table, columns, where, metric)
    refuse_unknown(table, columns, where)
    read = {key: table[column] for key, column in columns.items()}

    def words(key: str, without: str) -> pl.Series | list[str]:
        return _called(read[key], where) if key in read else [without] * table.height

    found = pl.DataFrame(
        {
            "dataset": words("dataset", UNNAMED),
            "family": words("model", UNNAMED),
            "repeat": words("repeat", "0"),
            "fold": words("fold", "0"),
            "value": _floats(read["score"], where, rows),
        }
    )
    if {"repeat", "fold"} & columns.keys():
        return found
    return found.with_columns(
        fold=pl.int_range(pl.len()).over("dataset", "family").cast(pl.String)
    )


def refuse_unknown(table: pl.DataFrame, columns: Mapping[str, str], where: str) -> None:
    """Raise `DataError` for a column that could tell folds or models apart, in a table that names no folds. `columns`:
    what is known of the table, its name by what it holds."""
    if {"repeat", "fold"} & columns.keys():
        return
    for name in table.columns:
        if (
            name not in columns.values()
            and not known_metric(name)
            and table[name].n_unique() > 1
        ):
            raise DataError(
                f"{where}: {name} is no model, dataset, repeat or fold; rename it, or leave it out"
            )


def numbered(*tables: pl.DataFrame) -> list[pl.DataFrame]:
    """Tables with numbers for repeats and folds: their own, or their places in the order of all words of all tables,
    so that one word has one number."""
    for name in ("repeat", "fold"):
        words = pl.concat([table[name] for table in tables]).unique().sort()
        whole = words.cast(pl.Int64, strict=False)
        numbers = (
            words.rank("dense").cast(pl.Int64) - 1
            if whole.null_count() or not whole.is_unique().all()
            else whole
        )
        tables = tuple(
            table.with_columns(pl.col(name).replace_strict(words, numbers))
            for table in tables
        )
    return list(tables)


def _refuse_outside(values: pl.Series, where: str, metric: str) -> None:
    """Raise `DataError` for a score that its metric cannot be."""
    known = METRICS[metric]
    low, high = known.range
    if (outside := values.filter(~values.is_between(low, high))).len():
        raise DataError(
            f"{where}: {outside[0]:g} lies outside the range of {metric}, {low:g} to {high:g}"
            + (
                "; are the scores in percent? They must be shares"
                if known.fraction and outside[0] > 1
                else ""
            )
        )


def _score_column(table: pl.DataFrame, where: str, metric: str) -> str:
    """The column that is called as the metric is, or the only one."""
    found = [name for name in table.columns if metric_name(name) == metric]
    if not found and table.width == 1 and not known_metric(table.columns[0]):
        found = table.columns
    if not found:
        raise DataError(
            f"{where}: no column holds the scores: expected one called value, score or {metric}; the columns are "
            f"{', '.join(table.columns)}"
        )
    return found[0]


def _table(content: bytes, where: str) -> tuple[pl.DataFrame, bool]:
    """The rows of a file, and whether its columns have names; of numbers alone they are c1, c2, ..."""
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if content[:4] == b"PAR1":
        table, header = read_parquet(content, where), True
    elif start in (b"[", b"{"):
        table, header = _of_json(content, where)
    else:
        first, _, rest = content.decode("utf-8-sig", "replace").strip().partition("\n")
        cells = [cell.strip() for cell in first.split(",")]
        header = not all(_is_number(cell) for cell in cells)
        if rest and cells == [str(number) for number in range(len(cells))]:
            raise DataError(
                f"{where}: the first line, {first.strip()}, counts columns, as pandas does where they have no names; "
                "write the file without a header (`header=False`), or name the column of the scores value"
            )
        table = read_delimited(content, TextOptions(header=header), where)
    if table.is_empty():
        raise DataError(f"{where}: holds no score")
    return table, header


def _of_json(content: bytes, where: str) -> tuple[pl.DataFrame, bool]:
    """A list of numbers, a list of lists (a repeat each), a list of objects, or an object of columns."""
    try:
        values = json.loads(content.decode("utf-8-sig"))
        header = isinstance(values, dict) or any(
            isinstance(one, dict) for one in values
        )
        if header:
            table = pl.DataFrame(_truths_as_words(values), strict=False)
        else:
            rows = (
                values
                if any(isinstance(one, list) for one in values)
                else [[one] for one in values]
            )
            table = pl.DataFrame(
                _truths_as_words(rows),
                orient="row",
                schema=[f"c{n + 1}" for n in range(len(rows[0]))],
                strict=False,
            )
        if not any(dtype.is_nested() or dtype == pl.Object for dtype in table.dtypes):
            return table, header
    except _NO_SCORES:
        pass
    raise DataError(
        f"{where}: is no JSON of scores; expected a list of numbers, of lists of them, or of objects"
    )


def _truths_as_words(values: Any) -> Any:
    """JSON with `true` and `false` as words, so that beside numbers they become no 1 and 0."""
    if isinstance(values, dict):
        return {name: _truths_as_words(one) for name, one in values.items()}
    if isinstance(values, list):
        return [_truths_as_words(one) for one in values]
    return json.dumps(values) if isinstance(values, bool) else values


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _grid(table: pl.DataFrame, where: str) -> pl.DataFrame:
    """A line a repeat, a column a fold; of one column each line is a fold."""
    values = pl.DataFrame(
        [_floats(column, where, range(table.height)) for column in table]
    ).to_numpy()
    values = values.T if table.width == 1 else values
    repeat, fold = np.indices(values.shape)
    return pl.DataFrame(
        {
            "dataset": UNNAMED,
            "family": UNNAMED,
            "repeat": pl.Series(repeat.ravel()).cast(pl.String),
            "fold": pl.Series(fold.ravel()).cast(pl.String),
            "value": values.ravel(),
        }
    )


def _chosen(
    table: pl.DataFrame, columns: Mapping[str, str], where: str, metric: str
) -> tuple[pl.DataFrame, Sequence[int]]:
    """The rows of the metric on test rows, without the further fits of a study, and where they stand in the file."""
    words = [
        name
        for name in ("variant", columns.get("split"), columns.get("metric"))
        if name in table.columns
    ]
    table = table.with_row_index(_AT).with_columns(pl.col(words).cast(pl.String))
    if "variant" in table.columns:
        table = table.filter(pl.col("variant") == PLAIN)
    if column := columns.get("split"):
        table = table.filter(
            pl.col(column).str.to_lowercase().is_in(["test", "testing", "holdout"])
        )
    if column := columns.get("metric"):
        named = {
            name: metric_name(name) for name in table[column].drop_nulls().unique()
        }
        if metric not in named.values():
            raise DataError(
                f"{where}: has no test score of {metric}; {nearest(metric, named.values())}"
            )
        table = table.filter(pl.col(column).replace(named) == metric)
    if table.is_empty():
        raise DataError(f"{where}: has no test score of {metric}")
    return table.drop(_AT), table[_AT].to_list()


def _called(column: pl.Series, where: str) -> pl.Series:
    """What models, datasets, folds or repeats are called, as text: 3 for 3.0 too."""
    column = column.fill_nan(None) if column.dtype.is_float() else column
    if column.null_count():
        raise DataError(
            f"{where}: {column.name}: {column.null_count()} cells are empty"
        )
    if (
        column.dtype.is_float()
        and (column == column.round(0)).all()
        and (column.abs() < 2**53).all()
    ):
        column = column.cast(pl.Int64)
    return column.cast(pl.String).str.strip_chars()


def _floats(column: pl.Series, where: str, rows: Sequence[int]) -> pl.Series:
    """Scores, which stand in these rows of the file."""
    column = column.cast(pl.String) if column.dtype == pl.Boolean else column
    values = column.cast(pl.Float64, strict=False)
    values = values.set(~values.is_finite(), None)
    if missing := values.null_count():
        first = int(values.is_null().arg_max() or 0)
        raise DataError(
            f"{where}: row {row_number(rows[first])}: {column[first]!r} in {column.name} is no finite number "
            f"({missing} of {len(values)} scores)"
        )
    return values


def of_model(scores: pl.DataFrame, model: str | None, where: str) -> pl.DataFrame:
    """The scores of one model; None: of the only one. Raises `UsageError` for an unknown one."""
    known = scores["family"].unique().sort().to_list()
    if model is None and len(known) == 1:
        return scores
    if model is None:
        raise UsageError(
            f"{where}: holds scores of {len(known)} models ({', '.join(known)}); name one with --model"
        )
    if model not in known:
        raise UsageError(
            f"{where}: has no model {model}; {suggested(model, known, 'models')}"
        )
    return scores.filter(pl.col("family") == model)


def ratio_of(scores: pl.DataFrame, given: float | None, where: str) -> float:
    """Test rows over training rows of one dataset: as given, else that of K-fold cross-validation."""
    if given is not None and not 0 <= given < float("inf"):
        raise UsageError(
            f"--test-train-ratio: {given:g} cannot be; it is test rows over training rows, such as 0.25"
        )
    folds = scores.select("fold").n_unique()
    if given is not None:
        return given
    if folds < 2:
        raise UsageError(
            f"{where}: has one fold a repeat, which does not say how many rows were held out; give "
            "--test-train-ratio, or --seeds where only the seed differs between repeats"
        )
    return 1 / (folds - 1)


#: The level of intervals and tests.
LEVEL = 0.95


def run_of_scores(
    name: str,
    scores: pl.DataFrame,
    *,
    metric: str,
    ratio: float | None,
    seeds: bool,
    rope: float | None = None,
) -> RunRecord:
    """A table of scores as a run of which nothing else is known, to be compared with another one.

    `ratio`: test rows over training rows; None: that of K-fold cross-validation, dataset by dataset.
    """
    tables, folds = list[RecordedTable](), list[RecordedFold]()
    for (dataset,), part in scores.group_by("dataset", maintain_order=True):
        places = part.select("repeat", "fold").unique().sort("repeat", "fold")
        known = None if seeds else ratio_of(part, ratio, name)
        setting = Setting(
            known, places.height, places["repeat"].n_unique(), 0, 0, 0, seeds=seeds
        )
        tables.append(
            RecordedTable(dataset=str(dataset), setting=setting, elsewhere=True)
        )
        words = called(
            [(str(dataset), repeat, fold) for repeat, fold in places.iter_rows()], {}
        )
        folds += [RecordedFold(*place, rows) for place, rows in words.items()]
    cells: dict[tuple[Any, ...], pl.DataFrame] = scores.sort(
        "repeat", "fold", maintain_order=True
    ).partition_by("dataset", "family", as_dict=True, maintain_order=True)
    return RunRecord(
        study=name, settled="{}", code={}, versions={}, level=LEVEL, tables=tuple(tables), folds=tuple(folds),
        metrics=(RecordedMetric(metric, METRICS[metric].higher_is_better, rope),),
        scores=tuple(
            RecordedScores(
                dataset, family, metric, *(tuple(part[name].to_list()) for name in ("repeat", "fold", "value"))
            )
            for (dataset, family), part in cells.items()
        ),
    )  # fmt: skip


def read_bytes(where: str, stdin: BinaryIO) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if where == "-":
        return stdin.read()
    try:
        return Path(where).read_bytes()
    except OSError as error:
        raise DataError(
            f"{where}: cannot be read ({error.strerror}); nothing was compared"
        ) from None
