"""Scalars as TensorBoard exports them: a CSV a run and metric with a row a step. The last step is the score."""

from __future__ import annotations

from typing import Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import (
    Adapter,
    AdapterOptions,
    ExampleFiles,
    Files,
    from_path,
    numbers,
    split_and_metric,
)
from bench.data.delimited import TextOptions, read_delimited
from bench.study.fields import Text


class Options(AdapterOptions):
    """`path` says what the path of a file tells; `{metric}` must be in it."""

    kind: Literal["tensorboard"] = "tensorboard"
    """Which adapter reads the files."""
    path: Text
    """The form of the paths. Example: `"{dataset}/{model}/{repeat}-tag-{metric}.csv"`."""


def read(files: Files, options: Options) -> pl.DataFrame:
    rows = []
    for path, raw in files.items():
        told = from_path(options.path, path)
        if "metric" not in told:
            raise DataError(
                "path: does not say where the metric stands; write {metric} there"
            )
        frame = read_delimited(raw, TextOptions(), path)
        if not {"Step", "Value"} <= set(frame.columns):
            raise DataError(
                f"{path}: has no columns Step and Value; it is no export of TensorBoard"
            )
        last = (
            frame.select(numbers(frame["Step"], path), numbers(frame["Value"], path))
            .sort("Step")
            .tail(1)
        )
        split, metric = split_and_metric(told["metric"])
        found = {"split": told.get("split", split or "test"), "metric": metric}
        rows.append(
            told
            | found
            | {"score": last["Value"].item() if last.height else None, "finished": True}
        )
    return pl.DataFrame(rows, infer_schema_length=None)


ADAPTER = Adapter(
    "tensorboard",
    "Scalars exported from TensorBoard (a CSV a run and metric)",
    Options,
    read,
    ExampleFiles(
        {"wine/mlp/0-tag-test_acc.csv": b"Wall time,Step,Value\n1,10,.5\n2,20,.75\n"},
        {"path": "{dataset}/{model}/{repeat}-tag-{metric}.csv"},
    ),
)
