"""What an adapter is: a way to read the files that authors publish as one tidy table of scores.

The table has a row a score and the columns of `EVIDENCE`, whatever the files look like. Nothing is averaged, rounded or
filled in: a score that is no number is null, and a run that did not finish says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field

from bench.core.errors import DataError, nearest, row_number
from bench.study.fields import Form, Text
from bench.text.formats import plural

#: Path and content of each file.
Files = Mapping[str, bytes]

#: The tidy table. `repeat`: the seed or run, `fold`: the split of the rows; null where the files do not tell. `split`:
#: train, valid or test. `finished`: whether the run ended as it should.
EVIDENCE = pl.Schema(
    {
        "model": pl.String, "dataset": pl.String, "metric": pl.String, "split": pl.String, "repeat": pl.String,
        "fold": pl.String, "score": pl.Float64, "finished": pl.Boolean,
    }
)  # fmt: skip
KEYS = ("model", "dataset", "metric", "split", "repeat", "fold")

_SPLITS = {"train": "train", "training": "train", "valid": "valid", "val": "valid", "validation": "valid",
           "dev": "valid", "test": "test", "testing": "test", "eval": "test", "holdout": "test"}  # fmt: skip
_METRICS = {
    "acc": "accuracy", "auc": "roc_auc", "auroc": "roc_auc", "rocauc": "roc_auc", "roc_auc_score": "roc_auc",
    "logloss": "log_loss", "cross_entropy": "log_loss", "nll": "log_loss", "balacc": "balanced_accuracy",
    "balanced_acc": "balanced_accuracy", "f1": "f1_binary", "error": "error_rate", "cohen_kappa": "kappa",
    "average_precision": "pr_auc", "prauc": "pr_auc", "root_mean_squared_error": "rmse", "mean_squared_error": "mse",
    "mean_absolute_error": "mae", "r2_score": "r2",
}  # fmt: skip
_PLAIN = {
    "accuracy", "balanced_accuracy", "brier", "ece", "error_rate", "f1_binary", "f1_macro", "f1_weighted", "kappa",
    "log_loss", "mae", "mcc", "median_ae", "mse", "pr_auc", "precision_binary", "precision_macro",
    "precision_weighted", "r2", "recall_binary", "recall_macro", "recall_weighted", "rmse", "roc_auc",
}  # fmt: skip
_MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "None", "-", "?")


class AdapterOptions(Form):
    """What every adapter can be told."""

    score_is: Mapping[Text, Text] = {}
    """By dataset, the metric that the files call `score`; `-rmse` is the negative. Example: `{adult: accuracy}`."""
    metrics: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The metrics that are kept, by their names in the files if `score` is one; all, unless said. Example:
    `[accuracy, rmse]`."""
    models: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The models that are kept; all, unless said. Example: `[mlp, xgboost]`."""
    datasets: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The datasets that are kept; all, unless said. Example: `[adult, wine]`."""
    dataset_prefix: Text = ""
    """What stands before the name of each dataset, where another table has datasets of the same names."""
    splits: (
        Annotated[tuple[Literal["train", "valid", "test"], ...], Field(min_length=1)]
        | None
    ) = None
    """The parts of the rows whose scores are kept; all, unless said. Example: `[test]`."""


@dataclass(frozen=True)
class ExampleFiles:
    """Small files that an adapter reads, and the options for them: a contract that tests hold."""

    files: Mapping[str, bytes]
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Adapter:
    """A way to read what authors publish."""

    #: name, title: its word in a study (`kind`), and what it reads, for people
    name: str
    title: str
    options: type[
        AdapterOptions
    ]  # the frozen form of the keys beside `kind`, which is a key of the form too
    #: From files and options to a frame with columns of `EVIDENCE`; `model`, `dataset` and `score` must be among them.
    #: It raises `DataError`.
    read: Callable[[Files, Any], pl.DataFrame]
    example: ExampleFiles  # files that it reads

    def table(self, files: Files, options: AdapterOptions) -> pl.DataFrame:
        """The tidy table of some files: the same rows in the same order, whatever the order of the files."""
        frame = self.read(dict(sorted(files.items())), options)
        if frame.is_empty():
            raise DataError("no row holds a score; nothing was read")
        return _tidy(frame, options)


