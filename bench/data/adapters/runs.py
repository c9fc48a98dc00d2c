"""A table of runs as Weights & Biases and MLflow export it: a row a run, with its settings, state and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import (
    Adapter,
    ExampleFiles,
    Files,
    column_of,
    known_metric,
    split_and_metric,
)
from bench.data.score_tables import (
    TableOptions,
    found_columns,
    labels,
    read_tables,
    under,
)
from bench.study.fields import Text

_STATES = ("state", "status")
_DONE = ("finished", "completed", "complete", "success", "succeeded", "done", "ok")
#: A column without any of these words, or of those of a run that ended as it should, is no state of a run.
_NOT_DONE = (
    "failed",
    "crashed",
    "killed",
    "canceled",
    "cancelled",
    "running",
    "pending",
    "scheduled",
    "preempted",
)


class Options(TableOptions):
    """Settings are found under `params.`, `config.` and `tags.` too; metrics by their names, such as `test/acc`."""

    kind: Literal["runs"] = "runs"
    """Which adapter reads the files."""
    scores: Mapping[Text, Text] = {}
    """The columns of metrics, where their names do not tell. Example: `{test/accuracy: final_score}`."""


def read(files: Files, options: Options) -> pl.DataFrame:
    frame = read_tables(files, options)
    columns = found_columns(frame, options)
    if "model" not in columns:
        raise DataError(
            f"no column names the model; name it (`model`). The columns are {', '.join(frame.columns)}"
        )
    scores = {
        str(column_of(key, column, frame.columns, "scores")): key
        for key, column in options.scores.items()
    }
    if not scores:
        free = [name for name in frame.columns if name not in columns.values()]
        scores = {
            name: name for name in free if known_metric(split_and_metric(name)[1])
        }
    if not scores:
        raise DataError(
            f"no column has the name of a metric; name them (`scores`). There are {', '.join(frame.columns)}"
        )
    head = labels(frame, columns, options).with_columns(finished=_finished(frame))
    return under(
        frame, {column: split_and_metric(name) for column, name in scores.items()}, head
    )


def _finished(frame: pl.DataFrame) -> pl.Expr:
    """Whether the run of each row ended as it should, where a column tells."""
    for name in frame.columns:
        state = (
            frame[name].cast(pl.String).str.strip_chars().str.to_lowercase()
            if name.casefold() in _STATES
            else None
        )
        if state is not None and state.is_in([*_DONE, *_NOT_DONE]).any():
            return pl.lit(state.is_in(_DONE).fill_null(False))
    return pl.lit(True)


ADAPTER = Adapter(
    "runs",
    "A table of runs (Weights & Biases, MLflow)",
    Options,
    read,
    ExampleFiles(
        {
            "runs.csv": b"run_id,status,params.model,params.dataset,params.seed,metrics.val_acc,metrics.test_acc\n"
            b"a,FINISHED,mlp,wine,0,.9,.8\nb,FAILED,mlp,wine,1,,\n"
        },
        {},
    ),
)
