"""External results: scores or predictions that somebody else's fits left, as the frames that our own runs leave.

Nothing is fitted here. A table of predictions becomes predictions and folds; a table of scores becomes scores and
folds. The study and frames.TABLES get the datasets and families that the tables name, so that everything behind a run
(scores, comparisons, verdicts, diagnostics, the page) reads them as it reads what was fitted here.

What a table leaves open is said, never filled in: without the sizes of training sets there is no interval, and where
only seeds vary, what varies is the seed. Families are compared on equal terms: each has every fold, and the same rows
in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.core.errors import BenchError, DataError, IncompatibleDataError, nearest, suggested
from bench.core.frames import CLASSIFICATION, FOLDS, REGRESSION, SCORES, TABLES, empty, of_rows
from bench.core.metrics import METRICS, complement_of
from bench.data.roles import held_as
from bench.data.target import as_number, classes_of, positive_of
from bench.study import DatasetSpec, Study
from bench.study.models import ExternalFamily, PredictionColumns, ScoreColumns

#: Probabilities of one row may miss 1 by so much for each class, as printed decimals do; they are then divided by
#: their sum. More is no rounding.
ROUNDING = 1e-3
_PLACE = ("dataset", "family", "repeat", "fold")


@dataclass(frozen=True, eq=False)
class ExternalResults:
    """The content of the external tables.

    `study`, `tables`: with every dataset and family that they name. `scores` (frames.SCORES), `predictions`
    (frames.CLASSIFICATION or REGRESSION), `folds` (frames.FOLDS): empty where there is no such table.
    """

    study: Study
    tables: pl.DataFrame
    scores: pl.DataFrame
    predictions: pl.DataFrame
    folds: pl.DataFrame


def told(study: Study, tables: pl.DataFrame, read: Callable[[str], pl.DataFrame]) -> ExternalResults:
    """All external tables of a study; `read` gives the clean table of a dataset, `tables` is frames.TABLES.

    Raises `DataError` with table and row for what a table must not hold, `Misfit` where the study is at fault.
    """
    schema = REGRESSION if study.task == "regression" else CLASSIFICATION
    parts = [_table(study, name, spec, read(name)) for name, spec in study.datasets.items() if spec.external]
    names: dict[str, str] = {name: name for name, spec in study.datasets.items() if spec.external is None}
    for part in parts:
        for name in part.datasets:
            if name in names:
                message = f"names the dataset {name}, which {names[name]} is about too; give one of them another name"
                raise IncompatibleDataError(("datasets", part.name), message)
            names[name] = part.name
    return ExternalResults(
        _named_study(study, parts, names),
        _named_tables(tables, parts),
        pl.concat([empty(SCORES), *(part.scores for part in parts)], rechunk=True),
        pl.concat([empty(schema), *(part.predictions for part in parts if part.predictions is not None)], rechunk=True),
        pl.concat([empty(FOLDS), *(part.folds for part in parts)], rechunk=True),
    )


@dataclass(frozen=True, eq=False)
class _Part:
    """One table: the study's name of it, what it names, and its frames."""

    name: str
    datasets: tuple[str, ...]
    families: tuple[str, ...]
    about: dict[str, dict[str, object]]
    scores: pl.DataFrame
    predictions: pl.DataFrame | None
    folds: pl.DataFrame


def _table(study: Study, name: str, spec: DatasetSpec, frame: pl.DataFrame) -> _Part:
    table = _Table(name, spec, frame)
    datasets, families = (tuple(table.frame[key].unique(maintain_order=True)) for key in ("dataset", "family"))
    if spec.scores is not None:
        scores, folds = _scores(table, spec.scores, study.metrics.names)
        rows = dict(table.frame.group_by("dataset").len().iter_rows())
        about: dict[str, dict[str, object]] = {one: {"rows": rows[one]} for one in datasets}
        return _Part(name, datasets, families, about, scores, None, folds)
    assert spec.predictions is not None
    if study.task is None:
        raise IncompatibleDataError(("task",), "null, but there are predictions: classification or regression?")
    predictions, about = _predictions(table, spec.predictions)
    return _Part(name, datasets, families, about, empty(SCORES), predictions, _folds(table))