def _tidy(frame: pl.DataFrame, options: AdapterOptions) -> pl.DataFrame:
    absent = {"finished": pl.lit(True)}
    columns = [
        (pl.col(name) if name in frame.columns else absent.get(name, pl.lit(None)))
        .cast(dtype)
        .alias(name)
        for name, dtype in EVIDENCE.items()
    ]
    frame, metrics = frame.select(columns), options.metrics
    if metrics is not None and "score" in metrics:
        frame, metrics = frame.filter(pl.col("metric").is_in(metrics)), None
    frame = _named(frame, options)
    if lost := [name for name in ("model", "dataset") if frame[name].null_count()]:
        many = plural(frame[lost[0]].null_count(), "row names", "rows name")
        raise DataError(f"{many} no {lost[0]}; nothing was read")
    frame = frame.with_columns(
        pl.col("metric").replace(
            {name: metric_name(name) for name in frame["metric"].drop_nulls().unique()}
        ),
        pl.col("split").str.to_lowercase().replace(_SPLITS),
        score=pl.when(pl.col("score").is_finite() & pl.col("finished")).then(
            pl.col("score")
        ),
    )
    wanted = {
        "metric": metrics,
        "split": options.splits,
        "model": options.models,
        "dataset": options.datasets,
    }
    for key, kept in wanted.items():
        if kept is not None:
            if unknown := sorted(
                set(kept) - set(there := frame[key].drop_nulls().unique())
            ):
                raise DataError(
                    f"{key}s: no score is of {unknown[0]}; {nearest(unknown[0], there)}"
                )
            frame = frame.filter(pl.col(key).is_in(kept) | pl.col(key).is_null())
    if options.dataset_prefix:
        frame = frame.with_columns(
            dataset=pl.lit(options.dataset_prefix) + pl.col("dataset")
        )
    again = frame.filter(frame.select(KEYS).is_duplicated())
    if again.height:
        row = again.sort(KEYS).row(0, named=True)
        raise DataError(
            f"{row['model']} on {row['dataset']} has more than one score of {row['metric']} ({row['split']}) in repeat "
            f"{row['repeat']}, fold {row['fold']} ({again.height} such rows); nothing was read"
        )
    return frame.sort(KEYS, nulls_last=False).rechunk()


def _named(frame: pl.DataFrame, options: AdapterOptions) -> pl.DataFrame:
    """The rows of the metric `score` under the name of what it is."""
    if not options.score_is:
        return frame
    if unknown := sorted(set(options.score_is) - set(frame["dataset"])):
        raise DataError(
            f"score_is: there is no dataset {unknown[0]}; {nearest(unknown[0], set(frame['dataset']))}"
        )
    is_score = pl.col("metric") == "score"
    named = pl.col("dataset").replace_strict(
        options.score_is, default=None, return_dtype=pl.String
    )
    plain = named.str.strip_prefix("-")
    told = frame.filter(~is_score).select(KEYS)
    renamed = frame.filter(is_score & named.is_not_null()).with_columns(
        metric=plain,
        score=pl.when(named.str.starts_with("-"))
        .then(-pl.col("score"))
        .otherwise("score"),
    )
    # Where the files hold the metric under its own name too, that one stays.
    renamed = renamed.join(told, on=list(KEYS), how="anti", nulls_equal=True)
    return pl.concat(
        [frame.filter(~is_score | named.is_null().fill_null(True)), renamed]
    )


def metric_name(word: str) -> str:
    """The name that bench has for a metric; another word stays as it is.

    >>> metric_name("ROC-AUC"), metric_name("acc"), metric_name("loss")
    ('roc_auc', 'accuracy', 'loss')
    """
    plain = re.sub(r"[\s\-]+", "_", word.strip().casefold())
    return _METRICS.get(plain, plain if plain in _PLAIN else word)


def known_metric(word: str) -> bool:
    """Whether bench has a name for it."""
    return metric_name(word) in _PLAIN


