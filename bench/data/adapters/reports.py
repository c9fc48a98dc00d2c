"""A JSON report for each run, as several papers on networks for tables publish them.

A report holds `metrics`: a block for each part of the rows (train, val, test) with a number a metric. It stands at the
top, under `report`, or, of several seeds in one file, in each entry of `experiments`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import polars as pl

from bench.core.errors import DataError
from bench.data.adapter import (
    EVIDENCE,
    Adapter,
    AdapterOptions,
    ExampleFiles,
    Files,
    from_path,
)
from bench.study.fields import Text


class Options(AdapterOptions):
    """`path` says what the path of a report tells: `{model}`, `{dataset}`, `{repeat}`, `{fold}`."""

    kind: Literal["reports"] = "reports"
    """Which adapter reads the files."""
    path: Text
    """The form of the paths. Example: `exp/{model}/**/{dataset}/{repeat}/report.json`."""


def read(files: Files, options: Options) -> pl.DataFrame:
    rows = [
        row for path, raw in files.items() for row in _rows(path, raw, options.path)
    ]
    try:
        return pl.DataFrame(rows, schema=EVIDENCE)
    except UnicodeEncodeError:
        raise DataError(
            "a report holds half a letter (a lone surrogate) in a name; nothing was read"
        ) from None


def _rows(path: str, raw: bytes, pattern: str) -> Iterator[dict[str, Any]]:
    told = from_path(pattern, path)
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is no JSON ({error}); nothing was read") from None
    runs = content.get("experiments", [content]) if isinstance(content, dict) else None
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise DataError(
            f"{path}: is no report of a run; expected a block with `metrics` or a list `experiments`"
        )
    for number, run in enumerate(runs):
        yield from _scores(told, run, number if len(runs) > 1 else None)


def _scores(
    told: Mapping[str, str], run: Mapping[str, Any], number: int | None
) -> Iterator[dict[str, Any]]:
    """The scores of one run; of a run without any, a row that says so."""
    seed = _block(run, "config").get("seed", number)
    head: dict[str, Any] = {"repeat": None if seed is None else str(seed)} | dict(told)
    metrics = _block(_block(run, "report") or run, "metrics")
    parts = {
        split: scores for split, scores in metrics.items() if isinstance(scores, dict)
    }
    if not any(parts.values()):
        yield head | {"finished": False}
    for split, scores in parts.items():
        for metric, value in scores.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield head | {
                    "split": split,
                    "metric": metric,
                    "score": _number(value),
                    "finished": True,
                }


def _number(value: float) -> float | None:
    """A number of JSON, whose whole ones have no end; one that no float holds is none."""
    try:
        return float(value)
    except OverflowError:
        return None


def _block(block: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = block.get(key)
    return value if isinstance(value, dict) else {}


ADAPTER = Adapter(
    "reports",
    "A JSON report for each run (networks for tables)",
    Options,
    read,
    ExampleFiles(
        {
            "exp/mlp/adam/wine/report.json": b'{"experiments": [{"config": {"seed": 7}, "report": {"metrics": '
            b'{"val": {"accuracy": 0.8, "1": {"precision": 0.5}}, "test": {"accuracy": 0.75}}}}, '
            b'{"config": {"seed": 8}}]}',
            "exp/mlp/sgd/wine/report.json": b'{"metrics": {"test": {"accuracy": 0.5}}}',
        },
        {"path": "exp/{model}/{model}/{dataset}/report.json"},
    ),
)