class _Table:
    """One clean table with plain columns: `at` (the row in the raw table, from 0), `dataset`, `family`, `repeat` and
    `fold` from 0 (`fold` null in a table of scores without repeats and folds), and the others under their keys."""

    def __init__(self, name: str, spec: DatasetSpec, frame: pl.DataFrame) -> None:
        self.name, self.spec = name, spec
        assert spec.external is not None
        self.columns = spec.external.columns
        held = {key: held_as(column, frame.columns) for key, column in self.columns.items()}
        for key, column in held.items():
            if column not in frame.columns:
                block = "scores" if spec.scores is not None else "predictions"
                message = (
                    f"there is no column {self.columns[key]}; {suggested(self.columns[key], frame.columns, 'columns')}"
                )
                raise IncompatibleDataError(("datasets", name, block, *key.split(".")), message)
        text = ("dataset", "family", "repeat", "fold", "row", "label", "metric", "side")
        words = [key for key in held if key in text]
        plain = frame.select(
            (pl.col("row") if "row" in frame.columns else pl.int_range(pl.len(), dtype=pl.Int64)).alias("at"),
            *(
                (pl.col(column).cast(pl.String) if key in words else pl.col(column)).alias(key)
                for key, column in held.items()
            ),
        )
        self.labels = {key: _in_order(plain[key]) for key in ("repeat", "fold") if key in held}
        given = spec.predictions is not None or bool(self.labels)
        self.frame = plain.with_columns(
            *([pl.lit(name).alias("dataset")] if "dataset" not in held else []),
            *(_code(key, self.labels.get(key), given or key == "repeat") for key in ("repeat", "fold")),
        )
        self.raw = frame

    def at(self, row: int) -> str:
        """A row as people count: data rows from 1, so that the header of a file is none."""
        file = self.spec.source.parameters.get("file")
        return f"dataset {self.name}{f', {file}' if file else ''}: data row {row + 1}"

    def fold(self, repeat: int, fold: int | None) -> str:
        """A fold in the words of the table."""
        parts = [f"{key} {self.labels[key][code]}" for key, code in (("repeat", repeat), ("fold", fold))
                 if key in self.labels and code is not None]  # fmt: skip
        return ", ".join(parts) or "its one test set"

    def refuse(self, bad: pl.DataFrame, sentence: Callable[[dict[str, Any]], str]) -> None:
        """Raise `DataError` for the first of some bad rows, if there is any."""
        if bad.height:
            row = bad.sort("at").row(0, named=True)
            more = f"; so have {bad.height - 1} more rows" if bad.height > 1 else ""
            raise DataError(f"{self.at(row['at'])}: {sentence(row)}{more}")


def _in_order(column: pl.Series) -> list[str]:
    """The observed words, as numbers if all are, else alphabetical."""
    words = column.unique().to_list()
    numbers = {word: as_number(word) for word in words}
    numeric = all(number is not None for number in numbers.values())
    return sorted(words, key=lambda word: (numbers[word] if numeric else 0, word))


def _code(key: str, labels: list[str] | None, given: bool) -> pl.Expr:
    if labels is None:
        return pl.lit(0 if given else None, dtype=pl.Int32).alias(key)
    return pl.col(key).replace_strict(labels, list(range(len(labels))), return_dtype=pl.Int32)


def _same_terms(table: _Table, frame: pl.DataFrame, keys: list[str], what: str, on: str = "") -> None:
    """Every family of a dataset has the same folds (or rows in them); raises `DataError` with the first that lacks one.

    `keys`: what makes one, beside dataset and family; `on`: on which rows, in words.
    """
    for (dataset,), part in frame.partition_by("dataset", as_dict=True, maintain_order=True).items():
        families = part["family"].unique(maintain_order=True).to_list()
        counts = part.group_by(keys).agg(pl.col("family"), pl.col("at").min()).sort("at")
        lacking = counts.filter(pl.col("family").list.n_unique() < len(families))
        if lacking.height:
            row = lacking.row(0, named=True)
            lost = next(family for family in families if family not in row["family"])
            place = table.fold(row["repeat"], row["fold"])
            one = f"{what} {row['row']} in {place}" if "row" in keys else f"{row['metric']}{on} in {place}"
            raise DataError(
                f"{table.at(row['at'])}: {row['family'][0]} has {one} on {dataset}, {lost} has not "
                f"({lacking.height} such in all): families are compared on the same {what}s only; complete the table, "
                "or drop the rows in `clean`"
            )