def split_and_metric(word: str) -> tuple[str | None, str]:
    """The part of the rows that a name such as `test/acc` or `val_loss` begins or ends with, and the metric.

    >>> split_and_metric("val_auc"), split_and_metric("Accuracy"), split_and_metric("logloss_test")
    (('valid', 'roc_auc'), (None, 'accuracy'), ('test', 'log_loss'))
    """
    word = word.strip()
    for pattern in (r"([A-Za-z]+)[/._\- ]+(.+)", r"(.+?)[/._\- ]+([A-Za-z]+)"):
        if found := re.fullmatch(pattern, word):
            first, second = found.groups()
            side, metric = (
                (first, second) if pattern.startswith("([") else (second, first)
            )
            if (split := _SPLITS.get(side.casefold())) is not None:
                return split, metric_name(metric)
    return None, metric_name(word)


def numbers(column: pl.Series, what: str) -> pl.Series:
    """Text as numbers; a word for a missing value is null. Raises `DataError` for other words."""
    if column.dtype.is_numeric():
        return column.cast(pl.Float64)
    text = column.cast(pl.String).str.strip_chars()
    text = text.set(text.is_in(_MISSING), None)
    made = text.cast(pl.Float64, strict=False)
    if (bad := made.is_null() & text.is_not_null()).any():
        row = bad.arg_true()[0]
        raise DataError(
            f"{what}: row {row_number(row)} has {text[row]!r} in {column.name}, which is no number"
        )
    return made


def from_path(pattern: str, path: str) -> dict[str, str]:
    """What the path of a file says, by a pattern with words of `KEYS` such as `{model}` and `{dataset}`.

    `{fold:digits}` holds digits only. `*` is a part of a name and `**` any number of folders; a word that stands twice
    is joined with `/`. Raises `DataError` where the path is not of that form.

    >>> from_path("exp/{model}/{model}/**/{dataset}/{repeat}.json", "exp/mlp/adam/big/wine/3.json")
    {'model': 'mlp/adam', 'dataset': 'wine', 'repeat': '3'}
    """
    names: list[str] = []
    made = ""
    for part in re.split(r"(\*\*/|\*|\{\w+(?::digits)?\})", pattern):
        if part.startswith("{"):
            name, digits, _ = part[1:-1].partition(":digits")
            if name not in KEYS:
                raise DataError(
                    f"path: {part} is no part of a path; {nearest(name, KEYS)}"
                )
            names.append(name)
            made += r"(\d+)" if digits else "([^/]+?)"
        else:
            made += {"**/": "(?:[^/]+/)*?", "*": "[^/]*"}.get(part, re.escape(part))
    found = re.fullmatch(made, path)
    if found is None:
        raise DataError(f"{path}: is not of the form {pattern}; nothing was read")
    values: dict[str, str] = {}
    for name, value in zip(names, found.groups(), strict=True):
        values[name] = f"{values[name]}/{value}" if name in values else value
    return values


#: What authors call the columns, in the order in which they are looked for.
CALLED: Mapping[str, Sequence[str]] = {
    "model": (
        "model",
        "method",
        "framework",
        "algorithm",
        "alg_name",
        "classifier",
        "learner",
        "estimator",
        "family",
    ),
    "dataset": ("dataset", "dataset_name", "data", "task", "db", "data_set", "problem"),
    "metric": ("metric", "measure", "metric_name"),
    "split": ("split", "part", "subset", "side"),
    "repeat": ("repeat", "seed", "run", "repetition", "iteration", "trial"),
    "fold": ("fold", "split_id", "cv_fold"),
    "score": ("score", "value", "result"),
}


def column_of(
    key: str, named: str | None, columns: Iterable[str], what: str
) -> str | None:
    """The column of a part of the table: the named one, or one that is called as authors call it; None without any.

    Raises `DataError` for a named column that is not there, and where two are called so.
    """
    known = list(columns)
    if named is not None:
        if named not in known:
            raise DataError(
                f"{what}: there is no column {named} for {key}; {nearest(named, known)}"
            )
        return named
    bare: dict[str, list[str]] = defaultdict(list)
    for name in known:
        bare[name.strip().casefold().replace(" ", "_")].append(name)
    found = next((bare[word] for word in CALLED[key] if word in bare), [])
    if len(found) > 1:
        raise DataError(
            f"{what}: {found[0]} and {found[1]} could both be the {key}; name one (`{key}`)"
        )
    return found[0] if found else None
