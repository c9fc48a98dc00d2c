"""A table of scores or predictions that somebody computed, told by its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from bench.core.metrics import METRICS
from bench.core.task import Task

_NAMES: dict[str, tuple[str, ...]] = {
    "family": (
        "model",
        "family",
        "classifier",
        "regressor",
        "estimator",
        "algorithm",
        "algo",
        "method",
        "learner",
    ),
    "dataset": ("dataset", "data_set", "data", "task", "problem"),
    "repeat": ("repeat", "rep", "repetition", "iteration", "seed", "run", "trial"),
    "fold": ("fold", "split", "cv_fold", "resample"),
    "row": ("row", "row_id", "index", "id", "sample", "instance", "example"),
    "truth": (
        "truth",
        "y_true",
        "true",
        "actual",
        "label_true",
        "target",
        "observed",
        "y",
    ),
    "label": (
        "label",
        "prediction",
        "predicted",
        "y_pred",
        "pred",
        "predicted_label",
        "yhat",
        "y_hat",
    ),
    "metric": ("metric", "measure", "scorer", "score_name"),
    "value": ("value", "score", "result", "test_score"),
}
_METRICS = {
    "acc": "accuracy", "auc": "roc_auc", "auroc": "roc_auc", "f1": "f1_macro", "logloss": "log_loss",
    "ap": "pr_auc", "average_precision": "pr_auc", "bacc": "balanced_accuracy", "error": "error_rate",
}  # fmt: skip


@dataclass(frozen=True)
class ResultsTable:
    """What such a table holds: the block that reads it, its columns by key, and what follows for the study.

    metric: of a table of scores that holds one in a column without a name; metrics: all that are known, the first is
    the primary one; task: None where the metrics of both tasks fit.
    """

    block: Literal["scores", "predictions"]
    columns: dict[str, object]
    metrics: tuple[str, ...]
    metric: str | None = None
    task: Task | None = None
    source: dict[str, str | bool] | None = None


def results_table(
    raw: pl.DataFrame, source: dict[str, str | bool]
) -> ResultsTable | None:
    """What a table of text says of models, if it does: it names models in rows, and scores or true and predicted
    values beside them; None for every other table."""
    plain = {
        name.strip()
        .lower()
        .replace(" ", "_")
        .replace("-", "_")
        .removeprefix("test_"): name
        for name in raw.columns
    }
    found = {
        key: plain[word]
        for key, words in _NAMES.items()
        for word in words[::-1]
        if word in plain
    }
    if "family" not in found or not 1 < raw[found["family"]].n_unique() <= max(
        2, raw.height // 2
    ):
        return None
    told = {"truth", "label", "row"} <= set(found)
    made = _predictions(found) if told else _scores(raw, found, plain)
    return made and replace(made, source=source)


def _numbers(series: pl.Series) -> bool:
    numbers = series.cast(pl.Float64, strict=False)
    return numbers.null_count() == series.null_count() and numbers.null_count() < len(
        series
    )


def _runs(found: dict[str, str]) -> dict[str, object]:
    columns: dict[str, object] = {
        key: found[key]
        for key in ("family", "dataset", "repeat", "fold")
        if key in found
    }
    if "repeat" in columns:
        columns["repeats_are"] = (
            "seeds"
            if str(found["repeat"]).lower() == "seed" and "fold" not in found
            else "splits"
        )
    return columns


def _predictions(found: dict[str, str]) -> ResultsTable:
    columns = _runs(found) | {key: found[key] for key in ("row", "truth", "label")}
    metrics = ("accuracy", "balanced_accuracy")
    return ResultsTable(
        "predictions",
        columns,
        metrics,
        None,
        "classification",
    )


def _scores(
    raw: pl.DataFrame, found: dict[str, str], plain: dict[str, str]
) -> ResultsTable | None:
    """Columns named like metrics; or a column of values, with one that names the metric of each row."""
    named = {
        _METRICS.get(word, word): name
        for word, name in plain.items()
        if _METRICS.get(word, word) in METRICS
    }
    named = {metric: name for metric, name in named.items() if _numbers(raw[name])}
    columns = _runs(found)
    if named:
        return _of_metrics(columns | {"value": named}, named)
    if "value" not in found or not _numbers(raw[found["value"]]):
        return None
    columns["value"] = found["value"]
    if "metric" in found:
        known = [
            name
            for name in raw[found["metric"]].drop_nulls().unique(maintain_order=True)
            if name in METRICS
        ]
        return (
            _of_metrics(columns | {"metric": found["metric"]}, known) if known else None
        )
    return (
        _of_metrics(columns, ["accuracy"], "accuracy")
        if {"fold", "repeat", "dataset"} & set(found)
        else None
    )


def _of_metrics(
    columns: dict[str, object], metrics: Iterable[str], metric: str | None = None
) -> ResultsTable:
    """Scores of the tasks of their first metric; a study of scores names no task."""
    first, *others = metrics
    fitting = (
        first,
        *(name for name in others if METRICS[name].task == METRICS[first].task),
    )
    return ResultsTable("scores", columns, fitting, metric)