# --- scores


def _scores(table: _Table, columns: ScoreColumns, wanted: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(frames.SCORES, frames.FOLDS); no folds where each family has one score.

    `wanted`: the study's metrics. Of accuracy and error rate either is derived where only the other is in the table.
    """
    long = _long(table, columns)
    table.refuse(long.filter(~pl.col("metric").is_in(list(METRICS))), _unknown_metric)
    table.refuse(
        long.filter(pl.col("value").is_null() | ~pl.col("value").is_finite()),
        lambda row: f"has no number for {row['metric']}; decide on it in `clean`",
    )
    if columns.unit == "percent":
        shares = [name for name, one in METRICS.items() if one.fraction]
        _in_percent(table, long.filter(pl.col("metric").is_in(shares)))
        value = pl.when(pl.col("metric").is_in(shares)).then(pl.col("value") / 100).otherwise(pl.col("value"))
        long = long.with_columns(value.alias("value"))
    for name in long["metric"].unique(maintain_order=True):
        table.refuse(long.filter(pl.col("metric") == name).filter(_outside(name)), _out_of_range)
    again = long.filter(long.select(*_PLACE, "metric", "side").is_duplicated())
    table.refuse(
        again,
        lambda row: (
            f"{row['family']} on {row['dataset']} has more than one {_of_side(row)}score of {row['metric']} in "
            f"{table.fold(row['repeat'], row['fold'])}"
        ),
    )
    for (side,), part in long.partition_by("side", as_dict=True, maintain_order=True).items():
        if table.labels:
            _same_terms(
                table, part, ["repeat", "fold", "metric"], "score", on="" if side == "test" else " on training rows"
            )
    held = set(long["metric"])
    for name in [one for one in wanted if one not in held and complement_of(one) in held]:
        of = long.filter(pl.col("metric") == complement_of(name))
        long = pl.concat([long, of.with_columns(pl.lit(name).alias("metric"), (1 - pl.col("value")).alias("value"))])
    scores = long.with_columns(pl.lit("plain").alias("variant")).select(SCORES.names())
    scores = scores.cast(dict(SCORES)).sort(*SCORES.names()[:3], "metric", "side", "repeat", "fold", nulls_last=False)  # type: ignore[arg-type]
    return scores, _score_folds(table, columns) if table.labels else empty(FOLDS)


def _long(table: _Table, columns: ScoreColumns) -> pl.DataFrame:
    """A row a score: metric, side (train or test), value. Raises `DataError` for a side of another name."""
    frame, blocks = table.frame, [("value", "test", columns.value), ("train", "train", columns.train)]
    names = {"value", "train"} | {f"{k}.{m}" for k, _, one in blocks if isinstance(one, Mapping) for m in one}
    kept = [name for name in frame.columns if name not in names]
    parts = []
    for key, side, one in blocks:
        if one is None:
            continue
        told = [] if columns.side is not None else [pl.lit(side).alias("side")]
        if isinstance(one, str):
            told += [pl.lit(table.spec.metric).alias("metric")] if columns.metric is None else []
            part = frame.select(*kept, pl.col(key).alias("value"))
        else:
            wide = [f"{key}.{name}" for name in one]
            part = frame.unpivot(wide, index=kept, variable_name="metric", value_name="value")
            told.append(pl.col("metric").str.strip_prefix(f"{key}."))
        parts.append(part.with_columns(*told).with_columns(pl.col("value").cast(pl.Float64, strict=False)))
    long = pl.concat([part.select(parts[0].columns) for part in parts])
    table.refuse(
        long.filter(~pl.col("side").is_in(["train", "test"]).fill_null(False)),
        lambda row: f"{row['side']} in {columns.side} is no side; expected train or test",
    )
    if not long["side"].eq("test").any():
        raise IncompatibleDataError(
            ("datasets", table.name, "scores", "side"), "every score is one of training rows; test scores lack"
        )
    return long


def _of_side(row: Mapping[str, Any]) -> str:
    return "training " if row["side"] == "train" else ""


def _in_percent(table: _Table, shares: pl.DataFrame) -> None:
    """Raise `Misfit` for a metric that is better when higher and is nowhere above 1 percent."""
    for (name,), part in shares.partition_by("metric", as_dict=True, maintain_order=True).items():
        largest = float(part["value"].abs().max() or 0.0)  # type: ignore[arg-type]
        if METRICS[str(name)].higher_is_better and 0 < largest <= 1:
            message = f"percent, but no {name} of the table is above {largest:g}; did you mean `unit: fraction`?"
            raise IncompatibleDataError(("datasets", table.name, "scores", "unit"), message)


def _unknown_metric(row: dict[str, Any]) -> str:
    return f"unknown metric {row['metric']}; {nearest(str(row['metric']), METRICS)}"


def _outside(metric: str) -> pl.Expr:
    low, high = METRICS[metric].low, METRICS[metric].high
    below = pl.col("value") < (low if low is not None else float("-inf"))
    return below | (pl.col("value") > (high if high is not None else float("inf")))


def _out_of_range(row: dict[str, Any]) -> str:
    metric, value = METRICS[row["metric"]], row["value"]
    hint = "; did you mean `unit: percent`?" if metric.fraction and 1 < value <= 100 else ""
    low, high = metric.low if metric.low is not None else "-inf", metric.high if metric.high is not None else "inf"
    return f"{value:g} lies outside the range of {metric.name}, {low} to {high}{hint}"


def _score_folds(table: _Table, columns: ScoreColumns) -> pl.DataFrame:
    """One row a fold; sizes as the table or the study says, null where neither does."""
    keys, frame = ["dataset", "repeat", "fold"], table.frame
    sizes = []
    for key in ("train_rows", "test_rows"):
        stated = getattr(columns, key)
        if isinstance(stated, str):
            _whole(table, frame, key)
            first = pl.col(key).first().over(keys)
            table.refuse(
                frame.filter(pl.col(key) != first),
                lambda row, key=key: f"{table.columns[key]} differs between families of one fold; a fold has one size",  # type: ignore[misc]
            )
            sizes.append(pl.col(key).first().cast(pl.Int64))
        else:
            sizes.append(pl.lit(stated, dtype=pl.Int64).alias(key))
    folds = frame.group_by(keys, maintain_order=True).agg(sizes).with_columns(rows_sha256=pl.lit(""))
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(keys)  # type: ignore[arg-type]


def _whole(table: _Table, frame: pl.DataFrame, key: str) -> None:
    wrong = frame.filter((pl.col(key) < 1) | (pl.col(key) != pl.col(key).floor()))
    table.refuse(wrong, lambda row: f"{row[key]:g} in {table.columns[key]} is no number of rows")


# --- predictions


def _predictions(table: _Table, columns: PredictionColumns) -> tuple[pl.DataFrame, dict[str, dict[str, object]]]:
    """The predictions as if they were made here, and what frames.TABLES says of each dataset."""
    _rows_in_order(table, columns)
    frame = table.frame
    constants = {"variant": "plain", "side": "test"}
    frame = frame.with_columns(pl.lit(v).alias(k) for k, v in constants.items())
    codes = {one: n for n, one in enumerate(_in_order(frame["row"]))}
    whole = all(word.isdecimal() and str(int(word)) == word for word in codes)
    number = pl.col("row").cast(pl.Int64) if whole else pl.col("row").replace_strict(codes, return_dtype=pl.Int64)
    counts = dict(frame.group_by("dataset").agg(pl.col("row").n_unique()).iter_rows())
    about: dict[str, dict[str, object]] = {one: {"rows": count} for one, count in counts.items()}
    order = ["dataset", "family", "repeat", "fold", "row"]
    if columns.value is not None:
        made = frame.with_columns(number.alias("row")).select(REGRESSION.names()).cast(dict(REGRESSION))  # type: ignore[arg-type]
        return made.sort(order), about
    parts = []
    for (dataset,), part in frame.partition_by("dataset", as_dict=True, maintain_order=True).items():
        labelled, classes = _labelled(table, columns, part.with_columns(pl.col("truth").cast(pl.String)))
        truth = labelled.unique("row", keep="first", maintain_order=True)["truth"]
        about[str(dataset)] |= {
            "classes": classes,
            "positive": positive_of(truth, classes, table.spec.positive, f"dataset {table.name}"),
        }
        parts.append(labelled.with_columns(number.alias("row")))
    made = pl.concat(parts).select(CLASSIFICATION.names()).cast(dict(CLASSIFICATION))  # type: ignore[arg-type]
    return made.sort(order), about


def _rows_in_order(table: _Table, columns: PredictionColumns) -> None:
    """Each row once a family and repeat, with one truth, in the same test set for all families; repeats as stated."""
    frame = table.frame
    again = frame.filter(frame.select("dataset", "family", "repeat", "row").is_duplicated())
    table.refuse(
        again,
        lambda row: (
            f"{row['family']} predicts row {row['row']} of {row['dataset']} more than once in "
            f"{table.fold(row['repeat'], None) if 'repeat' in table.labels else 'the table'}; test sets of one repeat "
            "do not overlap: make each split a repeat of its own, or drop the copies in `clean`"
        ),
    )
    first = pl.col("truth").sort_by("at").first().over("dataset", "row")
    table.refuse(
        frame.with_columns(first=first).filter(pl.col("truth") != pl.col("first")),
        lambda row: f"the truth of row {row['row']} is {row['truth']} here and {row['first']} before",
    )
    _same_terms(table, frame, ["repeat", "fold", "row"], "row")
    if isinstance(columns.train_rows, str):
        _whole(table, frame, "train_rows")
    hashes = _hashes(frame).group_by("dataset", "fold").agg(pl.col("rows_sha256").n_unique(), pl.len())
    several = hashes.filter(pl.col("len") > 1)
    alike = several.group_by("dataset").agg((pl.col("rows_sha256") == 1).all().alias("alike"))
    for dataset, same in alike.sort("dataset").iter_rows():
        path = ("datasets", table.name, "predictions", "repeats_are")
        if columns.repeats_are == "splits" and same:
            message = f"says splits, but every repeat of {dataset} tests the same rows; did you mean seeds?"
            raise IncompatibleDataError(path, message)
        if columns.repeats_are == "seeds" and not same:
            message = f"says seeds, but the repeats of {dataset} test different rows; did you mean splits?"
            raise IncompatibleDataError(path, message)


def _labelled(table: _Table, columns: PredictionColumns, part: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Classification: the rows with `label` and `p` in class order, and the classes."""
    p = _probabilities(table, columns)
    if p:
        classes = list(p)
        table.refuse(
            part.filter(~pl.col("truth").is_in(classes)),
            lambda row: f"the truth {row['truth']} has no probabilities; those are of {', '.join(classes)}",
        )
        part = _normal(table, part, p)
    else:
        words = pl.concat([part["truth"], part["label"]]).alias(table.columns["truth"])
        classes = classes_of(words, None, f"dataset {table.name}")
        part = part.with_columns(p=pl.lit(None, CLASSIFICATION["p"]))
    if columns.label is None:
        part = part.with_columns(label=pl.lit(pl.Series(classes)).gather(pl.col("p").list.arg_max()))
    table.refuse(
        part.filter(~pl.col("label").is_in(classes)),
        lambda row: f"the label {row['label']} is no class; {nearest(str(row['label']), classes)}",
    )
    return part.with_columns(decision=pl.lit(None, CLASSIFICATION["decision"])), classes


def _probabilities(table: _Table, columns: PredictionColumns) -> dict[str, str]:
    """The column of each class, in class order; empty without probabilities."""
    if columns.p is None:
        return {}
    if isinstance(columns.p, Mapping):
        return {name: f"p.{name}" for name in columns.p}
    found = {name.removeprefix(columns.p): name for name in table.raw.columns if name.startswith(columns.p)}
    taken = set(table.columns.values())
    found = {name: column for name, column in found.items() if name and column not in taken}
    if len(found) < 2:
        message = f"{len(found)} columns begin with {columns.p}; expected one a class, at least two"
        raise IncompatibleDataError(("datasets", table.name, "predictions", "p"), message)
    return found


def _normal(table: _Table, part: pl.DataFrame, p: dict[str, str]) -> pl.DataFrame:
    """`p` as a list in class order that sums to one."""
    lacking = [column for column in p.values() if column not in part.columns]
    if lacking:  # columns found by their beginning; the rows of both frames are named by `at`
        rows = table.raw.select(pl.col("row").alias("at"), *(pl.col(c).cast(pl.Float64) for c in lacking))
        part = part.join(rows, on="at", how="left", maintain_order="left")
    names = list(p.values())
    for name in names:
        bad = part.filter(pl.col(name).is_null() | ~pl.col(name).is_between(0, 1))
        table.refuse(
            bad,
            lambda row, name=name: (
                f"{'nothing' if row[name] is None else f'{row[name]:g}'} in {name} is no probability"
            ),  # type: ignore[misc]
        )
    part = part.with_columns(total=pl.sum_horizontal(names))
    table.refuse(
        part.filter((pl.col("total") - 1).abs() > ROUNDING * len(names)),
        lambda row: (
            f"the probabilities of {row['family']} sum to {row['total']:.6g}, not to 1; all classes must be there"
        ),
    )
    shares = pl.concat_list(pl.col(name) / pl.col("total") for name in names)
    return part.with_columns(p=pl.concat_list(names) if part["total"].eq(1.0).all() else shares)


def _hashes(frame: pl.DataFrame) -> pl.DataFrame:
    """dataset, repeat, fold, test_rows, and the sha256 of the rows that are tested."""
    rows = frame.select("dataset", "repeat", "fold", "row").unique().sort("dataset", "repeat", "fold", "row")
    grouped = rows.group_by("dataset", "repeat", "fold", maintain_order=True).agg(pl.col("row"))
    sha = [hashlib.sha256("\n".join(names).encode()).hexdigest() for names in grouped["row"]]
    return grouped.select(
        "dataset",
        "repeat",
        "fold",
        test_rows=pl.col("row").list.len().cast(pl.Int64),
        rows_sha256=pl.Series(sha, dtype=pl.String),
    )


def _folds(table: _Table) -> pl.DataFrame:
    """The test sets as they are. A training set is as large as the table or the study says; where neither does and a
    repeat has several folds, it is the other folds of the repeat; else it is not known."""
    assert table.spec.predictions is not None
    stated, keys = table.spec.predictions.train_rows, ["dataset", "repeat", "fold"]
    folds = _hashes(table.frame)
    if isinstance(stated, str):
        sizes = table.frame.group_by(keys).agg(pl.col("train_rows").min().cast(pl.Int64))
        folds = folds.join(sizes, on=keys)
    elif stated is not None or table.spec.predictions.test_train_ratio is not None:
        folds = folds.with_columns(train_rows=pl.lit(stated, dtype=pl.Int64))
    else:
        others = pl.col("test_rows").sum().over("dataset", "repeat") - pl.col("test_rows")
        folds = folds.with_columns(train_rows=pl.when(others > 0).then(others))
    return folds.select(FOLDS.names()).cast(dict(FOLDS)).sort(keys)  # type: ignore[arg-type]


# --- names


def _named_study(study: Study, parts: Iterable[_Part], names: Mapping[str, str]) -> Study:
    """The study with the tables' datasets in the place of each table, and with the families that they name."""
    if all(spec.external is None for spec in study.datasets.values()):
        return study
    by = {part.name: part for part in parts}
    datasets: dict[str, DatasetSpec] = {}
    families = dict(study.families or {})
    for name, spec in study.datasets.items():
        if name not in by:
            datasets[name] = spec
            continue
        for one in by[name].datasets:
            datasets[one] = spec if one == name else spec.model_copy(update={"title": None})
        families |= {f: ExternalFamily() for f in by[name].families if f not in families}
    if len(datasets) != len(names):
        raise BenchError("datasets of external tables were lost")
    return study.model_copy(update={"datasets": datasets, "families": families})


def _named_tables(tables: pl.DataFrame, parts: Iterable[_Part]) -> pl.DataFrame:
    """frames.TABLES with a row for each dataset that an external table names."""
    by = {part.name: part for part in parts}
    rows: list[dict[str, object]] = []
    for row in tables.iter_rows(named=True):
        if row["dataset"] not in by:
            rows.append(row)
            continue
        for one, about in by[row["dataset"]].about.items():
            title = row["title"] if one == row["dataset"] else one
            rows.append(row | {"dataset": one, "title": title} | about)
    return of_rows(rows, TABLES)
